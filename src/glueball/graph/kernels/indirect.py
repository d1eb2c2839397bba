"""Convolutions as products of matrices whose left side is never written, in C; see ``indirect.c``."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from math import prod

import torch

from ..fused import FusedConvolution
from .compiled import CompiledConvolution, Library, cache_size, is_switched_on, obstacle_of
from .panels import Panels
from .room import Room
from .way import Way


class Indirect(CompiledConvolution):
    """A fused convolution in one group.

    Parameters
    ----------
    call : FusedConvolution
        The convolution.
    shape : sequence of int
        The shape of the data.
    """

    __name__ = "indirect_convolution"
    kernel = "indirect convolution"

    def __init__(self, call: FusedConvolution, shape: Sequence[int]) -> None:
        super().__init__(_library(), call, shape)
        self._bytes_of_row = 4 * prod(call.filters[1:])

    def _block(self, threads: int) -> int:
        """Return the number of pixels for which a panel of filters is read once.

        All filters are read for each block. Where they stay in the cache, it is as many pixels as the inner product
        takes; else so many that what is multiplied with the filters fills half of the cache.
        """
        cache, rows = cache_size() // 2, self._library.rows
        images, filters, *lengths = self.out_shape
        if self._bytes_of_row * filters <= cache:
            return rows
        pixels, most = images * prod(lengths), max(cache // self._bytes_of_row, 4 * rows)
        return -(-pixels // -(-pixels // most))


def ways(
    call: FusedConvolution, shape: Sequence[int], is_transposed: bool = False, room: Room | None = None
) -> list[Way]:
    """Return the way to compute a fused convolution for data of this shape; none if it does not suit.

    `is_transposed` and `room` are for the filters; see `Panels`.
    """
    if not _suits(call, shape):
        return []
    panels, run = Panels(call, _library().vector, is_transposed, max(call.pad) > 0, room), Indirect(call, shape)
    return [Way(run.kernel, panels.memory, panels, panels.blank, run)]


def _suits(call: FusedConvolution, shape: Sequence[int]) -> bool:
    return (
        call.groups == 1
        and min(shape) > 0
        and is_switched_on()
        and not obstacle()
        and call.filters[0] >= _library().vector
    )


@functools.cache
def obstacle() -> str:
    """Return a sentence that says why there is no such kernel on this machine, or '' if there is one."""
    return obstacle_of([_is_right])


def _is_right() -> bool:
    """Compare a few channels and many, which are computed in two ways, with torch's own convolution."""
    filters = 2 * _library().vector + 1
    for channels in (3, 2 * _library().vector):
        data = torch.linspace(-1, 1, 2 * channels * 30).reshape(2, channels, 5, 6)
        weight = torch.linspace(-1, 1, filters * channels * 6).reshape(filters, channels, 3, 2)
        call = FusedConvolution(
            filters=tuple(weight.shape), stride=(1, 2), pad=(1, 0), dilate=(1, 2), groups=1, last=False
        )
        result = Indirect(call, data.shape)(data, Panels(call, _library().vector)(weight), None)
        if not torch.allclose(result, call(data, weight, None), rtol=1e-3, atol=1e-3):
            return False
    return True


@functools.cache
def _library() -> Library:
    return Library("indirect")
