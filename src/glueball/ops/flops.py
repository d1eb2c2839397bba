"""How many floating-point operations an operator takes, from the shapes: what declarations count with.

A multiplication and an addition are one operation each, so that a multiply-add counts 2; a comparison is one, and so is
one application of a function such as exp. Counted is a forward pass in prediction, as the operator's definition reads:
no algorithm that saves operations, and no fusion. Where values decide, it is the most that they can ask for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

Shape = Sequence[int]


class Call(NamedTuple):
    """One use of an operator: its parsed attributes, the shapes of its inputs by name, and that of its first output."""

    attributes: Mapping[str, Any]
    inputs: Mapping[str, Shape]
    output: Shape


Count = Callable[[Call], int]


def per_input(number: int = 1) -> Count:
    """The rule of `number` operations for each element of the first input, as a reduction takes them."""
    return lambda call: number * prod(next(iter(call.inputs.values()), ()))


def of_products(multiply_adds: Count) -> Count:
    """The rule of sums of products: two operations for each multiply-add, and one for each output with a bias."""
    return lambda call: 2 * multiply_adds(call) + (prod(call.output) if "bias" in call.inputs else 0)


def count(flops: int | Count, call: Call) -> int:
    """Return the operations of a call; a rule that is a number holds for each element of the first output."""
    return flops * prod(call.output) if isinstance(flops, int) else flops(call)
