"""Batch normalization of a graph for training, with the relu behind it, by compiled kernels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ...ops.nn.batch_norm import moving_statistic
from ...ops.operator import Applied
from ..kernels import batch_norm
from ..kernels.layout import to_channels_last_memory
from ..recycled import Recycled


class TrainedBatchNorm:
    """What stands in the place of a BatchNorm.

    Parameters
    ----------
    applied : Applied
        The operator.
    has_relu : bool
        Whether relu is applied to its first result, after the sum with other images if there are any.
    memory : Recycled
        Where results and gradients lie.
    """

    __name__ = "trained_batch_norm"
    kernel = "batch normalization for training"

    def __init__(self, applied: Applied, has_relu: bool, memory: Recycled) -> None:
        self._operator: Callable[..., tuple[Tensor, ...]] = applied.function
        self._how: Mapping[str, Any] = applied.attributes
        self._has_relu, self._memory = has_relu, memory

    @staticmethod
    def suits(attributes: Mapping[str, Any]) -> bool:
        """Whether there may be kernels for such a BatchNorm."""
        usual = ("use_global_stats", "output_mean_var", "min_calib_range", "max_calib_range")
        return attributes["axis"] == 1 and not any(attributes[name] for name in usual)

    def __call__(
        self,
        data: Tensor,
        gamma: Tensor,
        beta: Tensor,
        moving_mean: Tensor,
        moving_var: Tensor,
        other: Tensor | None = None,
        *,
        training: bool,
    ) -> tuple[Tensor, ...]:
        """Compute it; what the kernels are not for, the operator computes or refuses."""
        given, how = (data, gamma, beta, moving_mean, moving_var), self._how
        if not self._suits(given, other):
            result, *states = self._operator(*given, training=training)
            result = result if other is None else result + other
            return torch.relu(result) if self._has_relu else result, *states
        result, mean, variance = _BatchNorm.apply(  # type: ignore[no-untyped-call]
            data, gamma, beta, other, how["eps"], how["fix_gamma"], self._has_relu, self._memory
        )
        momentum = how["momentum"]
        return result, moving_statistic(moving_mean, mean, momentum), moving_statistic(moving_var, variance, momentum)

    def _suits(self, given: Sequence[Tensor], other: Tensor | None) -> bool:
        data, *numbers = given
        if not _is_for_us(data, data.dtype) or not batch_norm.suits(data):
            return False
        if not all(_is_for_us(each, torch.float32) for each in numbers):
            return False
        if any(each.shape != data.shape[1:2] or not each.is_contiguous() for each in numbers):
            return False
        return other is None or (_is_for_us(other, data.dtype) and other.shape == data.shape)


def _is_for_us(tensor: Tensor, kind: torch.dtype) -> bool:
    is_plain = type(tensor) is Tensor or type(tensor) is torch.nn.Parameter
    return is_plain and tensor.dtype is kind and tensor.device.type == "cpu"


class _BatchNorm(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, data: Tensor, gamma: Tensor, beta: Tensor, other: Tensor | None, eps: float, fix_gamma: bool,
        has_relu: bool, memory: Recycled,
    ) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
        other = None if other is None else to_channels_last_memory(other)
        given = batch_norm.Given(data, None if fix_gamma else gamma, beta, other, has_relu)
        result, ctx.statistics = batch_norm.forward(given, eps, memory)
        ctx.save_for_backward(data, gamma, beta, other, result if has_relu and other is not None else None)
        ctx.eps, ctx.fix_gamma, ctx.has_relu, ctx.memory = eps, fix_gamma, has_relu, memory
        mean, variance, _ = ctx.statistics
        ctx.mark_non_differentiable(mean, variance)
        ctx.set_materialize_grads(False)
        return result, mean, variance

    @staticmethod
    def backward(ctx: Any, head: Tensor | None, *_: Any) -> tuple[Tensor | None, ...]:
        data, gamma, beta, other, result = ctx.saved_tensors
        if head is None:
            return (None,) * 8
        given = batch_norm.Given(data, None if ctx.fix_gamma else gamma, beta, other, ctx.has_relu)
        if torch.is_grad_enabled():  # the gradient itself will be differentiated
            results = _by_torch(given, head, ctx.eps)
        else:
            head = to_channels_last_memory(head)
            results = batch_norm.backward(head, given, result, ctx.statistics, ctx.memory)
        of_gamma = torch.zeros_like(gamma) if ctx.fix_gamma else results[1]
        return results[0], of_gamma, *results[2:], None, None, None, None


def _by_torch(given: batch_norm.Given, head: Tensor, eps: float) -> tuple[Tensor | None, ...]:
    data, gamma, beta, other, has_relu = given
    result = torch.batch_norm(data, gamma, beta, None, None, True, 0.0, eps, False)
    result = result if other is None else result + other
    result = torch.relu(result) if has_relu else result
    arrays = (data, gamma, beta, other)
    needed = [each for each in arrays if each is not None and each.requires_grad]
    found = dict(zip(map(id, needed), torch.autograd.grad(result, needed, head, create_graph=True), strict=True))
    return tuple([found.get(id(each)) for each in arrays])
