"""Pooling of regions by samples between the pixels: ROIAlign, and RROIAlign for regions that are turned."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Shape
from ..checks import one_type, same_float
from ..declare import cases, operator
from ..flops import Call
from ..gradient import with_zeros_for
from ..samples import Input, exactly, refused, sample
from .sampling import corners, exact_type, image_numbers, pixel_rows, weighted_sums

_REGIONS = exactly(
    0, 0.3, 0.4, 3.7, 4.9, 1, -2.5, -1.5, 2.2, 3.3, 1, 2.1, 3.2, 9.5, 8.4, 0, 3, 3, 3.2, 3.1, 1, 0, 0, 5, 5,
    shape=(5, 5),
)  # fmt: skip


def _check(owner: str, data: Tensor, rois: Tensor, columns: int, pooled_size: Shape, scale: float) -> None:
    if data.dim() != 4:
        raise MXNetError(f"{owner}: data must have 4 dimensions (N, C, H, W); received shape {tuple(data.shape)}")
    if rois.dim() != 2 or rois.shape[1] != columns:
        raise MXNetError(f"{owner}: rois must have shape (regions, {columns}); received {tuple(rois.shape)}")
    if len(pooled_size) != 2 or min(pooled_size) < 1:
        raise MXNetError(f"{owner}: pooled_size must be 2 ints of at least 1; received {pooled_size}")
    if not 0 <= scale <= 1:
        raise MXNetError(f"{owner}: spatial_scale must be from 0 to 1; received {scale}")
    if not same_float(data, rois):
        raise one_type(owner, data=data, rois=rois)


def _samples(start: Tensor, length: Tensor, parts: int, each: int) -> Tensor:
    """Return (regions, parts, each): evenly spaced positions in each part of regions along one axis."""
    part = torch.arange(parts, device=start.device, dtype=start.dtype)[:, None]
    point = torch.arange(each, device=start.device, dtype=start.dtype) + 0.5
    size = (length / parts)[:, None, None]
    # In this order: whether a sample is just outside the image depends on how it is rounded.
    return start[:, None, None] + part * size + point * size / each


def _grids(length: Tensor, width: Tensor, pooled_size: Shape, ratio: int) -> list[tuple[int, int, Tensor]]:
    """Return how many samples a part has along y and x, with the numbers of the regions for which that is so."""
    if ratio > 0:
        return [(ratio, ratio, torch.arange(len(length), device=length.device))]
    counts = torch.stack([torch.ceil(length / pooled_size[0]), torch.ceil(width / pooled_size[1])], 1).long()
    kinds, kind = torch.unique(counts, dim=0, return_inverse=True)
    return [(high, wide, (kind == number).nonzero()[:, 0]) for number, (high, wide) in enumerate(kinds.tolist())]


def _pool(data: Tensor, image: Tensor, y: Tensor, x: Tensor, rows: Tensor, parts: int) -> Tensor:
    """Return (bags, C / parts): the mean of the samples (bags, n) at the given positions.

    Parameters
    ----------
    data : Tensor
        (N, C, H, W).
    image : Tensor
        (bags, 1): which image and part of its channels, as image * parts + part; below 0: none, so that the mean is 0.
    y, x : Tensor
        (bags, n).
    rows : Tensor
        The images as `pixel_rows`.
    parts : int
        Into how many the channels are split.
    """
    height, width = data.shape[2:]
    inside = (y >= -1) & (y <= height) & (x >= -1) & (x <= width) & (image >= 0)
    pixels, weights = corners(y.clamp(0, height - 1), x.clamp(0, width - 1), height, width)
    weights = weights * (inside / y.shape[1]).unsqueeze(2).to(weights.dtype)
    number, part = image.clamp_min(0) // parts, image.clamp_min(0) % parts
    index = (number.unsqueeze(2) * height * width + pixels) * parts + part.unsqueeze(2)
    return weighted_sums(rows, index.flatten(1), weights.flatten(1))


def _flops(call: Call) -> int:
    # The number of samples follows from the regions where it is not given; 2 x 2 is what most have.
    each: int = max(2, call.attributes.get("sample_ratio", -1), call.attributes.get("sampling_ratio", -1))
    regions, channels, high, wide = call.output
    return regions * high * wide * each**2 * (12 + 8 * channels)


@operator(
    "_contrib_ROIAlign", reads_values=True, from_outputs="nothing", kind="pooling", flops=_flops, precision="widest"
)
def roi_align(
    data: Tensor,
    rois: Tensor,
    *,
    pooled_size: Shape,
    spatial_scale: float,
    sample_ratio: int = -1,
    position_sensitive: bool = False,
    aligned: bool = False,
) -> Tensor:
    """Divide rectangles of images into a given number of parts, and take the mean of samples in each.

    Parameters
    ----------
    data : NDArray
        (N, C, H, W).
    rois : NDArray
        (regions, 5): the index of the image, then x and y of the upper left and of the lower right corner. The result
        for a region with a negative index is 0.
    pooled_size : tuple of int
        The number of parts along height and width.
    spatial_scale : float
        Multiplies the corners; from 0 to 1.
    sample_ratio : int, default -1
        The number of samples in a part along each axis; below 1, one for each pixel of its length, rounded up.
    position_sensitive : bool, default False
        Split the channels over the parts: part i takes every channel c with c % parts == i.
    aligned : bool, default False
        The corners are those of pixels, not their middles: half a pixel is subtracted.

    Returns
    -------
    NDArray
        (regions, C, *pooled_size); with `position_sensitive`, C / (number of parts) channels. It has no gradient for
        `rois`.
    """
    owner = "_contrib_ROIAlign"
    _check(owner, data, rois, 5, pooled_size, spatial_scale)
    high, wide = pooled_size
    parts = high * wide if position_sensitive else 1
    if data.shape[1] % parts:
        raise MXNetError(
            f"{owner}: the number of channels must be a multiple of the {parts} parts with position_sensitive=True; "
            f"received {data.shape[1]}"
        )
    result = data.new_zeros((len(rois), data.shape[1] // parts, high, wide))
    if data.is_meta or rois.is_meta or not result.numel():
        return result
    kind = exact_type(data)
    image = image_numbers(owner, rois, len(data), least=-(2**31))
    left, top, right, bottom = (rois.detach()[:, 1:].to(kind) * spatial_scale - (0.5 if aligned else 0)).unbind(1)
    length, width = bottom - top, right - left
    if not aligned:
        length, width = length.clamp_min(1), width.clamp_min(1)
    elif not ((length > 0) & (width > 0)).all():
        raise MXNetError(f"{owner}: rois must have a positive width and height with aligned=True; "
                         f"received {min(float(length.min()), float(width.min()))}")  # fmt: skip
    part = torch.arange(high * wide, device=data.device).reshape(1, high, wide) % parts
    rows = pixel_rows(data.to(kind), parts) if parts == 1 else _by_part(data.to(kind), parts)
    pieces, order = [], []
    for each_high, each_wide, chosen in _grids(length, width, pooled_size, sample_ratio):
        y = _samples(top[chosen], length[chosen], high, each_high)[:, :, None, :, None]
        x = _samples(left[chosen], width[chosen], wide, each_wide)[:, None, :, None, :]
        shape = (len(chosen) * high * wide, each_high * each_wide)
        y, x = (each.expand(-1, high, wide, each_high, each_wide).reshape(shape) for each in (y, x))
        source = image[chosen, None, None] * parts + part
        pieces.append(_pool(data, source.reshape(-1, 1), y, x, rows, parts).reshape(len(chosen), high, wide, -1))
        order.append(chosen)
    pooled = pieces[0] if len(pieces) == 1 else torch.cat(pieces)[torch.argsort(torch.cat(order))]
    return with_zeros_for(pooled.permute(0, 3, 1, 2).contiguous().to(data.dtype), rois)


def _by_part(data: Tensor, parts: int) -> Tensor:
    """Return rows as `pixel_rows`, where part i has the channels c with c % parts == i."""
    images, channels, height, width = data.shape
    return data.reshape(images, channels // parts, parts, height, width).permute(0, 3, 4, 2, 1).reshape(
        -1, channels // parts)  # fmt: skip


_NONE = exactly(-1, 0, 0, 3, 3, 0, 0, 0, 3, 3, shape=(2, 5))

cases(
    "_contrib_ROIAlign",
    samples=lambda: [
        sample((2, 3, 6, 7), _REGIONS, pooled_size=(2, 3), spatial_scale=1, derivative=False),
        sample((2, 3, 6, 7), _REGIONS, pooled_size=(3, 2), spatial_scale=0.5, sample_ratio=2, derivative=False),
        sample((2, 3, 6, 7), _REGIONS, pooled_size=(2, 2), spatial_scale=0.7, aligned=True, derivative=False),
        sample((2, 12, 6, 7), _REGIONS, pooled_size=(2, 3), spatial_scale=1, position_sensitive=True, derivative=False),
        sample((1, 2, 4, 4), _NONE, pooled_size=(2, 2), spatial_scale=1, derivative=False, judge="numpy"),
        sample(Input((2, 3, 6, 7), "float64"), Input((5, 5), "float64", values=_REGIONS.values), pooled_size=(1, 2),
               spatial_scale=1, sample_ratio=3, derivative=False, rtol=1e-6),  # MXNet's weights have 32 bits
        sample(Input((2, 3, 6, 7), "float16"), Input((5, 5), "float16", values=_REGIONS.values), pooled_size=(2, 2),
               spatial_scale=1, sample_ratio=2, gradient=False, rtol=2e-3),
    ],
    refusals=lambda: [
        refused("data must have 4 dimensions", (3, 6, 7), (1, 5), pooled_size=(2, 2), spatial_scale=1),
        refused(r"rois must have shape \(regions, 5\)", (1, 3, 6, 7), (1, 4), pooled_size=(2, 2), spatial_scale=1),
        refused("pooled_size must be 2 ints", (1, 3, 6, 7), (1, 5), pooled_size=(2,), spatial_scale=1),
        refused("spatial_scale must be from 0 to 1", (1, 3, 6, 7), (1, 5), pooled_size=(2, 2), spatial_scale=2),
        refused("multiple of the 4 parts", (1, 3, 6, 7), (1, 5), pooled_size=(2, 2), spatial_scale=1,
                position_sensitive=True),
        refused("rois must name images from .* to 0; received 1", (1, 3, 6, 7), exactly(1, 0, 0, 2, 2, shape=(1, 5)),
                pooled_size=(2, 2), spatial_scale=1),
        refused("rois must have a positive width", (1, 3, 6, 7), exactly(0, 2, 2, 2, 3, shape=(1, 5)),
                pooled_size=(2, 2), spatial_scale=1, aligned=True),
        refused("one floating-point type", (1, 3, 6, 7), Input((1, 5), "float64"), pooled_size=(2, 2), spatial_scale=1),
    ],
)  # fmt: skip


@operator(
    "_contrib_RROIAlign", reads_values=True, from_outputs="nothing", kind="pooling", flops=_flops, precision="unlisted"
)
def rroi_align(
    data: Tensor, rois: Tensor, *, pooled_size: Shape, spatial_scale: float, sampling_ratio: int = -1
) -> Tensor:
    """Divide turned rectangles of images into a given number of parts, and take the mean of samples in each.

    Parameters
    ----------
    data : NDArray
        (N, C, H, W).
    rois : NDArray
        (regions, 6): the index of the image, x and y of the middle, width, height, and the angle in degrees.
    pooled_size : tuple of int
        The number of parts along height and width.
    spatial_scale : float
        Multiplies positions and lengths; from 0 to 1.
    sampling_ratio : int, default -1
        The number of samples in a part along each axis; below 1, one for each pixel of its length, rounded up.

    Returns
    -------
    NDArray
        (regions, C, *pooled_size). It has no gradient for `rois`.
    """
    owner = "_contrib_RROIAlign"
    _check(owner, data, rois, 6, pooled_size, spatial_scale)
    high, wide = pooled_size
    result = data.new_zeros((len(rois), data.shape[1], high, wide))
    if data.is_meta or rois.is_meta or not result.numel():
        return result
    kind = exact_type(data)
    image = image_numbers(owner, rois, len(data))
    middle_x, middle_y, width, length = (rois.detach()[:, 1:5].to(kind) * spatial_scale).unbind(1)
    length, width = length.clamp_min(1), width.clamp_min(1)
    angle = rois.detach()[:, 5].to(kind) * (math.pi / 180)
    rows = pixel_rows(data.to(kind))
    pooled = torch.zeros((len(rois), high, wide, data.shape[1]), dtype=kind, device=data.device)
    for each_high, each_wide, chosen in _grids(length, width, pooled_size, sampling_ratio):
        across = _samples(-width[chosen] / 2, width[chosen], wide, each_wide)[:, None, :, None, :]
        down = _samples(-length[chosen] / 2, length[chosen], high, each_high)[:, :, None, :, None]
        cosine, sine, to_x, to_y = (each[chosen].reshape(-1, 1, 1, 1, 1) for each in (
            torch.cos(angle), torch.sin(angle), middle_x, middle_y))  # fmt: skip
        shape = (len(chosen) * high * wide, each_high * each_wide)
        x, y = across * cosine + down * sine + to_x, down * cosine - across * sine + to_y
        source = image[chosen].repeat_interleave(high * wide).unsqueeze(1)
        means = _pool(data, source, y.reshape(shape), x.reshape(shape), rows, 1)
        pooled = pooled.index_copy(0, chosen, means.reshape(len(chosen), high, wide, -1))
    return with_zeros_for(pooled.permute(0, 3, 1, 2).contiguous().to(data.dtype), rois)


_TURNED = exactly(
    0, 3, 3, 3, 2, 0, 1, 3, 2, 4.2, 2.5, 30, 1, 1, 1, 7, 3, -75, 0, 5, 5, 0.2, 0.3, 200, shape=(4, 6)
)  # fmt: skip

cases(
    "_contrib_RROIAlign",
    samples=lambda: [
        sample((2, 3, 6, 7), _TURNED, pooled_size=(2, 3), spatial_scale=1, gradient=False),
        sample((2, 3, 6, 7), _TURNED, pooled_size=(2, 2), spatial_scale=0.5, sampling_ratio=2, gradient=False),
        sample(Input((2, 1, 6, 7), "float64"), Input((4, 6), "float64", values=_TURNED.values), pooled_size=(1, 1),
               spatial_scale=1, gradient=False, rtol=1e-7),  # MXNet's pi has 32 bits
    ],
    refusals=lambda: [
        refused(r"rois must have shape \(regions, 6\)", (1, 3, 6, 7), (1, 5), pooled_size=(2, 2), spatial_scale=1),
        refused("spatial_scale must be from 0 to 1", (1, 3, 6, 7), (1, 6), pooled_size=(2, 2), spatial_scale=-1),
        refused("rois must name images from 0 to 0; received -1", (1, 3, 6, 7),
                exactly(-1, 0, 0, 2, 2, 9, shape=(1, 6)), pooled_size=(2, 2), spatial_scale=1),
    ],
)  # fmt: skip
