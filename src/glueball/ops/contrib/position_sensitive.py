"""Pooling of regions where each part reads channels of its own: PSROIPooling."""

from __future__ import annotations

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import NonNegative, Positive
from ..checks import one_type, same_float
from ..declare import cases, operator
from ..flops import Call
from ..gradient import with_zeros_for
from ..samples import Input, exactly, refused, sample
from .sampling import (
    exact_type,
    image_numbers,
    pixel_rows,
    pooled_windows,
    round_away,
    windows,
)

REGIONS = exactly(
    0, 0.3, 0.5, 3.7, 4.9, 1, -2.5, -1.5, 2.2, 3.3, 1, 2.1, 3.2, 9.5, 8.4, 0, 3, 3, 3.2, 3.1, 1, 20, 20, 30, 30,
    shape=(5, 5),
)  # fmt: skip


def check_position_sensitive(owner: str, data: Tensor, rois: Tensor, output_dim: int, groups: int) -> None:
    """Check the arrays of an operator where each part of a region reads channels of its own."""
    if data.dim() != 4:
        raise MXNetError(f"{owner}: data must have 4 dimensions (N, C, H, W); received shape {tuple(data.shape)}")
    if rois.dim() != 2 or rois.shape[1] != 5:
        raise MXNetError(f"{owner}: rois must have shape (regions, 5); received {tuple(rois.shape)}")
    least = output_dim * groups * groups
    if data.shape[1] < least:
        raise MXNetError(
            f"{owner}: data must have {least} = output_dim * group_size * group_size channels; received {data.shape[1]}"
        )
    if not same_float(data, rois):
        raise one_type(owner, data=data, rois=rois)


def borders(rois: Tensor, scale: float) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return where regions begin along x and y, and their lengths."""
    corners_ = round_away(rois.detach()[:, 1:])
    left, top = (corners_[:, :2] * scale).unbind(1)
    right, bottom = ((corners_[:, 2:] + 1) * scale).unbind(1)
    return left, top, (right - left).clamp_min(0.1), (bottom - top).clamp_min(0.1)


def _flops(call: Call) -> int:
    # The sizes of the regions are values: at worst each is a whole image, all of whose numbers are summed.
    regions, channels, _, _ = call.output
    height, width = call.inputs["data"][2:]
    return regions * channels * height * width


@operator(
    "_contrib_PSROIPooling",
    names_gradients=True,
    computed_anew=True,
    reads_values=True,
    from_outputs="nothing",
    kind="pooling",
    flops=_flops,
    precision="widest",
)
def psroi_pooling(
    data: Tensor,
    rois: Tensor,
    *,
    spatial_scale: float,
    output_dim: Positive,
    pooled_size: Positive,
    group_size: NonNegative = 0,
) -> Tensor:
    """Divide rectangles of images into parts, and take the mean of each part over channels of its own.

    Parameters
    ----------
    data : NDArray
        (N, output_dim * group_size * group_size, H, W).
    rois : NDArray
        (regions, 5): the index of the image, then x and y of the upper left and of the lower right corner.
    spatial_scale : float
        Multiplies the corners, after they are rounded.
    output_dim : int
        The number of channels of the result.
    pooled_size : int
        The number of parts along each axis.
    group_size : int, default 0
        The number of groups of parts along each axis that have channels of their own; 0 means `pooled_size`.

    Returns
    -------
    NDArray
        (regions, output_dim, pooled_size, pooled_size). It has no gradient for `rois`.
    """
    owner = "_contrib_PSROIPooling"
    groups = group_size or pooled_size
    check_position_sensitive(owner, data, rois, output_dim, groups)
    result = data.new_zeros((len(rois), output_dim, pooled_size, pooled_size))
    if data.is_meta or rois.is_meta or not result.numel():
        return result
    kind = exact_type(data)
    images, _, height, width = data.shape
    number = image_numbers(owner, rois, images)
    left, top, across, down = borders(rois.to(kind), spatial_scale)
    row, high = windows(top, down, pooled_size, height)
    column, wide = windows(left, across, pooled_size, width)
    group = torch.arange(pooled_size, device=data.device) * groups // pooled_size
    # As if the maps of the groups were images one below the other.
    maps = (number[:, None, None] * groups + group[:, None]) * groups + group
    first = (maps * height + row[:, :, None]) * width + column[:, None, :]
    rows = data.to(kind)[:, : output_dim * groups**2].reshape(images, output_dim, groups**2, height, width)
    rows = pixel_rows(rows.transpose(1, 2).flatten(0, 1))
    pooled = pooled_windows(rows, first, high, wide, width, mode="mean")
    return with_zeros_for(pooled.permute(0, 3, 1, 2).contiguous().to(data.dtype), rois)


cases(
    "_contrib_PSROIPooling",
    samples=lambda: [
        sample((2, 8, 6, 7), REGIONS, spatial_scale=1, output_dim=2, pooled_size=2, derivative=False),
        sample((2, 8, 6, 7), REGIONS, spatial_scale=0.5, output_dim=2, pooled_size=3, group_size=2, derivative=False),
        sample(Input((2, 9, 6, 7), "float64"), Input((5, 5), "float64", values=REGIONS.values), spatial_scale=1,
               output_dim=1, pooled_size=3, derivative=False),
    ],
    refusals=lambda: [
        refused("data must have 4 dimensions", (8, 6, 7), (1, 5), spatial_scale=1, output_dim=2, pooled_size=2),
        refused("rois must have shape", (1, 8, 6, 7), (1, 4), spatial_scale=1, output_dim=2, pooled_size=2),
        refused("data must have 12 = output_dim", (1, 8, 6, 7), (1, 5), spatial_scale=1, output_dim=3, pooled_size=2),
        refused("output_dim must be an int of at least 1", (1, 8, 6, 7), (1, 5), spatial_scale=1, output_dim=0,
                pooled_size=2),
        refused("rois must name images from 0 to 0; received 1", (1, 8, 6, 7), exactly(1, 0, 0, 2, 2, shape=(1, 5)),
                spatial_scale=1, output_dim=2, pooled_size=2),
        refused("one floating-point type", (1, 8, 6, 7), Input((1, 5), "float64"), spatial_scale=1, output_dim=2,
                pooled_size=2),
    ],
)  # fmt: skip
