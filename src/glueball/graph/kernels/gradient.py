"""The gradient of the filters of a convolution in one group, in C.

``gradient.c`` computes what the definition says, ``winograd_gradient.c`` that of 3x3 filters by Winograd's minimal
filtering.
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable, Sequence
from functools import partial
from math import prod

import torch
from torch import Tensor

from ..fused import FusedConvolution, NotFinite
from . import winograd
from .compiled import Layer, cache_size, layer_fields, obstacle_of
from .layout import to_channels_last_memory
from .native import load
from .room import Room

_FEW = 8  # channels, with which torch is faster
_LEAST = 64  # pixels that are summed together

_room = Room(most=2**24)


class FilterGradient:
    """Computes the gradient of the filters.

    Parameters
    ----------
    call : FusedConvolution
        The convolution.
    shape : sequence of int
        The shape of the data.
    size : {0, 6, 4}, default 0
        The length of a tile, for Winograd's minimal filtering; 0 is for the definition.
    empty : callable, optional
        Returns memory for a result.

    Attributes
    ----------
    name : str
        What the way is called.
    """

    def __init__(
        self, call: FusedConvolution, shape: Sequence[int], size: int = 0, empty: Callable[..., Tensor] = torch.empty
    ) -> None:
        self.name = winograd.name_of(size, call) if size else "sums over pixels"
        self._empty, self._library = empty, _library("winograd_gradient" if size else "gradient")
        self._shape, self._filters = tuple(shape), call.filters
        self.out_shape, fields = layer_fields(call, shape)
        block = _tiles(self.out_shape, shape[1], size) if size else _pixels(self.out_shape, shape[1])
        self._fields = (*fields, 0.0, 0.0, size, block)
        self._zeros = torch.zeros(max(call.filters[:2]))

    def __call__(self, data: Tensor, head: Tensor) -> Tensor:
        """Return the gradient; `head` is that of the result.

        Raises
        ------
        NotFinite
            There are infinite numbers or NaN, which would be in other places than they should be.
        """
        for tensor, shape in ((data, self._shape), (head, self.out_shape)):
            if tensor.shape != shape or tensor.dtype is not torch.float32:  # the kernel would read beyond its end
                raise ValueError("gradient of filters: arrays must have the shapes and types that it was made for")
        layer = Layer(*self._fields, torch.get_num_threads())
        data, head = to_channels_last_memory(data), to_channels_last_memory(head)
        result, (run, needed) = self._empty(self._filters), self._library
        memory = _room.of(needed(ctypes.byref(layer)))
        arrays = (data, head, self._zeros, result, memory)
        if run(ctypes.byref(layer), *[array.data_ptr() for array in arrays]):
            raise NotFinite
        return result


def _pixels(out_shape: Sequence[int], channels: int) -> int:
    """Return how many pixels of the result are summed together: what they are computed from fits the cache."""
    pixels, most = out_shape[0] * prod(out_shape[2:]), cache_size() // 2 // (4 * (channels + out_shape[1]))
    return -(-pixels // -(-pixels // max(most, _LEAST)))


def _tiles(out_shape: Sequence[int], channels: int, size: int) -> int:
    """Return how many tiles a thread transforms before it adds their products to its sums, or 0.

    They fill half of its cache. Where the sums do not fit the cache, all threads share tiles and sums.
    """
    filters, *lengths = out_shape[1:]
    if 4 * size**2 * channels * filters > cache_size():
        return 0
    tiles = out_shape[0] * prod([-(-length // (size - 2)) for length in lengths])
    return max(min(cache_size() // 2 // (4 * size**2 * (channels + filters)), tiles), 1)


def ways(
    call: FusedConvolution, shape: Sequence[int], empty: Callable[..., Tensor] = torch.empty
) -> list[FilterGradient]:
    """Return the ways to compute it for data of a shape that `indirect` computes; none where torch is faster."""
    if not suits(call, shape):
        return []
    is_for_winograd = call.stride == (1, 1) and winograd.sizes(call, shape) and not winograd_obstacle()
    sizes = (0, *winograd.SIZES) if is_for_winograd else (0,)
    return [FilterGradient(call, shape, size, empty) for size in sizes]


def suits(call: FusedConvolution, shape: Sequence[int]) -> bool:
    """Whether there is a kernel, and it is the fastest, for data of a shape that `indirect` computes."""
    return call.groups == 1 and shape[1] >= _FEW and not obstacle()


@functools.cache
def obstacle() -> str:
    """Return a sentence that says why there is no such kernel on this machine, or '' if there is one."""
    return obstacle_of([partial(_is_right, (24, 9, 3, 3), 0)])


@functools.cache
def winograd_obstacle() -> str:
    """Return the same for Winograd's minimal filtering."""
    return obstacle_of([partial(_is_right, (32, 16, 3, 3), size) for size in winograd.SIZES])


def _is_right(filters: tuple[int, ...], size: int) -> bool:
    """Compare with torch's gradient; filters need not fill a panel, nor images tiles."""
    count, channels = filters[:2]
    data, head = (torch.linspace(-1, 1, 2 * each * 30).reshape(2, each, 5, 6) for each in (channels, count))
    call = FusedConvolution(filters=filters, stride=(1, 1), pad=(1, 1), dilate=(1, 1), groups=1, last=False)
    weight = torch.zeros(filters, requires_grad=True)
    with torch.enable_grad():
        call(data, weight, None).backward(head)
    found = FilterGradient(call, data.shape, size)(data, head)
    return weight.grad is not None and torch.allclose(found, weight.grad, rtol=1e-3, atol=1e-3)


@functools.cache
def _library(name: str) -> tuple[ctypes._FuncPointer, ctypes._FuncPointer]:
    loaded, layer = load(name), ctypes.POINTER(Layer)
    run, needed = loaded[f"glueball_{name}"], loaded[f"glueball_{name}_memory"]
    run.argtypes = [layer, *[ctypes.c_void_p] * 5]
    needed.argtypes, needed.restype = [layer], ctypes.c_long
    return run, needed
