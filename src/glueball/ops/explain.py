"""Turning whatever torch said into an error that names the operator, its inputs and its attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor

from ..core.errors import MXNetError
from .declare import Operator


def input_names(operator: Operator, count: int) -> Sequence[str]:
    """Return what the first `count` inputs of an operator are called in a message."""
    if operator.variadic_by:
        return [f"{operator.inputs[0]}{number}" for number in range(count)]
    return operator.inputs[:count]


def explain(
    operator: Operator, tensors: Sequence[Tensor | None], attributes: Mapping[str, Any], error: Exception
) -> MXNetError:
    """Return an MXNetError for what an operator raised on these tensors and parsed attributes."""
    names = input_names(operator, len(tensors))
    received = [
        f"{name} {tuple(tensor.shape)} {tensor.dtype}".replace("torch.", "")
        for name, tensor in zip(names, tensors, strict=True)
        if tensor is not None
    ]
    given = ", ".join(f"{name}={value}" for name, value in attributes.items() if value is not None)
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return MXNetError(f"{operator.name}: {reason}; received {', '.join(received) or 'no arrays'}; {given}")
