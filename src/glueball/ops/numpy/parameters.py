"""The parameters of draws: numbers, or arrays that broadcast to the size.

A parameter that is an array is an input, and its attribute None. So the first input is that of the first parameter
without a number.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.errors import InvalidValueError, MXNetError
from ..attrs import Shape
from ..shape_rule import PartialShape
from .laws import Value


def values_of(owner: str, numbers: Mapping[str, Any], inputs: Sequence[Tensor | None]) -> dict[str, Value]:
    """Return the parameters by name: the numbers, and in the place of each None the next array."""
    given = [array for array in inputs if array is not None]
    missing = [name for name, number in numbers.items() if number is None]
    if len(given) != len(missing):
        raise MXNetError(
            f"{owner}: each of {', '.join(numbers)} must be a number, or None and an array; "
            f"received {len(missing)} None and {len(given)} arrays"
        )
    return {name: given.pop(0) if number is None else number for name, number in numbers.items()}


def not_taken(*names: str) -> Callable[[Mapping[str, Any]], Collection[str]]:
    """Return the rule for `omits`: there is an input for each of these attributes that is None."""

    def omits(attributes: Mapping[str, Any]) -> Collection[str]:
        taken = sum(attributes[name] is None for name in names)
        return [f"input{number}" for number in range(taken + 1, len(names) + 1)]

    return omits


def shape_of(owner: str, size: Shape | None, values: Mapping[str, Value], in_front: bool = False) -> Shape:
    """Return the shape of the draws: the size, to which arrays broadcast, or, in front, one for each of them."""
    shapes = {name: tuple(value.shape) for name, value in values.items() if isinstance(value, Tensor)}
    if size is not None and min(size, default=0) < 0:
        raise MXNetError(f"{owner}: the lengths in size must be at least 0; received {size}")
    try:
        common: Shape = tuple(torch.broadcast_shapes(*shapes.values()))
        if in_front or size is None:
            return (*(size or ()), *common)
        if tuple(torch.broadcast_shapes(common, size)) == size:
            return size
    except RuntimeError:
        pass
    received = ", ".join(f"{name} of {shape}" for name, shape in shapes.items())
    raise MXNetError(f"{owner}: arrays must broadcast to the size; received {received} and size {size}")


def of_size(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape] | None:
    """The rule, for `Operator.from_partial`, that the draws have the size, whatever is known of the parameters."""
    return None if attributes["size"] is None else [attributes["size"]]


def broken_rule(
    owner: str, values: Mapping[str, Value], rules: Mapping[str, tuple[str, Callable[[Value], Any]]]
) -> MXNetError | None:
    """Return the error about the first parameter that breaks its rule, or None; rules are a text and a test."""
    for name, (text, holds) in rules.items():
        value = values[name]
        if isinstance(value, Tensor) and value.is_meta:
            continue
        held = holds(value)
        if not (bool(held.all()) if isinstance(held, Tensor) else held):
            received = f"values from {value.min()} to {value.max()}" if isinstance(value, Tensor) else value
            return InvalidValueError(f"{owner}: {name} must be {text}; received {received}")
    return None
