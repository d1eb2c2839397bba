"""Pooling of regions whose parts are shifted: DeformablePSROIPooling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import NonNegative, Positive
from ..checks import one_type
from ..declare import cases, operator
from ..flops import Call
from ..gradient import with_zeros_for
from ..samples import Input, refused, sample
from ..shape_rule import PartialShape
from .position_sensitive import REGIONS, borders, check_position_sensitive
from .sampling import (
    corners,
    exact_type,
    image_numbers,
    pixel_rows,
    weighted_sums,
)


def _flops(call: Call) -> int:
    regions, channels, high, wide = call.output
    return regions * high * wide * int(call.attributes["sample_per_part"]) ** 2 * (12 + 8 * channels)


def _known_output(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape] | None:
    data, regions, _ = shapes
    size = attributes["pooled_size"]
    return None if data is None or regions is None else [(regions[0], attributes["output_dim"], size, size)]


@operator(
    "_contrib_DeformablePSROIPooling",
    names_gradients=True,
    computed_anew=True,
    omits=lambda attributes: {"trans"} if attributes["no_trans"] else (),
    hidden_outputs=1,
    output_names=("output",),
    kind="pooling",
    flops=_flops,
    reads_values=True,
    precision="single",
    from_partial=_known_output,
)
def deformable_psroi_pooling(
    data: Tensor,
    rois: Tensor,
    trans: Tensor | None = None,
    *,
    spatial_scale: float,
    output_dim: Positive,
    group_size: Positive,
    pooled_size: Positive,
    part_size: NonNegative = 0,
    sample_per_part: Positive = 1,
    trans_std: float = 0.0,
    no_trans: bool = False,
) -> Tensor:
    """Pool regions as PSROIPooling does, by samples, after shifting each part.

    Parameters
    ----------
    data : NDArray
        (N, output_dim * group_size * group_size, H, W).
    rois : NDArray
        (regions, 5): the index of the image, then x and y of the upper left and of the lower right corner.
    trans : NDArray
        (regions, 2 * classes, part_size, part_size): the shifts along x and along y of each part, for each of the
        classes, over which the channels of the result are divided. Left out with ``no_trans=True``.
    spatial_scale : float
        Multiplies the corners, after they are rounded.
    output_dim : int
        The number of channels of the result.
    group_size : int
        The number of groups of parts along each axis that have channels of their own.
    pooled_size : int
        The number of parts along each axis.
    part_size : int, default 0
        The number of shifts along each axis; 0 means `pooled_size`.
    sample_per_part : int, default 1
        The number of samples in a part along each axis.
    trans_std : float, default 0
        Multiplies the shifts, which then are in lengths of the region; from 0 to 1.
    no_trans : bool, default False
        Shift nothing.

    Returns
    -------
    NDArray
        (regions, output_dim, pooled_size, pooled_size). It has no gradient for `rois`.
    """
    owner = "_contrib_DeformablePSROIPooling"
    check_position_sensitive(owner, data, rois, output_dim, group_size)
    shifts = part_size or pooled_size
    classes = _classes(owner, trans, len(rois), shifts, output_dim, no_trans)
    if not 0 <= trans_std <= 1:
        raise MXNetError(f"{owner}: trans_std must be from 0 to 1; received {trans_std}")
    if trans is not None and trans.dtype is not data.dtype:
        raise one_type(owner, data=data, trans=trans)
    result = data.new_zeros((len(rois), output_dim, pooled_size, pooled_size))
    if data.is_meta or rois.is_meta or not result.numel():
        return result
    kind = exact_type(data)
    height, width = data.shape[2:]
    number = image_numbers(owner, rois, len(data))
    left, top, across, down = borders(rois.to(kind), spatial_scale)
    part = torch.arange(pooled_size, device=data.device)
    moved = None if trans is None else trans.to(kind) * trans_std
    x = _positions(left - 0.5, across, pooled_size, sample_per_part)[:, None, None, :, None, :]
    y = _positions(top - 0.5, down, pooled_size, sample_per_part)[:, None, :, None, :, None]
    if moved is not None:
        place = part * shifts // pooled_size
        moved = moved.reshape(len(rois), classes, 2, shifts, shifts)[:, :, :, place][..., place][..., None, None]
        x = x + moved[:, :, 0] * across.reshape(-1, 1, 1, 1, 1, 1)
        y = y + moved[:, :, 1] * down.reshape(-1, 1, 1, 1, 1, 1)
    shape = (len(rois), classes, pooled_size, pooled_size, sample_per_part, sample_per_part)
    x, y = x.expand(shape).flatten(4), y.expand(shape).flatten(4)
    valid = (x >= -0.5) & (x <= width - 0.5) & (y >= -0.5) & (y <= height - 0.5)
    pixels, weights = corners(_held(y, height), _held(x, width), height, width)
    weights = weights * (valid / valid.sum(-1, keepdim=True).clamp_min(1)).unsqueeze(-1).to(kind)
    group = part * group_size // pooled_size
    where = (group[:, None] * group_size + group).reshape(1, 1, pooled_size, pooled_size, 1, 1)
    kind_of = torch.arange(classes, device=data.device).reshape(1, -1, 1, 1, 1, 1)
    index = ((number.reshape(-1, 1, 1, 1, 1, 1) * height * width + pixels) * group_size**2 + where) * classes + kind_of
    rows = _grouped_rows(data.to(kind), output_dim, group_size, classes)
    pooled = weighted_sums(rows, index.flatten(0, 3).flatten(1), weights.flatten(0, 3).flatten(1))
    pooled = pooled.reshape(len(rois), classes, pooled_size, pooled_size, -1).permute(0, 1, 4, 2, 3)
    return with_zeros_for(pooled.reshape(result.shape).to(data.dtype), rois)


def _classes(owner: str, trans: Tensor | None, regions: int, shifts: int, output_dim: int, no_trans: bool) -> int:
    """Return the number of classes that are shifted each on its own."""
    if (trans is None) is not no_trans:
        text = "left out with no_trans=True; received an array" if no_trans else "given; received None"
        raise MXNetError(f"{owner}: trans must be {text}")
    if trans is None:
        return 1
    classes = trans.shape[1] // 2 if trans.dim() == 4 else 0
    if not classes or output_dim % classes or tuple(trans.shape) != (regions, 2 * classes, shifts, shifts):
        raise MXNetError(
            f"{owner}: trans must have shape ({regions}, 2 * classes, {shifts}, {shifts}), where classes divides "
            f"output_dim {output_dim}; received {tuple(trans.shape)}"
        )
    return classes


def _positions(start: Tensor, length: Tensor, parts: int, each: int) -> Tensor:
    """Return (regions, parts, each): where the samples of each part are along one axis."""
    part = torch.arange(parts, device=start.device)[:, None] + torch.arange(each, device=start.device) / each
    return start[:, None, None] + part * (length / parts)[:, None, None]


def _held(position: Tensor, length: int) -> Tensor:
    """Keep positions inside the image. One that is on a pixel has no gradient, as in MXNet."""
    position = position.clamp(0, length - 1)
    pixel = torch.floor(position.detach())
    return torch.where(position == pixel, pixel, position)


def _grouped_rows(data: Tensor, output_dim: int, groups: int, classes: int) -> Tensor:
    """Return rows for each pixel, group along y, group along x and class."""
    images, _, height, width = data.shape
    maps = data[:, : output_dim * groups**2].reshape(images, classes, -1, groups**2, height, width)
    return pixel_rows(maps.permute(0, 3, 1, 2, 4, 5).flatten(1, 3), groups**2 * classes)


def _shifted(dtype: str) -> list[Input]:
    return [Input((2, 16, 6, 7), dtype), Input((5, 5), dtype, values=REGIONS.values), Input((5, 4, 2, 2), dtype)]


cases(
    "_contrib_DeformablePSROIPooling",
    samples=lambda: [
        sample(*_shifted("float32"), spatial_scale=1, output_dim=4, group_size=2, pooled_size=2, trans_std=0.1,
               sample_per_part=3, derivative=False),
        sample(*_shifted("float32"), spatial_scale=0.5, output_dim=4, group_size=2, pooled_size=4, part_size=2,
               trans_std=0.2, sample_per_part=2, derivative=False),
        sample(*_shifted("float64")[:2], None, spatial_scale=1, output_dim=1, group_size=3, pooled_size=3,
               no_trans=True, derivative=False),
    ],
    refusals=lambda: [
        refused("data must have 16 = output_dim", (1, 15, 6, 7), (1, 5), None, spatial_scale=1, output_dim=4,
                group_size=2, pooled_size=2, no_trans=True),
        refused("trans must be given", (1, 16, 6, 7), (1, 5), None, spatial_scale=1, output_dim=4, group_size=2,
                pooled_size=2),
        refused("trans must be left out", (1, 16, 6, 7), (1, 5), (1, 2, 2, 2), spatial_scale=1, output_dim=4,
                group_size=2, pooled_size=2, no_trans=True),
        refused("trans must have shape", (1, 16, 6, 7), (1, 5), (1, 6, 2, 2), spatial_scale=1, output_dim=4,
                group_size=2, pooled_size=2),
        refused("trans must have shape", (1, 16, 6, 7), (1, 5), (1, 2, 3, 2), spatial_scale=1, output_dim=4,
                group_size=2, pooled_size=2),
        refused("trans_std must be from 0 to 1", (1, 16, 6, 7), (1, 5), (1, 2, 2, 2), spatial_scale=1, output_dim=4,
                group_size=2, pooled_size=2, trans_std=2),
        refused("one floating-point type", (1, 16, 6, 7), (1, 5), Input((1, 2, 2, 2), "float64"), spatial_scale=1,
                output_dim=4, group_size=2, pooled_size=2),
    ],
)  # fmt: skip
