"""Convolutions by Winograd's minimal filtering, in C, with 3x3 filters or with stride 2; see ``winograd.c``."""

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
from .compiled import CompiledConvolution, Layer, Library, cache_size, is_switched_on, layer_fields, obstacle_of
from .panels import Panels
from .room import Room
from .way import Way

SIZES = (6, 4)  # of tiles of the input, with 3x3 filters and stride 1
_PHASED = 5  # the same with stride 2
_LENGTHS = range(3, 9)  # of filters with stride 2
_FEW_TILES = 32  # with stride 2, where filters take up to 11 times the memory; for so many tiles they are read at least

_panels = Room()  # for filters before they are transformed

_SWITCH = "GLUEBALL_WINOGRAD"  # an environment variable

#: What is compared with torch: the length of a tile, the channels (None: a vector), length and stride of the filters.
_CHECKED = ((6, None, 3, 1), (4, None, 3, 1), (5, None, 3, 2), (5, None, 5, 2), (5, 3, 7, 2))


def name_of(size: int, call: FusedConvolution) -> str:
    """Return what the filtering with tiles of a length is called."""
    taps, outputs = _taps(call), _outputs(size, call)
    phases = "" if call.stride == (1, 1) else " of phases"
    return f"Winograd F({outputs}x{outputs}, {taps}x{taps}){phases}"


def _taps(call: FusedConvolution) -> int:
    """Return the length of the filters, or of those that one phase of the image meets."""
    return -(-call.filters[2] // call.stride[0])


def _outputs(size: int, call: FusedConvolution) -> int:
    """Return how long the tile of the result is that comes of a tile of the image."""
    return size - _taps(call) + 1


def _depth(call: FusedConvolution) -> int:
    """Return how many numbers are multiplied and summed at each position."""
    return prod(call.stride) * call.filters[1]


class Filters:
    """Transforms filters into the form that the kernel reads, in float64.

    Parameters
    ----------
    call : FusedConvolution
        The convolution.
    size : {6, 5, 4}
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
        self._layer.kernel[:], self._layer.stride[:] = call.filters[2:], call.stride
        # What is not finite is noticed in the results.
        self._panels = Panels(call, vector, is_transposed, are_checked=False, room=_panels)
        self._room = room
        self._shape = (size**2, -(-filters // (2 * vector)), _depth(call), 2 * vector)

    def __call__(self, weight: Tensor) -> Tensor:
        """Return (positions, panels, depth, filters of a panel)."""
        panels, layer = self._panels(weight), Layer.from_buffer_copy(self._layer)
        result = torch.empty(self._shape) if self._room is None else self._room.of(prod(self._shape))
        layer.threads = torch.get_num_threads()
        _library().filters(ctypes.byref(layer), panels.data_ptr(), result.data_ptr())
        return result

    def blank(self) -> Tensor:
        """Return something of the same kind without values; zeros might all lie in one page of the memory."""
        return torch.ones(self._shape)


class Winograd(CompiledConvolution):
    """A fused convolution with 3x3 filters and stride 1, or longer ones and stride 2.

    Parameters
    ----------
    call : FusedConvolution
        The convolution.
    shape : sequence of int
        The shape of the data.
    size : {6, 5, 4}
        The length of a tile.
    gives_last : bool, default True
        Whether the result has its channels last in the memory.
    """

    __name__ = "winograd_convolution"

    def __init__(self, call: FusedConvolution, shape: Sequence[int], size: int, gives_last: bool = True) -> None:
        self.takes_last, self.gives_last = not _is_narrow(call), gives_last
        self._outputs, self._depth = _outputs(size, call), _depth(call)
        super().__init__(_library(), call, shape, size)
        self.kernel = name_of(size, call)

    def _block(self, threads: int) -> int:
        """Return the number of tiles that a thread transforms, multiplies and transforms back before the next ones.

        They fill half of the cache. All filters are then read for each block; where that is more than twice what it
        takes to write all tiles into memory and read them again, 0: all threads take each step for all tiles.
        """
        images, filters, *lengths = self.out_shape
        tiles = prod([-(-length // self._outputs) for length in lengths])
        if self.takes_last:
            tiles *= images  # else one image after another
        bytes_of_tile = 4 * self._size**2 * (self._depth + filters)
        bytes_of_filters = 4 * self._size**2 * self._depth * filters
        most = max(cache_size() // 2 // bytes_of_tile, 8)
        blocks = -(-tiles // (most * threads)) * threads
        return 0 if bytes_of_filters * blocks > 4 * bytes_of_tile * tiles else -(-tiles // blocks)


def ways(
    call: FusedConvolution,
    shape: Sequence[int],
    is_transposed: bool = False,
    room: Room | None = None,
    gives_last: bool = True,
) -> list[Way]:
    """Return the ways to compute a fused convolution for data of this shape; none if it does not suit.

    `is_transposed` and `room` are for the filters; see `Panels`. `gives_last` is for the result; see `Winograd`.
    """  # fmt: skip
    found = []
    for size in sizes(call, shape):
        filters, run = Filters(call, size, is_transposed, room), Winograd(call, shape, size, gives_last)
        found.append(Way(run.kernel, 4 * size**2 * _depth(call) * call.filters[0], filters, filters.blank, run))
    return found


def sizes(call: FusedConvolution, shape: Sequence[int]) -> tuple[int, ...]:
    """Return the lengths of tiles with which there are kernels for a fused convolution of data of this shape."""
    is_switched_off = not is_switched_on() or os.environ.get(_SWITCH, "1") == "0"
    if call.groups > 1 or call.dilate != (1, 1) or not min(shape) or is_switched_off or obstacle():
        return ()
    vector, (filters, channels, *window) = _library().vector, call.filters
    if filters % vector:
        return ()
    if call.stride == (1, 1):
        return SIZES if window == [3, 3] and channels % vector == 0 else ()
    is_phased = call.stride == (2, 2) and window[0] == window[1] in _LENGTHS
    suits = is_phased and (channels % vector == 0 or channels < vector)
    return (_PHASED,) if suits and _tiles(call, shape) >= _FEW_TILES else ()


def _tiles(call: FusedConvolution, shape: Sequence[int]) -> int:
    """Return how many tiles there are with stride 2."""
    images, _, *lengths = layer_fields(call, shape)[0]
    return images * prod([-(-length // _outputs(_PHASED, call)) for length in lengths])


def _is_narrow(call: FusedConvolution) -> bool:
    """Whether the channels do not fill vectors; the image has them first then."""
    return call.filters[1] % _library().vector > 0


@functools.cache
def obstacle() -> str:
    """Return a sentence that says why there is no Winograd kernel on this machine, or '' if there is one."""
    return obstacle_of([partial(_is_right, *each) for each in _CHECKED])


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


def _is_right(size: int, channels: int | None, length: int, stride: int) -> bool:
    """Compare an image whose sides are no multiples of a tile with torch's own convolution."""
    count = _library().vector
    channels = channels or count
    data = torch.linspace(-1, 1, channels * 63).reshape(1, channels, 7, 9)
    weight = torch.linspace(-1, 1, count * channels * length**2).reshape(count, channels, length, length)
    call = FusedConvolution(
        filters=tuple(weight.shape), stride=(stride, stride), pad=(1, 0), dilate=(1, 1), groups=1, last=False
    )
    result = Winograd(call, data.shape, size)(data, Filters(call, size)(weight), None)
    return torch.allclose(result, call(data, weight, None), rtol=1e-3, atol=1e-3)
