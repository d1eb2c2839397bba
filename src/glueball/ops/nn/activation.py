"""Activation functions: Activation, and LeakyReLU with its variants."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import MXNetError
from ..checks import not_float
from ..declare import Rng, Training, cases, operator
from ..draw import Source, draw
from ..samples import Input, exactly, refused, sample
from ..shape_rule import PartialShape


def _softrelu(data: Tensor) -> Tensor:
    # Above 40 the result equals the input in every type; torch's default threshold of 20 shows in float64.
    return F.softplus(data, threshold=40)


_ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "softrelu": _softrelu,
    "softsign": F.softsign,
    "tanh": torch.tanh,
}


def _prepare(attributes: Mapping[str, Any]) -> Callable[[Tensor], Tensor]:
    function = _ACTIVATIONS[attributes["act_type"]]

    def activate(data: Tensor) -> Tensor:
        if not data.is_floating_point():
            raise not_float("Activation", data)
        return function(data)

    return activate


_EDGES = exactly(-30, -3, -1, 0, 0.5, 3, 30)


@operator(
    "Activation",
    npx="activation",
    names_inputs=False,
    elementwise=True,
    prepare=_prepare,
    kind="activation",
    caption="{act_type}",
    output_names=("output",),
    precision="any",
    single_if={"act_type": ("softrelu",)},
)
def activation(data: Tensor, *, act_type: Literal["relu", "sigmoid", "softrelu", "softsign", "tanh"]) -> Tensor:
    """Apply an activation function to each element.

    Parameters
    ----------
    data : NDArray
        Of any shape and floating-point type.
    act_type : {'relu', 'sigmoid', 'softrelu', 'softsign', 'tanh'}
        max(x, 0); 1 / (1 + exp(-x)); log(1 + exp(x)); x / (1 + abs(x)); tanh(x). The slope of 'relu' at 0 is 0.

    Differs from MXNet
    ------------------
    NaN stays NaN under 'relu', where MXNet's CPU build gives 0 for float32.
    """
    return _prepare({"act_type": act_type})(data)


cases(
    "Activation",
    samples=lambda: [
        *[sample((2, 3, 4), act_type=name) for name in _ACTIVATIONS],
        *[sample(_EDGES, act_type=name, derivative=name != "relu") for name in _ACTIVATIONS],
        *[sample(Input((2, 3), "float64"), act_type=name) for name in _ACTIVATIONS],
    ],
    refusals=lambda: [
        refused("act_type must be one of", (2, 3), act_type="cubic"),
        refused("act_type must be given", (2, 3)),
        refused("floating-point", Input((2, 3), "int32"), act_type="relu"),
    ],
)


def _leaky_relu_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    data = shapes[0]
    return shapes if data is None or len(data) < 2 else [data, (data[1],)]


def _outputs(attributes: Mapping[str, Any]) -> int:
    return 2 if attributes["act_type"] == "rrelu" else 1


def _spread_gamma(gamma: Tensor, data: Tensor) -> Tensor:
    """View prelu's slopes so that they broadcast: one for all, one per channel, or along the first axes."""
    if gamma.numel() == 1:
        return gamma.reshape(())
    rank = data.dim()
    first = 1 if gamma.dim() == 1 and rank > 1 and gamma.shape[0] == data.shape[1] else 0
    fits = gamma.dim() + first <= rank and all(
        length in (1, data.shape[first + axis]) for axis, length in enumerate(gamma.shape)
    )
    if not fits:
        raise MXNetError(
            f"LeakyReLU: gamma must have shape (1,) or (channels,) for prelu; received {tuple(gamma.shape)} "
            f"for data of shape {tuple(data.shape)}"
        )
    return gamma.reshape((1,) * first + gamma.shape + (1,) * (rank - first - gamma.dim()))


def _prelu(data: Tensor, gamma: Tensor | None) -> Tensor:
    if gamma is None:
        raise MXNetError("LeakyReLU: gamma must be given for act_type='prelu'; received nothing")
    if gamma.dtype is not data.dtype:
        raise MXNetError(
            f"LeakyReLU: gamma must have the data's type {type_name(data.dtype)}; received {type_name(gamma.dtype)}"
        )
    return torch.where(data > 0, data, data * _spread_gamma(gamma, data))


def _rrelu(data: Tensor, lower: float, upper: float, training: bool, rng: Source) -> tuple[Tensor, Tensor]:
    """Return the result and the slope that each element was multiplied by."""
    if training:
        if lower > upper:
            raise MXNetError(f"LeakyReLU: lower_bound must not exceed upper_bound {upper}; received {lower}")
        slopes = draw(rng, "uniform", data.shape, data.dtype, data.device, lower, upper)
    else:
        slopes = torch.full_like(data, (lower + upper) / 2, requires_grad=False)
    slopes = slopes.masked_fill(data.detach() > 0, 1.0)
    return data * slopes, slopes


def _caption(attributes: Mapping[str, Any]) -> str:
    kind = attributes["act_type"]
    return f"{kind} {attributes['slope']:g}" if kind in ("leaky", "elu") else str(kind)


@operator(
    "LeakyReLU",
    npx="leaky_relu",
    computed_anew=False,
    from_partial=lambda shapes, attributes: [shapes[0]] * _outputs(attributes),
    infer_inputs=_leaky_relu_shapes,
    infer_outputs=lambda shapes, attributes: None if attributes["act_type"] == "rrelu" else [shapes[0]],
    outputs=_outputs,
    output_names=("output", "mask"),
    omits=lambda attributes: () if attributes["act_type"] == "prelu" else ("gamma",),
    initializers={"gamma": '["Constant", {"value": 0.25}]'},
    kind="activation",
    flops=1,
    caption=_caption,
    precision="any",
    single_if={"act_type": ("elu", "selu")},
)
def leaky_relu(
    data: Tensor,
    gamma: Tensor | None = None,
    *,
    act_type: Literal["leaky", "elu", "gelu", "prelu", "rrelu", "selu"] = "leaky",
    slope: float = 0.25,
    lower_bound: float = 0.125,
    upper_bound: float = 0.334,
    training: Training,
    rng: Rng,
) -> Tensor | tuple[Tensor, Tensor]:
    """Apply a leaky rectifier, which does not set negative elements to 0.

    Parameters
    ----------
    data : NDArray
        Of any shape and floating-point type.
    gamma : NDArray
        The slopes of 'prelu': (1,), or (channels,) along axis 1; left out otherwise.
    act_type : {'leaky', 'elu', 'gelu', 'prelu', 'rrelu', 'selu'}, default 'leaky'
        The function of x. 'leaky': x, or slope x below 0. 'elu': x, or slope (exp(x) - 1) below 0. 'gelu': x Phi(x),
        with the exact normal distribution function. 'prelu': x, or gamma x below 0. 'rrelu': x, or below 0 x times a
        random slope from `lower_bound` to `upper_bound`, in prediction mode their mean. 'selu': 1.0507 x, or
        1.7581 (exp(x) - 1) below 0.
    slope : float, default 0.25
        For 'leaky' and 'elu'.
    lower_bound, upper_bound : float, default 0.125 and 0.334
        For 'rrelu'.

    Returns
    -------
    NDArray or list of NDArray
        For 'rrelu' two arrays: the result, and the slope of each element.

    Differs from MXNet
    ------------------
    MXNet 1.9.1 has a wrong derivative of 'selu' below 0 and of 'rrelu' in prediction mode, and fails
    on 'rrelu' in training mode; here they are right.
    """
    if not data.is_floating_point():
        raise not_float("LeakyReLU", data)
    if act_type == "prelu":
        return _prelu(data, gamma)
    if gamma is not None:
        raise MXNetError(f"LeakyReLU: gamma must be left out unless act_type is 'prelu'; received {tuple(gamma.shape)}")
    if act_type == "leaky":
        return F.leaky_relu(data, slope)
    if act_type == "elu":
        return F.elu(data, slope)
    if act_type == "gelu":
        return F.gelu(data)
    if act_type == "selu":
        return F.selu(data)
    return _rrelu(data, lower_bound, upper_bound, training, rng)


cases(
    "LeakyReLU",
    samples=lambda: [
        sample((2, 3, 4), None),
        sample(_EDGES, None, slope=0.1, derivative=False),
        sample((2, 3, 4), None, act_type="elu"),
        sample(_EDGES, None, act_type="elu", slope=1.5, derivative=False),
        sample((2, 3, 4), None, act_type="gelu"),
        sample(_EDGES, None, act_type="gelu"),
        sample((2, 3, 4), None, act_type="selu", gradient=False),
        sample((2, 3, 4), None, act_type="rrelu", judge="numpy"),
        sample((2, 3, 4), (3,), act_type="prelu"),
        sample((2, 3, 4), (1,), act_type="prelu"),
        sample((3, 3), (3,), act_type="prelu"),
        sample((4,), (4,), act_type="prelu"),
        sample(exactly(-1, 0, 2), (1,), act_type="prelu", derivative=False),
        sample((2, 3, 4), None, act_type="rrelu", training=True, judge="numpy", gradient=False),
        # MXNet computes these in single precision.
        sample(Input((2, 3), "float64"), None, slope=0.125, rtol=1e-6),
        sample(Input((2, 3), "float64"), None, act_type="elu", rtol=1e-6),
        sample(Input((2, 3), "float64"), None, act_type="gelu", rtol=1e-6),
        sample(Input((2, 3), "float64"), Input((3,), "float64"), act_type="prelu", rtol=1e-6),
    ],
    refusals=lambda: [
        refused("act_type must be one of", (2, 3), None, act_type="relu6"),
        refused("gamma must be given", (2, 3), None, act_type="prelu"),
        refused("gamma must be left out", (2, 3), (3,)),
        refused("gamma must have shape", (2, 3, 4), (4,), act_type="prelu"),
        refused("gamma must have the data's type", (2, 3), Input((3,), "float64"), act_type="prelu"),
        refused("floating-point", Input((2, 3), "int32"), None),
    ],
)
