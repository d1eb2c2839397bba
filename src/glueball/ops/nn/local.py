"""LRN, which scales by neighboring channels, and ROIPooling, the maxima of parts of rectangles."""

from __future__ import annotations

from math import prod
from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import AtLeast, Shape
from ..checks import not_float, one_type, same_float
from ..declare import cases, operator
from ..flops import Call
from ..samples import Input, exactly, refused, sample


def _flops(call: Call) -> int:
    # The squares of `nsize` channels and their sum; then two products or sums with constants, a power and a division.
    channels: int = call.attributes["nsize"]
    return (2 * channels + 3) * prod(call.output)


@operator("LRN", output_names=("output",), hidden_outputs=1, kind="norm", flops=_flops, precision=("single", "any"))
def lrn(
    data: Tensor,
    *,
    alpha: float = 1e-4,
    beta: float = 0.75,
    knorm: float = 2.0,
    nsize: Annotated[int, AtLeast(1)],
) -> Tensor:
    """Divide each number by (knorm + alpha / nsize (sum of squares of the `nsize` channels around it)) ^ beta.

    Parameters
    ----------
    data : NDArray
        (N, C, H, W). MXNet's CPU build takes float32 only; here every floating-point type works.
    alpha : float, default 0.0001
        The weight of the neighbors.
    beta : float, default 0.75
        The exponent.
    knorm : float, default 2
        Added to the sum.
    nsize : int
        The number of channels summed, centered on the number's own; odd.
    """
    if data.dim() != 4:
        raise MXNetError(f"LRN: data must have 4 dimensions; received shape {tuple(data.shape)}")
    if not data.is_floating_point():
        raise not_float("LRN", data)
    if nsize % 2 == 0:
        raise MXNetError(f"LRN: nsize must be odd; received {nsize}")
    kind = torch.float32 if data.dtype in (torch.float16, torch.bfloat16) else data.dtype  # torch has no 16-bit form
    return F.local_response_norm(data.to(kind), nsize, alpha, beta, knorm).to(data.dtype)


cases(
    "LRN",
    samples=lambda: [
        sample((2, 5, 3, 4), nsize=3),
        sample((2, 7, 3, 4), nsize=5, alpha=0.5, beta=0.6, knorm=1.5),
        sample((2, 3, 2, 2), nsize=7, alpha=1, beta=1, knorm=1),
        sample(Input((1, 4, 2, 2), "float64"), nsize=1, judge="numpy"),
    ],
    refusals=lambda: [
        refused("data must have 4 dimensions", (2, 3, 4), nsize=3),
        refused("nsize must be odd", (2, 3, 4, 4), nsize=2),
        refused("nsize must be an int of at least 1", (2, 3, 4, 4), nsize=0),
        refused("floating-point", Input((2, 3, 4, 4), "int32"), nsize=3),
    ],
)


def _windows(start: Tensor, end: Tensor, parts: int, length: int) -> tuple[Tensor, Tensor]:
    """Return along one axis which points lie in which part of the rectangles, and which of these masks each part has.

    The masks are (rectangles, masks, length). Where there are more parts than points, many parts have the same mask.
    """
    size = (end - start + 1).clamp_min(1) / parts
    part = torch.arange(parts, device=start.device)
    first = torch.floor(part * size.unsqueeze(1)) + start.unsqueeze(1)
    last = torch.ceil((part + 1) * size.unsqueeze(1)) + start.unsqueeze(1)
    if parts > 2 * length:
        distinct, part = torch.unique(torch.stack([first, last]).clamp(0, length), dim=2, return_inverse=True)
        first, last = distinct.unbind()
    points = torch.arange(length, device=start.device)
    return (points >= first.unsqueeze(2)) & (points < last.unsqueeze(2)), part


def _round_away(value: Tensor) -> Tensor:
    """Round halves away from 0, where torch rounds them to even."""
    return torch.sign(value) * torch.floor(value.abs() + 0.5)


def _roi_flops(call: Call) -> int:
    # The sizes of the rectangles are values: at worst each is a whole image, all of whose numbers are compared.
    return call.inputs["rois"][0] * prod(call.inputs["data"][1:])


@operator(
    "ROIPooling",
    aliases=["_npx_roi_pooling"],
    output_names=("output",),
    hidden_outputs=1,
    kind="pooling",
    flops=_roi_flops,
)
def roi_pooling(data: Tensor, rois: Tensor, *, pooled_size: Shape, spatial_scale: float) -> Tensor:
    """Divide rectangles of images into a given number of parts, and take the maximum of each.

    Parameters
    ----------
    data : NDArray
        (N, C, H, W).
    rois : NDArray
        (rectangles, 5): the index of the image, then x and y of the upper left and of the lower right corner, both
        inclusive.
    pooled_size : tuple of int
        The number of parts along height and width.
    spatial_scale : float
        Multiplies the corners, which are then rounded.

    Returns
    -------
    NDArray
        (rectangles, C, *pooled_size); 0 where a part lies outside the image.
    """
    if data.dim() != 4:
        raise MXNetError(f"ROIPooling: data must have 4 dimensions; received shape {tuple(data.shape)}")
    if rois.dim() != 2 or rois.shape[1] != 5:
        raise MXNetError(f"ROIPooling: rois must have shape (rectangles, 5); received {tuple(rois.shape)}")
    if len(pooled_size) != 2 or min(pooled_size) < 1:
        raise MXNetError(f"ROIPooling: pooled_size must be 2 ints of at least 1; received {pooled_size}")
    if not same_float(data, rois):
        raise one_type("ROIPooling", data=data, rois=rois)
    if data.is_meta:  # what lies where is in the values
        return data.new_empty((rois.shape[0], data.shape[1], *pooled_size))
    number = _image_numbers(rois.detach()[:, 0].long(), data.shape[0])
    left, top, right, bottom = _round_away(rois.detach()[:, 1:] * spatial_scale).unbind(1)
    columns = _windows(left, right, pooled_size[1], data.shape[3])
    rows = _windows(top, bottom, pooled_size[0], data.shape[2])
    result = _maxima(_maxima(data[number], *columns, axis=3), *rows, axis=2)
    return torch.where(torch.isinf(result), 0.0, result)


cases(
    "ROIPooling",
    samples=lambda: [
        sample(
            Input((2, 3, 6, 8), distinct=True), exactly(0, 0, 0, 4, 4, 1, 2, 1, 7, 5, 0, 3, 3, 3, 3, shape=(3, 5)),
            pooled_size=(2, 3), spatial_scale=1, derivative=False,
        ),
        sample(
            Input((2, 2, 2, 3), distinct=True), exactly(1, 0, 0, 2, 1, 0, 1, -3, 9, 9, shape=(2, 5)),
            pooled_size=(5, 13), spatial_scale=1, derivative=False,
        ),
        sample(
            Input((1, 2, 6, 8), distinct=True), exactly(0, 1, 3, 13, 9, 0, 20, 20, 30, 30, shape=(2, 5)),
            pooled_size=(3, 3), spatial_scale=0.5, derivative=False,
        ),
    ],
    refusals=lambda: [
        refused("data must have 4 dimensions", (2, 3, 6), (1, 5), pooled_size=(2, 2), spatial_scale=1),
        refused(r"rois must have shape \(rectangles, 5\)", (2, 3, 6, 6), (1, 4), pooled_size=(2, 2), spatial_scale=1),
        refused("rois must have shape", (2, 3, 6, 6), (1, 5, 1), pooled_size=(2, 2), spatial_scale=1),
        refused("pooled_size must be 2 ints", (2, 3, 6, 6), (1, 5), pooled_size=(2,), spatial_scale=1),
        refused("pooled_size must be 2 ints", (2, 3, 6, 6), (1, 5), pooled_size=(2, 0), spatial_scale=1),
        refused("must name images from 0 to 1; received -1", (2, 3, 6, 6), exactly(-1, 0, 0, 1, 1, shape=(1, 5)),
                pooled_size=(2, 2), spatial_scale=1),
        refused("must name images from 0 to 1; received 2", (2, 3, 6, 6), exactly(2, 0, 0, 1, 1, shape=(1, 5)),
                pooled_size=(2, 2), spatial_scale=1),
        refused("one floating-point type", (2, 3, 6, 6), Input((1, 5), "float64"), pooled_size=(2, 2), spatial_scale=1),
    ],
)  # fmt: skip


def _maxima(images: Tensor, inside: Tensor, mask_of_part: Tensor, axis: int) -> Tensor:
    """Take the maximum over an axis of each part; minus infinity where a part is empty."""
    maxima = []
    for mask in inside.unbind(1):
        mask = mask[:, None, :, None] if axis == 2 else mask[:, None, None, :]
        maxima.append(images.masked_fill(~mask, float("-inf")).max(axis).values)
    found = torch.stack(maxima, axis)
    return found if len(maxima) == len(mask_of_part) else found.index_select(axis, mask_of_part)


def _image_numbers(number: Tensor, images: int) -> Tensor:
    """Refuse images that do not exist: on a GPU torch would end the process instead of raising."""
    if number.is_meta or not number.numel():
        return number
    smallest, largest = (int(edge) for edge in torch.aminmax(number))
    if smallest < 0 or largest >= images:
        worst = smallest if smallest < 0 else largest
        raise MXNetError(f"ROIPooling: rois must name images from 0 to {images - 1}; received {worst}")
    return number
