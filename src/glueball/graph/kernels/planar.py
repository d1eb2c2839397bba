"""Convolutions of images that have their channels first in the memory, in C; see ``planar.c`` and ``depthwise.c``."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from math import prod

import torch
from torch import Tensor

from ..fused import FusedConvolution, NotFinite
from .compiled import CompiledConvolution, Library, cache_size, is_switched_on, obstacle_of
from .way import Way

_TASKS = 4  # for each thread, so that none waits long for another
_PLANES = 4  # that a thread copies before it reads the first of them


class Blocks:
    """Puts filters into blocks that are about equal, each with one number of all its filters after another.

    Parameters
    ----------
    call : FusedConvolution
        The convolution.
    size : int
        The most filters in a block.
    """

    __name__ = "blocks"

    def __init__(self, call: FusedConvolution, size: int) -> None:
        filters, self._is_padded = call.filters[0], max(call.pad) > 0
        count = -(-filters // size)
        borders = torch.arange(count + 1) * filters // count
        rows = borders[:-1, None] + torch.arange(size)
        self._rows = rows.where(rows < borders[1:, None], filters)  # behind all rows there is one of zeros

    def __call__(self, weight: Tensor) -> Tensor:
        """Return (blocks, channels * taps, most filters of a block); with 0 where a block has one less.

        Raises
        ------
        NotFinite
            Some filter has infinite numbers or NaN, which would make NaN of the zeros around the images.
        """
        rows = weight.float().flatten(1)
        if self._is_padded and not torch.isfinite(rows).all():
            raise NotFinite
        return torch.cat([rows, rows.new_zeros(1, rows.shape[1])])[self._rows].transpose(1, 2).contiguous()


class Planar(CompiledConvolution):
    """A fused convolution in one group.

    Parameters
    ----------
    call : FusedConvolution
        The convolution.
    shape : sequence of int
        The shape of the data.
    """

    __name__ = "planar_convolution"
    kernel = "planar convolution"
    takes_last = gives_last = False

    def __init__(self, call: FusedConvolution, shape: Sequence[int]) -> None:
        self._weight = call.filters
        super().__init__(_library("planar"), call, shape, block_size(call))

    def _block(self, threads: int) -> int:
        """Return the number of blocks of filters that meet a panel of pixels before the next panel.

        It is all of them where they stay in the cache, but each thread gets several tasks.
        """
        blocks = -(-self._weight[0] // self._size)
        if 4 * prod(self._weight) >= cache_size() // 2:
            return 1
        panels = -(-prod(self.out_shape[2:]) // (2 * self._library.vector))
        return max(blocks // -(-_TASKS * threads // panels), 1)


class Depthwise(CompiledConvolution):
    """A fused convolution in which each channel has filters of its own.

    Parameters
    ----------
    call : FusedConvolution
        The convolution.
    shape : sequence of int
        The shape of the data.
    """

    __name__ = "planar_depthwise"
    kernel = "planar depthwise"
    takes_last = gives_last = False

    def __init__(self, call: FusedConvolution, shape: Sequence[int]) -> None:
        super().__init__(_library("depthwise"), call, shape, call.filters[0] // shape[1])

    def _block(self, threads: int) -> int:
        """Return the number of planes that a thread copies at a time."""
        return _PLANES


def block_size(call: FusedConvolution) -> int:
    """Return how many filters make a block, so that all blocks have about as many."""
    filters = call.filters[0]
    return -(-filters // -(-filters // _library("planar").rows))


def ways(call: FusedConvolution, shape: Sequence[int]) -> list[Way]:
    """Return the way to compute a fused convolution for data of this shape; none if it does not suit."""
    is_suited = call.groups in (1, shape[1]) and min(shape) > 0 and is_switched_on() and not obstacle()
    return [_way(call, shape)] if is_suited else []


def _way(call: FusedConvolution, shape: Sequence[int]) -> Way:
    run: CompiledConvolution
    if call.groups == 1:
        prepare, run = Blocks(call, block_size(call)), Planar(call, shape)
    else:
        prepare, run = Blocks(call, 1), Depthwise(call, shape)
    return Way(run.kernel, 4 * prod(call.filters), prepare, lambda: prepare(torch.ones(call.filters)), run)


@functools.cache
def obstacle() -> str:
    """Return a sentence that says why there are no such kernels on this machine, or '' if there are."""
    return obstacle_of([_is_right])


def _is_right() -> bool:
    """Compare a stride of 1 and one of 2, in one group and in as many as channels, with torch's own convolution."""
    channels = 3
    for groups, stride in ((1, 1), (1, 2), (channels, 1), (channels, 2)):
        data = torch.linspace(-1, 1, 2 * channels * 9 * 41).reshape(2, channels, 9, 41)
        weight = torch.linspace(-1, 1, 18 * 6 * channels // groups).reshape(18, channels // groups, 3, 2)
        call = FusedConvolution(
            filters=tuple(weight.shape), stride=(stride, stride), pad=(1, 0), dilate=(1, 2), groups=groups, last=False
        )
        way = _way(call, data.shape)
        if not torch.allclose(way.run(data, way.prepare(weight), None), call(data, weight, None), rtol=1e-3, atol=1e-3):
            return False
    return True


@functools.cache
def _library(name: str) -> Library:
    return Library(name)
