"""MultiBoxDetection: the objects that a network has found, from probabilities and ways from anchors."""

from __future__ import annotations

from math import inf

import numpy as np

from ..call import Call, rule
from .boxes import column, in_order, kept_boxes, rows_at


@rule("_contrib_MultiBoxDetection", runtimes=False)
def _detection(call: Call) -> str:
    images, classes, count = call.data.shape
    if classes < 2:
        return call.filled(call.shape, -1, call.type)
    boxes, kinds, best = _boxes(call, images, count), *_best(call)
    found = call.add("Not", call.add("Less", best, call.number(call["threshold"])))
    columns = [call.add("Unsqueeze", each, call.integers((2,))) for each in (call.as_result(kinds), best)]
    rows = call.add("Concat", *columns, boxes, axis=2)
    shape = (images, count, 6)
    # Those that are found come first, in their order.
    behind = call.add("Sub", call.scalar(count), call.range(count))
    keys = call.add("Where", found, behind, call.scalar(0))
    order = in_order(call, keys, count)
    there = call.add("Greater", call.add("GatherElements", keys, order, axis=1), call.scalar(0))
    rows = rows_at(call, rows, order, shape)
    if 0 < call["nms_threshold"] <= 1:
        rows = _suppressed(call, rows, there, shape)
    return call.add("Where", call.add("Unsqueeze", there, call.integers((2,))), rows, call.number(-1))


def _boxes(call: Call, images: int, count: int) -> str:
    """Return the boxes to which the ways from the anchors lead."""
    halves = call.integers((2, 2))
    low, high = call.several("Split", 2, call.array(2), halves, axis=-1)
    size = call.add("Sub", high, low)
    middle = call.add("Mul", call.add("Add", low, high), call.number(0.5))
    factors = call.document.constant(np.array(call["variances"], np.float32))
    ways = call.add("Mul", call.reshape(call.array(1), (images, count, 4)), factors)
    move, growth = call.several("Split", 2, ways, halves, axis=-1)
    center = call.add("Add", call.add("Mul", move, size), middle)
    half = call.add("Mul", call.add("Mul", call.add("Exp", growth), size), call.number(0.5))
    boxes = call.add("Concat", call.add("Sub", center, half), call.add("Add", center, half), axis=-1)
    return call.add("Clip", boxes, call.number(0), call.number(1)) if call["clip"] else boxes


def _best(call: Call) -> tuple[str, str]:
    """Return the class with the highest probability, without the background, and the probability."""
    ends = [call.integers((number,)) for number in (1, call.data.shape[1], 1)]
    probabilities = call.add("Slice", call.data, *ends)
    kinds = call.add("ArgMax", probabilities, axis=1, keepdims=0)
    return kinds, call.reduce("ReduceMax", probabilities, (1,), keepdims=False)


def _suppressed(call: Call, rows: str, there: str, shape: tuple[int, ...]) -> str:
    """Sort the objects of each image; those that are dropped get class -1."""
    count, topk = shape[1], call["nms_topk"]
    scores = call.add("Where", there, column(call, rows, 1), call.number(-inf))
    order = in_order(call, scores, count)
    best, scores = rows_at(call, rows, order, shape), call.add("GatherElements", scores, order, axis=1)
    among = call.add("Less", call.range(count), call.scalar(topk if topk > 0 else count))
    scores = call.add("Where", among, scores, call.number(-inf))
    by_class = call.add("Unsqueeze", scores, call.integers((1,)))
    if not call["force_suppress"]:
        kinds = call.add("Unsqueeze", column(call, best, 0), call.integers((1,)))
        numbers = call.along(call.range(call.data.shape[1] - 1, call.type), 3, 1)
        by_class = call.add("Where", call.add("Equal", kinds, numbers), by_class, call.number(-inf))
    boxes = call.add("Slice", best, *[call.integers((number,)) for number in (2, 6, 2)])
    # A threshold that is reached drops a box, too: one that is exceeded lies just below.
    below = float(np.nextafter(np.float32(call["nms_threshold"]), np.float32(0)))
    kept = kept_boxes(call, boxes, by_class, shape, below)
    rest = [call.integers((number,)) for number in (1, 6, 2)]
    kinds = call.add("Where", kept, column(call, best, 0), call.number(-1))
    first = call.add("Unsqueeze", kinds, call.integers((2,)))
    written = call.add("Concat", first, call.add("Slice", best, *rest), axis=2)
    if topk <= 0:
        return written
    # Beyond `nms_topk` MXNet leaves the others as they were, but for their class.
    dropped = call.add("Unsqueeze", call.filled(shape[:2], -1, call.type), call.integers((2,)))
    others = call.add("Concat", dropped, call.add("Slice", rows, *rest), axis=2)
    return call.add("Where", call.along(among, 3, 1), written, others)
