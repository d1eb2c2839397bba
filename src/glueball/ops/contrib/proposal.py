"""Regions that may have an object, as Faster R-CNN's first network proposes them: Proposal and MultiProposal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor, sqrt
from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Positive
from ..checks import one_type, same_float
from ..declare import cases, operator
from ..flops import Call
from ..gradient import without_gradient
from ..samples import Input, Refused, Sample, exactly, refused, sample
from ..shape_rule import PartialShape
from .suppression import greedy

Floats = tuple[float, ...]


def _anchors(stride: int, scales: Floats, ratios: Floats) -> list[list[float]]:
    """Return the anchors around the first point: left, top, right, bottom, the last pixels included."""
    middle, found = (stride - 1) / 2, []
    for ratio in ratios:
        area = floor(stride * stride / ratio)
        for scale in scales:
            wide = floor(sqrt(area) + 0.5) * scale
            high = floor(wide / scale * ratio + 0.5) * scale
            across, down = (wide - 1) / 2, (high - 1) / 2
            found.append([middle - across, middle - down, middle + across, middle + down])
    return found


def _spread(anchors: Tensor, height: int, width: int, stride: int) -> Tensor:
    """Return (height, width, anchors, 4): the anchors around every point."""
    options: dict[str, Any] = {"dtype": anchors.dtype, "device": anchors.device}
    y, x = torch.meshgrid(torch.arange(height, **options), torch.arange(width, **options), indexing="ij")
    return anchors + (torch.stack([x, y, x, y], -1) * stride).unsqueeze(2)


def _moved(boxes: Tensor, ways: Tensor, info: Tensor, is_corners: bool) -> Tensor:
    """Return the boxes to which the predicted ways lead, cut off at the borders of the image."""
    if is_corners:
        moved = boxes + ways
    else:
        size = boxes[..., 2:] - boxes[..., :2] + 1
        middle = ways[..., :2] * size + boxes[..., :2] + (size - 1) / 2
        half = (torch.exp(ways[..., 2:]) * size - 1) / 2
        moved = torch.cat([middle - half, middle + half], -1)
    edge = info[[1, 0, 1, 0]] - 1
    return torch.minimum(moved.clamp_min(0), edge)


def _of_image(
    owner: str, scores: Tensor, ways: Tensor, info: Tensor, *, anchors: Tensor, before: int, after: int,
    threshold: float, min_size: int, stride: int, iou_loss: bool,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """Return the proposals of an image and their scores: (after, 4) and (after,)."""
    count, height, width = scores.shape
    ways = ways.reshape(count, 4, height, width).permute(2, 3, 0, 1)
    boxes = _moved(_spread(anchors, height, width, stride), ways, info, iou_loss)
    scores = scores.permute(1, 2, 0)
    rows, columns = ((info[:2] / stride).long()).tolist()  # what lies beyond is padding
    if rows > height or columns > width:
        raise MXNetError(
            f"{owner}: im_info must be that of an image of at most {height * stride} x {width * stride} pixels, for a "
            f"map of {height} x {width} points with feature_stride={stride}; received {info.tolist()}"
        )
    inside = torch.zeros((height, width, 1), dtype=torch.bool, device=scores.device)
    inside[:rows, :columns] = True
    least = min_size * info[2]
    size = boxes[..., 2:] - boxes[..., :2] + 1
    small = (size < least).any(-1)
    scores = torch.where(inside & ~small, scores, -1.0).flatten()
    grown = torch.cat([boxes[..., :2] - least / 2, boxes[..., 2:] + least / 2], -1)
    boxes = torch.where(small.unsqueeze(-1), grown, boxes).reshape(-1, 4)
    order = torch.sort(scores, descending=True, stable=True).indices[: before if before > 0 else None]
    boxes, scores = boxes[order], scores[order]
    kept = greedy(boxes + boxes.new_tensor([0, 0, 1, 1]), threshold).nonzero()[:, 0][:after]
    chosen = kept[torch.arange(after, device=kept.device) % len(kept)]  # too few are repeated
    return boxes[chosen], scores[chosen]


def _shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    scores = shapes[0]
    if scores is None or len(scores) != 4:
        return shapes
    images, channels, height, width = scores
    return [scores, (images, 2 * channels, height, width), (images, 3)]


def _check(owner: str, cls_prob: Tensor, bbox_pred: Tensor, im_info: Tensor, count: int) -> None:
    if cls_prob.dim() != 4 or cls_prob.shape[1] != 2 * count:
        raise MXNetError(
            f"{owner}: cls_prob must have shape (N, {2 * count}, H, W), 2 numbers for each of the {count} anchors that "
            f"scales and ratios make; received {tuple(cls_prob.shape)}"
        )
    images, channels, height, width = cls_prob.shape
    for name, given, shape in (
        ("bbox_pred", bbox_pred, (images, 2 * channels, height, width)), ("im_info", im_info, (images, 3))
    ):  # fmt: skip
        if tuple(given.shape) != shape:
            raise MXNetError(f"{owner}: {name} must have shape {shape}; received {tuple(given.shape)}")
    if not same_float(cls_prob, bbox_pred, im_info):
        raise one_type(owner, cls_prob=cls_prob, bbox_pred=bbox_pred, im_info=im_info)


def _propose(
    owner: str, cls_prob: Tensor, bbox_pred: Tensor, im_info: Tensor, scales: Floats, ratios: Floats, stride: int,
    output_score: bool, **options: Any,
) -> Tensor | tuple[Tensor, Tensor]:  # fmt: skip
    """Return the proposals of all images, and their scores if they are asked for."""
    count, after = len(scales) * len(ratios), options["after"]
    _check(owner, cls_prob, bbox_pred, im_info, count)
    images = len(cls_prob)
    regions, scores = cls_prob.new_zeros((images * after, 5)), cls_prob.new_zeros((images * after, 1))
    if not cls_prob.is_meta:
        anchors = cls_prob.new_tensor(_anchors(stride, scales, ratios))
        for number in range(images):
            inputs = cls_prob.detach()[number, count:], bbox_pred.detach()[number], im_info.detach()[number]
            boxes, found = _of_image(owner, *inputs, anchors=anchors, stride=stride, **options)
            place = slice(number * after, (number + 1) * after)
            regions[place, 0], regions[place, 1:], scores[place, 0] = number, boxes, found
    inputs = cls_prob, bbox_pred, im_info
    regions = without_gradient(regions, *inputs)
    return (regions, without_gradient(scores, *inputs)) if output_score else regions


def _flops(call: Call) -> int:
    # 20 operations for each anchor, a sort, and at worst the overlap of each pair of those taken.
    images, channels, height, width = call.inputs["cls_prob"]
    anchors, before = channels // 2 * height * width, call.attributes["rpn_pre_nms_top_n"]
    taken: int = min(anchors, before) if before > 0 else anchors
    return images * (anchors * (20 + anchors.bit_length()) + taken * (taken - 1) // 2 * 13)


_FACTS: dict[str, Any] = {
    "outputs": lambda attributes: 2 if attributes["output_score"] else 1,
    "hidden_outputs": lambda attributes: 0 if attributes["output_score"] else 1,
    "output_names": ("output", "score"),
    "infer_inputs": _shapes,
    "from_partial": "nothing",
    "computed_anew": True,
    "types": lambda attributes: "float32, float32, float32 -> float32" + ", float32" * attributes["output_score"],
    "precision": "widest",
    "reads_values": True,
    "kind": "other",
    "flops": _flops,
}


@operator("_contrib_Proposal", **_FACTS)
def proposal(
    cls_prob: Tensor,
    bbox_pred: Tensor,
    im_info: Tensor,
    *,
    rpn_pre_nms_top_n: int = 6000,
    rpn_post_nms_top_n: Positive = 300,
    threshold: float = 0.7,
    rpn_min_size: int = 16,
    scales: Floats = (4.0, 8.0, 16.0, 32.0),
    ratios: Floats = (0.5, 1.0, 2.0),
    feature_stride: int = 16,
    output_score: bool = False,
    iou_loss: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Propose regions of one image that may have an object; MultiProposal takes several images.

    Parameters
    ----------
    cls_prob : NDArray
        (1, 2 * anchors, H, W): for each point and anchor the probability of background, then that of an object.
    bbox_pred : NDArray
        (1, 4 * anchors, H, W): the way from each anchor to the box of its object.
    im_info : NDArray
        (1, 3): height, width and scale of the image.
    rpn_pre_nms_top_n : int, default 6000
        The number of best boxes that are compared; below 1 means all.
    rpn_post_nms_top_n : int, default 300
        The number of proposals. If fewer are left, they are repeated.
    threshold : float, default 0.7
        A box whose intersection over union with a better one is above this is dropped.
    rpn_min_size : int, default 16
        Boxes that are smaller than this times the scale come last.
    scales, ratios : tuple of float
        The anchors: sizes in steps of the feature map, and ratios of height to width.
    feature_stride : int, default 16
        The distance between points of the feature map, in pixels of the image.
    output_score : bool, default False
        Return the probabilities, too.
    iou_loss : bool, default False
        `bbox_pred` are differences of the corners.

    Returns
    -------
    NDArray or list of NDArray
        (rpn_post_nms_top_n, 5): the index of the image, left, top, right, bottom, the best first. And their
        probabilities, (rpn_post_nms_top_n, 1). They have no gradient.
    """
    if cls_prob.dim() == 4 and len(cls_prob) != 1:
        raise MXNetError(
            f"_contrib_Proposal: cls_prob must be that of 1 image; received {len(cls_prob)}; use MultiProposal"
        )
    return _propose(
        "_contrib_Proposal", cls_prob, bbox_pred, im_info, scales, ratios, feature_stride, output_score,
        before=rpn_pre_nms_top_n, after=rpn_post_nms_top_n, threshold=threshold, min_size=rpn_min_size,
        iou_loss=iou_loss,
    )  # fmt: skip


@operator("_contrib_MultiProposal", **_FACTS)
def multi_proposal(
    cls_prob: Tensor,
    bbox_pred: Tensor,
    im_info: Tensor,
    *,
    rpn_pre_nms_top_n: int = 6000,
    rpn_post_nms_top_n: Positive = 300,
    threshold: float = 0.7,
    rpn_min_size: int = 16,
    scales: Floats = (4.0, 8.0, 16.0, 32.0),
    ratios: Floats = (0.5, 1.0, 2.0),
    feature_stride: int = 16,
    output_score: bool = False,
    iou_loss: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Propose regions of images that may have an object, as Proposal does for one image.

    Parameters
    ----------
    cls_prob, bbox_pred, im_info : NDArray
        As in Proposal, for N images.
    rpn_pre_nms_top_n, rpn_post_nms_top_n, threshold, rpn_min_size, scales, ratios, feature_stride
        As in Proposal, for each image.
    output_score, iou_loss
        As in Proposal.

    Returns
    -------
    NDArray or list of NDArray
        (N * rpn_post_nms_top_n, 5) and (N * rpn_post_nms_top_n, 1), as in Proposal.
    """
    return _propose(
        "_contrib_MultiProposal", cls_prob, bbox_pred, im_info, scales, ratios, feature_stride, output_score,
        before=rpn_pre_nms_top_n, after=rpn_post_nms_top_n, threshold=threshold, min_size=rpn_min_size,
        iou_loss=iou_loss,
    )  # fmt: skip


def _inputs(images: int, anchors: int) -> list[Input]:
    sizes = exactly(*[number for image in range(images) for number in (60 - 9 * image, 64 - 8 * image, 1 + image / 2)],
                    shape=(images, 3))  # fmt: skip
    return [Input((images, 2 * anchors, 4, 5), low=0, high=1), Input((images, 4 * anchors, 4, 5), low=-0.5, high=0.5),
            sizes]  # fmt: skip


def _samples(images: int) -> list[Sample]:
    usual: dict[str, Any] = {"rpn_pre_nms_top_n": 30, "rpn_post_nms_top_n": 7, "rpn_min_size": 9}
    two: dict[str, Any] = {"scales": (1, 2), "ratios": (1,), **usual}
    choices: list[dict[str, Any]] = [
        {"output_score": True}, {"threshold": 0.3, "output_score": True}, {"rpn_pre_nms_top_n": 3}, {"iou_loss": True},
        {"rpn_pre_nms_top_n": -1, "rpn_min_size": 30}, {"feature_stride": 32},
    ]  # fmt: skip
    return [
        *[sample(*_inputs(images, 2), gradient=False, **{**two, **choice}) for choice in choices],
        sample(*_inputs(images, 12), gradient=False, **usual),
        sample(*_inputs(images, 2), derivative=False, **two),
    ]


def _refusals(images: int) -> list[Refused]:
    two: dict[str, Any] = {"scales": (1, 2), "ratios": (1,)}
    scores, ways, sizes = _inputs(images, 2)
    return [
        refused(r"cls_prob must have shape \(N, 24, H, W\)", scores, ways, sizes),
        refused(r"cls_prob must have shape \(N, 4, H, W\)", (4, 4, 5), ways, sizes, **two),
        refused("bbox_pred must have shape", scores, (images, 9, 4, 5), sizes, **two),
        refused("im_info must have shape", scores, ways, (images, 2), **two),
        refused("rpn_post_nms_top_n must be an int of at least 1", scores, ways, sizes, rpn_post_nms_top_n=0, **two),
        refused("one floating-point type", scores, ways, Input((images, 3), "float64"), **two),
        refused("im_info must be that of an image of at most 32 x 40", scores, ways, sizes, feature_stride=8, **two),
    ]


cases(
    "_contrib_Proposal",
    samples=lambda: _samples(1),
    refusals=lambda: [
        *_refusals(1),
        refused("cls_prob must be that of 1 image; received 2", *_inputs(2, 2), scales=(1, 2), ratios=(1,)),
    ],
)
cases("_contrib_MultiProposal", samples=lambda: _samples(2), refusals=lambda: _refusals(2))
