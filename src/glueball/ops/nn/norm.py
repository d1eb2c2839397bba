"""Normalization within each sample: over one axis, over an image, over groups of channels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Positive
from ..checks import one_type, same_float
from ..declare import cases, operator
from ..gradient import without_gradient
from ..samples import Input, refused, sample
from ..shape_rule import PartialShape, first_of_several, like_first
from .batch_norm import hidden_outputs, outputs


def _layer_norm_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    data = shapes[0]
    if data is None:
        return shapes
    length = (data[_axis(len(data), attributes["axis"])],)
    return [data, length, length]


def _layer_norm_outputs(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    data = shapes[0]
    if data is None or not attributes["output_mean_var"]:
        return [data] * outputs(attributes)
    axis = _axis(len(data), attributes["axis"])
    means = (*data[:axis], 1, *data[axis + 1 :])
    return [data, means, means]


def _instance_norm_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    data = shapes[0]
    return shapes if data is None or len(data) < 2 else [data, (data[1],), (data[1],)]


def _group_norm_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    groups = (attributes["num_groups"],)
    return shapes if shapes[0] is None else [shapes[0], groups, groups]


def _axis(rank: int, axis: int) -> int:
    if not -rank <= axis < rank:
        raise MXNetError(f"LayerNorm: axis must be one of the data's {rank} axes; received {axis}")
    return axis % rank


def _layer_statistics(
    inputs: Sequence[Any], output: Tensor, attributes: Mapping[str, Any], training: bool
) -> Sequence[Tensor]:
    """Return the mean and the deviation, which are outputs on request."""
    function: Callable[..., Any] = layer_norm
    return tuple(function(*inputs, **{**attributes, "output_mean_var": True}))[1:]


def _group_statistics(
    inputs: Sequence[Any], output: Tensor, attributes: Mapping[str, Any], training: bool
) -> Sequence[Tensor]:
    function: Callable[..., Any] = group_norm
    return tuple(function(*inputs, **{**attributes, "output_mean_var": True}))[1:]


def _check(owner: str, data: Tensor, gamma: Tensor, beta: Tensor, length: int) -> None:
    for name, array in (("gamma", gamma), ("beta", beta)):
        if array.shape != (length,):
            raise MXNetError(f"{owner}: {name} must have shape {(length,)}; received {tuple(array.shape)}")
    if not same_float(data, gamma, beta):
        raise one_type(owner, data=data, gamma=gamma, beta=beta)


@operator(
    "LayerNorm",
    npx="layer_norm",
    hidden_values=_layer_statistics,
    from_partial=_layer_norm_outputs,
    outputs=outputs,
    output_names=("output", "mean", "std"),
    hidden_outputs=hidden_outputs,
    infer_inputs=_layer_norm_shapes,
    infer_outputs=like_first,
    kind="norm",
    flops=7,  # mean, variance (3), subtraction, and two products or sums with constants of the channel
    precision="single",
)
def layer_norm(
    data: Tensor,
    gamma: Tensor,
    beta: Tensor,
    *,
    axis: int = -1,
    eps: float = 1e-5,
    output_mean_var: bool = False,
) -> Tensor | tuple[Tensor, Tensor, Tensor]:
    """Normalize along one axis: gamma (data - mean) / sqrt(var + eps) + beta.

    Parameters
    ----------
    data : NDArray
        Of any number of axes.
    gamma, beta : NDArray
        (length of the axis,), of the type of the data.
    axis : int, default -1
        The axis along which the mean and variance are computed.
    eps : float, default 1e-5
        Added to the variance.
    output_mean_var : bool, default False
        Also return the mean and sqrt(var + eps), through which no gradient flows.

    Returns
    -------
    NDArray or list of NDArray
        The normalized data; with `output_mean_var` a list of three, the others with a length of 1 along the axis.
    """
    axis = _axis(data.dim(), axis)
    _check("LayerNorm", data, gamma, beta, data.shape[axis])
    last = data.movedim(axis, -1)
    result = F.layer_norm(last, gamma.shape, gamma, beta, eps).movedim(-1, axis).contiguous()
    if not output_mean_var:
        return result
    variance, mean = torch.var_mean(data.detach(), axis, correction=0, keepdim=True)
    return result, without_gradient(mean, data), without_gradient((variance + eps).sqrt(), data)


cases(
    "LayerNorm",
    samples=lambda: [
        sample((4, 5), (5,), (5,)),
        sample((2, 3, 4), (3,), (3,), axis=1, eps=0.1),
        sample((2, 3, 4), (4,), (4,), output_mean_var=True, derivative=False),
        sample((2, 3, 4), (2,), (2,), axis=0, eps=0.5, output_mean_var=True, derivative=False),
        sample(Input((4, 5), "float64"), Input((5,), "float64"), Input((5,), "float64"), eps=0.5),
    ],
    refusals=lambda: [
        refused("axis must be one of", (2, 3), (3,), (3,), axis=2),
        refused("gamma must have shape", (2, 3), (2,), (3,)),
        refused("beta must have shape", (2, 3), (3,), (1,)),
        refused("one floating-point type", (2, 3), Input((3,), "float64"), (3,)),
    ],
)


def _instance_statistics(
    inputs: Sequence[Tensor], output: Tensor, attributes: Mapping[str, Any], training: bool
) -> Sequence[Tensor]:
    data = inputs[0]
    variance, mean = torch.var_mean(data, tuple(range(2, data.dim())), correction=0)
    return mean, variance


@operator(
    "InstanceNorm",
    names_gradients=True,
    computed_anew=True,
    from_partial=first_of_several,
    output_names=("output", "mean", "var"),
    hidden_values=_instance_statistics,
    hidden_outputs=2,
    infer_inputs=_instance_norm_shapes,
    infer_outputs=like_first,
    kind="norm",
    flops=7,  # as LayerNorm
    precision="single",
)
def instance_norm(data: Tensor, gamma: Tensor, beta: Tensor, *, eps: float = 1e-3) -> Tensor:
    """Normalize each channel of each sample over its image: gamma (data - mean) / sqrt(var + eps) + beta.

    Parameters
    ----------
    data : NDArray
        (N, C, ...) with at least 3 axes. MXNet's CPU build takes float32 only; here every floating-point type works.
    gamma, beta : NDArray
        (C,), of the type of the data.
    eps : float, default 0.001
        Added to the variance.
    """
    if data.dim() < 3:
        raise MXNetError(f"InstanceNorm: data must have at least 3 dimensions; received shape {tuple(data.shape)}")
    _check("InstanceNorm", data, gamma, beta, data.shape[1])
    return torch.instance_norm(data, gamma, beta, None, None, True, 0.0, eps, False)


cases(
    "InstanceNorm",
    samples=lambda: [
        sample((2, 3, 4), (3,), (3,)),
        sample((2, 3, 4, 2), (3,), (3,), eps=0.1),
        sample(Input((2, 3, 4), "float64"), Input((3,), "float64"), Input((3,), "float64"), judge="numpy"),
    ],
    refusals=lambda: [
        refused("at least 3 dimensions", (2, 3), (3,), (3,)),
        refused("gamma must have shape", (2, 3, 4), (4,), (3,)),
        refused("one floating-point type", (2, 3, 4), (3,), Input((3,), "float64")),
    ],
)


@operator(
    "GroupNorm",
    hidden_values=_group_statistics,
    outputs=outputs,
    output_names=("output", "mean", "std"),
    hidden_outputs=hidden_outputs,
    infer_inputs=_group_norm_shapes,
    infer_outputs=like_first,
    from_outputs="nothing",
    kind="norm",
    flops=7,  # as LayerNorm
    precision="single",
)
def group_norm(
    data: Tensor,
    gamma: Tensor,
    beta: Tensor,
    *,
    num_groups: Positive = 1,
    eps: float = 1e-5,
    output_mean_var: bool = False,
) -> Tensor | tuple[Tensor, Tensor, Tensor]:
    """Normalize groups of channels of each sample: gamma (data - mean) / sqrt(var + eps) + beta.

    Parameters
    ----------
    data : NDArray
        (N, C, ...) with at least 3 axes.
    gamma, beta : NDArray
        (num_groups,): one number per group, not per channel.
    num_groups : int, default 1
        The number of groups; it divides C.
    eps : float, default 1e-5
        Added to the variance.
    output_mean_var : bool, default False
        Also return the mean and sqrt(var + eps), through which no gradient flows.

    Returns
    -------
    NDArray or list of NDArray
        The normalized data; with `output_mean_var` a list of three, the others of shape (N, num_groups).
    """
    if data.dim() < 3:
        raise MXNetError(f"GroupNorm: data must have at least 3 dimensions; received shape {tuple(data.shape)}")
    if data.shape[1] % num_groups:
        raise MXNetError(f"GroupNorm: num_groups must divide the {data.shape[1]} channels; received {num_groups}")
    _check("GroupNorm", data, gamma, beta, num_groups)
    per_group = data.shape[1] // num_groups
    result = F.group_norm(data, num_groups, gamma.repeat_interleave(per_group), beta.repeat_interleave(per_group), eps)
    if not output_mean_var:
        return result
    groups = data.detach().reshape(data.shape[0], num_groups, -1)
    variance, mean = torch.var_mean(groups, -1, correction=0)
    return result, without_gradient(mean, data), without_gradient((variance + eps).sqrt(), data)


cases(
    "GroupNorm",
    samples=lambda: [
        sample((2, 4, 5), (2,), (2,), num_groups=2),
        sample((2, 6, 2, 3), (3,), (3,), num_groups=3, eps=0.1, output_mean_var=True, derivative=False),
        sample(Input((2, 4, 5), "float64"), Input((1,), "float64"), Input((1,), "float64"), eps=0.5),
    ],
    refusals=lambda: [
        refused("at least 3 dimensions", (2, 4), (2,), (2,), num_groups=2),
        refused("num_groups must divide", (2, 4, 5), (3,), (3,), num_groups=3),
        refused("gamma must have shape", (2, 4, 5), (4,), (2,), num_groups=2),
        refused("num_groups must be an int of at least 1", (2, 4, 5), (4,), (4,), num_groups=0),
    ],
)
