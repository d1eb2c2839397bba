"""The two forms of a sequence of symbols: a list with one for each step, or one symbol with an axis for time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import symbol
from ..core.errors import RefusedError
from ..symbol import Symbol

Steps = Symbol | list[Symbol]


def as_steps(owner: str, length: int, inputs: Any, layout: str) -> list[Symbol]:
    """Return one symbol for each step."""
    if isinstance(inputs, Symbol):
        if len(inputs.list_outputs()) != 1:
            raise RefusedError(
                f"{owner}: inputs must be a symbol with one output, or a list of symbols; received one with "
                f"{len(inputs.list_outputs())} outputs; write list(inputs)"
            )
        # 1 and not True, which stand in files as they are
        return list(symbol.split(inputs, axis=layout.find("T"), num_outputs=length, squeeze_axis=1))  # type: ignore[arg-type]
    return _checked(owner, length, inputs)


def merged(owner: str, length: int, inputs: Any, layout: str) -> Symbol:
    """Return one symbol for all steps."""
    if isinstance(inputs, Symbol):
        return inputs
    axis = layout.find("T")
    steps = [symbol.expand_dims(step, axis=axis) for step in _checked(owner, length, inputs)]
    return symbol.Concat(*steps, dim=axis)


def arranged(owner: str, length: int, inputs: Any, layout: str, merge: bool | None) -> Steps:
    """Return a sequence in the form that `merge` asks for; None leaves it as it is."""
    if merge is None:
        return inputs if isinstance(inputs, Symbol) else _checked(owner, length, inputs)
    return merged(owner, length, inputs, layout) if merge else as_steps(owner, length, inputs, layout)


def _checked(owner: str, length: int, inputs: Any) -> list[Symbol]:
    if inputs is None:
        raise RefusedError(f"{owner}: inputs must be a symbol or a list of symbols; received None")
    if not isinstance(inputs, Sequence) or len(inputs) != length:
        received = f"{len(inputs)} of them" if isinstance(inputs, Sequence) else type(inputs).__name__
        raise RefusedError(
            f"{owner}: inputs must be a symbol, or one for each of the {length} steps; received {received}"
        )
    return list(inputs)
