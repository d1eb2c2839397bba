"""The functions that the binary operators compute, with MXNet's rules for integers and for gradients at ties."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from ...core.integer_tape import converted
from ..gradient import without_gradient

# A function of the table takes two tensors, or a tensor and a number of its type, in either order where needed.
Operand = Any


def divide(lhs: Operand, rhs: Operand) -> Tensor:
    """Divide; integers drop the fraction, as in C, and give 0 for a division by 0."""
    if not isinstance(lhs, Tensor):
        # torch would multiply the number by the reciprocal, which rounds twice.
        lhs = torch.scalar_tensor(lhs, dtype=rhs.dtype, device=rhs.device)
    if lhs.is_floating_point():
        return torch.div(lhs, rhs)
    if not isinstance(rhs, Tensor):
        return torch.div(lhs, rhs, rounding_mode="trunc") if rhs else torch.zeros_like(lhs)
    zero = rhs == 0
    return torch.where(zero, 0, torch.div(lhs, torch.where(zero, 1, rhs), rounding_mode="trunc"))


def modulo(lhs: Operand, rhs: Operand) -> Tensor:
    """Return the remainder with the sign of the divisor; 0 for the divisor 0. That of integers has no gradient."""
    tensors = [item for item in (lhs, rhs) if isinstance(item, Tensor)]
    if not tensors[0].is_floating_point() and any(item.requires_grad for item in tensors):
        plain = [item.detach() if isinstance(item, Tensor) else item for item in (lhs, rhs)]
        return without_gradient(modulo(*plain), *tensors)
    if not isinstance(rhs, Tensor):
        return torch.remainder(lhs, rhs) if rhs else lhs - lhs.detach()  # 0, with MXNet's gradient of 1
    if not isinstance(lhs, Tensor):
        lhs = torch.scalar_tensor(lhs, dtype=rhs.dtype, device=rhs.device)  # a number has no derivative in torch
    zero = rhs == 0
    return torch.where(zero, 0, torch.remainder(lhs, torch.where(zero, 1, rhs)))


def power(lhs: Operand, rhs: Operand) -> Tensor:
    """Raise to a power; integers are raised as doubles and drop the fraction."""
    array = lhs if isinstance(lhs, Tensor) else rhs
    if array.is_floating_point():
        return torch.pow(lhs, rhs)
    lhs, rhs = [item.double() if isinstance(item, Tensor) else float(item) for item in (lhs, rhs)]
    return converted(torch.pow(lhs, rhs), array.dtype)


def maximum(lhs: Operand, rhs: Operand) -> Tensor:
    """Return the larger one; on ties the gradient goes to the left one."""
    if not isinstance(rhs, Tensor):
        return torch.clamp_min(lhs, rhs)
    if lhs.requires_grad or rhs.requires_grad:
        # On ties MXNet takes the left one; torch.maximum would give each half of the gradient.
        return torch.where((lhs >= rhs) | lhs.isnan(), lhs, rhs)
    return torch.maximum(lhs, rhs)


def minimum(lhs: Operand, rhs: Operand) -> Tensor:
    """Return the smaller one; on ties the gradient goes to the left one."""
    if not isinstance(rhs, Tensor):
        return torch.clamp_max(lhs, rhs)
    if lhs.requires_grad or rhs.requires_grad:
        return torch.where((lhs <= rhs) | lhs.isnan(), lhs, rhs)
    return torch.minimum(lhs, rhs)


def hypot(lhs: Tensor, rhs: Operand) -> Tensor:
    """Return the length of the hypotenuse; that of integers is computed as a double and drops the fraction."""
    if lhs.is_floating_point():
        return torch.hypot(lhs, rhs if isinstance(rhs, Tensor) else torch.full_like(lhs, rhs))
    return converted(hypot(lhs.double(), rhs.double() if isinstance(rhs, Tensor) else float(rhs)), lhs.dtype)


def comparison(compare: Callable[[Any, Any], Tensor]) -> Callable[[Operand, Operand], Tensor]:
    """Make a function that gives 1 and 0 in the type of its operands, and no gradient."""

    def function(lhs: Tensor, rhs: Operand) -> Tensor:
        result = compare(lhs, rhs).to(lhs.dtype)
        return without_gradient(result, lhs, rhs) if isinstance(rhs, Tensor) else without_gradient(result, lhs)

    return function


def logic(combine: Callable[[Tensor, Any], Tensor]) -> Callable[[Tensor, Operand], Tensor]:
    """Make a logical function of whether its operands are nonzero."""
    return comparison(lambda lhs, rhs: combine(lhs != 0, rhs != 0))
