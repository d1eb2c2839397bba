"""Batch normalization over the batches of several devices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ...core.waiting import Meeting, joint
from ..attrs import AtLeast
from ..declare import Training, cases, operator
from ..gradient import without_gradient
from ..samples import refused, sample
from ..shape_rule import PartialShape, like_first
from .batch_norm import (
    CHANNELS,
    INITIALIZERS,
    STATES,
    batch_norm_shapes,
    check,
    hidden_outputs,
    moving_statistic,
    normalize,
    outputs,
)

_meeting = Meeting()


def _sync_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    return batch_norm_shapes(shapes, {**attributes, "axis": 1})


@operator(
    "_contrib_SyncBatchNorm",
    names_gradients=True,
    from_partial="nothing",
    types="T, T+, T+, T+, T+ -> T, T+, T+",
    auxiliary=STATES,
    states_of_training=True,
    outputs=outputs,
    output_names=("output", "mean", "var"),
    hidden_outputs=hidden_outputs,
    initializers=INITIALIZERS,
    infer_inputs=_sync_shapes,
    infer_outputs=like_first,
    kind="norm",
    flops=2,  # as BatchNorm
    waits=lambda attributes: attributes["ndev"] > 1 and not attributes["use_global_stats"],
    precision="single",
)
def sync_batch_norm(
    data: Tensor,
    gamma: Tensor,
    beta: Tensor,
    moving_mean: Tensor,
    moving_var: Tensor,
    *,
    eps: float = 0.0010000000474974513,
    momentum: float = 0.9,
    fix_gamma: bool = True,
    use_global_stats: bool = False,
    output_mean_var: bool = False,
    ndev: Annotated[int, AtLeast(1)] = 1,
    key: str,
    training: Training,
) -> tuple[Tensor, ...]:
    """Normalize each channel as BatchNorm does, in training over the batches of several devices.

    The devices are contexts of one process. In training with ``ndev=2`` the call for the first of them returns an array
    without values, which come with the call for the second: they must not be read before. So do the gradients with the
    ``backward()`` of the last loss.

    Parameters
    ----------
    data, gamma, beta, moving_mean, moving_var, eps, momentum, fix_gamma, use_global_stats, output_mean_var
        As in `glueball.nd.BatchNorm`, with the channels on axis 1; the third output is the variance.
    ndev : int, default 1
        The number of devices that share a batch.
    key : str
        The name by which the devices find each other; not used with one device.
    """
    of_batch = training and not use_global_stats
    arrays = (data, gamma, beta, moving_mean, moving_var)
    if of_batch and ndev > 1 and not data.is_meta:
        return _with_others(arrays, ndev, key, eps, momentum, fix_gamma, output_mean_var)
    result, mean, variance, *states = normalize(
        *arrays, 1, eps=eps, momentum=momentum, fix_gamma=fix_gamma, of_batch=of_batch
    )
    if not output_mean_var:
        return result, *states
    return result, without_gradient(mean.clone(), data), without_gradient(variance.clone(), data), *states


cases(
    "_contrib_SyncBatchNorm",
    samples=lambda: [
        sample((4, 3, 2, 5), *CHANNELS, fix_gamma=False, key="a", gradient=False),
        # One worker of MXNet waits for others here.
        sample((4, 3, 2, 5), *CHANNELS, training=True, fix_gamma=False, key="a", judge="numpy"),
    ],
    refusals=lambda: [
        refused("ndev must be an int of at least 1; received 0", (4, 3, 2), (3,), (3,), (3,), (3,), ndev=0, key="a"),
        refused("key must be given", (4, 3, 2), (3,), (3,), (3,), (3,)),
        refused("gamma must have shape", (4, 3, 2), (2,), (3,), (3,), (3,), key="a"),
    ],
)


Part = tuple[Tensor, Tensor, Tensor, Tensor, Tensor]


def _with_others(
    part: Part, ndev: int, key: str, eps: float, momentum: float, fix_gamma: bool, output_mean_var: bool
) -> tuple[Tensor, ...]:
    """Normalize by the statistics of all devices, if this is the last of them; else raise `Waiting`."""
    data, gamma, beta, moving_mean, moving_var = part
    check(data, 1, gamma=gamma, beta=beta, moving_mean=moving_mean, moving_var=moving_var)

    def compute(parts: list[Part]) -> list[tuple[Tensor, ...]]:
        mean, variance = _statistics([each[0] for each in parts])
        normalized = [_normalized(each, mean, variance, eps, fix_gamma) for each in parts]
        if any(each.requires_grad for each in normalized):
            joint.used = True
            normalized = list(_Together.apply(*normalized))  # type: ignore[no-untyped-call]
        results = []
        for (own, _, _, old_mean, old_var), result in zip(parts, normalized, strict=True):
            means, variances = (each.detach().to(old_mean) for each in (mean, variance))
            inner = (without_gradient(means, own), without_gradient(variances, own)) if output_mean_var else ()
            states = moving_statistic(old_mean, means, momentum), moving_statistic(old_var, variances, momentum)
            results.append((result, *inner, *states))
        return results

    found: tuple[Tensor, ...] = _meeting.join(
        "_contrib_SyncBatchNorm", key, ndev, moving_mean.data_ptr(), part, compute
    )
    return found


def _statistics(batches: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Return mean and variance of each channel over all batches, on the device of the first."""
    home = batches[0].device
    wide = torch.float64 if batches[0].dtype is torch.float64 else torch.float32
    axes = [axis for axis in range(batches[0].dim()) if axis != 1]
    count = sum(each.numel() // each.shape[1] for each in batches)
    mean = torch.stack([each.to(wide).sum(axes).to(home) for each in batches]).sum(0) / count
    squares = [(each.to(wide) - _for_channels(mean, each)).square().sum(axes).to(home) for each in batches]
    return mean, torch.stack(squares).sum(0) / count


def _for_channels(values: Tensor, like: Tensor) -> Tensor:
    return values.to(like.device).reshape(1, -1, *[1] * (like.dim() - 2))


def _normalized(part: Part, mean: Tensor, variance: Tensor, eps: float, fix_gamma: bool) -> Tensor:
    data, gamma, beta = part[:3]
    weight = without_gradient(torch.ones_like(gamma), gamma) if fix_gamma else gamma
    scale = _for_channels((variance + eps).rsqrt(), data) * _for_channels(weight, data)
    return ((data - _for_channels(mean, data)) * scale + _for_channels(beta, data)).to(data.dtype)


class _Together(torch.autograd.Function):
    """The results of all devices, whose gradients come together: those of one follow from those of all."""

    @staticmethod
    def forward(ctx: Any, *results: Tensor) -> tuple[Tensor, ...]:
        ctx.set_materialize_grads(False)
        ctx.joint_outputs = len(results)  # for backward()
        return tuple(each.view_as(each) for each in results)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[Tensor | None, ...]:
        if any(each is None for each in gradients):
            raise MXNetError(
                "_contrib_SyncBatchNorm: the gradients of all devices must come from one backward; received those of "
                f"{sum(each is not None for each in gradients)} of {len(gradients)}; call autograd.backward(losses)"
            )
        return gradients
