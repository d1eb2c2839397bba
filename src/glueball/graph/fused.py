"""Operations that passes put in the place of several operators; like operators they are functions of torch tensors."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import torch
from torch import Tensor

from ..ops.nn.window import to_channels_first, to_channels_last
from ..ops.operator import Applied
from ..ops.weighted import Weighted

_Layer = TypeVar("_Layer", bound="FusedLayer")


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
        The function; it may write its result into its argument.
    arguments : tuple
        Its further arguments.
    limits : tuple of float and float or None, optional
        For a function that replaces what is lower or higher: the lowest and the highest number that it returns.
    scalars : tuple of float
        The further arguments of oneDNN's function.
    """

    name: str
    function: Callable[..., Tensor]
    arguments: tuple[Any, ...] = ()
    limits: tuple[float, float | None] | None = None
    scalars: tuple[float, ...] = ()


@dataclass(frozen=True)
class Channels:
    """Where an array has its channels.

    Attributes
    ----------
    count, axis, rank : int
        How many there are, along which axis, and how many axes the array has.
    """

    count: int
    axis: int
    rank: int

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of an array with a number for each channel."""
        return tuple([self.count if place == self.axis else 1 for place in range(self.rank)])


@dataclass(frozen=True, kw_only=True, eq=False)  # torch.fx before 2.7 takes equal functions for the same one
class FusedLayer(ABC):
    """A layer with a weight and a bias, then a sum with another array if one is given, then an activation.

    Attributes
    ----------
    activation : Activation, optional
        What is applied to the sum.
    """

    activation: Activation | None = None

    def __call__(self, data: Tensor, weight: Tensor, bias: Tensor | None, other: Tensor | None = None) -> Tensor:
        """Compute it with torch's own operations."""
        result = self.product(data, weight, bias)
        if other is not None:
            result = result + other
        after = self.activation
        return result if after is None else after.function(result, *after.arguments)

    @abstractmethod
    def product(self, data: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        """Compute the layer alone; the result has memory of its own."""

    @property
    @abstractmethod
    def channels(self) -> Channels:
        """Where the result has its channels."""

    def meet(self, numbers: Tensor, weight: Tensor) -> Tensor:
        """Return a number for each channel in a shape that broadcasts to that of the weight."""
        return numbers.reshape(-1, *[1] * (weight.dim() - 1))

    def then(self: _Layer, activation: Activation) -> _Layer:
        """Return the same with an activation at its end."""
        return replace(self, activation=activation)


class Spread:
    """Puts numbers of the channels of a layer into the shape in which they meet its weight.

    Not the layer's own method: torch.fx before 2.7 stumbles over bound methods, which are equal but not the same.

    Parameters
    ----------
    layer : FusedLayer
        The layer.
    """

    __name__ = "spread"

    def __init__(self, layer: FusedLayer) -> None:
        self._layer = layer

    def __call__(self, numbers: Tensor, weight: Tensor) -> Tensor:
        """Return the numbers in that shape."""
        return self._layer.meet(numbers, weight)


@dataclass(frozen=True, kw_only=True, eq=False)
class FusedOperator(FusedLayer):
    """A layer that its operator computes.

    Attributes
    ----------
    without_bias, with_bias : Applied
        The operator; what passes add may give a bias to a layer that has none.
    fact : Weighted
        What its declaration says of its weight.
    shape : tuple of int
        The shape of the result.
    """

    without_bias: Applied
    with_bias: Applied
    fact: Weighted
    shape: tuple[int, ...]

    __name__ = "fused_operator"

    @property
    def kernel(self) -> str:
        """What a table calls it."""
        return self.with_bias.operator.name

    def product(self, data: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        """Compute the layer alone."""
        applied = self.without_bias if bias is None else self.with_bias
        result: Tensor = applied.function(data, weight, bias)
        return result

    @property
    def channels(self) -> Channels:
        """Where the result has its channels."""
        rank = len(self.shape)
        axis = rank - 1 if self.fact.is_last(self.with_bias.attributes) else 1
        return Channels(self.shape[axis], axis, rank)

    def meet(self, numbers: Tensor, weight: Tensor) -> Tensor:
        """Return a number for each channel in a shape that broadcasts to that of the weight."""
        meet = self.fact.meet
        return meet(numbers, weight, self.with_bias.attributes) if meet else super().meet(numbers, weight)


@dataclass(frozen=True, kw_only=True, eq=False)
class FusedConvolution(FusedLayer):
    """A convolution of images, for which engines may have kernels.

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
    """

    filters: tuple[int, ...]
    stride: tuple[int, ...]
    pad: tuple[int, ...]
    dilate: tuple[int, ...]
    groups: int
    last: bool

    __name__ = "fused_convolution"
    kernel = "torch convolution"

    def product(self, data: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        """Compute the convolution alone."""
        if self.last:
            data = to_channels_first(data)
        kind, computed = data.dtype, self.computed(data.dtype)
        result = torch.convolution(
            data.to(computed), weight.to(computed), None if bias is None else bias.to(computed),
            self.stride, self.pad, self.dilate, False, (0,) * len(self.stride), self.groups,
        ).to(kind)  # fmt: skip
        return to_channels_last(result) if self.last else result

    def computed(self, kind: torch.dtype) -> torch.dtype:
        """Return the type in which data of some type are computed on a CPU; `ops.nn.window.safe_type` says why."""
        return torch.float32 if kind is torch.bfloat16 and self.stride[-1] > 1 else kind

    @property
    def channels(self) -> Channels:
        """Where the result has its channels."""
        rank = len(self.filters)
        return Channels(self.filters[0], rank - 1 if self.last else 1, rank)


@dataclass(frozen=True, kw_only=True, eq=False)
class FusedScale(FusedLayer):
    """A factor and a number to add for each channel of images.

    Attributes
    ----------
    last : bool
        Whether data, result and the other array have their channels last.
    count : int
        How many channels there are.
    """

    last: bool
    count: int

    __name__ = "fused_scale"
    kernel = "torch batch_norm"

    def product(self, data: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        """Compute it as a batch normalization whose statistics change nothing."""
        zeros, ones = torch.zeros_like(weight), torch.ones_like(weight)
        if self.last:
            data = to_channels_first(data)
        result = torch.nn.functional.batch_norm(data, zeros, ones, weight, bias, eps=0.0)
        return to_channels_last(result) if self.last else result

    @property
    def channels(self) -> Channels:
        """Where the result has its channels."""
        return Channels(self.count, 3 if self.last else 1, 4)
