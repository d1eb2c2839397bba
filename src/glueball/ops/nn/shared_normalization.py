"""Normalization by the statistics of the batches of all processes, with torch's own kernels where they suit.

Written out in operators, as it is for what these do not take, it reads the batch some ten times; they read it four
times. The messages are the same, so that a process may take either way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from ...core.world import worlds
from ..gradient import without_gradient
from .shared_statistics import for_channels, joined_statistics

#: eps and fix_gamma.
How = tuple[float, bool]

#: Returns the normalized data, mean and variance for data, gamma and beta: the same in operators.
Composed = Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]]


def in_operators(data: Tensor, gamma: Tensor, beta: Tensor, statistics: tuple[Tensor, Tensor], how: How) -> Tensor:
    """Return the data of one device, normalized by the mean and variance of all."""
    (mean, variance), (eps, fix_gamma) = statistics, how
    weight = without_gradient(torch.ones_like(gamma), gamma) if fix_gamma else gamma
    scale = for_channels((variance + eps).rsqrt(), data) * for_channels(weight, data)
    return ((data - for_channels(mean, data)) * scale + for_channels(beta, data)).to(data.dtype)


def suits(data: Tensor, *parameters: Tensor) -> bool:
    """Whether torch's kernels compute it: for a device of each process, in single or double precision."""
    is_wide = data.dtype in (torch.float32, torch.float64)
    return is_wide and data.numel() > 0 and all(each.device.type == "cpu" for each in (data, *parameters))


class SharedNormalization(torch.autograd.Function):
    """The normalized data, the mean and the variance, with one message in each direction."""

    @staticmethod
    def forward(
        ctx: Any, data: Tensor, gamma: Tensor, beta: Tensor, how: How, name: str, composed: Composed
    ) -> tuple[Tensor, Tensor, Tensor]:
        count, (eps, fix_gamma) = data.numel() // data.shape[1], how
        own_mean, own_variance = torch.batch_norm_update_stats(data, None, None, 0.0)
        (mean, variance), ctx.total = joined_statistics(torch.stack([own_mean, own_variance * count]), count, name)
        weight = torch.ones_like(gamma) if fix_gamma else gamma
        result = torch.batch_norm(data, weight, beta, mean, variance, False, 0.0, eps, False)
        ctx.save_for_backward(data, gamma, beta, mean, variance)
        ctx.how, ctx.name, ctx.composed = how, name, composed
        ctx.mark_non_differentiable(mean, variance)
        return result, mean, variance

    @staticmethod
    def backward(ctx: Any, head: Tensor, *_: Tensor) -> tuple[Tensor | None, ...]:
        data, gamma, beta, mean, variance = ctx.saved_tensors
        eps, fix_gamma = ctx.how
        if torch.is_grad_enabled():  # the gradient itself will be differentiated
            return *_in_operators(ctx.composed, (data, gamma, beta), head), None, None, None
        weight, spread = torch.ones_like(gamma) if fix_gamma else gamma, (variance + eps).rsqrt()
        head = _in_memory_like(head, data)
        _, of_gamma, of_beta = torch.ops.aten.native_batch_norm_backward(
            head, data, weight, mean, variance, None, None, False, eps, [False, True, True]
        )
        scale = weight * spread
        own = torch.stack([-scale * of_beta, -0.5 * scale * spread * of_gamma])
        of_mean, of_variance = worlds[0].sum(f"{ctx.name}, backward", own.flatten()).view_as(own) / ctx.total
        slope = 2 * of_variance
        # Of each number: slope x + offset + scale head. The first two are what batch_norm computes here.
        of_data = torch.batch_norm(
            data, slope, of_mean - slope * mean, torch.zeros_like(mean), torch.ones_like(mean), False, 0.0, 0.0, False
        ).addcmul_(head, for_channels(scale, data))
        return of_data, torch.zeros_like(gamma) if fix_gamma else of_gamma, of_beta, None, None, None


def _in_operators(composed: Composed, given: tuple[Tensor, ...], head: Tensor) -> tuple[Tensor | None, ...]:
    result, _, _ = composed(*given)
    needed = [each for each in given if each.requires_grad]
    gradients = torch.autograd.grad(result, needed, head, create_graph=True, materialize_grads=True)  # of a fixed gamma
    found = dict(zip(map(id, needed), gradients, strict=True))
    return tuple([found.get(id(each)) for each in given])


def _in_memory_like(head: Tensor, data: Tensor) -> Tensor:
    is_last = data.dim() == 4 and data.is_contiguous(memory_format=torch.channels_last)
    return head.contiguous(memory_format=torch.channels_last if is_last else torch.contiguous_format)
