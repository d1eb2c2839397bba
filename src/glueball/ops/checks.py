"""Checks of the types and ranks of arrays that operators of several families share.

A function named after a fault returns the error for it, so that the caller decides when to check: an operator whose
data torch itself would refuse asks only after torch has failed. The functions named ``check_...`` check and raise.
"""

from __future__ import annotations

from torch import Tensor

from ..core.dtype import type_name
from ..core.errors import MXNetError


def not_float(owner: str, data: Tensor) -> MXNetError:
    """Return the error for data of a type that is not floating-point."""
    return MXNetError(
        f"{owner}: data must have a floating-point type; received {type_name(data.dtype)}; "
        "convert with astype('float32')"
    )


def check_float(owner: str, data: Tensor) -> None:
    """Refuse integers and bool."""
    if not data.is_floating_point():
        raise not_float(owner, data)


def same_float(*arrays: Tensor | None) -> bool:
    """Whether all given arrays have the same floating-point type."""
    types = {array.dtype for array in arrays if array is not None}
    return len(types) == 1 and next(iter(types)).is_floating_point


def one_type(owner: str, **arrays: Tensor | None) -> MXNetError:
    """Return the error for arrays of several types, or of a type that is not floating-point."""
    names = ", ".join(arrays)
    types = ", ".join(type_name(array.dtype) for array in arrays.values() if array is not None)
    return MXNetError(
        f"{owner}: {names} must have one floating-point type; received {types}; "
        "convert with astype(...) or net.cast(...)"
    )


def check_image(owner: str, data: Tensor, name: str = "data") -> None:
    """Check that an array holds images: (N, C, H, W) of a floating-point type."""
    if data.dim() != 4:
        raise MXNetError(f"{owner}: {name} must have 4 dimensions (N, C, H, W); received shape {tuple(data.shape)}")
    check_float(owner, data)
