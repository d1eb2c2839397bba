"""Partly known shapes: merging them, and the rules that several declarations share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..core.numpy_mode import numpy_mode
from .type_rule import Conflict

PartialShape = tuple[int, ...] | None  # None: nothing is known; UNKNOWN: this length is not known

#: A length that is not known, as in MXNet. What a user writes, and sees, for it: `read_lengths`, `shown_lengths`.
UNKNOWN = -1
PartialRule = Callable[[Sequence[PartialShape], Mapping[str, Any]], Sequence[PartialShape] | None]


def is_known(shape: PartialShape) -> bool:
    """Whether all lengths are known."""
    return shape is not None and UNKNOWN not in shape


def read_lengths(shape: Sequence[int] | None) -> PartialShape:
    """Return what a user's shape, or that of a file, says.

    With NumPy's meaning of shapes, -1 is an unknown length; otherwise 0 is one, too, and () an unknown shape.
    """
    if shape is None or (not numpy_mode.shapes and not len(shape)):
        return None
    most = -1 if numpy_mode.shapes else 0
    return tuple([UNKNOWN if length <= most else length for length in shape])


def shown_lengths(shape: PartialShape) -> PartialShape:
    """Return a shape as a user sees it: the reverse of `read_lengths`."""
    if numpy_mode.shapes:
        return shape
    return tuple([0 if length == UNKNOWN else length for length in shape or ()])


def merge(one: PartialShape, other: PartialShape) -> PartialShape:
    """Combine what two shapes say; raises Conflict if they contradict each other."""
    if one is None or other is None or one == other:
        return other if one is None else one
    if len(one) != len(other) or any(a != b and UNKNOWN not in (a, b) for a, b in zip(one, other, strict=True)):
        raise Conflict(one, other)
    return tuple([b if a == UNKNOWN else a for a, b in zip(one, other, strict=True)])


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
    return tuple([a if a == b else UNKNOWN for a, b in zip(one, other, strict=True)])


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


def one_number(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    """The rule, for `Operator.from_partial`, that the output is one number, whatever is known."""
    return [(1,)]


def first_like_output(
    inputs: Sequence[PartialShape], outputs: Sequence[PartialShape], attributes: Mapping[str, Any]
) -> Sequence[PartialShape]:
    """The rule, for `Operator.from_outputs`, that the first input has the shape of the first output."""
    return [merge_or_first(inputs[0], outputs[0]), *inputs[1:]]


def each_like_output(
    inputs: Sequence[PartialShape], outputs: Sequence[PartialShape], attributes: Mapping[str, Any]
) -> Sequence[PartialShape]:
    """The rule, for `Operator.from_outputs`, that each input has the shape of one output."""
    return [merge_or_first(one, other) for one, other in zip(inputs, outputs, strict=True)]


def batch_like_output(
    inputs: Sequence[PartialShape], outputs: Sequence[PartialShape], attributes: Mapping[str, Any]
) -> Sequence[PartialShape]:
    """The rule, for `Operator.from_outputs`, that the first input has as many samples as the first output."""
    data, result = inputs[0], outputs[0]
    if not data or not result or data[0] != UNKNOWN:
        return inputs
    return [(result[0], *data[1:]), *inputs[1:]]


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
    if UNKNOWN not in (one, other):
        raise Conflict(one, other)
    return UNKNOWN


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
