"""Convolutions in small groups, depthwise ones among them, in C; see ``grouped.c``."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from math import prod

import torch
from torch import Tensor

from ..fused import FusedConvolution
from .compiled import CompiledConvolution, Library, is_switched_on, obstacle_of
from .way import Way

_SIZES = (1, 2, 4, 8, 16)


class Taps:
    """Puts filters into the order in which the kernel reads them: the filters of all groups side by side."""

    __name__ = "taps"

    def __call__(self, weight: Tensor) -> Tensor:
        """Return (taps, channels of a group, filters)."""
        return weight.permute(2, 3, 1, 0).flatten(0, 1).contiguous()


class Grouped(CompiledConvolution):
    """A fused grouped convolution that have as many filters as channels.

    Parameters
    ----------
    call : FusedConvolution
        The convolution.
    shape : sequence of int
        The shape of the data.
    """

    __name__ = "grouped_convolution"
    kernel = "grouped convolution"

    def __init__(self, call: FusedConvolution, shape: Sequence[int]) -> None:
        super().__init__(_library(), call, shape, size=call.filters[1])


def ways(call: FusedConvolution, shape: Sequence[int]) -> list[Way]:
    """Return the way to compute a fused convolution for data of this shape; none if it does not suit."""
    return [_way(call, shape)] if _suits(call, shape) else []


def _way(call: FusedConvolution, shape: Sequence[int]) -> Way:
    taps, run = Taps(), Grouped(call, shape)
    return Way(run.kernel, 4 * prod(call.filters), taps, lambda: taps(torch.ones(call.filters)), run)


def _suits(call: FusedConvolution, shape: Sequence[int]) -> bool:
    filters, size = call.filters[:2]
    return (
        call.groups > 1
        and shape[1] == filters == call.groups * size
        and size in _SIZES
        and min(shape) > 0
        and is_switched_on()
        and not obstacle()
        and _library().vector % size == 0
        and filters >= _library().vector
    )


@functools.cache
def obstacle() -> str:
    """Return a sentence that says why there is no such kernel on this machine, or '' if there is one."""
    return obstacle_of([_is_right])


def _is_right() -> bool:
    """Compare groups of one and of several channels with torch's own convolution."""
    for size in (1, 4):
        channels = _library().vector + 4
        data = torch.linspace(-1, 1, channels * 60).reshape(1, channels, 5, 12)
        weight = torch.linspace(-1, 1, channels * size * 9).reshape(channels, size, 3, 3)
        call = FusedConvolution(
            filters=tuple(weight.shape), stride=(2, 1), pad=(1, 1), dilate=(1, 1), groups=channels // size, last=False
        )
        result = Grouped(call, data.shape)(data, Taps()(weight), None)
        if not torch.allclose(result, call(data, weight, None), rtol=1e-3, atol=1e-3):
            return False
    return True


@functools.cache
def _library() -> Library:
    return Library("grouped")
