"""Convolutions of a graph for training, forward and backward by compiled kernels."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from math import prod
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ...ops.nn.window import channels_first, channels_last, may_miss, to_channels_first, to_channels_last
from ...ops.operator import Applied
from ..fused import FusedConvolution, NotFinite
from ..kernels.layout import to_channels_last_memory
from ..recycled import Recycled
from ..remembered import make_room
from . import products
from .ways import Backward, Forward, filter_gradient, gradients_by_torch

_KEPT = 16  # shapes for which kernels are kept
_LEAST = 2**23  # multiplications; fewer take less time than the way through Python to the kernels


class TrainedConvolution:
    """What stands in the place of a Convolution of two-dimensional images.

    Parameters
    ----------
    applied : Applied
        The operator.
    memory : Recycled
        Where results and gradients lie.
    """

    __name__ = "trained_convolution"
    kernel = "convolution for training"

    def __init__(self, applied: Applied, memory: Recycled) -> None:
        self._memory = memory
        how = applied.attributes
        self._operator: Callable[..., Tensor] = applied.function
        self._last, self._groups, self._has_bias = channels_last(how["layout"]), how["num_group"], not how["no_bias"]
        self._filters, self._kernel = how["num_filter"], tuple(how["kernel"])
        self._stride, self._dilate = tuple(how["stride"] or (1, 1)), tuple(how["dilate"] or (1, 1))
        self._pad = tuple(how["pad"] or (0, 0))
        self._kernels: dict[tuple[Any, ...], _Kernels] = {}
        # Types and shapes of data for which there are no kernels: small networks ask for nothing else.
        self._without: dict[tuple[torch.dtype, torch.Size], None] = {}

    def __call__(self, data: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
        """Compute it; what the kernels are not for, the operator computes or refuses."""
        kernels = None if (data.dtype, data.shape) in self._without else self._found(data, weight, bias)
        if data.dtype is torch.bfloat16 and data.dim() == weight.dim() == 4 and not self._last:
            # Products take them as they are there, and oneDNN has its fast kernels for them.
            data, weight = (each.contiguous(memory_format=torch.channels_last) for each in (data, weight))
        if kernels is None:
            return self._operator(data, weight, bias)
        if self._last:
            data, weight = to_channels_first(data), to_channels_first(weight)
        result: Tensor = _Convolution.apply(data, weight, bias, kernels)  # type: ignore[no-untyped-call]
        return to_channels_last(result) if self._last else result

    def _found(self, data: Tensor, weight: Tensor, bias: Tensor | None) -> _Kernels | None:
        """Return the kernels for these tensors, if there are any."""
        given = [data, weight] if bias is None else [data, weight, bias]
        kind = data.dtype
        if data.dim() != 4 or kind not in _KINDS or not all(_is_for_us(each, kind) for each in given):
            return None
        if (bias is not None) is not self._has_bias:
            return None
        shape = channels_first(tuple(data.shape), self._last)
        filters = (self._filters, shape[1] // self._groups, *self._kernel)
        fits = channels_first(tuple(weight.shape), self._last) == filters and shape[1] % self._groups == 0
        if not fits or not (bias is None or bias.shape == filters[:1]):
            return None
        key = (kind, *shape, torch.get_num_threads())
        if key not in self._kernels:
            made = self._made(filters, shape, kind)
            if made is None:
                make_room(self._without, _KEPT)
                self._without[kind, data.shape] = None
                return None
            make_room(self._kernels, _KEPT)
            self._kernels[key] = made
        return self._kernels[key]

    def _made(self, filters: tuple[int, ...], shape: tuple[int, ...], kind: torch.dtype) -> _Kernels | None:
        call = FusedConvolution(
            filters=filters, stride=self._stride, pad=self._pad, dilate=self._dilate, groups=self._groups, last=False
        )
        reach = zip(shape[2:], self._kernel, call.pad, call.dilate, strict=True)
        if any(length + 2 * pad <= dilate * (kernel - 1) for length, kernel, pad, dilate in reach):
            return None
        if may_miss(shape[2:], call.pad, call.dilate):
            return None
        if prod(shape) * prod(filters) // shape[1] // prod(call.stride) < _LEAST:
            return None
        return _KINDS[kind](call, shape, self._memory)


def _is_for_us(tensor: Tensor, kind: torch.dtype) -> bool:
    is_plain = type(tensor) is Tensor or type(tensor) is torch.nn.Parameter
    return is_plain and tensor.dtype is kind and tensor.device.type == "cpu"


class _Kernels(NamedTuple):
    """How a convolution of data of one shape is computed and differentiated; None where torch does that.

    Attributes
    ----------
    call : FusedConvolution
        The convolution.
    forward : callable
        Takes data, weight and bias, and computes it.
    data, filters : callable, optional
        The gradient of the data, from that of the result and the weight; that of the filters, from data and that of
        the result.
    """

    call: FusedConvolution
    forward: Callable[..., Tensor]
    data: Callable[[Tensor, Tensor], Tensor] | None
    filters: Callable[[Tensor, Tensor], Tensor] | None


def _compiled(call: FusedConvolution, shape: Sequence[int], memory: Recycled) -> _Kernels | None:
    """Return kernels of our own, if there are any for this shape."""
    if not Forward.suits(call, shape):
        return None
    data = Backward(call, shape, memory) if Backward.suits(call, shape) else None
    return _Kernels(call, Forward(call, shape, memory), data, filter_gradient(call, shape, memory))


def _products(call: FusedConvolution, shape: Sequence[int], memory: Recycled) -> _Kernels | None:
    if not products.suits(call):
        return None
    given = call, shape, memory
    forward, data = products.forward(*given), products.data_gradient(*given)
    return _Kernels(call, forward, data, products.filter_gradient(*given))


_KINDS = {torch.float32: _compiled, torch.bfloat16: _products}


class _Convolution(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, data: Tensor, weight: Tensor, bias: Tensor | None, kernels: _Kernels) -> Tensor:
        ctx.kernels, ctx.has_bias = kernels, bias is not None
        if data.requires_grad:
            ctx.save_for_backward(data, weight)
            data = to_channels_last_memory(data)
        else:  # nobody else keeps the converted data
            data = to_channels_last_memory(data)
            ctx.save_for_backward(data, weight)
        try:
            return kernels.forward(data, weight, bias)
        except NotFinite:
            return kernels.call(data, weight, bias)

    @staticmethod
    def backward(ctx: Any, head: Tensor) -> tuple[Tensor | None, ...]:
        data, weight = ctx.saved_tensors
        kernels, needed = ctx.kernels, [*ctx.needs_input_grad[:2], ctx.has_bias and ctx.needs_input_grad[2]]
        if torch.is_grad_enabled():  # the gradient itself will be differentiated
            return (*gradients_by_torch(kernels.call, data, weight, head, needed), None)
        head = to_channels_last_memory(head)
        results: list[Tensor | None] = [None, None, head.sum((0, 2, 3)) if needed[2] else None]
        for number, (kernel, given) in enumerate(((kernels.data, (head, weight)), (kernels.filters, (data, head)))):
            if needed[number] and kernel is not None:
                with contextlib.suppress(NotFinite):
                    results[number] = kernel(*given)
        left = [need and result is None for need, result in zip(needed[:2], results, strict=False)]
        if any(left):
            rest = gradients_by_torch(kernels.call, data, weight, head, [*left, False])
            results[:2] = [known if other is None else other for known, other in zip(results[:2], rest, strict=False)]
        return (*results, None)
