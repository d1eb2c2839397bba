"""Turns torch's errors into ones that name the operator, its inputs and its attributes."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from ..core.dtype import type_name
from ..core.errors import MXNetError
from ..core.strangers import raised_elsewhere
from .operator import Applied, Operator


def input_names(operator: Operator, count: int) -> Sequence[str]:
    """Return the names of the first `count` inputs of an operator for a message."""
    if operator.variadic_by:
        return [f"{operator.inputs[0]}{number}" for number in range(count)]
    return operator.inputs[:count]


def no_room(owner: str, error: Exception) -> BaseException:
    """Return what to raise where torch failed to make an array outside of an operator, mostly for want of memory."""
    stranger = raised_elsewhere(error)
    if stranger is not None or isinstance(error, MXNetError):
        return stranger or error
    return MXNetError(f"{owner}: torch could not make the result: {str(error).splitlines()[0]}")


def explain(applied: Applied, tensors: Sequence[Tensor | None], error: Exception) -> MXNetError:
    """Return an MXNetError for what an operator raised on these tensors."""
    name = applied.operator.name
    received = [
        f"{name} {tuple(tensor.shape)} {type_name(tensor.dtype)}"
        for name, tensor in zip(input_names(applied.operator, len(tensors)), tensors, strict=True)
        if tensor is not None
    ]
    given = ", ".join(f"{name}={value}" for name, value in applied.attributes.items() if value is not None)
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return MXNetError(f"{name}: {reason}; received {', '.join(received) or 'no arrays'}; {given}")
