"""The kernels of a convolution for training: forward, and the gradient for its data."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import torch
from torch import Tensor

from ..fused import FusedConvolution
from ..kernels import gradient, indirect, winograd
from ..kernels.compiled import is_wide
from ..kernels.room import Room
from ..kernels.way import Way
from ..recycled import Recycled
from ..tuning import seconds

_W = TypeVar("_W", Way, gradient.FilterGradient)

_filters = Room(most=2**24)  # for filters in the order of a kernel


class Forward:
    """A convolution whose filters are put into the order of its kernel in each call, since each step changes them.

    Parameters
    ----------
    call : FusedConvolution
        The convolution.
    shape : sequence of int
        The shape of the data.
    memory : Recycled
        Where results lie.
    is_transposed : bool, default False
        Whether the weight has filters and channels exchanged, and its taps in reverse order.
    """

    def __init__(
        self, call: FusedConvolution, shape: Sequence[int], memory: Recycled, is_transposed: bool = False
    ) -> None:
        self._memory = memory
        ways = [each for kind in (indirect, winograd) for each in kind.ways(call, shape, is_transposed, _filters)]
        key = "Convolution for training", tuple(shape), call.filters, (call.pad, call.stride, call.dilate, call.groups)
        trial = partial(_trial, call=call, shape=shape, is_transposed=is_transposed)
        self._way = _fastest(ways, key, trial)

    @staticmethod
    def suits(call: FusedConvolution, shape: Sequence[int]) -> bool:
        """Whether there is such a kernel, and it is fast."""
        return bool(indirect.ways(call, shape)) and is_wide()

    def __call__(self, data: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
        """Compute it."""
        way = self._way
        run: Any = way.run
        result: Tensor = run(data, way.prepare(weight), bias, None, self._memory.images(run.out_shape))
        return result


def _fastest(ways: Sequence[_W], key: Hashable, trial: Callable[[_W], Callable[[], Any]]) -> _W:
    """Return the way that takes the least time; `trial` makes of a way what is timed."""
    if len(ways) == 1:
        return ways[0]
    times = seconds(key, {way.name: partial(trial, way) for way in ways})
    return ways[min(range(len(ways)), key=times.__getitem__)]


def _trial(way: Way, call: FusedConvolution, shape: Sequence[int], is_transposed: bool) -> Callable[[], Any]:
    data, weight = torch.ones(shape).contiguous(memory_format=torch.channels_last), torch.ones(call.filters)
    if is_transposed:  # as it will be given: what reads it exchanges the steps, and would read beyond another one's end
        weight = weight.transpose(0, 1).contiguous()
    return lambda: way.run(data, way.prepare(weight), None)


class Backward:
    """The gradient for the data: the convolution of the gradient of the result with the transposed filters.

    A convolution with strides has it only where its filters are single pixels; what they leave out gets 0.

    Parameters
    ----------
    call : FusedConvolution
        The convolution that is differentiated.
    shape : sequence of int
        The shape of its data.
    memory : Recycled
        Where results lie.
    """

    def __init__(self, call: FusedConvolution, shape: Sequence[int], memory: Recycled) -> None:
        self._shape, self._stride, self._memory = tuple(shape), call.stride, memory
        lengths = [-(-length // stride) for length, stride in zip(shape[2:], call.stride, strict=True)]
        if max(call.stride) == 1:
            lengths = [
                length + 2 * pad - dilate * (kernel - 1)
                for length, pad, dilate, kernel in zip(shape[2:], call.pad, call.dilate, call.filters[2:], strict=True)
            ]
        self._run = Forward(transposed(call), (shape[0], call.filters[0], *lengths), memory, is_transposed=True)

    @staticmethod
    def suits(call: FusedConvolution, shape: Sequence[int]) -> bool:
        """Whether there is such a kernel, and it is fast."""
        is_single = call.filters[2:] == (1, 1) and max(call.pad) == 0
        other = transposed(call)
        return (max(call.stride) == 1 or is_single) and min(other.pad) >= 0 and Forward.suits(other, shape)

    def __call__(self, head: Tensor, weight: Tensor) -> Tensor:
        """Compute it."""
        result = self._run(head, weight)
        if max(self._stride) == 1:
            return result
        whole = self._memory.images(self._shape).zero_()
        whole[:, :, :: self._stride[0], :: self._stride[1]] = result
        return whole


def filter_gradient(
    call: FusedConvolution, shape: Sequence[int], memory: Recycled
) -> Callable[[Tensor, Tensor], Tensor] | None:
    """Return the fastest kernel for the gradient of the filters, or None where that is torch's.

    It takes data and the gradient of the result.
    """
    ways = gradient.ways(call, shape, memory.empty)
    key = ("gradient of filters", tuple(shape), call.filters, call.pad)
    return _fastest(ways, key, partial(_filter_trial, shape=shape)) if ways else None


def _filter_trial(way: gradient.FilterGradient, shape: Sequence[int]) -> Callable[[], Any]:
    data, head = (torch.ones(each).contiguous(memory_format=torch.channels_last) for each in (shape, way.out_shape))
    return lambda: way(data, head)


def transposed(call: FusedConvolution) -> FusedConvolution:
    """Return the convolution of the gradient of the result, as if strides were 1."""
    filters, channels, *kernel = call.filters
    pad = [dilate * (length - 1) - pad for dilate, length, pad in zip(call.dilate, kernel, call.pad, strict=True)]
    return replace(call, filters=(channels, filters, *kernel), pad=tuple(pad), stride=(1, 1))


def gradients_by_torch(
    call: FusedConvolution, data: Tensor, weight: Tensor, head: Tensor, needed: Sequence[bool]
) -> tuple[Tensor | None, ...]:
    """Compute the gradients of data, weight and bias."""
    kind, computed = head.dtype, call.computed(head.dtype)
    head, data, weight = head.to(computed), data.to(computed), weight.to(computed)
    found = torch.ops.aten.convolution_backward(
        head, data, weight, [call.filters[0]], call.stride, call.pad, call.dilate, False, [0, 0], call.groups, needed
    )
    return tuple([None if each is None else each.to(kind) for each in found])
