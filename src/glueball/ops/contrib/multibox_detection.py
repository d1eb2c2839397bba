"""The objects that a single-shot detector found."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..checks import one_type, same_float
from ..declare import cases, operator
from ..flops import Call
from ..gradient import without_gradient
from ..samples import Input, Sample, exactly, refused, sample
from ..shape_rule import with_axes
from .multibox import Floats, check_anchors, check_variances
from .suppression import greedy

_ANCHORS = exactly(0, 0, 1, 1, 0, 0, 1, 0.5, 0, 0, 0.5, 0.5, 0.4, 0.4, 0.8, 0.9, shape=(1, 4, 4))


def _detection_flops(call: Call) -> int:
    # The best class of each anchor, 14 operations to decode a box, a sort, and at worst the overlap of each pair.
    images, classes, anchors = call.inputs["cls_prob"]
    return images * anchors * (classes + 14 + (anchors - 1).bit_length() + (anchors - 1) // 2 * 13)


@operator(
    "_contrib_MultiBoxDetection",
    npx="multibox_detection",
    computed_anew=True,
    output_names=("output",),
    reads_values=True,
    types="float32, float32, float32 -> float32",
    precision=("single", "widest"),
    from_partial=with_axes(lambda shapes, attributes: [(shapes[0][0], shapes[0][2], 6)]),
    kind="other",
    flops=_detection_flops,
)
def multibox_detection(
    cls_prob: Tensor,
    loc_pred: Tensor,
    anchor: Tensor,
    *,
    clip: bool = True,
    threshold: float = 0.01,
    background_id: int = 0,
    nms_threshold: float = 0.5,
    force_suppress: bool = False,
    variances: Floats = (0.1, 0.1, 0.2, 0.2),
    nms_topk: int = -1,
) -> Tensor:
    """Read the objects from what a network says of each anchor box, and drop those that overlap a better one.

    Parameters
    ----------
    cls_prob : NDArray
        (N, classes + 1, anchors): the probabilities of the classes, background first.
    loc_pred : NDArray
        (N, anchors * 4): the way from each anchor to the box of its object, as MultiBoxTarget says it.
    anchor : NDArray
        (1, anchors, 4): left, top, right, bottom.
    clip : bool, default True
        Cut off what lies outside the image.
    threshold : float, default 0.01
        Objects with a probability below this are left out.
    background_id
        Not used, as in MXNet: class 0 is the background.
    nms_threshold : float, default 0.5
        An object is dropped if its intersection over union with a better one is this or more. Unless it is above 0 and
        at most 1, none are dropped and they are not sorted.
    force_suppress : bool, default False
        Let objects of different classes suppress each other, too.
    variances : tuple of float, default (0.1, 0.1, 0.2, 0.2)
        What the numbers of `loc_pred` are multiplied by.
    nms_topk : int, default -1
        The number of best objects to keep; below 1 means all.

    Returns
    -------
    NDArray
        (N, anchors, 6): class from 0, probability, left, top, right, bottom. The best come first, with class -1 where
        they were dropped, then rows of -1. It has no gradient.
    """
    _check_detection(cls_prob, loc_pred, anchor, variances)
    images, anchors = len(cls_prob), anchor.shape[1]
    results = cls_prob.new_full((images, anchors, 6), -1.0)
    if cls_prob.is_meta:
        return results
    boxes = _decode(anchor.detach()[0], loc_pred.detach().reshape(images, -1, 4), variances, clip)
    probabilities = cls_prob.detach()[:, 1:]
    if probabilities.shape[1]:
        best, kinds = torch.where(probabilities > -1, probabilities, -1.0).max(1)  # not a number is not the best
        rows = torch.cat([kinds.unsqueeze(2).to(boxes.dtype), best.unsqueeze(2), boxes], 2)
        found = (best > -1) & (best >= threshold)
        for result, row in zip(results, [row[chosen] for row, chosen in zip(rows, found, strict=True)], strict=True):
            result[: len(row)] = _suppressed(row, nms_threshold, nms_topk, force_suppress)
    return without_gradient(results, cls_prob, loc_pred, anchor)


def _check_detection(cls_prob: Tensor, loc_pred: Tensor, anchor: Tensor, variances: Floats) -> None:
    owner = "_contrib_MultiBoxDetection"
    if cls_prob.dim() != 3:
        raise MXNetError(f"{owner}: cls_prob must have shape (N, classes, anchors); received {tuple(cls_prob.shape)}")
    images, _, boxes = cls_prob.shape
    if tuple(loc_pred.shape) != (images, boxes * 4):
        raise MXNetError(
            f"{owner}: loc_pred must have shape {(images, boxes * 4)} = (N, anchors * 4); "
            f"received {tuple(loc_pred.shape)}"
        )
    check_anchors(owner, anchor, boxes)
    check_variances(owner, variances)
    if not same_float(cls_prob, loc_pred, anchor):
        raise one_type(owner, cls_prob=cls_prob, loc_pred=loc_pred, anchor=anchor)


def _decode(anchors: Tensor, ways: Tensor, variances: Floats, clip: bool) -> Tensor:
    """Return the boxes to which the ways from the anchors lead."""
    size, middle = anchors[..., 2:] - anchors[..., :2], (anchors[..., :2] + anchors[..., 2:]) / 2
    ways = ways * ways.new_tensor(variances)
    center = ways[..., :2] * size + middle
    half = torch.exp(ways[..., 2:]) * size / 2
    boxes = torch.cat([center - half, center + half], -1)
    return boxes.clamp(0, 1) if clip else boxes


def _suppressed(rows: Tensor, threshold: float, topk: int, across_classes: bool) -> Tensor:
    """Sort the objects of an image; those that are dropped get class -1."""
    if not 0 < threshold <= 1:
        return rows
    order = torch.sort(rows[:, 1], descending=True, stable=True).indices
    order = order[: topk if topk > 0 else None]
    best = rows[order]
    kept = greedy(best[:, 2:], threshold, None if across_classes else best[:, 0], inclusive=True)
    result = rows.clone()  # beyond `topk` MXNet leaves the others as they were
    result[:, 0] = -1
    result[: len(best)] = best
    result[: len(best), 0] = torch.where(kept, best[:, 0], -1.0)
    return result


def _detection_samples() -> list[Sample]:
    choices: list[dict[str, Any]] = [
        {}, {"clip": False}, {"threshold": 0.4}, {"background_id": 1}, {"nms_threshold": 0.2}, {"nms_threshold": 0},
        {"nms_threshold": 1.5}, {"force_suppress": True}, {"nms_topk": 2}, {"nms_topk": 2, "nms_threshold": 0},
        {"variances": (1, 0.5, 0.3, 0.2)},
    ]  # fmt: skip
    many = [Input((2, 4, 60), low=0, high=1), Input((2, 240), low=-1, high=1), Input((1, 60, 4), low=0, high=1)]
    exact = [exactly(0, 0, 0, 0, 0.5, 0.6, 0.7, 0.7, shape=(1, 2, 4)), exactly(*[0] * 16, shape=(1, 16)), _ANCHORS]
    return [
        *[sample(*many, gradient=False, **choice) for choice in choices],
        sample(*exact),
        sample(exactly(0.1, 0.2, 0.3, 0.4, shape=(1, 1, 4)), (1, 16), _ANCHORS, gradient=False),
    ]


cases(
    "_contrib_MultiBoxDetection",
    samples=_detection_samples,
    refusals=lambda: [
        refused("cls_prob must have shape", (3, 4), (1, 16), (1, 4, 4)),
        refused(r"loc_pred must have shape \(1, 16\)", (1, 3, 4), (1, 12), (1, 4, 4)),
        refused(r"anchor must have shape \(1, anchors, 4\)", (2, 3, 4), (2, 16), (2, 4, 4)),
        refused("prediction for each of the 5 anchors; received 4", (1, 3, 4), (1, 16), (1, 5, 4)),
        refused("variances must be 4 numbers", (1, 3, 4), (1, 16), (1, 4, 4), variances=(0.1,)),
        refused("one floating-point type", (1, 3, 4), (1, 16), Input((1, 4, 4), "float64")),
    ],
)
