"""Multiplies batch normalization into the weights of the convolution before it."""

from __future__ import annotations

import torch
from torch import Tensor, fx

from ..draft import Draft
from ..fused import FusedConvolution
from ..matching import arguments, attributes, first_output, unfinished_convolution

SAVES_WORK = True


def rewrite(draft: Draft) -> int:
    """Fold each BatchNorm that takes what a convolution alone gives it; both must have their parameters."""
    count, constants = 0, draft.constants()
    for norm in draft.calls("BatchNorm"):
        convolution, *parameters = arguments(norm)
        call, output = unfinished_convolution(convolution), first_output(norm)
        if call is None or output is None or not constants.issuperset(parameters):
            continue
        if _channels_fit(call, norm) and arguments(convolution)[3] is None:
            _fold(draft, call, convolution, norm, output)
            count += 1
    return count


def _channels_fit(call: FusedConvolution, norm: fx.Node) -> bool:
    rank = len(call.stride) + 2
    axis: int = attributes(norm)["axis"] % rank
    return axis == (rank - 1 if call.last else 1)


def _fold(draft: Draft, call: FusedConvolution, convolution: fx.Node, norm: fx.Node, output: fx.Node) -> None:
    data, weight, bias, _ = arguments(convolution)
    _, gamma, beta, mean, variance = arguments(norm)
    how = attributes(norm)
    factor = draft.insert(norm, scale, None if how["fix_gamma"] else gamma, variance, how["eps"])
    bias = draft.insert(norm, shifted, bias, beta, mean, factor, weight)
    weight = draft.insert(norm, scaled, weight, factor)
    draft.replace(output, call, data, weight, bias, None, source=convolution)
    draft.graph.erase_node(norm)
    draft.graph.erase_node(convolution)


def scale(gamma: Tensor | None, variance: Tensor, eps: float) -> Tensor:
    """Return what each channel is multiplied by, in double precision."""
    factor = torch.rsqrt(variance.double() + eps)
    return factor if gamma is None else factor * gamma.double()


def scaled(weight: Tensor, factor: Tensor) -> Tensor:
    """Multiply the filters."""
    return weight * factor.reshape(-1, *[1] * (weight.dim() - 1)).to(weight.dtype)


def shifted(bias: Tensor | None, beta: Tensor, mean: Tensor, factor: Tensor, weight: Tensor) -> Tensor:
    """Return the bias, of the type of the filters: what the normalization adds to each channel."""
    middle = -mean.double() if bias is None else bias.double() - mean.double()
    return (middle * factor + beta.double()).to(weight.dtype)
