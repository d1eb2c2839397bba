"""Convolutions in bfloat16 for training as products of matrices, for which processors have units of their own.

Windows of an image, one in each row, times filters, one in each column, are the result; torch multiplies the matrices.
Windows and results lie in memory that is used again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ...ops.nn.window import to_channels_last
from ..fused import FusedConvolution
from ..kernels import packed
from ..recycled import Recycled
from ..tuning import seconds
from .ways import gradients_by_torch, transposed

_LAST = torch.channels_last

_Way = Callable[..., Tensor]


def suits(call: FusedConvolution) -> bool:
    """Whether products may be faster than torch's convolutions."""
    return call.groups == 1 and torch.bfloat16 in packed.types()


def forward(call: FusedConvolution, shape: Sequence[int], memory: Recycled) -> _Way:
    """Return a function of data of this shape, weight and bias that computes a convolution."""
    ways: dict[str, _Way] = {"product": _Forward(call, memory), "torch": call}
    return _faster("forward", call, shape, ways, [shape, call.filters, None])


def data_gradient(call: FusedConvolution, shape: Sequence[int], memory: Recycled) -> _Way | None:
    """Return a function of the gradient of the result and the weight that computes that of the data; None for torch's.

    Strides are for filters of single pixels alone.
    """
    if max(call.stride) > 1 and not _is_pixel(call):
        return None
    if min(transposed(call).pad) < 0:
        return None
    arrays = [_result_shape(call, shape), call.filters]
    ways: dict[str, _Way] = {"product": _DataGradient(call, shape, memory), "torch": _torch_gradient(call, shape, 0)}
    return _faster("gradient of data", call, shape, ways, arrays)


def filter_gradient(call: FusedConvolution, shape: Sequence[int], memory: Recycled) -> _Way:
    """Return a function of data and the gradient of the result that computes that of the filters."""
    arrays = [shape, _result_shape(call, shape)]
    ways: dict[str, _Way] = {"product": _FilterGradient(call, memory), "torch": _torch_gradient(call, shape, 1)}
    return _faster("gradient of filters", call, shape, ways, arrays)


def _is_pixel(call: FusedConvolution) -> bool:
    return call.filters[2:] == (1, 1) and max(call.pad) == 0


def _result_shape(call: FusedConvolution, shape: Sequence[int]) -> tuple[int, ...]:
    window = zip(shape[2:], call.pad, call.dilate, call.filters[2:], call.stride, strict=True)
    lengths = [(length + 2 * pad - dilate * (kernel - 1) - 1) // stride + 1
               for length, pad, dilate, kernel, stride in window]  # fmt: skip
    return (shape[0], call.filters[0], *lengths)


def _faster(
    what: str,
    call: FusedConvolution,
    shape: Sequence[int],
    ways: Mapping[str, _Way],
    arrays: Sequence[Sequence[int] | None],
) -> _Way:
    """Return the faster of two ways, tried once on arrays of these shapes; a product for filters of single pixels."""
    if _is_pixel(call):
        return ways["product"]

    def trial(way: _Way) -> Callable[[], object]:
        given = [None if each is None else torch.ones(each, dtype=torch.bfloat16) for each in arrays]
        given = [each if each is None else each.contiguous(memory_format=_LAST) for each in given]
        return lambda: way(*given)

    window = (call.pad, call.stride, call.dilate)
    key = ("Convolution in bfloat16", what, tuple(shape), call.filters, window)
    names = list(ways)
    times = seconds(key, {name: (lambda way=way: trial(way)) for name, way in ways.items()})  # type: ignore[misc]
    return ways[names[times.index(min(times))]]


def _rows(images: Tensor) -> Tensor:
    """Return a matrix with the channels of a pixel in each row."""
    return to_channels_last(images).reshape(-1, images.shape[1])


def _multiplied(
    rows: Tensor, columns: Tensor, shape: Sequence[int], memory: Recycled, bias: Tensor | None = None
) -> Tensor:
    """Return images of this shape with the product of two matrices, in which each row has the channels of a pixel."""
    result = memory.images(shape, rows.dtype)
    pixels = result.permute(0, 2, 3, 1).view(-1, shape[1])
    if bias is None:
        torch.mm(rows, columns, out=pixels)
    else:
        torch.addmm(bias, rows, columns, out=pixels)
    return result


def _windows(data: Tensor, call: FusedConvolution, shape: Sequence[int], memory: Recycled) -> Tensor:
    """Return a matrix with what the filters meet for one pixel of the result, of this shape, in each row."""
    if _is_pixel(call):
        return _rows(data[:, :, :: call.stride[0], :: call.stride[1]])
    (up, left), (down, right) = call.pad, call.pad
    padded = torch.nn.functional.pad(to_channels_last(data), (0, 0, left, right, up, down)).contiguous()
    images, width, channels = padded.shape[0], padded.shape[2], padded.shape[3]
    steps = [width * channels, channels]
    windows = padded.as_strided(
        (images, *shape[2:], *call.filters[2:], channels),
        (
            padded.stride(0),
            *[step * stride for step, stride in zip(steps, call.stride, strict=True)],
            *[step * dilate for step, dilate in zip(steps, call.dilate, strict=True)],
            1,
        ),
    )
    result = memory.empty(windows.shape, data.dtype).copy_(windows)
    return result.view(-1, channels * call.filters[2] * call.filters[3])


def _columns(weight: Tensor) -> Tensor:
    """Return the filters, one in each row, in the order of `_windows`."""
    return to_channels_last(weight).reshape(weight.shape[0], -1)


class _Forward:
    def __init__(self, call: FusedConvolution, memory: Recycled) -> None:
        self._call, self._memory = call, memory

    def __call__(self, data: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
        shape = _result_shape(self._call, data.shape)
        windows = _windows(data, self._call, shape, self._memory)
        return _multiplied(windows, _columns(weight).t(), shape, self._memory, bias)


class _DataGradient:
    """With strides, pixels that no window begins at get 0; without, it is a convolution with transposed filters."""

    def __init__(self, call: FusedConvolution, shape: Sequence[int], memory: Recycled) -> None:
        self._call, self._shape, self._memory = call, tuple(shape), memory
        self._transposed = _Forward(transposed(call), memory)

    def __call__(self, head: Tensor, weight: Tensor) -> Tensor:
        if not _is_pixel(self._call):
            return self._transposed(head, weight.flip(2, 3).transpose(0, 1))
        stride, memory = self._call.stride, self._memory
        shape = (*self._shape[:2], *head.shape[2:])
        of_windows = _multiplied(_rows(head), _columns(weight), shape, memory)
        if max(stride) == 1:
            return of_windows
        result = memory.images(self._shape, head.dtype).zero_()
        result[:, :, :: stride[0], :: stride[1]].copy_(of_windows)
        return result


class _FilterGradient:
    def __init__(self, call: FusedConvolution, memory: Recycled) -> None:
        self._call, self._memory = call, memory

    def __call__(self, data: Tensor, head: Tensor) -> Tensor:
        filters, channels, *kernel = self._call.filters
        product = _rows(head).t() @ _windows(data, self._call, head.shape, self._memory)
        return product.view(filters, *kernel, channels).permute(0, 3, 1, 2)


def _torch_gradient(call: FusedConvolution, shape: Sequence[int], place: int) -> _Way:
    """Return a function that computes the gradient of the data (place 0) or the filters (place 1) by torch."""
    needed = [place == 0, place == 1]

    def run(*given: Any) -> Tensor:
        other = torch.empty(shape if place == 0 else call.filters, dtype=torch.bfloat16)
        head, data, weight = (given[0], other, given[1]) if place == 0 else (given[1], given[0], other)
        result: Tensor = gradients_by_torch(call, data, weight, head, [*needed, False])[place]  # type: ignore[assignment]
        return result

    return run
