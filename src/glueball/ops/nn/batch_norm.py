"""Batch normalization: each channel shifted and scaled by its mean and variance over the batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import MXNetError
from ..checks import not_float
from ..declare import Training, cases, operator
from ..gradient import without_gradient
from ..samples import Input, exactly, refused, sample
from ..shape_rule import PartialShape, like_first

_HALF = (torch.float16, torch.bfloat16)
STATES = ("moving_mean", "moving_var")
INITIALIZERS = {"moving_mean": '["zero", {}]', "moving_var": '["one", {}]'}


def batch_norm_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    """Complete the shapes of gamma, beta and the moving statistics: one number per channel."""
    data = shapes[0]
    if data is None:
        return shapes
    axis = channel_axis(len(data), attributes["axis"])
    return [data, *[(data[axis],)] * (len(shapes) - 1)]


def _known_outputs(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape] | None:
    data, channels, *_ = shapes
    return None if data is None else [data, channels, channels][: outputs(attributes)]


def channel_axis(rank: int, axis: int) -> int:
    """Return the axis counted from the front."""
    if not -rank <= axis < rank:
        raise MXNetError(f"BatchNorm: axis must be one of the data's {rank} axes; received {axis}")
    return axis % rank


def outputs(attributes: Mapping[str, Any]) -> int:
    """Return three with ``output_mean_var=True``, else one."""
    return 3 if attributes["output_mean_var"] else 1


def hidden_outputs(attributes: Mapping[str, Any]) -> int:
    """Count the mean and the variance, unless they are requested."""
    return 3 - outputs(attributes)


def check(data: Tensor, axis: int, **parameters: Tensor) -> None:
    """Refuse parameters that are not one number per channel, of the right type."""
    if not data.is_floating_point():
        raise not_float("BatchNorm", data)
    expected, kind = (data.shape[axis],), torch.float32 if data.dtype in _HALF else data.dtype
    for name, array in parameters.items():
        if array is None:
            raise MXNetError(f"BatchNorm: {name} must be given; received nothing")
        if array.shape != expected:
            raise MXNetError(f"BatchNorm: {name} must have shape {expected}; received {tuple(array.shape)}")
        if array.dtype is not kind:
            raise MXNetError(
                f"BatchNorm: {name} must be float32 for 16-bit data and otherwise of the data's type "
                f"{type_name(data.dtype)}; received {type_name(array.dtype)}"
            )


CHANNELS = ((3,), (3,), (3,), Input((3,), low=0.5))

_DOUBLE = (Input((3,), "float64"), Input((3,), "float64"), Input((3,), "float64"), Input((3,), "float64", low=0.5))


def hidden_values(
    inputs: Sequence[Any], output: Tensor, attributes: Mapping[str, Any], training: bool
) -> Sequence[Tensor]:
    """Return the mean and 1 / sqrt(var + eps), which are outputs on request."""
    function: Callable[..., tuple[Tensor, ...]] = batch_norm
    return function(*inputs, **{**attributes, "output_mean_var": True}, training=training)[1:3]


@operator(
    "BatchNorm",
    npx="batch_norm",
    hidden_values=hidden_values,
    from_partial=_known_outputs,
    types="T, T+, T+, T+, T+ -> T, T+, T+",
    auxiliary=STATES,
    states_of_training=True,
    outputs=outputs,
    output_names=("output", "mean", "var"),
    hidden_outputs=hidden_outputs,
    initializers=INITIALIZERS,
    infer_inputs=batch_norm_shapes,
    infer_outputs=like_first,
    kind="norm",
    flops=2,  # in prediction the statistics are constants: one factor and one addend for each channel
    precision="any",
)
def batch_norm(
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
    axis: int = 1,
    cudnn_off: bool = False,
    min_calib_range: float | None = None,
    max_calib_range: float | None = None,
    training: Training,
) -> tuple[Tensor, ...]:
    """Normalize each channel: gamma (data - mean) / sqrt(var + eps) + beta.

    In training mode the mean and variance (without Bessel's correction) are those of the batch, with which backward()
    updates the moving statistics: moving = momentum moving + (1 - momentum) batch. Otherwise they are the moving
    statistics.

    Parameters
    ----------
    data : NDArray
        (N, C, ...), of any number of axes.
    gamma, beta, moving_mean, moving_var : NDArray
        (C,), of the type of the data, or float32 for 16-bit data.
    eps : float, default 0.001
        Added to the variance.
    momentum : float, default 0.9
        The weight of the old moving statistics in each update.
    fix_gamma : bool, default True
        Take gamma as 1, with a gradient of 0.
    use_global_stats : bool, default False
        Use the moving statistics in training mode too, and do not update them.
    output_mean_var : bool, default False
        Also return the mean and 1 / sqrt(var + eps), through which no gradient flows.
    axis : int, default 1
        The axis of the channels.
    min_calib_range, max_calib_range : None
        For quantization, which is not provided.
    cudnn_off
        A hint on how to compute, which never changes the result; torch decides itself.

    Returns
    -------
    NDArray or list of NDArray
        The normalized data; with `output_mean_var` a list of three.

    Raises
    ------
    MXNetError
        Shapes, types or the axis do not fit.

    Differs from MXNet
    ------------------
    With `fix_gamma` the array gamma is unchanged, where MXNet overwrites it with ones.
    """
    if min_calib_range is not None or max_calib_range is not None:
        raise MXNetError(
            "BatchNorm: min_calib_range and max_calib_range must be left out, quantization is not provided; "
            f"received {min_calib_range} and {max_calib_range}"
        )
    result, mean, variance, *states = normalize(
        data, gamma, beta, moving_mean, moving_var, axis, eps=eps, momentum=momentum, fix_gamma=fix_gamma,
        of_batch=training and not use_global_stats,
    )  # fmt: skip
    if not output_mean_var:
        return result, *states
    spread = (variance + eps).rsqrt()
    return result, without_gradient(mean.clone(), data), without_gradient(spread, data), *states


def normalize(
    data: Tensor, gamma: Tensor, beta: Tensor, moving_mean: Tensor, moving_var: Tensor, axis: int, *, eps: float,
    momentum: float, fix_gamma: bool, of_batch: bool,
) -> tuple[Tensor, ...]:  # fmt: skip
    """Return the normalized data, the mean and variance by which it was, and the new moving statistics."""
    axis = channel_axis(data.dim(), axis)
    check(data, axis, gamma=gamma, beta=beta, moving_mean=moving_mean, moving_var=moving_var)
    weight: Tensor | None = gamma
    if fix_gamma:
        weight = without_gradient(torch.ones_like(gamma), gamma) if gamma.requires_grad else None
    moved = data if axis == 1 else data.movedim(axis, 1) if data.dim() > 1 else data.unsqueeze(0)
    new_mean, new_var = moving_mean, moving_var
    if of_batch:
        result, mean, variance = _normalize_batch(moved, weight, beta, eps)
        new_mean = moving_statistic(moving_mean, mean, momentum)
        new_var = moving_statistic(moving_var, variance, momentum)
    else:
        # A state never has a gradient, even if the user requested one.
        mean, variance = moving_mean.detach(), moving_var.detach()
        result = torch.batch_norm(moved, weight, beta, mean, variance, False, 0.0, eps, False)
    if axis != 1:
        result = result.movedim(1, axis).contiguous() if data.dim() > 1 else result.squeeze(0)
    return result, mean, variance, new_mean, new_var


cases(
    "BatchNorm",
    samples=lambda: [
        sample((4, 3, 2, 5), *CHANNELS, training=True, fix_gamma=False),
        sample((4, 3, 2, 5), exactly(1, 1, 1), *CHANNELS[1:], training=True, momentum=0.5, eps=0.1),
        sample((4, 3, 2, 5), *CHANNELS, training=True, fix_gamma=False, use_global_stats=True),
        sample((4, 3, 2, 5), *CHANNELS, fix_gamma=False, gradient=False),
        sample((4, 3, 2, 5), exactly(1, 1, 1), *CHANNELS[1:], gradient=False, output_mean_var=True),
        sample((4, 2, 3), *CHANNELS, training=True, fix_gamma=False, axis=-1, output_mean_var=True, derivative=False),
        sample((4, 3), *CHANNELS, training=True, fix_gamma=False),
        sample(Input((4, 3, 2), "float64"), *_DOUBLE, training=True, fix_gamma=False, momentum=0.75),
    ],
    refusals=lambda: [
        refused("gamma must have shape", (4, 3, 2), (2,), (3,), (3,), (3,)),
        refused("moving_var must have shape", (4, 3, 2), (3,), (3,), (3,), (2,)),
        refused("beta must be given", (4, 3, 2), (3,), None, (3,), (3,)),
        refused("gamma must be float32", (4, 3, 2), Input((3,), "float64"), (3,), (3,), (3,)),
        refused("beta must be float32", Input((4, 3, 2), "float16"), (3,), Input((3,), "float16"), (3,), (3,)),
        refused("axis must be one of", (4, 3, 2), (3,), (3,), (3,), (3,), axis=3),
        refused("floating-point", Input((4, 3, 2), "int32"), (3,), (3,), (3,), (3,)),
        refused("min_calib_range", (4, 3, 2), (3,), (3,), (3,), (3,), min_calib_range=0.5),
        refused("max_calib_range", (4, 3, 2), (3,), (3,), (3,), (3,), max_calib_range=0.5),
    ],
)  # fmt: skip


def _normalize_batch(data: Tensor, weight: Tensor | None, beta: Tensor, eps: float) -> tuple[Tensor, Tensor, Tensor]:
    """Normalize by the batch; also return its mean and its variance without Bessel's correction."""
    mean, variance = torch.zeros_like(beta, requires_grad=False), torch.zeros_like(beta, requires_grad=False)
    # With a momentum of 1, torch leaves the statistics of the batch in the arrays that it updates.
    result = torch.batch_norm(data, weight, beta, mean, variance, True, 1.0, eps, False)
    count = data.numel() // max(data.shape[1], 1)
    # torch leaves the variance with Bessel's correction, which for a single value is 0 / 0.
    return result, mean, variance * ((count - 1) / count) if count > 1 else torch.zeros_like(variance)


def moving_statistic(moving: Tensor, batch: Tensor, momentum: float) -> Tensor:
    """Return what a moving statistic becomes."""
    return torch.lerp(batch, moving.detach(), momentum)


@operator(
    "_contrib_BatchNormWithReLU",
    hidden_values=hidden_values,
    from_partial=_known_outputs,
    types="T, T+, T+, T+, T+ -> T, T+, T+",
    auxiliary=STATES,
    states_of_training=True,
    outputs=outputs,
    output_names=("output", "mean", "var"),
    hidden_outputs=lambda attributes: 1 + hidden_outputs(attributes),  # where the result is negative, for backward()
    initializers=INITIALIZERS,
    infer_inputs=batch_norm_shapes,
    infer_outputs=like_first,
    kind="norm",
    flops=3,  # as BatchNorm, and the maximum with 0
    precision="unlisted",
)
def batch_norm_with_relu(
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
    axis: int = 1,
    cudnn_off: bool = False,
    min_calib_range: float | None = None,
    max_calib_range: float | None = None,
    training: Training,
) -> tuple[Tensor, ...]:
    """Normalize each channel as BatchNorm does, and set negative results to 0.

    Parameters
    ----------
    data, gamma, beta, moving_mean, moving_var, eps, momentum, fix_gamma, use_global_stats, output_mean_var, axis
        As in `glueball.nd.BatchNorm`.
    cudnn_off, min_calib_range, max_calib_range
        As in `glueball.nd.BatchNorm`.
    """
    result = batch_norm(
        data, gamma, beta, moving_mean, moving_var, eps=eps, momentum=momentum, fix_gamma=fix_gamma,
        use_global_stats=use_global_stats, output_mean_var=output_mean_var, axis=axis, cudnn_off=cudnn_off,
        min_calib_range=min_calib_range, max_calib_range=max_calib_range, training=training,
    )  # fmt: skip
    return torch.relu(result[0]), *result[1:]


cases(
    "_contrib_BatchNormWithReLU",
    samples=lambda: [
        sample((4, 3, 2, 5), *CHANNELS, fix_gamma=False, gradient=False),
        # MXNet changes the moving statistics here without telling its scheduler: reading them is a race.
        sample((4, 3, 2, 5), *CHANNELS, training=True, fix_gamma=False, judge="numpy"),
        sample((4, 3), *CHANNELS, training=True, fix_gamma=False, judge="numpy"),
    ],
    refusals=lambda: [refused("gamma must have shape", (4, 3, 2), (2,), (3,), (3,), (3,))],
)
