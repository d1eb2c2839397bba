"""Multiplies batch normalization into the weights of the layer before it."""

from __future__ import annotations

import torch
from torch import Tensor, fx

from ..draft import Draft
from ..fused import FusedLayer, Spread
from ..matching import arguments, attributes, first_output, unfinished

SAVES_WORK = True


def rewrite(draft: Draft) -> int:
    """Fold each BatchNorm that takes what a layer alone gives it; both must have their parameters."""
    count, constants = 0, draft.constants()
    for norm in draft.calls("BatchNorm"):
        layer, *parameters = arguments(norm)
        call, output = unfinished(layer), first_output(norm)
        if call is None or output is None or not constants.issuperset(parameters):
            continue
        if _channels_fit(call, norm) and arguments(layer)[3] is None:
            _fold(draft, call, layer, norm, output)
            count += 1
    return count


def _channels_fit(call: FusedLayer, norm: fx.Node) -> bool:
    """Whether it is normalized along the axis of the channels."""
    channels = call.channels
    axis: int = attributes(norm)["axis"] % channels.rank
    return axis == channels.axis


def _fold(draft: Draft, call: FusedLayer, layer: fx.Node, norm: fx.Node, output: fx.Node) -> None:
    data, weight, bias, _ = arguments(layer)
    _, gamma, beta, mean, variance = arguments(norm)
    how = attributes(norm)
    factor = draft.insert(norm, scale, None if how["fix_gamma"] else gamma, variance, how["eps"])
    bias = draft.insert(norm, shifted, bias, beta, mean, factor, weight)
    weight = draft.insert(norm, scaled, weight, draft.insert(norm, Spread(call), factor, weight))
    draft.replace(output, call, data, weight, bias, None, source=layer)
    draft.graph.erase_node(norm)
    draft.graph.erase_node(layer)


def scale(gamma: Tensor | None, variance: Tensor, eps: float) -> Tensor:
    """Return what each channel is multiplied by, in double precision."""
    factor = torch.rsqrt(variance.double() + eps)
    return factor if gamma is None else factor * gamma.double()


def scaled(weight: Tensor, factor: Tensor) -> Tensor:
    """Multiply the weight."""
    return weight * factor.to(weight.dtype)


def shifted(bias: Tensor | None, beta: Tensor, mean: Tensor, factor: Tensor, weight: Tensor) -> Tensor:
    """Return the bias, of the type of the weight: what the normalization adds to each channel."""
    middle = -mean.double() if bias is None else bias.double() - mean.double()
    return (middle * factor + beta.double()).to(weight.dtype)
