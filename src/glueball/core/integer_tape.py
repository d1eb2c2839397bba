"""Gradients of integers, which MXNet has and torch has not.

In MXNet an array of integers can be a variable, and gradients flow through a conversion to integers as if no fraction
had been dropped; the gradient of an integer array is itself an array of integers. torch records floating-point tensors
only. An `IntegerTape` therefore carries a second tensor: the edge, through which the gradient flows. Only a recorded
array of integers is one, so that nothing else pays for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from .torch_function import TensorFunction

_CONVERSIONS = {Tensor.to, Tensor.type, Tensor.long, Tensor.int, Tensor.short, Tensor.char, Tensor.byte}

# What a function raises that has no meaning for real numbers, such as one that takes positions.
_NOT_FOR_REALS = (RuntimeError, TypeError, ValueError, IndexError)


class _WithGradientOf(TensorFunction):
    """Returns values, whose gradient goes to another tensor; that of an integer has no fraction."""

    @staticmethod
    def forward(ctx: Any, values: Tensor, edge: Tensor, whole: bool) -> Tensor:
        ctx.whole, ctx.dtype = whole, edge.dtype
        return values

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[None, Tensor, None]:
        return None, (gradient.trunc() if ctx.whole else gradient).to(ctx.dtype), None


class IntegerTape(Tensor):
    """A recorded tensor of integers.

    A torch function of it computes with the integers. Where the same function of real numbers has a gradient, the
    result has that gradient; a result of integers is an IntegerTape again.

    Attributes
    ----------
    integers : Tensor
        The integers, in the same memory.
    edge : Tensor
        A floating-point tensor of the same shape, whose gradient is that of the integers.
    """

    integers: Tensor
    edge: Tensor

    @staticmethod
    def of(values: Tensor, edge: Tensor) -> IntegerTape:
        """Return integers whose gradient goes to `edge`."""
        tape = values.as_subclass(IntegerTape)
        tape.integers, tape.edge = values, edge
        return tape

    @staticmethod
    def leaf(values: Tensor) -> IntegerTape:
        """Return integers that are a variable."""
        return IntegerTape.of(values, torch.zeros_like(values, dtype=torch.float64).requires_grad_())

    # torch itself would say that integers have no gradient.

    @property
    def requires_grad(self) -> bool:  # type: ignore[override]
        """Whether the integers have a gradient."""
        return self.edge.requires_grad

    @property
    def is_leaf(self) -> bool:  # type: ignore[override]
        """Whether the integers are a variable."""
        return self.edge.is_leaf

    @property
    def data(self) -> Tensor:  # type: ignore[override]
        """The integers alone."""
        return self.integers

    def detach(self) -> Tensor:
        """Return the integers."""
        return self.integers

    @classmethod
    def __torch_function__(
        cls, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Call a torch function with the integers, and record it with real numbers."""
        kwargs = kwargs or {}
        result = func(*_each(_values, args), **_each(_values, kwargs))
        if not torch.is_grad_enabled() or not _has_tensor(result):
            return result
        if func in _CONVERSIONS:
            return _recorded(result, args[0].edge)
        try:
            with_edges = func(*_each(_reals, args), **_for_reals(kwargs))
        except _NOT_FOR_REALS:
            return result
        if isinstance(result, Tensor):
            return _recorded(result, with_edges)
        return type(result)([_recorded(one, edge) for one, edge in zip(result, with_edges, strict=True)])


def is_recorded(tensor: Tensor) -> bool:
    """Whether gradients flow through a tensor."""
    return tensor.requires_grad or type(tensor) is not Tensor


def gradient_edge(tensor: Tensor) -> Tensor:
    """Return the tensor that torch differentiates: of recorded integers their edge, otherwise the tensor itself."""
    return tensor.edge if type(tensor) is IntegerTape else tensor


def converted(data: Tensor, dtype: torch.dtype, copy: bool = False, device: torch.device | None = None) -> Tensor:
    """Convert to another type, and let the gradient flow through integers as MXNet does."""
    result = data.to(device or data.device, dtype, copy=copy)
    if dtype.is_floating_point or not data.requires_grad or not torch.is_grad_enabled():
        return result
    if type(result) is IntegerTape or torch.compiler.is_compiling():
        return result
    return _recorded(result, data)


def _recorded(result: Tensor, edge: Tensor) -> Tensor:
    if not edge.requires_grad or edge.shape != result.shape or not edge.is_floating_point():
        return result
    if result.is_floating_point():
        return _WithGradientOf.apply(result.detach(), edge, False)
    # Also bool: MXNet converts a gradient to bool, and does not lose it.
    return IntegerTape.of(result, _WithGradientOf.apply(result.double(), edge, result.dtype is not torch.bool))


def _values(item: Any) -> Any:
    return item.integers if type(item) is IntegerTape else item


def _reals(item: Any) -> Any:
    """Return recorded integers as real numbers with the same gradient."""
    if type(item) is IntegerTape:
        return _WithGradientOf.apply(item.integers.double(), item.edge, True)
    return item


def _for_reals(kwargs: dict[str, Any]) -> dict[str, Any]:
    """Leave out what asks for integers."""
    kept = {
        name: value for name, value in kwargs.items() if name != "rounding_mode" and not isinstance(value, torch.dtype)
    }
    return _each(_reals, kept)  # type: ignore[no-any-return]


def _each(change: Callable[[Any], Any], item: Any) -> Any:
    if type(item) in (list, tuple):
        return type(item)([_each(change, part) for part in item])
    if type(item) is dict:
        return {name: _each(change, part) for name, part in item.items()}
    return change(item)


def _has_tensor(result: Any) -> bool:
    if isinstance(result, list | tuple):
        return any(isinstance(part, Tensor) for part in result)
    return isinstance(result, Tensor)
