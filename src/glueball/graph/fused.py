"""Operations that passes put in the place of several operators; like operators they are functions of torch tensors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from ..ops.nn.window import to_channels_first, to_channels_last


class NotFinite(Exception):
    """Raised by a call that computes something else than the graph where numbers are infinite or NaN."""


@dataclass(frozen=True)
class Activation:
    """A function of each element.

    Attributes
    ----------
    name : str
        What oneDNN's fused kernels call it, or '' where they have no such function: their relu makes 0 of NaN.
    function : callable
        The function; it writes its result into its argument.
    arguments : tuple
        Its further arguments.
    limits : tuple of float and float or None, optional
        For a function that replaces what is lower or higher: the lowest and the highest number that it returns.
    """

    name: str
    function: Callable[..., Tensor]
    arguments: tuple[Any, ...] = ()
    limits: tuple[float, float | None] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)  # torch.fx before 2.7 takes equal functions for the same one
class FusedConvolution:
    """A convolution, then a sum with another array if one is given, then an activation.

    Attributes
    ----------
    filters : tuple of int
        The shape of the weight.
    stride, pad, dilate : tuple of int
        One number for each spatial axis.
    groups : int
        The number of groups of channels.
    last : bool
        Whether data, result and the other array have their channels last. The weight has them first.
    activation : Activation, optional
        What is applied to the sum.
    """

    filters: tuple[int, ...]
    stride: tuple[int, ...]
    pad: tuple[int, ...]
    dilate: tuple[int, ...]
    groups: int
    last: bool
    activation: Activation | None = None

    __name__ = "fused_convolution"
    kernel = "torch convolution"

    def __call__(self, data: Tensor, weight: Tensor, bias: Tensor | None, other: Tensor | None = None) -> Tensor:
        """Compute it with torch's own operations."""
        if self.last:
            data = to_channels_first(data)
        kind, computed = data.dtype, self.computed(data.dtype)
        result = torch.convolution(
            data.to(computed), weight.to(computed), None if bias is None else bias.to(computed),
            self.stride, self.pad, self.dilate, False, (0,) * len(self.stride), self.groups,
        ).to(kind)  # fmt: skip
        if self.last:
            result = to_channels_last(result)
        if other is not None:
            result = result + other
        after = self.activation
        return result if after is None else after.function(result, *after.arguments)

    def computed(self, kind: torch.dtype) -> torch.dtype:
        """Return the type in which data of some type are computed on a CPU; `ops.nn.window.safe_type` says why."""
        return torch.float32 if kind is torch.bfloat16 and self.stride[-1] > 1 else kind

    def then(self, activation: Activation) -> FusedConvolution:
        """Return the same with an activation at its end."""
        return replace(self, activation=activation)
