"""Convolutions with 3x3 filters by Winograd's minimal filtering, in C; see ``winograd.c``."""

from __future__ import annotations

import ctypes
import functools
import os
import threading
from collections.abc import Sequence
from functools import partial
from math import prod

import torch
from torch import Tensor

from ..fused import Activation, FusedConvolution, NotFinite
from .native import CannotCompile, load
from .way import Way

_SIZES = (6, 4)  # of tiles of the input; filters take 4 times the memory with the first, 16/9 times with the second

_SWITCH = "GLUEBALL_WINOGRAD"  # an environment variable

_USUAL_CACHE = 2**20  # in bytes, of the second level, where the system does not say

_MOST_KEPT = 2**22  # numbers, in a thread

# Each dimension of a 3x3 filter is multiplied by this; Lavin and Gray, 2016.
_TRANSFORMS = {
    6: [(1 / 4, 0, 0), (-1 / 6, -1 / 6, -1 / 6), (-1 / 6, 1 / 6, -1 / 6), (1 / 24, 1 / 12, 1 / 6),
        (1 / 24, -1 / 12, 1 / 6), (0, 0, 1)],
    4: [(1, 0, 0), (1 / 2, 1 / 2, 1 / 2), (1 / 2, -1 / 2, 1 / 2), (0, 0, 1)],
}  # fmt: skip


class _Layer(ctypes.Structure):
    _fields_ = (
        *[(name, ctypes.c_long) for name in ("size", "images", "height", "width", "channels", "filters")],
        *[(name, ctypes.c_long) for name in ("pad_height", "pad_width", "activation")],
        *[(name, ctypes.c_float) for name in ("low", "high")],
        *[(name, ctypes.c_long) for name in ("block", "threads")],
    )


class _Room(threading.local):
    """Memory of a thread for the tiles of one call: new memory in each call would take as long as the transforms."""

    def __init__(self) -> None:
        self._kept = torch.empty(0)

    def of(self, count: int) -> Tensor:
        """Return memory for some numbers; that of large batches is not kept."""
        if count > _MOST_KEPT:
            return torch.empty(count)
        if self._kept.numel() < count:
            self._kept = torch.empty(count)
        return self._kept


_room = _Room()


class Filters:
    """Transforms filters into the form that the kernel reads.

    Parameters
    ----------
    size : {6, 4}
        The length of a tile.
    """

    __name__ = "winograd_filters"

    def __init__(self, size: int) -> None:
        self._size = size

    def __call__(self, weight: Tensor) -> Tensor:
        """Return (positions, panels, channels, filters of a panel)."""
        filters, channels = weight.shape[:2]
        one = torch.tensor(_TRANSFORMS[self._size], dtype=torch.float64)
        transformed = torch.kron(one, one) @ weight.permute(2, 3, 1, 0).reshape(9, -1).double()
        shaped = transformed.float().unflatten(1, (channels, filters))
        padded = torch.nn.functional.pad(shaped, (0, -filters % self.panel))
        return padded.view(*padded.shape[:2], -1, self.panel).transpose(1, 2).contiguous()

    @property
    def panel(self) -> int:
        """The number of filters in a panel."""
        return 2 * _library().vector

    def blank(self, call: FusedConvolution) -> Tensor:
        """Return the transformed filters of a convolution, all 1: zeros might all lie in one page of the memory."""
        filters, channels = call.filters[:2]
        return torch.ones(self._size**2, -(-filters // self.panel), channels, self.panel)


class Winograd:
    """A fused convolution with 3x3 filters and stride 1.

    Parameters
    ----------
    call : FusedConvolution
        The convolution; data, result and the other array have channels first, and are faster in torch's channels-last
        memory format.
    shape : sequence of int
        The shape of the data.
    size : {6, 4}
        The length of a tile.
    """

    __name__ = "winograd_convolution"

    def __init__(self, call: FusedConvolution, shape: Sequence[int], size: int) -> None:
        images, channels, height, width = self._shape = tuple(shape)
        filters, (pad_height, pad_width) = call.filters[0], call.pad
        self._out = (images, filters, height + 2 * pad_height - 2, width + 2 * pad_width - 2)
        self._limits, self._after = _limits(call.activation)
        self._fields = (size, images, height, width, channels, filters, pad_height, pad_width)
        self._layers: dict[int, tuple[_Layer, int]] = {}
        self._zeros = torch.zeros(channels)
        self._run = _library().run
        self.kernel = f"Winograd F({size - 2}x{size - 2}, 3x3)"

    def __call__(self, data: Tensor, filters: Tensor, bias: Tensor | None, other: Tensor | None = None) -> Tensor:
        """Compute it.

        Raises
        ------
        NotFinite
            The convolution has infinite numbers or NaN, which the transform of a tile would spread.
        """
        fits = data.shape == self._shape and data.dtype is torch.float32
        if not fits or not (other is None or other.shape == self._out):  # the kernel would read beyond their ends
            raise ValueError(f"{self.__name__}: arrays must have the shapes and types that it was made for")
        threads = torch.get_num_threads()
        layer, room = self._layers.get(threads) or self._layer(threads)
        data = data.contiguous(memory_format=torch.channels_last)
        bias = None if bias is None else bias.contiguous()
        other = None if other is None else other.contiguous(memory_format=torch.channels_last)
        result = torch.empty(self._out, memory_format=torch.channels_last)
        arrays = (result, data, filters, bias, other, self._zeros, _room.of(room))
        if self._run(ctypes.byref(layer), *[None if array is None else array.data_ptr() for array in arrays]):
            raise NotFinite
        after = self._after
        return result if after is None else after.function(result, *after.arguments)

    def _layer(self, threads: int) -> tuple[_Layer, int]:
        layer = _Layer(*self._fields, *self._limits, self._block(threads), threads)
        self._layers[threads] = layer, _library().memory(ctypes.byref(layer))
        return self._layers[threads]

    def _block(self, threads: int) -> int:
        """Return the number of tiles that a thread transforms, multiplies and transforms back before the next ones.

        They fill half of the cache. All filters are then read for each block; where that is more than twice what it
        takes to write all tiles into memory and read them again, 0: all threads take each step for all tiles.
        """
        size, images, _, _, channels, filters = self._fields[:6]
        tiles = images * prod([-(-length // (size - 2)) for length in self._out[2:]])
        bytes_of_tile, bytes_of_filters = 4 * size**2 * (channels + filters), 4 * size**2 * channels * filters
        most = max(_cache_size() // 2 // bytes_of_tile, 8)
        blocks = -(-tiles // (most * threads)) * threads
        return 0 if bytes_of_filters * blocks > 4 * bytes_of_tile * tiles else -(-tiles // blocks)


def ways(call: FusedConvolution, shape: Sequence[int]) -> list[Way]:
    """Return the ways to compute a fused convolution for data of this shape; none if it does not suit."""
    return [_way(call, shape, size) for size in _SIZES] if _suits(call, shape) else []


def _way(call: FusedConvolution, shape: Sequence[int], size: int) -> Way:
    filters, run = Filters(size), Winograd(call, shape, size)
    return Way(run.kernel, 4 * size**2 * prod(call.filters[:2]), filters, partial(filters.blank, call), run)


def _suits(call: FusedConvolution, shape: Sequence[int]) -> bool:
    images, channels, height, width = shape
    return (
        call.filters[2:] == (3, 3)
        and call.stride == call.dilate == (1, 1)
        and call.groups == 1
        and min(images, height, width) > 0
        and os.environ.get(_SWITCH, "1") != "0"
        and not obstacle()
        and channels % _library().vector == call.filters[0] % _library().vector == 0
    )


@functools.cache
def obstacle() -> str:
    """Return a sentence that says why there is no Winograd kernel on this machine, or '' if there is one."""
    try:
        _library()
        return "" if all(map(_is_right, _SIZES)) else "what the compiler makes of the kernels computes something else"
    except (CannotCompile, OSError) as error:  # OSError: a package in an archive, or a system without /proc
        return str(error)


class _Library:
    """The functions of the compiled library."""

    def __init__(self) -> None:
        loaded, layer, pointer = load("winograd"), ctypes.POINTER(_Layer), ctypes.c_void_p
        loaded.glueball_winograd_vector.restype = loaded.glueball_winograd_memory.restype = ctypes.c_long
        loaded.glueball_winograd_memory.argtypes = [layer]
        loaded.glueball_winograd.argtypes = [layer, *[pointer] * 7]
        self.vector: int = loaded.glueball_winograd_vector()
        self.memory, self.run = loaded.glueball_winograd_memory, loaded.glueball_winograd


@functools.cache
def _library() -> _Library:
    return _Library()


def _is_right(size: int) -> bool:
    """Compare an image whose sides are no multiples of a tile with torch's own convolution."""
    count = _library().vector
    data = torch.linspace(-1, 1, count * 63).reshape(1, count, 7, 9)
    weight = torch.linspace(-1, 1, count * count * 9).reshape(count, count, 3, 3)
    call = FusedConvolution(filters=tuple(weight.shape), stride=(1, 1), pad=(1, 0), dilate=(1, 1), groups=1, last=False)
    result = Winograd(call, data.shape, size)(data, Filters(size)(weight), None)
    return torch.allclose(result, torch.conv2d(data, weight, padding=(1, 0)), rtol=1e-3, atol=1e-3)


def _limits(activation: Activation | None) -> tuple[tuple[int, float, float], Activation | None]:
    """Return what the kernel does at its end (how many limits, and which), and what is left to do."""
    if activation is None or activation.limits is None:
        return (0, 0.0, 0.0), activation
    low, high = activation.limits
    return (1, low, 0.0) if high is None else (2, low, high), None


def _cache_size() -> int:
    try:
        return os.sysconf("SC_LEVEL2_CACHE_SIZE") or _USUAL_CACHE
    except (OSError, ValueError):
        return _USUAL_CACHE
