"""What a single-shot detector should say of each anchor box."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..checks import one_type, same_float
from ..declare import cases, operator
from ..flops import Call
from ..gradient import without_gradient
from ..samples import Input, Refused, Sample, exactly, refused, sample
from .geometry import overlaps
from .multibox import Floats, check_anchors, check_variances


def _check_target(anchor: Tensor, label: Tensor, cls_pred: Tensor, variances: Floats, mining: bool) -> None:
    owner = "_contrib_MultiBoxTarget"
    if label.dim() != 3 or label.shape[1] == 0 or label.shape[2] < 5:
        raise MXNetError(
            f"{owner}: label must have shape (N, objects, 5 or more), at least 1 object, which may be all -1; "
            f"received {tuple(label.shape)}"
        )
    if cls_pred.dim() != 3 or (mining and len(cls_pred) != len(label)):
        raise MXNetError(
            f"{owner}: cls_pred must have shape ({len(label)}, classes, anchors); received {tuple(cls_pred.shape)}"
        )
    check_anchors(owner, anchor, cls_pred.shape[2])
    check_variances(owner, variances)
    if not same_float(anchor, label, cls_pred):
        raise one_type(owner, anchor=anchor, label=label, cls_pred=cls_pred)


def _target_flops(call: Call) -> int:
    # At worst all objects are there. Overlaps, 12 operations for each pair; the best of each anchor and of each object;
    # 12 for each number of a target.
    images, objects, _ = call.inputs["label"]
    anchors = call.inputs["anchor"][1]
    return images * anchors * (objects * (12 + 1 + objects) + 12)


@operator(
    "_contrib_MultiBoxTarget",
    npx="multibox_target",
    computed_anew=True,
    outputs=3,
    reads_values=True,
    output_names=("loc_target", "loc_mask", "cls_target"),
    types="float32, float32, float32 -> float32, float32, float32",
    precision=("single", "widest"),
    from_outputs="nothing",
    kind="other",
    flops=_target_flops,
)
def multibox_target(
    anchor: Tensor,
    label: Tensor,
    cls_pred: Tensor,
    *,
    overlap_threshold: float = 0.5,
    ignore_label: float = -1.0,
    negative_mining_ratio: float = -1.0,
    negative_mining_thresh: float = 0.5,
    minimum_negative_samples: int = 0,
    variances: Floats = (0.1, 0.1, 0.2, 0.2),
) -> tuple[Tensor, Tensor, Tensor]:
    """Say what a network should predict for each anchor box: the class of an object, and the way to its box.

    Each object gets the anchor that overlaps it most, the best pairs first. Another anchor gets the object that it
    overlaps most, if by more than `overlap_threshold`. The others are background.

    Parameters
    ----------
    anchor : NDArray
        (1, anchors, 4): left, top, right, bottom, as MultiBoxPrior makes them.
    label : NDArray
        (N, objects, 5 or more): class from 0, left, top, right, bottom of each object. A row of -1 ends the objects of
        an image.
    cls_pred : NDArray
        (N, classes + 1, anchors): what the network says of each class, before softmax, background first.
    overlap_threshold : float, default 0.5
        The intersection over union above which an anchor gets an object.
    ignore_label : float, default -1
        The class of anchors that do not count: those of images without objects, and those that mining leaves out.
    negative_mining_ratio : float, default -1
        If positive, only this many times the anchors with an object count as background: those that the network takes
        for background the least.
    negative_mining_thresh : float, default 0.5
        An anchor that overlaps an object by this or more is not chosen as background then.
    minimum_negative_samples
        Not used, as in MXNet.
    variances : tuple of float, default (0.1, 0.1, 0.2, 0.2)
        What the four numbers of a target are divided by.

    Returns
    -------
    list of NDArray
        (N, anchors * 4), the way from each anchor to its object's box; (N, anchors * 4), 1 where there is one, else 0;
        (N, anchors), the class from 1, 0 for background, or `ignore_label`. They have no gradient.
    """
    mining = negative_mining_ratio > 0
    _check_target(anchor, label, cls_pred, variances, mining)
    if mining and negative_mining_thresh <= 0:
        raise MXNetError(
            f"_contrib_MultiBoxTarget: negative_mining_thresh must be positive; received {negative_mining_thresh}"
        )
    images, anchors = len(label), anchor.shape[1]
    if label.is_meta:
        places = label.new_empty(images, anchors * 4)
        return places, torch.empty_like(places), label.new_empty(images, anchors)
    boxes, rows = anchor.detach()[0], label.detach()
    objects = _objects(rows)
    best, found, positive = _matches(boxes, rows, objects, overlap_threshold)
    background = ~positive
    if mining:
        background = _hardest(
            background & (best < negative_mining_thresh), positive, cls_pred.detach(), negative_mining_ratio
        )
    truth = torch.gather(rows, 1, found.unsqueeze(2).expand(-1, -1, rows.shape[2]))
    chosen = positive.unsqueeze(2)
    places = torch.where(chosen, _encode(boxes, truth[..., 1:5], variances), 0.0)
    classes = torch.where(background & objects.any(1, keepdim=True), 0.0, ignore_label)
    classes = torch.where(positive, truth[..., 0] + 1, classes).to(label.dtype)
    mask = chosen.expand_as(places).to(label.dtype)
    ways, masks = places.reshape(images, -1), mask.reshape(images, -1)
    inputs = anchor, label, cls_pred
    return without_gradient(ways, *inputs), without_gradient(masks, *inputs), without_gradient(classes, *inputs)


def _objects(labels: Tensor) -> Tensor:
    """Return which rows of the labels are objects: those before the first of class -1, which must be -1 altogether."""
    ends = labels[..., 0] == -1
    objects = ends.cumsum(1) == 0
    first = ends & (ends.cumsum(1) == 1)
    if (labels[..., 1:5] != -1)[first].any():
        raise MXNetError(
            "_contrib_MultiBoxTarget: label must have -1 in all of the row that ends an image's objects; received "
            f"{labels[first][(labels[..., 1:5] != -1)[first].any(1)][0].tolist()}"
        )
    return objects


def _matches(anchors: Tensor, labels: Tensor, objects: Tensor, threshold: float) -> tuple[Tensor, Tensor, Tensor]:
    """Return, all (N, anchors), the best overlap of each anchor, the object that it gets, and whether it gets one."""
    count = max(1, int(objects.sum(1).max()))
    shared = overlaps(anchors, labels[:, :count, 1:5])
    shared = torch.where(objects[:, None, :count], shared, -1.0)
    best, found = shared.max(2)
    positive = best > threshold if threshold > 0 else torch.zeros_like(best, dtype=torch.bool)
    for _ in range(count):  # the best of all pairs, then of those whose anchor and object are still free
        most, pair = shared.flatten(1).max(1)
        images = (most > _LEAST_OVERLAP).nonzero()[:, 0]
        if not len(images):
            break
        anchor, thing = pair[images] // count, pair[images] % count
        found[images, anchor], positive[images, anchor] = thing, True
        shared[images, anchor] = -1
        shared[images, :, thing] = -1
    return best, found, positive


# An object that no anchor overlaps by more than this gets none.
_LEAST_OVERLAP = 1e-6


def _hardest(candidates: Tensor, positive: Tensor, predictions: Tensor, ratio: float) -> Tensor:
    """Choose the candidates that the network takes for background the least, `ratio` times the positive ones."""
    wanted = torch.minimum((positive.sum(1) * ratio).long(), (~positive).sum(1))
    if (candidates.sum(1) < wanted).any():
        raise MXNetError(
            f"_contrib_MultiBoxTarget: negative_mining_thresh must leave at least {int(wanted.max())} anchors of each "
            f"image as background; received {int(candidates.sum(1).min())}; raise it or lower negative_mining_ratio"
        )
    certain = torch.softmax(predictions, 1)[:, 0].masked_fill(~candidates, float("inf"))
    rank = torch.sort(torch.sort(certain, dim=1, stable=True).indices, dim=1).indices
    return candidates & (rank < wanted.unsqueeze(1))


def _encode(anchors: Tensor, boxes: Tensor, variances: Floats) -> Tensor:
    """Return the way from anchors to boxes: shifts in sizes of the anchor, and logarithms of ratios of sizes."""
    size, other_size = anchors[..., 2:] - anchors[..., :2], boxes[..., 2:] - boxes[..., :2]
    shift = ((boxes[..., :2] + boxes[..., 2:]) / 2 - (anchors[..., :2] + anchors[..., 2:]) / 2) / size
    return torch.cat([shift, torch.log(other_size / size)], -1) / shift.new_tensor(variances)


_IMAGES = (
    exactly(0, 0, 1, 1, 0, 0, 1, 0.5, 0, 0, 0.5, 0.5, 0.4, 0.4, 0.8, 0.9, shape=(1, 4, 4)),
    exactly(
        0, 0.1, 0.1, 0.45, 0.5, 1, 0, 0, 0.9, 1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        2, 0, 0, 1, 0.5, 2, 0.3, 0.3, 0.3, 0.6, 0, 2, 2, 3, 3,
        shape=(3, 3, 5),
    ),
    (3, 4, 4),
)  # fmt: skip


def _target_samples() -> list[Sample]:
    choices: list[dict[str, Any]] = [
        {}, {"ignore_label": -7}, {"overlap_threshold": 0.25}, {"overlap_threshold": 0}, {"variances": (1, 2, 3, 4)},
        {"negative_mining_ratio": 1}, {"negative_mining_ratio": 0.5, "minimum_negative_samples": 2},
        {"negative_mining_ratio": 0.6, "negative_mining_thresh": 0.4, "overlap_threshold": 0.9},
    ]  # fmt: skip
    six_columns = exactly(0, 0.1, 0.1, 0.45, 0.5, 9, shape=(1, 1, 6))
    return [
        *[sample(*_IMAGES, gradient=False, **choice) for choice in choices],
        sample(Input((1, 50, 4), low=0, high=1), Input((1, 9, 5), low=0, high=1), (1, 3, 50), gradient=False),
        sample(_IMAGES[0], six_columns, (1, 2, 4)),
    ]


def _target_refusals() -> list[Refused]:
    anchors, labels, predictions = _IMAGES
    open_end = exactly(-1, 2, 2, 3, 3, 0, 0, 0, 1, 1, shape=(1, 2, 5))
    return [
        refused(r"anchor must have shape \(1, anchors, 4\)", (2, 4, 4), labels, predictions),
        refused(r"anchor must have shape \(1, anchors, 4\)", (4, 4), labels, predictions),
        refused("prediction for each of the 4 anchors; received 5", anchors, labels, (3, 4, 5)),
        refused(r"label must have shape \(N, objects, 5", anchors, (3, 2, 4), predictions),
        refused(r"label must have shape \(N, objects, 5", anchors, (3, 5), predictions),
        refused(r"label must have shape \(N, objects, 5", anchors, (3, 0, 5), predictions),
        refused(r"cls_pred must have shape \(3, classes, anchors\)", anchors, labels, (3, 16)),
        refused(r"cls_pred must have shape \(3, classes", anchors, labels, (2, 4, 4), negative_mining_ratio=1),
        refused("variances must be 4 numbers", *_IMAGES, variances=(1, 2)),
        refused("negative_mining_thresh must be positive", *_IMAGES, negative_mining_ratio=1, negative_mining_thresh=0),
        refused("negative_mining_thresh must leave at least", *_IMAGES, negative_mining_ratio=3,
                negative_mining_thresh=0.01),
        refused("label must have -1 in all of the row", anchors, open_end, (1, 4, 4)),
        refused("one floating-point type", anchors, labels, Input((3, 4, 4), "float64")),
    ]  # fmt: skip


cases("_contrib_MultiBoxTarget", samples=_target_samples, refusals=_target_refusals)
