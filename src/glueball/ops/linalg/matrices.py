"""What the operators on matrices check alike, and how they count operations."""

from __future__ import annotations

from math import prod

import torch
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import MXNetError
from ...core.numpy_mode import numpy_mode
from ..flops import Call, Count

_TYPES = (torch.float32, torch.float64)


def check_types(owner: str, *arrays: Tensor) -> None:
    """Refuse all types but float32 and float64, and arrays of several types."""
    types = {array.dtype for array in arrays}
    if len(types) > 1 or arrays[0].dtype not in _TYPES:
        received = ", ".join(type_name(array.dtype) for array in arrays)
        raise MXNetError(
            f"{owner}: arrays must have the type float32 or float64, all the same; received {received}; "
            "convert with astype(...)"
        )


def check_matrices(owner: str, A: Tensor, square: bool = True) -> None:
    """Refuse what does not hold matrices of float32 or float64; by default square ones."""
    check_types(owner, A)
    if A.dim() < 2:
        raise MXNetError(f"{owner}: A must have at least 2 axes; received shape {tuple(A.shape)}")
    if square and A.shape[-1] != A.shape[-2]:
        raise MXNetError(f"{owner}: A must hold square matrices; received shape {tuple(A.shape)}")


def per_matrix(operations: int) -> Count:
    """Return the rule of `operations` / 3 times n^3 for each matrix of n rows, to the leading order."""

    def count(call: Call) -> int:
        *batch, rows, columns = next(iter(call.inputs.values()))
        return prod(batch) * operations * rows * rows * columns // 3

    return count


def one_axis_at_least(numbers: Tensor) -> Tensor:
    """Return a number for each matrix: of a single one with one axis, unless shapes have NumPy's meaning."""
    return numbers.reshape(1) if numbers.dim() == 0 and not numpy_mode.shapes else numbers


def numbers_of(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape of a number for each matrix."""
    return shape[:-2] or (() if numpy_mode.shapes else (1,))
