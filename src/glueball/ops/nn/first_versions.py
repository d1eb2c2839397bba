"""Operators of old graphs, of which MXNet has kept the first version: Convolution_v1, Pooling_v1, BatchNorm_v1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from ...core.errors import MXNetError
from ...core.torch_function import TensorFunction
from ..attrs import NonNegative, Positive, Shape
from ..declare import Training, cases, operator
from ..gradient import without_gradient
from ..samples import Input, exactly, refused, sample
from ..shape_rule import PartialShape, like_first
from .batch_norm import batch_norm_shapes, hidden_outputs, normalize, outputs
from .bias import without_bias
from .conv import caption, convolution, convolution_output, convolution_shapes, multiply_adds
from .pool import along, check_padding, pooling, pooling_flops


def _check_images(owner: str, data: Tensor) -> None:
    if data.dim() != 4:
        raise MXNetError(
            f"{owner}: data must have 4 dimensions (N, C, H, W); received shape {tuple(data.shape)}; "
            f"use {owner.removesuffix('_v1')}"
        )


@operator(
    "Convolution_v1", names_gradients=True,
    computed_anew=True, omits=without_bias, infer_inputs=convolution_shapes, from_outputs="nothing",
    from_partial=convolution_output, kind="convolution",
    multiply_adds=multiply_adds, caption=caption, precision="single", output_names=("output",),
)  # fmt: skip
def convolution_v1(
    data: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    kernel: Shape,
    stride: Shape = (),
    dilate: Shape = (),
    pad: Shape = (),
    num_filter: Positive,
    num_group: Positive = 1,
    workspace: NonNegative = 1024,
    no_bias: bool = False,
    cudnn_tune: Literal["fastest", "limited_workspace", "off"] | None = None,
    cudnn_off: bool = False,
    layout: Literal["NCDHW", "NCHW", "NDHWC", "NHWC"] | None = None,
) -> Tensor:
    """Convolve images, as `glueball.nd.Convolution` does.

    Parameters
    ----------
    data, weight, bias, kernel, stride, dilate, pad, num_filter, num_group, no_bias
        As in `glueball.nd.Convolution`, for two dimensions.
    layout : {None, 'NCHW'}
        The order of the axes.
    workspace, cudnn_tune, cudnn_off
        Hints on how to compute, which never change the result; torch decides itself.
    """
    _check_images("Convolution_v1", data)
    if layout not in (None, "NCHW"):
        raise MXNetError(f"Convolution_v1: layout must be None or 'NCHW'; received {layout!r}; use Convolution")
    return convolution(
        data, weight, bias, kernel=kernel, stride=stride, dilate=dilate, pad=pad, num_filter=num_filter,
        num_group=num_group, no_bias=no_bias,
    )  # fmt: skip


cases(
    "Convolution_v1",
    samples=lambda: [
        sample((2, 4, 7, 8), (6, 4, 3, 2), (6,), kernel=(3, 2), num_filter=6),
        sample((1, 4, 9, 7), (8, 2, 3, 3), None, kernel=(3, 3), num_filter=8, num_group=2, no_bias=True,
               dilate=(2, 1), pad=(2, 0)),
        sample((2, 4, 7, 8), (6, 4, 3, 3), (6,), kernel=(3, 3), num_filter=6, stride=(2, 3), pad=(1, 2)),
    ],
    refusals=lambda: [
        refused("weight must have shape", (1, 3, 5, 5), (4, 2, 3, 3), (4,), kernel=(3, 3), num_filter=4),
        refused("data must have 4 dimensions", (1, 3, 5), (4, 3, 3), (4,), kernel=(3,), num_filter=4),
        refused("layout must be None", (1, 5, 5, 3), (4, 3, 3, 3), (4,), kernel=(3, 3), num_filter=4, layout="NHWC"),
    ],
)  # fmt: skip


@operator(
    "Pooling_v1",
    names_gradients=True,
    computed_anew=True,
    names_inputs=True,
    from_outputs="nothing",
    kind="pooling",
    flops=pooling_flops,
    precision=("any", "single"),
)
def pooling_v1(
    data: Tensor,
    *,
    kernel: Shape = (),
    pool_type: Literal["avg", "max", "sum"] = "max",
    global_pool: bool = False,
    pooling_convention: Literal["full", "valid"] = "valid",
    stride: Shape = (),
    pad: Shape = (),
) -> Tensor:
    """Reduce each window of an image to one number, as `glueball.nd.Pooling` does.

    Parameters
    ----------
    data, kernel, pool_type, global_pool, pooling_convention, stride, pad
        As in `glueball.nd.Pooling`, for two dimensions; but for 'max', padding counts as zeros, and 'avg'
        always divides by the size of the kernel.
    """
    _check_images("Pooling_v1", data)
    if pool_type == "max":
        if global_pool:
            kernel, stride, pad = tuple(data.shape[2:]), (), ()
        stride, pad = along(kernel, stride), along(kernel, pad)
        check_padding(tuple(data.shape), kernel, stride, pad, pooling_convention)
        return _maximum(data, kernel, stride or (1, 1), pad or (0, 0), pooling_convention == "full")
    mean_of_kernels = pool_type == "avg" and not global_pool
    result = pooling(
        data, kernel=kernel, pool_type="sum" if mean_of_kernels else pool_type, global_pool=global_pool,
        pooling_convention=pooling_convention, stride=stride, pad=pad,
    )  # fmt: skip
    return result / prod(kernel) if mean_of_kernels else result


class _Largest(TensorFunction):
    """The largest element of each window. All elements that are equal to it get the full gradient."""

    @staticmethod
    def forward(ctx: Any, data: Tensor, kernel: Shape, stride: Shape) -> Tensor:
        result = F.max_pool2d(data, kernel, stride)
        ctx.save_for_backward(data, result)
        ctx.kernel, ctx.stride = kernel, stride
        return result

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        data, result = ctx.saved_tensors
        one_channel = data.flatten(0, 1).unsqueeze(1)
        windows = F.unfold(one_channel, ctx.kernel, stride=ctx.stride)
        largest, slopes = (each.flatten(0, 1).flatten(1).unsqueeze(1) for each in (result, gradient))
        columns = torch.where(windows == largest, slopes, 0.0)
        return F.fold(columns, data.shape[2:], ctx.kernel, stride=ctx.stride).reshape(data.shape), None, None


def _maximum(data: Tensor, kernel: Shape, stride: Shape, pad: Shape, full: bool) -> Tensor:
    """Return the largest elements of windows; padding counts as zeros, and what is beyond it does not count."""
    padded = F.pad(data, (pad[1], pad[1], pad[0], pad[0]))
    beyond = []
    for n, k, step in zip(padded.shape[2:], kernel, stride, strict=True):
        more = -((k - n) // step) if full else (n - k) // step
        beyond.append(max(more * step + k - n, 0))
    return _Largest.apply(F.pad(padded, (0, beyond[1], 0, beyond[0]), value=-torch.inf), kernel, stride)


_IMAGES = Input((2, 3, 7, 8), distinct=True)

cases(
    "Pooling_v1",
    samples=lambda: [
        sample(_IMAGES, kernel=(3, 2), stride=(2, 1), pad=(1, 0)),
        # Ties, also with the padding, and windows beyond the data.
        sample(exactly(0, 0, 1, 1, 0, 2, 2, 0, 0, shape=(1, 1, 3, 3)), kernel=(2, 2), pad=(1, 1), derivative=False),
        sample(_IMAGES, kernel=(2, 2), stride=(3, 1), pooling_convention="full"),
        sample(_IMAGES, kernel=(2, 3), stride=(2, 2), pooling_convention="full"),
        sample(_IMAGES, kernel=(3, 2), pool_type="avg", stride=(2, 2), pad=(1, 1)),
        sample(_IMAGES, kernel=(3, 3), pool_type="avg", stride=(2, 2), pad=(1, 1), pooling_convention="full"),
        sample(_IMAGES, kernel=(3, 2), pool_type="sum", stride=(2, 2)),
        sample(_IMAGES, global_pool=True, pool_type="avg", kernel=(2, 2)),
    ],
    refusals=lambda: [
        refused("data must have 4 dimensions", (1, 3, 5), kernel=(3,)),
        refused("pad must be smaller", (1, 3, 7, 8), kernel=(3, 3), pad=(3, 3)),
        refused("pool_type must be", (1, 3, 7, 8), kernel=(3, 3), pool_type="lp"),
    ],
)


def _batch_norm_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    return batch_norm_shapes(shapes, {**attributes, "axis": 1})


@operator(
    "BatchNorm_v1", auxiliary=("moving_mean", "moving_var"), states_of_training=True, outputs=outputs,
    output_names=("output", "mean", "var"), hidden_outputs=hidden_outputs,
    initializers={"moving_mean": '["zero", {}]', "moving_var": '["one", {}]'},
    infer_inputs=_batch_norm_shapes, infer_outputs=like_first, kind="norm", flops=2, precision=("any", "single"),
)  # fmt: skip
def batch_norm_v1(
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
    training: Training,
) -> tuple[Tensor, ...]:
    """Normalize each channel, as `glueball.nd.BatchNorm` does.

    Parameters
    ----------
    data, gamma, beta, moving_mean, moving_var, eps, momentum, fix_gamma, use_global_stats, output_mean_var
        As in `glueball.nd.BatchNorm`, with the channels on axis 1, and the variance itself as third result. Differs
        from MXNet, in which the operator cannot be called with arrays, only put into graphs.
    """
    if data.dim() != 2:
        _check_images("BatchNorm_v1", data)
    result, mean, variance, *states = normalize(
        data, gamma, beta, moving_mean, moving_var, 1, eps=eps, momentum=momentum, fix_gamma=fix_gamma,
        of_batch=training and not use_global_stats,
    )  # fmt: skip
    if not output_mean_var:
        return result, *states
    return result, without_gradient(mean.clone(), data), without_gradient(variance.clone(), data), *states


_CHANNELS = ((3,), (3,), (3,), Input((3,), low=0.5))

cases(
    "BatchNorm_v1",
    samples=lambda: [
        sample((4, 3, 2, 5), *_CHANNELS, training=True, fix_gamma=False, judge="numpy"),
        sample((4, 3, 2, 5), exactly(1, 1, 1), *_CHANNELS[1:], training=True, momentum=0.5, eps=0.1, judge="numpy"),
        sample((4, 3, 2, 5), *_CHANNELS, fix_gamma=False, gradient=False, output_mean_var=True, judge="numpy"),
    ],
    refusals=lambda: [
        refused("gamma must have shape", (4, 3, 2, 2), (2,), (3,), (3,), (3,)),
        refused("data must have 4 dimensions", (4, 3, 2), (3,), (3,), (3,), (3,)),
    ],
)
