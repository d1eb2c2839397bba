"""Batch normalization over the batches of several devices, of this process or of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ...core.waiting import Meeting, joint
from ...core.world import world_size
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
from .shared_normalization import How, SharedNormalization, in_operators, suits
from .shared_statistics import statistics

#: What a key begins with if the devices of other processes are meant, too.
ACROSS = "processes:"

_meeting = Meeting()


def _own_devices(ndev: int, key: str) -> int:
    """Return how many of the devices are contexts of this process."""
    size = world_size() if key.startswith(ACROSS) else 1
    if ndev % size:
        raise MXNetError(
            f"_contrib_SyncBatchNorm: ndev must be a multiple of the {size} processes, with as many devices in each; "
            f"received {ndev}"
        )
    return ndev // size


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
    waits=lambda attributes: (
        not attributes["use_global_stats"] and _own_devices(attributes["ndev"], attributes["key"]) > 1
    ),
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
    ``backward()`` of the last loss. With a key that begins with ``processes:`` they are those of all processes that
    train together: all of them must run the same layers in the same order, forward in training and backward.

    Parameters
    ----------
    data, gamma, beta, moving_mean, moving_var, eps, momentum, fix_gamma, use_global_stats, output_mean_var
        As in `glueball.nd.BatchNorm`, with the channels on axis 1; the third output is the variance.
    ndev : int, default 1
        The number of devices that share a batch, in all processes together if the key says so; each has as many.
    key : str
        The name by which the devices find each other; not used with one device.

    Raises
    ------
    MXNetError
        Another process runs another layer, or is gone.
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
    here = _own_devices(ndev, key)
    others = f"SyncBatchNorm {key.removeprefix(ACROSS)!r}" if here < ndev else ""

    def compute(parts: list[Part]) -> list[tuple[Tensor, ...]]:
        normalized, mean, variance = _normalize_all(parts, others, (eps, fix_gamma))
        if len(parts) > 1 and any(each.requires_grad for each in normalized):
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
        "_contrib_SyncBatchNorm", key, here, moving_mean.data_ptr(), part, compute
    )
    return found


def _normalize_all(parts: list[Part], others: str, how: How) -> tuple[list[Tensor], Tensor, Tensor]:
    """Return the data of each device, normalized, and the mean and variance by which they are."""

    def composed(data: Tensor, gamma: Tensor, beta: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        found = statistics([data], others)
        return in_operators(data, gamma, beta, found, how), *found

    if others and len(parts) == 1 and suits(*parts[0]):
        own = SharedNormalization.apply(*parts[0][:3], how, others, composed)  # type: ignore[no-untyped-call]
        return [own[0]], *own[1:]
    mean, variance = statistics([each[0] for each in parts], others)
    return [in_operators(*each[:3], (mean, variance), how) for each in parts], mean, variance


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
