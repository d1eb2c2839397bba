"""Partly known shapes: merging them, and the rules that several declarations share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .type_rule import Conflict

PartialShape = tuple[int, ...] | None  # None: nothing is known; 0: this length is not known
PartialRule = Callable[[Sequence[PartialShape], Mapping[str, Any]], Sequence[PartialShape] | None]


def is_known(shape: PartialShape) -> bool:
    """Whether all lengths are known."""
    return shape is not None and 0 not in shape


def merge(one: PartialShape, other: PartialShape) -> PartialShape:
    """Combine what two shapes say; raises Conflict if they contradict each other."""
    if one is None or other is None or one == other:
        return other if one is None else one
    if len(one) != len(other) or any(a and b and a != b for a, b in zip(one, other, strict=True)):
        raise Conflict(one, other)
    return tuple([a or b for a, b in zip(one, other, strict=True)])


def merge_or_first(one: PartialShape, other: PartialShape) -> PartialShape:
    """Merge two shapes; if they contradict each other, keep the first: the operator itself will refuse it."""
    try:
        return merge(one, other)
    except Conflict:
        return one


def common(one: PartialShape, other: PartialShape) -> PartialShape:
    """Return what is known of an array that has one shape or the other."""
    if one is None or other is None or len(one) != len(other):
        return None
    return tuple([a if a == b else 0 for a, b in zip(one, other, strict=True)])


def merge_all(shapes: Sequence[PartialShape]) -> PartialShape:
    """Merge several shapes; raises Conflict."""
    shared: PartialShape = None
    for shape in shapes:
        shared = merge(shared, shape)
    return shared


def like_first(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape] | None:
    """The rule, for `Operator.infer_outputs`, that the only output has the shape of the first input."""
    return None if attributes.get("output_mean_var") else [shapes[0]]


def first_of_several(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    """The rule, for `Operator.from_partial`, that the outputs have the shape of the first input, whatever is known."""
    return [shapes[0]]


def with_axes(rule: Callable[[list[Any], Mapping[str, Any]], Sequence[PartialShape]]) -> PartialRule:
    """Return a rule, for `Operator.from_partial`, that says nothing before the axes of each input are counted."""

    def infer(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape] | None:
        return None if None in shapes else rule(list(shapes), attributes)

    return infer


def partly_broadcast(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    """The rule, for `Operator.from_partial`, of two inputs that broadcast: an unknown length leaves one unknown."""
    one, other = shapes
    if one is None or other is None:
        return [None]
    axes = max(len(one), len(other))
    padded = [(1,) * (axes - len(shape)) + shape for shape in (one, other)]
    return [tuple([_broadcast(*lengths) for lengths in zip(*padded, strict=True)])]


def _broadcast(one: int, other: int) -> int:
    if one == other or other == 1:
        return one
    if one == 1:
        return other
    if one and other:
        raise Conflict(one, other)
    return 0


def broadcast_shape(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape] | None:
    """The rule, for `Operator.infer_outputs`, that the inputs broadcast against each other."""
    try:
        return [np.broadcast_shapes(*[shape for shape in shapes if shape is not None])]
    except ValueError:
        return None


def all_alike(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    """The rule, for `Operator.infer_inputs`, that all inputs have the same shape."""
    try:
        return [merge_all(shapes)] * len(shapes)
    except Conflict:
        return shapes
