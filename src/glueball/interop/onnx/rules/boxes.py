"""Boxes: overlaps, ways from anchors, and dropping those that overlap better ones."""

from __future__ import annotations

from math import inf

import numpy as np
import torch

from ....ops import registry
from ..call import Call, Unsupported, rule
from ..document import Array
from ..lengths import varies

_Operand = Array | str


def _halves(call: Call, boxes: _Operand, axis: int = -1) -> tuple[str, str]:
    first, second = call.several("Split", 2, boxes, call.integers((2, 2)), axis=axis)
    return first, second


def _to_corners(call: Call, boxes: _Operand) -> str:
    middle, size = _halves(call, boxes)
    half = call.add("Mul", size, call.number(0.5))
    return call.add("Concat", call.add("Sub", middle, half), call.add("Add", middle, half), axis=-1)


def _to_center(call: Call, boxes: _Operand) -> tuple[str, str]:
    """Return the middles and the sizes."""
    first, last = _halves(call, boxes)
    return call.add("Mul", call.add("Add", first, last), call.number(0.5)), call.add("Sub", last, first)


def _span(call: Call, low: _Operand, high: _Operand) -> str:
    """Return the product of the lengths from one corner to the other, 0 where there is none."""
    lengths = call.add("Max", call.add("Sub", high, low), call.number(0))
    return call.reduce("ReduceProd", lengths, (-1,), keepdims=False)


@rule("_contrib_box_iou", runtimes=False)
def _box_iou(call: Call) -> str:
    sides = []
    for number, array in enumerate(call.arrays):
        flat = call.reshape(array, (-1, 4))
        corners = _to_corners(call, flat) if call["format"] == "center" else flat
        sides.append(call.add("Unsqueeze", corners, call.integers((1 - number,))))
    (low, high), (other_low, other_high) = [_halves(call, side) for side in sides]
    shared = _span(call, call.add("Max", low, other_low), call.add("Min", high, other_high))
    areas = call.add("Add", _span(call, low, high), _span(call, other_low, other_high))
    union = call.add("Sub", areas, shared)
    some, ratio = call.add("Greater", union, call.number(0)), call.add("Div", shared, union)
    return call.reshape(call.add("Where", some, ratio, call.number(0)), call.shape)


@rule("_contrib_box_decode", runtimes=False)
def _box_decode(call: Call) -> str:
    data, anchors = call.arrays
    factors = call.add("Concat", *[call.reshape(call.number(call[f"std{n}"]), (1,)) for n in range(4)], axis=0)
    way, growth = _halves(call, call.add("Mul", data, factors))
    middle, size = _to_center(call, anchors) if call["format"] == "corner" else _halves(call, anchors)
    if call["clip"] > 0:
        growth = call.add("Min", growth, call.number(call["clip"]))
    center = call.add("Add", call.add("Mul", way, size), middle)
    half = call.add("Mul", call.add("Mul", call.add("Exp", growth), size), call.number(0.5))
    return call.add("Concat", call.add("Sub", center, half), call.add("Add", center, half), axis=-1)


@rule("_contrib_box_encode", runtimes=False)
def _box_encode(call: Call) -> tuple[str, str]:
    samples, matches, anchors, refs, means, deviations = call.arrays
    chosen = call.add("Greater", samples, call.number(0.5))
    index = call.add("Where", chosen, call.cast(matches, torch.int64), call.scalar(0))
    place = call.add("Unsqueeze", index, call.integers((2,)))
    matched = call.add("GatherElements", refs, call.add("Expand", place, call.integers(anchors.shape)), axis=1)
    middle, size = _to_center(call, anchors)
    goal, goal_size = _to_center(call, matched)
    move = call.add("Div", call.add("Sub", goal, middle), size)
    way = call.add("Concat", move, call.add("Log", call.add("Div", goal_size, size)), axis=-1)
    scaled = call.add("Div", call.add("Sub", way, means), deviations)
    mask = call.add("Expand", call.add("Unsqueeze", chosen, call.integers((2,))), call.integers(anchors.shape))
    return call.add("Where", mask, scaled, call.number(0)), call.as_result(mask)


@rule("_contrib_MultiBoxPrior", runtimes=False)
def _prior(call: Call) -> str:
    """Compute the boxes: they follow from the size of the image."""
    if any(map(varies, call.data.shape[2:])):
        raise Unsupported("an image whose size varies")
    made = registry["_contrib_MultiBoxPrior"].function(torch.zeros((1, 1, *call.data.shape[2:])), **call.attributes)
    return call.document.constant(made.numpy())


def rows_at(call: Call, rows: _Operand, index: _Operand, shape: tuple[int, ...]) -> str:
    """Return rows (images, rows, numbers) at positions (images, rows)."""
    places = call.add("Expand", call.add("Unsqueeze", index, call.integers((2,))), call.integers(shape))
    return call.add("GatherElements", rows, places, axis=1)


def column(call: Call, rows: _Operand, number: int) -> str:
    """Return one number of each row."""
    return call.add("Gather", rows, call.scalar(number), axis=2)


def in_order(call: Call, keys: _Operand, count: int) -> str:
    """Return positions by descending keys, the first of equal ones first."""
    return call.several("TopK", 2, keys, call.integers((count,)), axis=1, largest=1, sorted=1)[1]


def kept_boxes(call: Call, boxes: str, scores: str, shape: tuple[int, ...], threshold: float) -> str:
    """Return which boxes, given by their corners, overlap none with a higher score that is kept.

    They overlap if they do so by more than the threshold. `scores` are (images, classes, boxes), and -inf for boxes
    that are of another class or do not count.
    """
    if not 0 <= threshold <= 1:
        raise Unsupported("a threshold that no overlap has")
    images, count = shape[:2]
    limits = call.document.constant(np.array([threshold], np.float32))
    least = call.document.constant(np.array([np.finfo(np.float32).min], np.float32))
    low, high = _halves(call, boxes)
    proper = call.add("Concat", low, call.add("Max", low, high), axis=-1)  # ONNX would exchange corners
    chosen = call.add("NonMaxSuppression", proper, scores, call.integers((count,)), limits, least)
    places = call.add("Gather", chosen, call.integers((0, 2)), axis=1)
    length = call.add("Gather", call.add("Shape", places), call.integers((0,)), axis=0)
    ones = call.add("Expand", call.number(1, torch.int64), length)
    zeros = call.filled((images, count), 0, torch.int64)
    return call.cast(call.add("ScatterND", zeros, places, ones), torch.bool)


def _by_class(call: Call, classes: str, scores: str) -> str:
    """Return scores (images, classes, boxes), for as many classes as there are."""
    ids = call.cast(classes, torch.int64)
    lowest, highest = [call.add(kind, ids, keepdims=0) for kind in ("ReduceMin", "ReduceMax")]
    numbers = call.add("Range", lowest, call.add("Add", highest, call.scalar(1)), call.scalar(1))
    column_of = call.add("Unsqueeze", numbers, call.integers((0, 2)))
    same = call.add("Equal", call.add("Unsqueeze", ids, call.integers((1,))), column_of)
    return call.add("Where", same, call.add("Unsqueeze", scores, call.integers((1,))), call.number(-inf))


@rule("_contrib_box_nms", runtimes=False)
def _box_nms(call: Call) -> str:
    if call["topk"] == 0:
        return call.add("Identity", call.data)
    *images, count, width = call.data.shape
    shape = (1 if not images else images[0] if len(images) == 1 else -1, count, width)
    if len(images) > 1:
        total = 1
        for length in images:
            total = total * length
        shape = (total, count, width)
    rows: _Operand = call.data if len(images) == 1 else call.reshape(call.data, shape)
    rows, scores, counts = _best_first(call, rows, shape)
    start, id_index = call["coord_start"], call["id_index"]
    boxes = call.add("Slice", rows, *[call.integers((number,)) for number in (start, start + 4, 2)])
    if id_index >= 0 and not call["force_suppress"]:
        by_class = _by_class(call, column(call, rows, id_index), scores)
    else:
        by_class = call.add("Unsqueeze", scores, call.integers((1,)))
    corners = _to_corners(call, boxes) if call["in_format"] == "center" else boxes
    kept = kept_boxes(call, corners, by_class, shape, call["overlap_thresh"])
    kept = call.add("And", kept, counts)
    behind = call.add("Sub", call.scalar(count), call.range(count))
    keys = call.add("Where", kept, behind, call.scalar(0))
    order = in_order(call, keys, count)
    first = call.add("Greater", call.add("GatherElements", keys, order, axis=1), call.scalar(0))
    written = rows_at(call, _converted(call, rows), order, shape)
    mask = call.add("Unsqueeze", first, call.integers((2,)))
    return call.reshape(call.add("Where", mask, written, call.number(-1)), call.shape)


def _best_first(call: Call, rows: _Operand, shape: tuple[int, ...]) -> tuple[str, str, str]:
    """Return the rows in order of their scores, the scores, -inf for those that do not count, and which count."""
    scores = column(call, rows, call["score_index"])
    counts = call.add("Greater", scores, call.number(call["valid_thresh"]))
    if call["id_index"] >= 0 and call["background_id"] >= 0:
        ids = column(call, rows, call["id_index"])
        counts = call.add("And", counts, call.add("Not", call.add("Equal", ids, call.number(call["background_id"]))))
    scores = call.add("Where", counts, scores, call.number(-inf))
    order = in_order(call, scores, shape[1])
    scores = call.add("GatherElements", scores, order, axis=1)
    if call["topk"] > 0:
        among = call.add("Less", call.range(shape[1]), call.scalar(call["topk"]))
        scores = call.add("Where", among, scores, call.number(-inf))
    return rows_at(call, rows, order, shape), scores, call.add("Greater", scores, call.number(-inf))


def _converted(call: Call, rows: str) -> str:
    """Return rows with boxes in the format of the result; those that begin below 0 stay as they are, as in MXNet."""
    if call["in_format"] == call["out_format"]:
        return rows
    start, width = call["coord_start"], call.data.shape[-1]
    parts = [(0, start), (start, start + 4), (start + 4, width)]
    before, boxes, after = [
        call.add("Slice", rows, *[call.integers((number,)) for number in (begin, end, 2)]) if end > begin else None
        for begin, end in parts
    ]
    assert boxes is not None
    if call["in_format"] == "center":
        other = _to_corners(call, boxes)
    else:
        other = call.add("Concat", *_to_center(call, boxes), axis=-1)
    low = call.add("Slice", boxes, *[call.integers((number,)) for number in (0, 1, 2)])
    boxes = call.add("Where", call.add("Less", low, call.number(0)), boxes, other)
    return call.add("Concat", *[part for part in (before, boxes, after) if part is not None], axis=2)
