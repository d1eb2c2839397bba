"""Which operators made a recorded array, for ``autograd.get_symbol``.

Each recorded tensor knows the call that made it, and the call knows those of its inputs; neither keeps any values.
They are plain tuples and lists, since every recorded call pays for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from ..ops.operator import Applied

#: The operator, the origins of its inputs, and the number of the result. All results of a call share the list; an
#: array that no operator made has neither operator nor inputs, and an input that was not given is None.
Origin = tuple[Applied | None, list[Any], int]

#: Where arrays come from that something else made: a graph, a slice, a function of the program's own.
UNKNOWN: Origin = (None, [], 0)

_NAME = "_glueball_origin"


def remember(applied: Applied, tensors: Sequence[Tensor | None], results: Sequence[Tensor | None]) -> None:
    """Note which call made these results; None is one that was not recorded."""
    inputs = []
    for tensor in tensors:
        inputs.append(None if tensor is None else tensor.__dict__.get(_NAME) or origin_of(tensor))
    number = 0
    for result in results:
        if result is not None:
            result.__dict__[_NAME] = (applied, inputs, number)
        number += 1  # noqa: SIM113


def origin_of(tensor: Tensor) -> Origin:
    """Return where a tensor comes from."""
    known = tensor.__dict__
    found: Origin | None = known.get(_NAME)
    if found is None:
        found = known[_NAME] = UNKNOWN if tensor.grad_fn is not None else (None, [], 0)
    return found


def hand_on(tensor: Tensor, other: Tensor) -> None:
    """Let a tensor with the same values have the origin of another."""
    found = tensor.__dict__.get(_NAME)
    if found is not None:
        other.__dict__[_NAME] = found
