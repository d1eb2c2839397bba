"""Bounding boxes of objects in images: their overlap, and non-maximum suppression."""

from __future__ import annotations

from math import prod
from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..checks import check_float
from ..declare import cases, operator
from ..flops import Call
from ..gradient import without_gradient
from ..samples import Input, Sample, exactly, refused, sample
from .geometry import Format, overlaps, to_center, to_corners
from .suppression import greedy

_FOUND = exactly(
    0, 0.9, 0, 0, 2, 2,
    0, 0.8, 0, 0, 2, 1.9,
    1, 0.7, 0, 0, 2, 2,
    0, 0.6, 3, 3, 4, 4,
    0, -0.1, 3, 3, 5, 5,
    shape=(5, 6),
)  # fmt: skip


# Per box, its area (two differences, two comparisons with 0, a product). Per pair, four comparisons of edges, the area
# between them, the union (2) and a division.
_AREA, _PAIR = 5, 4 + 5 + 2 + 1
# Converting a box from one format to the other takes two halvings and four sums.
_CONVERSION = 6


def _iou_flops(call: Call) -> int:
    boxes = sum(map(prod, call.inputs.values())) // 4
    converted = boxes if call.attributes["format"] == "center" else 0
    return _AREA * boxes + _CONVERSION * converted + _PAIR * prod(call.output)


@operator("_contrib_box_iou", from_outputs="nothing", kind="other", flops=_iou_flops, precision="widest")
def box_iou(lhs: Tensor, rhs: Tensor, *, format: Format = "corner") -> Tensor:
    """Return the intersection over union (IoU) of each box of one array with each box of another.

    Parameters
    ----------
    lhs, rhs : NDArray
        (..., 4): boxes.
    format : {'corner', 'center'}, default 'corner'
        The meaning of the four numbers: left, top, right, bottom; or center x, center y, width, height.

    Returns
    -------
    NDArray
        Its shape is that of `lhs` followed by that of `rhs`, both without their last axes. It has no gradient.
    """
    for name, boxes in (("lhs", lhs), ("rhs", rhs)):
        if boxes.dim() == 0 or boxes.shape[-1] != 4:
            raise MXNetError(
                f"_contrib_box_iou: {name} must have 4 numbers for each box; received shape {tuple(boxes.shape)}"
            )
        check_float("_contrib_box_iou", boxes)
    one, other = (boxes.detach().reshape(-1, 4) for boxes in (lhs, rhs))
    if format == "center":
        one, other = to_corners(one), to_corners(other)
    shape = (*lhs.shape[:-1], *rhs.shape[:-1])
    return without_gradient(overlaps(one, other).reshape(shape), lhs, rhs)


cases(
    "_contrib_box_iou",
    samples=lambda: [
        sample(exactly(0, 0, 2, 2, 1, 1, 4, 3, shape=(2, 4)), exactly(1, 1, 3, 3, 5, 5, 6, 6, 0, 0, 2, 2, shape=(3, 4)),
               gradient=False),
        sample(exactly(0, 0, 2, 2, 1, 1, 4, 3, shape=(2, 1, 4)), exactly(1, 1, 3, 3, 5, 5, 6, 6, shape=(2, 4)),
               format="center", gradient=False),
    ],
    refusals=lambda: [
        refused("lhs must have 4 numbers", (2, 3), (2, 4)),
        refused("lhs must have 4 numbers", exactly(1, shape=()), (2, 4)),
        refused("rhs must have 4 numbers", (2, 4), (2, 5)),
        refused("format must be one of", (2, 4), (2, 4), format="edges"),
        refused("floating-point", Input((2, 4), "int32"), Input((2, 4), "int32")),
    ],
)  # fmt: skip


def _nms_samples() -> list[Sample]:
    choices: list[dict[str, Any]] = [
        {}, {"id_index": 0}, {"overlap_thresh": 0.99}, {"topk": 2}, {"valid_thresh": 0.65},
        {"id_index": 0, "force_suppress": True}, {"id_index": 0, "background_id": 1}, {"in_format": "center"},
        {"out_format": "center"},
    ]  # fmt: skip
    # Boxes that begin below 0, are empty, or have a class with a fraction.
    odd = exactly(0, 4, -1, 0, 2, 2, 0.5, 3, 5, 5, 5, 5, 0, 2, 6, 6, 6, 6, 0.9, 5, 1, 0, 3, 2, shape=(4, 6))
    return [
        *[sample(_FOUND, gradient=False, **choice) for choice in choices],
        sample(Input((2, 3, 7, 6), low=0, high=4), overlap_thresh=0.3),
        sample(_FOUND, topk=0, out_format="center"),
        sample(odd, overlap_thresh=0.1, id_index=0, out_format="center", derivative=False),
        sample(odd, overlap_thresh=-1, in_format="center", background_id=0, id_index=0, derivative=False),
    ]


def _nms_flops(call: Call) -> int:
    # Scores are compared with the threshold and sorted, n log2(n); at worst all are above it. Of the first `topk`, each
    # pair is compared with the other threshold once.
    *batch, boxes, _ = call.inputs["data"]
    attributes = call.attributes
    chosen: int = min(boxes, attributes["topk"]) if attributes["topk"] > 0 else boxes
    conversions: int = (attributes["in_format"] == "center") + (attributes["in_format"] != attributes["out_format"])
    each = boxes * (1 + (boxes - 1).bit_length())
    each += chosen * (_AREA + _CONVERSION * conversions) + chosen * (chosen - 1) // 2 * (_PAIR + 1)
    return prod(batch) * each


@operator(
    "_contrib_box_nms",
    from_partial="nothing",
    aliases=["_contrib_box_non_maximum_suppression"],
    hidden_outputs=1,
    reads_values=True,
    kind="other",
    flops=_nms_flops,
    precision="widest",
)
def box_nms(
    data: Tensor,
    *,
    overlap_thresh: float = 0.5,
    valid_thresh: float = 0.0,
    topk: int = -1,
    coord_start: int = 2,
    score_index: int = 1,
    id_index: int = -1,
    background_id: int = -1,
    force_suppress: bool = False,
    in_format: Format = "corner",
    out_format: Format = "corner",
) -> Tensor:
    """Apply non-maximum suppression: keep the boxes with the highest scores, and one of those that overlap.

    Parameters
    ----------
    data : NDArray
        (..., boxes, numbers): each box's score, its four coordinates, and optionally its class.
    overlap_thresh : float, default 0.5
        A box whose IoU with a kept one is above this is dropped.
    valid_thresh : float, default 0
        Only boxes with a score above this are considered.
    topk : int, default -1
        The number of highest scores to consider; below 0 means all. 0 returns the data as it is.
    coord_start, score_index, id_index : int
        The positions of the first coordinate, the score and the class in a box's numbers; `id_index` -1: no class.
    background_id : int, default -1
        Boxes of this class are ignored.
    force_suppress : bool, default False
        Let boxes of different classes suppress each other too.
    in_format, out_format : {'corner', 'center'}, default 'corner'
        The meaning of the coordinates, here and in the result: left, top, right, bottom; or center x, center y, width,
        height.

    Returns
    -------
    NDArray
        An array of the shape of the data: the boxes that are kept, highest scores first, then rows of -1.
    """
    _check_boxes(data, coord_start, score_index, id_index)
    if data.is_meta:
        return torch.empty_like(data)
    if topk == 0:
        return data.clone()
    batches = []
    for rows in data.reshape(-1, *data.shape[-2:]).unbind(0):
        scores = rows[:, score_index].detach()
        counts = scores > valid_thresh
        if id_index >= 0 and background_id >= 0:
            counts &= rows[:, id_index] != background_id
        order = torch.sort(scores, descending=True, stable=True).indices
        order = order[counts[order]][: topk if topk > 0 else None]
        rows = rows[order]
        place = rows[:, coord_start : coord_start + 4].detach()
        corners = to_corners(place) if in_format == "center" else place
        classes = rows[:, id_index].long() if id_index >= 0 and not force_suppress else None
        kept = rows[greedy(corners, overlap_thresh, classes)]
        batches.append(_written(kept, data, coord_start, in_format, out_format))
    return torch.stack(batches).reshape(data.shape)


cases(
    "_contrib_box_nms",
    samples=_nms_samples,
    refusals=lambda: [
        refused("data must have at least 2 dimensions", (6,)),
        refused("coord_start must leave room for 4 numbers", (2, 5)),
        refused("score_index must be from 0 to 5", (2, 6), score_index=6),
        refused("in_format must be one of", (2, 6), in_format="edges"),
    ],
)


def _check_boxes(data: Tensor, coord_start: int, score_index: int, id_index: int) -> None:
    if data.dim() < 2:
        raise MXNetError(f"_contrib_box_nms: data must have at least 2 dimensions; received shape {tuple(data.shape)}")
    numbers = data.shape[-1]
    if not 0 <= coord_start <= numbers - 4:
        raise MXNetError(
            f"_contrib_box_nms: coord_start must leave room for 4 numbers among the {numbers} of a box; "
            f"received {coord_start}"
        )
    for name, index, least in (("score_index", score_index, 0), ("id_index", id_index, -1)):
        if not least <= index < numbers:
            raise MXNetError(f"_contrib_box_nms: {name} must be from {least} to {numbers - 1}; received {index}")


def _written(kept: Tensor, data: Tensor, start: int, in_format: Format, out_format: Format) -> Tensor:
    """Return the kept boxes in the format of the result, padded with rows of -1."""
    if in_format != out_format:
        convert = to_corners if in_format == "center" else to_center
        place = kept[:, start : start + 4]
        # MXNet converts no box that begins below 0, and its gradient knows nothing of the conversion.
        place = place + torch.where(place[:, :1] < 0, 0.0, convert(place) - place).detach()
        kept = torch.cat([kept[:, :start], place, kept[:, start + 4 :]], 1)
    return torch.cat([kept, data.new_full((data.shape[-2] - len(kept), data.shape[-1]), -1.0)])
