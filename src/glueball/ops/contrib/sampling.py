"""Reading images between their pixels, at positions that are computed: what pooling of regions stands on.

An image lies with its channels last, so that a pixel is a row of numbers. Each result is a weighted sum of such rows,
which torch computes as a bag of embeddings, gradients of rows and weights included.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from ...core.errors import MXNetError


def exact_type(*arrays: Tensor) -> torch.dtype:
    """Return the type to compute in: float32 for 16 bits."""
    kind = arrays[0].dtype
    return torch.float32 if kind in (torch.float16, torch.bfloat16) else kind


def pixel_rows(data: Tensor, parts: int = 1) -> Tensor:
    """Return images (N, C, H, W) as rows (N * H * W * parts, C / parts)."""
    return data.permute(0, 2, 3, 1).reshape(-1, data.shape[1] // parts)


def corners(y: Tensor, x: Tensor, height: int, width: int) -> tuple[Tensor, Tensor]:
    """Return the four pixels around each position, and their weights in a bilinear interpolation.

    Parameters
    ----------
    y, x : Tensor
        The positions, of one shape; the middle of the first pixel is at 0.
    height, width : int
        The size of the image; its pixels outside count as 0.

    Returns
    -------
    tuple of Tensor
        (..., 4), numbers of pixels inside an image; (..., 4), weights.
    """
    top, left = torch.floor(y.detach()), torch.floor(x.detach())
    down, right = y - top, x - left
    rows, columns = torch.stack([top, top + 1], -1), torch.stack([left, left + 1], -1)
    row_weights, column_weights = torch.stack([1 - down, down], -1), torch.stack([1 - right, right], -1)
    row_weights = torch.where((rows >= 0) & (rows < height), row_weights, 0.0)
    column_weights = torch.where((columns >= 0) & (columns < width), column_weights, 0.0)
    rows, columns = rows.clamp(0, height - 1).long(), columns.clamp(0, width - 1).long()
    pixels = rows.unsqueeze(-1) * width + columns.unsqueeze(-2)
    return pixels.flatten(-2), (row_weights.unsqueeze(-1) * column_weights.unsqueeze(-2)).flatten(-2)


def weighted_sums(rows: Tensor, index: Tensor, weight: Tensor) -> Tensor:
    """Return (bags, C): for each bag the sum of some of the rows, each times its weight.

    Parameters
    ----------
    rows : Tensor
        (rows, C).
    index, weight : Tensor
        (bags, n): which rows, and their weights.
    """
    if not rows.numel() or not index.numel():
        return rows.new_zeros((len(index), rows.shape[1])) + weight.sum() * 0 + rows.sum() * 0
    return F.embedding_bag(index, rows, per_sample_weights=weight.to(rows.dtype), mode="sum")


def image_numbers(owner: str, rois: Tensor, images: int, least: int = 0) -> Tensor:
    """Return the images that regions name in their first column; raises MXNetError if there is no such image."""
    numbers = rois.detach()[:, 0].long()
    if numbers.numel():
        smallest, largest = (int(edge) for edge in torch.aminmax(numbers))
        if smallest < least or largest >= images:
            worst = smallest if smallest < least else largest
            raise MXNetError(f"{owner}: rois must name images from {least} to {images - 1}; received {worst}")
    return numbers


def round_away(value: Tensor) -> Tensor:
    """Round halves away from 0, where torch rounds them to even."""
    return torch.sign(value) * torch.floor(value.abs() + 0.5)


def windows(start: Tensor, length: Tensor, parts: int, size: int) -> tuple[Tensor, Tensor]:
    """Divide lengths along one axis of images into parts of whole pixels.

    Parameters
    ----------
    start, length : Tensor
        (regions,): where each begins, and how long it is.
    parts, size : int
        The number of parts of each, and the number of pixels of an image.

    Returns
    -------
    tuple of Tensor
        (regions, parts): the first pixel of each part, and how many it has inside the image.
    """
    part, step = torch.arange(parts, device=start.device), (length / parts).unsqueeze(1)
    first = (torch.floor(part * step + start.unsqueeze(1))).clamp(0, size).long()
    last = (torch.ceil((part + 1) * step + start.unsqueeze(1))).clamp(0, size).long()
    return first, (last - first).clamp_min(0)


def pooled_windows(rows: Tensor, first: Tensor, high: Tensor, wide: Tensor, width: int, *, mode: str) -> Tensor:
    """Pool rectangles of pixels, each into one row; 0 where there are none.

    Parameters
    ----------
    rows : Tensor
        The pixels of images, (pixels, C).
    first : Tensor
        (regions, down, across): the first pixel of each rectangle.
    high, wide : Tensor
        (regions, down) and (regions, across): their sizes.
    width : int
        How many pixels a row of an image has.
    mode : {'max', 'mean'}
        What to take of each.
    """
    tall = high.unsqueeze(2).expand_as(first).flatten()
    broad = wide.unsqueeze(1).expand_as(first).flatten()
    area = tall * broad
    ends = area.cumsum(0)
    window = torch.repeat_interleave(area)
    place = torch.arange(len(window), device=rows.device) - (ends - area)[window]
    index = first.flatten()[window] + place // broad[window] * width + place % broad[window]
    return F.embedding_bag(index, rows, ends - area, mode=mode).reshape(*first.shape, -1)
