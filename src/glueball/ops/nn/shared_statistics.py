"""The mean and variance of each channel over the batches of several devices, which may be those of other processes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.torch_function import TensorFunction
from ...core.world import worlds


def statistics(batches: Sequence[Tensor], others: str = "") -> tuple[Tensor, Tensor]:
    """Return mean and variance, without Bessel's correction, on the device of the first batch.

    Parameters
    ----------
    batches : sequence of Tensor
        (N, C, ...), with another N each, which may be 0.
    others : str
        The name by which the batches of the other processes are meant, too; '' if they are not.
    """
    home = batches[0].device
    wide = torch.float64 if batches[0].dtype is torch.float64 else torch.float32
    axes = [axis for axis in range(batches[0].dim()) if axis != 1]
    count = sum(each.numel() // each.shape[1] for each in batches)
    mean = torch.stack([each.to(wide).sum(axes).to(home) for each in batches]).sum(0) / max(count, 1)
    distances = [each.to(wide) - for_channels(mean, each) for each in batches]
    squares = torch.stack([each.square().sum(axes).to(home) for each in distances]).sum(0)
    if not others:
        return mean, squares / max(count, 1)
    mean, variance = _OverProcesses.apply(torch.stack([mean, squares]), count, others).unbind()
    return mean, variance


def for_channels(values: Tensor, like: Tensor) -> Tensor:
    """Return numbers of channels in the shape in which they meet a batch."""
    return values.to(like.device).reshape(1, -1, *[1] * (like.dim() - 2))


class _OverProcesses(TensorFunction):
    """The mean and the variance over all processes, from the means and the sums of squared distances of each.

    Each process differentiates its own loss, which depends on the batches of all: the gradients of what all share are
    summed.
    """

    @staticmethod
    def forward(ctx: Any, own: Tensor, count: int, name: str) -> Tensor:
        result, ctx.total = joined_statistics(own, count, name)
        ctx.save_for_backward(own, result)
        ctx.count, ctx.name = count, name
        return result

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        own, shared = ctx.saved_tensors
        of_mean, of_variance = _Sum.apply(gradient, f"{ctx.name}, backward").unbind()
        to_mean = ctx.count * (of_mean + 2 * (own[0] - shared[0]) * of_variance)
        return torch.stack([to_mean, of_variance]) / ctx.total, None, None


def joined_statistics(own: Tensor, count: int, name: str) -> tuple[Tensor, float]:
    """Return the mean and the variance over all processes, and how many numbers of each channel they have.

    Parameters
    ----------
    own : Tensor
        The mean and the sum of squared distances from it, of this process, one row for each.
    count : int
        How many numbers of each channel these are of.
    name : str
        Whose they are, for messages.
    """
    parts = worlds[0].gather(f"{name}, forward", torch.cat([own.new_tensor([count]), own.flatten()]))
    found = torch.stack(list(parts)).double()
    counts, (means, squares) = found[:, :1], found[:, 1:].unflatten(1, (2, -1)).unbind(1)
    total = counts.sum().clamp(min=1)
    mean = (counts * means).sum(0) / total
    variance = (squares + counts * (means - mean).square()).sum(0) / total
    return torch.stack([mean, variance]).to(own.dtype), total.item()


class _Sum(TensorFunction):
    """The sum over all processes, which is its own gradient: so gradients can be differentiated again."""

    @staticmethod
    def forward(ctx: Any, own: Tensor, name: str) -> Tensor:
        ctx.name = name
        return worlds[0].sum(name, own.flatten()).view_as(own)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return _Sum.apply(gradient, ctx.name), None
