"""Convolutions with 3x3 filters by Winograd's minimal filtering, in C; see ``winograd.c``."""

from __future__ import annotations

import ctypes
import functools
import os
from collections.abc import Sequence
from functools import partial
from math import prod

import torch
from torch import Tensor

from ..fused import FusedConvolution
from .compiled import CompiledConvolution, Layer, Library, cache_size, is_switched_on, obstacle_of
from .panels import Panels
from .room import Room
from .way import Way

SIZES = (6, 4)  # of tiles of the input; filters take 4 times the memory with the first, 16/9 times with the second

_panels = Room()  # for filters before they are transformed

_SWITCH = "GLUEBALL_WINOGRAD"  # an environment variable


def name_of(size: int) -> str:
    """Return what the filtering with tiles of a length is called."""
    return f"Winograd F({size - 2}x{size - 2}, 3x3)"


class Filters:
    """Transforms filters into the form that the kernel reads, in float64.

    Parameters
    ----------
    call : FusedConvolution
        The convolution.
    size : {6, 4}
        The length of a tile.
    is_transposed : bool, default False
    room : Room, optional
        See `Panels`.
    """

    __name__ = "winograd_filters"

    def __init__(
        self, call: FusedConvolution, size: int, is_transposed: bool = False, room: Room | None = None
    ) -> None:
        vector = _library().vector
        filters, channels = call.filters[:2]
        self._layer = Layer(channels=channels, filters=filters, size=size)
        # What is not finite is noticed in the results.
        self._panels = Panels(call, vector, is_transposed, are_checked=False, room=_panels)
        self._room = room
        self._shape = (size**2, -(-filters // (2 * vector)), channels, 2 * vector)

    def __call__(self, weight: Tensor) -> Tensor:
        """Return (positions, panels, channels, filters of a panel)."""
        panels, layer = self._panels(weight), Layer.from_buffer_copy(self._layer)
        result = torch.empty(self._shape) if self._room is None else self._room.of(prod(self._shape))
        layer.threads = torch.get_num_threads()
        _library().filters(ctypes.byref(layer), panels.data_ptr(), result.data_ptr())
        return result

    def blank(self) -> Tensor:
        """Return something of the same kind without values; zeros might all lie in one page of the memory."""
        return torch.ones(self._shape)


class Winograd(CompiledConvolution):
    """A fused convolution with 3x3 filters and stride 1.

    Parameters
    ----------
    call : FusedConvolution
        The convolution.
    shape : sequence of int
        The shape of the data.
    size : {6, 4}
        The length of a tile.
    """

    __name__ = "winograd_convolution"

    def __init__(self, call: FusedConvolution, shape: Sequence[int], size: int) -> None:
        super().__init__(_library(), call, shape, size)
        self.kernel = name_of(size)

    def _block(self, threads: int) -> int:
        """Return the number of tiles that a thread transforms, multiplies and transforms back before the next ones.

        They fill half of the cache. All filters are then read for each block; where that is more than twice what it
        takes to write all tiles into memory and read them again, 0: all threads take each step for all tiles.
        """
        size, channels = self._size, self.shape[1]
        images, filters, *lengths = self.out_shape
        tiles = images * prod([-(-length // (size - 2)) for length in lengths])
        bytes_of_tile, bytes_of_filters = 4 * size**2 * (channels + filters), 4 * size**2 * channels * filters
        most = max(cache_size() // 2 // bytes_of_tile, 8)
        blocks = -(-tiles // (most * threads)) * threads
        return 0 if bytes_of_filters * blocks > 4 * bytes_of_tile * tiles else -(-tiles // blocks)


def ways(
    call: FusedConvolution, shape: Sequence[int], is_transposed: bool = False, room: Room | None = None
) -> list[Way]:
    """Return the ways to compute a fused convolution for data of this shape; none if it does not suit.

    `is_transposed` and `room` are for the filters; see `Panels`.
    """
    return [_way(call, shape, size, is_transposed, room) for size in SIZES] if suits(call, shape) else []


def _way(call: FusedConvolution, shape: Sequence[int], size: int, is_transposed: bool, room: Room | None) -> Way:
    filters, run = Filters(call, size, is_transposed, room), Winograd(call, shape, size)
    return Way(run.kernel, 4 * size**2 * prod(call.filters[:2]), filters, filters.blank, run)


def suits(call: FusedConvolution, shape: Sequence[int]) -> bool:
    """Whether there are kernels for a fused convolution of data of this shape."""
    return (
        call.filters[2:] == (3, 3)
        and call.stride == call.dilate == (1, 1)
        and call.groups == 1
        and min(shape) > 0
        and is_switched_on()
        and os.environ.get(_SWITCH, "1") != "0"
        and not obstacle()
        and shape[1] % _library().vector == call.filters[0] % _library().vector == 0
    )


@functools.cache
def obstacle() -> str:
    """Return a sentence that says why there is no Winograd kernel on this machine, or '' if there is one."""
    return obstacle_of([partial(_is_right, size) for size in SIZES])


class _Library(Library):
    """The functions of the kernel, one for its filters among them."""

    def __init__(self) -> None:
        super().__init__("winograd")
        self.filters = self.loaded.glueball_winograd_filters
        self.filters.argtypes = [ctypes.POINTER(Layer), *[ctypes.c_void_p] * 2]
        self.filters.restype = None


@functools.cache
def _library() -> _Library:
    return _Library()


def _is_right(size: int) -> bool:
    """Compare an image whose sides are no multiples of a tile with torch's own convolution."""
    count = _library().vector
    data = torch.linspace(-1, 1, count * 63).reshape(1, count, 7, 9)
    weight = torch.linspace(-1, 1, count * count * 9).reshape(count, count, 3, 3)
    call = FusedConvolution(filters=tuple(weight.shape), stride=(1, 1), pad=(1, 0), dilate=(1, 1), groups=1, last=False)
    result = Winograd(call, data.shape, size)(data, Filters(call, size)(weight), None)
    return torch.allclose(result, torch.conv2d(data, weight, padding=(1, 0)), rtol=1e-3, atol=1e-3)
