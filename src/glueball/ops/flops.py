"""Counts the floating-point operations of an operator from shapes, for declarations.

A multiplication and an addition are one operation each, so that a multiply-add counts 2; a comparison is one, and so is
one application of a function such as exp. The count is for a forward pass in prediction, by the operator's
definition: no algorithm that saves operations, and no fusion. Where it depends on values, it is the maximum.
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
    """Return the rule of `number` operations for each element of the first input, as in a reduction."""
    return lambda call: number * prod(next(iter(call.inputs.values()), ()))


def of_products(multiply_adds: Count) -> Count:
    """Return the rule for sums of products: two operations per multiply-add, and one per output with a bias."""
    return lambda call: 2 * multiply_adds(call) + (prod(call.output) if "bias" in call.inputs else 0)


def count(flops: int | Count, call: Call) -> int:
    """Return the operations of a call; a rule that is a number counts for each element of the first output."""
    return flops * prod(call.output) if isinstance(flops, int) else flops(call)
