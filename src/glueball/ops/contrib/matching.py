"""Boxes and the boxes they stand for: the way from one to the other and back, and pairs of best fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..checks import check_float, one_type, same_float
from ..declare import cases, operator
from ..flops import Call, per_input
from ..gradient import without_gradient
from ..samples import Input, Sample, exactly, refused, sample
from ..shape_rule import PartialShape, first_of_several, with_axes
from .geometry import Format, to_center, to_corners


def _encode_refused(owner: str, samples: Tensor, matches: Tensor, anchors: Tensor, refs: Tensor, means: Tensor,
                    stds: Tensor) -> MXNetError | None:  # fmt: skip
    if samples.dim() != 2:
        return MXNetError(f"{owner}: samples must have shape (N, anchors); received {tuple(samples.shape)}")
    images, boxes = samples.shape
    rules = [("matches", matches, (images, boxes)), ("anchors", anchors, (images, boxes, 4))]
    for name, given, shape in [*rules, ("means", means, (4,)), ("stds", stds, (4,))]:
        if tuple(given.shape) != shape:
            return MXNetError(f"{owner}: {name} must have shape {shape}; received {tuple(given.shape)}")
    if refs.dim() != 3 or len(refs) != images or refs.shape[2] != 4:
        return MXNetError(f"{owner}: refs must have shape ({images}, objects, 4); received {tuple(refs.shape)}")
    if not same_float(samples, matches, anchors, refs, means, stds):
        return one_type(owner, samples=samples, matches=matches, anchors=anchors, refs=refs, means=means, stds=stds)
    return None


def _constants(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    """Complete the shapes of means and stds."""
    return shapes if None in shapes[:4] else [*shapes[:4], (4,), (4,)]


@operator(
    "_contrib_box_encode", outputs=2, reads_values=True, kind="other", flops=12, precision="unlisted",
    infer_inputs=_constants, from_partial=with_axes(lambda shapes, attributes: [(*shapes[2][:2], 4)] * 2),
)  # fmt: skip
def box_encode(
    samples: Tensor, matches: Tensor, anchors: Tensor, refs: Tensor, means: Tensor, stds: Tensor
) -> tuple[Tensor, Tensor]:
    """Say how to get from each anchor box to the box of its object.

    Parameters
    ----------
    samples : NDArray
        (N, anchors): above 0.5 where an anchor has an object.
    matches : NDArray
        (N, anchors): the index of its object.
    anchors : NDArray
        (N, anchors, 4): left, top, right, bottom.
    refs : NDArray
        (N, objects, 4): the boxes of the objects.
    means, stds : NDArray
        (4,): subtracted from the result, and what it is then divided by.

    Returns
    -------
    list of NDArray
        (N, anchors, 4), the shift of the center in sizes of the anchor, and the logarithm of the ratio of the sizes;
        (N, anchors, 4), 1 where an anchor has an object. Both are 0 where it has none, and have no gradient.
    """
    owner = "_contrib_box_encode"
    broken = _encode_refused(owner, samples, matches, anchors, refs, means, stds)
    if broken is not None:
        raise broken
    if samples.is_meta:
        return torch.empty_like(anchors), torch.empty_like(anchors)
    chosen, index = samples.detach() > 0.5, matches.detach().long()
    wrong = chosen & ((index < 0) | (index >= refs.shape[1]))
    if wrong.any():
        raise MXNetError(f"{owner}: matches must be from 0 to {refs.shape[1] - 1}; received {int(index[wrong][0])}")
    index = index.masked_fill(~chosen, 0).unsqueeze(2).expand(-1, -1, 4)
    mask = chosen.unsqueeze(2).expand_as(anchors)
    if not refs.shape[1]:
        return without_gradient(torch.zeros_like(anchors), anchors), without_gradient(mask.to(anchors.dtype), anchors)
    place, size = to_center(anchors.detach()).split(2, -1)
    goal, goal_size = to_center(refs.detach().gather(1, index)).split(2, -1)
    way = (torch.cat([(goal - place) / size, torch.log(goal_size / size)], -1) - means.detach()) / stds.detach()
    results = torch.where(mask, way, 0.0), mask.to(anchors.dtype)
    inputs = (samples, matches, anchors, refs, means, stds)
    return without_gradient(results[0], *inputs), without_gradient(results[1], *inputs)


_ENCODED = (
    exactly(1, 0, -1, 0.5, 0.6, 0, 1, 1, 1, 1, shape=(2, 5)),
    exactly(0, 1, -5, 0, 1, 9, 1, 0, 2.9, 1, shape=(2, 5)),
    exactly(*[corner for number in range(10) for corner in (number, 1, number + 2, 3.5)], shape=(2, 5, 4)),
    exactly(*[corner for number in range(6) for corner in (0, number, 4 - number / 2, 9)], shape=(2, 3, 4)),
    exactly(0.1, 0.2, 0.3, 0.4),
    exactly(0.1, 0.2, 0.5, 1),
)

cases(
    "_contrib_box_encode",
    samples=lambda: [
        sample(*_ENCODED, derivative=False),
        sample(*[Input(each.shape, "float64", values=each.values) for each in _ENCODED], gradient=False),
    ],
    refusals=lambda: [
        refused(r"samples must have shape \(N, anchors\)", (5,), *_ENCODED[1:]),
        refused(r"matches must have shape \(2, 5\)", _ENCODED[0], (2, 4), *_ENCODED[2:]),
        refused(r"anchors must have shape \(2, 5, 4\)", *_ENCODED[:2], (1, 5, 4), *_ENCODED[3:]),
        refused(r"refs must have shape \(2, objects, 4\)", *_ENCODED[:3], (1, 3, 4), *_ENCODED[4:]),
        refused(r"means must have shape \(4,\)", *_ENCODED[:4], (1,), _ENCODED[5]),
        refused(r"stds must have shape \(4,\)", *_ENCODED[:5], (3,)),
        refused("matches must be from 0 to 2; received 3", _ENCODED[0], exactly(*[3] * 10, shape=(2, 5)),
                *_ENCODED[2:]),
        refused("one floating-point type", *_ENCODED[:5], Input((4,), "float64")),
    ],
)  # fmt: skip


@operator("_contrib_box_decode", from_partial=first_of_several, kind="other", flops=4, precision="unlisted")
def box_decode(
    data: Tensor,
    anchors: Tensor,
    *,
    std0: float = 1.0,
    std1: float = 1.0,
    std2: float = 1.0,
    std3: float = 1.0,
    clip: float = -1.0,
    format: Format = "center",
) -> Tensor:
    """Go from each anchor box the way that `box_encode` says.

    Parameters
    ----------
    data : NDArray
        (N, anchors, 4): the shift of the center in sizes of the anchor, and the logarithm of the ratio of the sizes.
    anchors : NDArray
        (1, anchors, 4): the boxes to start from.
    std0, std1, std2, std3 : float, default 1
        What the four numbers of a way are multiplied by.
    clip : float, default -1
        If positive, the logarithms are cut off at this.
    format : {'center', 'corner'}, default 'center'
        The meaning of `anchors`: center x, center y, width, height; or left, top, right, bottom.

    Returns
    -------
    NDArray
        (N, anchors, 4): left, top, right, bottom. It has no gradient.
    """
    owner = "_contrib_box_decode"
    if data.dim() != 3 or data.shape[2] != 4:
        raise MXNetError(f"{owner}: data must have shape (N, anchors, 4); received {tuple(data.shape)}")
    expected = (1, data.shape[1], 4)
    if tuple(anchors.shape) != expected:
        raise MXNetError(f"{owner}: anchors must have shape {expected}; received {tuple(anchors.shape)}")
    if not same_float(data, anchors):
        raise one_type(owner, data=data, anchors=anchors)
    ways = data.detach() * data.new_tensor((std0, std1, std2, std3))
    place, size = (to_center(anchors.detach()) if format == "corner" else anchors.detach()).split(2, -1)
    growth = ways[..., 2:].clamp_max(clip) if clip > 0 else ways[..., 2:]
    boxes = to_corners(torch.cat([ways[..., :2] * size + place, torch.exp(growth) * size], -1))
    return without_gradient(boxes, data, anchors)


cases(
    "_contrib_box_decode",
    samples=lambda: [
        sample((2, 5, 4), Input((1, 5, 4), low=1, high=2), derivative=False),
        sample((2, 5, 4), exactly(0, 1, 2, 4, 1, 1, 3, 2, 5, 5, 6, 9, 0, 0, 1, 1, 2, 0, 3, 5, shape=(1, 5, 4)),
               format="corner", std0=0.1, std1=0.2, std2=0.3, std3=0.4, gradient=False),
        sample((2, 5, 4), Input((1, 5, 4), low=1, high=2), clip=0.5, gradient=False),
        sample(Input((1, 5, 4), "float64"), Input((1, 5, 4), "float64"), clip=0, gradient=False),
    ],
    refusals=lambda: [
        refused(r"data must have shape \(N, anchors, 4\)", (5, 4), (1, 5, 4)),
        refused(r"data must have shape \(N, anchors, 4\)", (1, 5, 3), (1, 5, 4)),
        refused(r"anchors must have shape \(1, 5, 4\)", (2, 5, 4), (2, 5, 4)),
        refused("format must be one of", (2, 5, 4), (1, 5, 4), format="edges"),
        refused("one floating-point type", (2, 5, 4), Input((1, 5, 4), "float64")),
    ],
)  # fmt: skip


def _matching_flops(call: Call) -> int:
    # A sort of all scores.
    return per_input(max(1, (call.inputs["data"][-1] * call.inputs["data"][-2]).bit_length()))(call)


@operator(
    "_contrib_bipartite_matching",
    outputs=2,
    reads_values=True,
    types="T -> T, T",
    from_outputs="nothing",
    kind="other",
    flops=_matching_flops,
)
def bipartite_matching(
    data: Tensor, *, is_ascend: bool = False, threshold: float, topk: int = -1
) -> tuple[Tensor, Tensor]:
    """Pair rows and columns greedily: the pair of the best score, then the best of the rows and columns left.

    Parameters
    ----------
    data : NDArray
        (..., rows, columns): the score of each pair.
    is_ascend : bool, default False
        Whether low scores are good.
    threshold : float
        Only scores above this count, or below it with ``is_ascend=True``.
    topk : int, default -1
        The number of pairs to make is one more than this, as in MXNet; below 1 means all.

    Returns
    -------
    list of NDArray
        (..., rows), the column of each row, and (..., columns), the row of each column; -1 for those without. They
        have no gradient.
    """
    owner = "_contrib_bipartite_matching"
    if data.dim() < 2:
        raise MXNetError(f"{owner}: data must have at least 2 dimensions; received shape {tuple(data.shape)}")
    check_float(owner, data)
    *batch, rows, columns = data.shape
    row_marks, column_marks = data.new_full((*batch, rows), -1.0), data.new_full((*batch, columns), -1.0)
    if not data.is_meta and data.numel():
        items = zip(data.detach().reshape(-1, rows, columns).cpu(), row_marks.view(-1, rows),
                    column_marks.view(-1, columns), strict=True)  # fmt: skip
        for scores, row_mark, column_mark in items:
            pairs = _pairs(scores, is_ascend, threshold, topk)
            if pairs:
                places = torch.tensor(pairs, device=data.device)
                row_mark[places[:, 0]] = places[:, 1].to(data.dtype)
                column_mark[places[:, 1]] = places[:, 0].to(data.dtype)
    return without_gradient(row_marks, data), without_gradient(column_marks, data)


def _pairs(scores: Tensor, is_ascend: bool, threshold: float, topk: int) -> list[tuple[int, int]]:
    columns, flat = scores.shape[1], scores.flatten()
    places = (flat < threshold if is_ascend else flat > threshold).nonzero()[:, 0]
    order = torch.sort(flat[places], descending=not is_ascend, stable=True).indices
    most = min(scores.shape) if topk < 1 else min(*scores.shape, topk + 1)  # MXNet makes one more than it is told
    free_rows, free_columns = [True] * scores.shape[0], [True] * columns
    pairs: list[tuple[int, int]] = []
    for place in places[order].tolist():
        row, column = divmod(place, columns)
        if free_rows[row] and free_columns[column]:
            free_rows[row] = free_columns[column] = False
            pairs.append((row, column))
            if len(pairs) == most:
                break
    return pairs


_SCORES = exactly(0.5, 0.6, 0.1, 0.2, 0.3, 0.4, shape=(3, 2))


def _matching_samples() -> list[Sample]:
    choices: list[dict[str, Any]] = [
        {"threshold": 1e-12}, {"threshold": 0.2}, {"threshold": 0.5}, {"threshold": 0.6}, {"threshold": 0.1, "topk": 1},
        {"threshold": 0.1, "topk": 0}, {"threshold": 0.1, "topk": 2}, {"threshold": 0.35, "is_ascend": True},
        {"threshold": 0.1, "is_ascend": True}, {"threshold": 1, "is_ascend": True, "topk": 1},
    ]  # fmt: skip
    ties = exactly(*[1] * 6, shape=(2, 3), dtype="float64")
    return [
        *[sample(_SCORES, gradient=False, **choice) for choice in choices],
        sample(ties, threshold=0.1, derivative=False),
        sample((2, 2, 7, 5), threshold=0, gradient=False),
    ]


cases(
    "_contrib_bipartite_matching",
    samples=_matching_samples,
    refusals=lambda: [
        refused("data must have at least 2 dimensions", (3,), threshold=0.1),
        refused("threshold must be given", (3, 2)),
        refused("floating-point", Input((3, 2), "int32"), threshold=1),
    ],
)
