"""Convolutions with 3x3 filters by Winograd's minimal filtering, in C; see ``winograd.c``."""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from functools import partial
from math import prod

import torch
from torch import Tensor

from ..fused import FusedConvolution
from .compiled import Compiled, Library, cache_size, is_switched_on, obstacle_of
from .way import Way

_SIZES = (6, 4)  # of tiles of the input; filters take 4 times the memory with the first, 16/9 times with the second

_SWITCH = "GLUEBALL_WINOGRAD"  # an environment variable

# Each dimension of a 3x3 filter is multiplied by this; Lavin and Gray, 2016.
_TRANSFORMS = {
    6: [(1 / 4, 0, 0), (-1 / 6, -1 / 6, -1 / 6), (-1 / 6, 1 / 6, -1 / 6), (1 / 24, 1 / 12, 1 / 6),
        (1 / 24, -1 / 12, 1 / 6), (0, 0, 1)],
    4: [(1, 0, 0), (1 / 2, 1 / 2, 1 / 2), (1 / 2, -1 / 2, 1 / 2), (0, 0, 1)],
}  # fmt: skip


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


class Winograd(Compiled):
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
        self.kernel = f"Winograd F({size - 2}x{size - 2}, 3x3)"

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


def ways(call: FusedConvolution, shape: Sequence[int]) -> list[Way]:
    """Return the ways to compute a fused convolution for data of this shape; none if it does not suit."""
    return [_way(call, shape, size) for size in _SIZES] if _suits(call, shape) else []


def _way(call: FusedConvolution, shape: Sequence[int], size: int) -> Way:
    filters, run = Filters(size), Winograd(call, shape, size)
    return Way(run.kernel, 4 * size**2 * prod(call.filters[:2]), filters, partial(filters.blank, call), run)


def _suits(call: FusedConvolution, shape: Sequence[int]) -> bool:
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
    return obstacle_of([partial(_is_right, size) for size in _SIZES])


@functools.cache
def _library() -> Library:
    return Library("winograd")


def _is_right(size: int) -> bool:
    """Compare an image whose sides are no multiples of a tile with torch's own convolution."""
    count = _library().vector
    data = torch.linspace(-1, 1, count * 63).reshape(1, count, 7, 9)
    weight = torch.linspace(-1, 1, count * count * 9).reshape(count, count, 3, 3)
    call = FusedConvolution(filters=tuple(weight.shape), stride=(1, 1), pad=(1, 0), dilate=(1, 1), groups=1, last=False)
    result = Winograd(call, data.shape, size)(data, Filters(size)(weight), None)
    return torch.allclose(result, torch.conv2d(data, weight, padding=(1, 0)), rtol=1e-3, atol=1e-3)
