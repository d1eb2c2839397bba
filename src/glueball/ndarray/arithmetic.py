"""Arithmetic and comparison of arrays and numbers: ``nd.add`` and its family, and the operators of NDArray.

Two arrays broadcast against each other. A number is converted to the array's type first, as MXNet does, so an int32
array plus 1.5 adds 1. `x **= 2` makes a new array, as in MXNet; the other in-place operators write into `x`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from ..core.errors import InvalidTypeError
from ..core.methods import install, method_of
from ..ops.attrs import Null
from ..ops.declare import Operator, registry
from ..ops.python_operators import BINARY, Binary, Operands
from .invoke import invoke
from .namespace import functions
from .ndarray import NDArray


def _refusal(value: Any) -> InvalidTypeError:
    return InvalidTypeError(
        f"NDArray: the other operand must be an NDArray or a number; received {type(value).__name__}"
    )


_operands = Operands(NDArray, functions, broadcast=True, refusal=_refusal)
_operands.install()


def _function(name: str) -> Callable[..., Any]:
    function = _operands.function(BINARY[name])
    function.__module__ = "glueball.ndarray"
    return function


add = _function("add")
subtract = _function("subtract")
multiply = _function("multiply")
divide = true_divide = _function("divide")
modulo = _function("modulo")
maximum = _function("maximum")
minimum = _function("minimum")
equal = _function("equal")
not_equal = _function("not_equal")
greater = _function("greater")
greater_equal = _function("greater_equal")
lesser = _function("lesser")
lesser_equal = _function("lesser_equal")
logical_and = _function("logical_and")
logical_or = _function("logical_or")
logical_xor = _function("logical_xor")
_power = _function("power")


def power(base: Any, exp: Any) -> Any:
    return _power(base, exp)


power.__doc__ = (_power.__doc__ or "").replace("lhs, rhs", "base, exp")

_NEGATIVE: Operator = registry["negative"]
_ABS: Operator = registry["abs"]


@method_of(NDArray, "__neg__")
def _negate(self: NDArray) -> Any:
    # The result is int64, as in all arithmetic on bool.
    return multiply(self, -1) if self._data.dtype is torch.bool else invoke(_NEGATIVE, (self,))


@method_of(NDArray, "__abs__")
def _absolute(self: NDArray) -> Any:
    return invoke(_ABS, (self,))


def _in_place(row: Binary) -> Callable[[NDArray, Any], NDArray]:
    two_arrays, with_scalar = registry[row.arrays], registry[row.scalar]
    keeps_masks = two_arrays.masks == "of masks"

    def method(self: NDArray, other: Any) -> NDArray:
        if isinstance(other, NDArray):
            is_mask = keeps_masks and self._is_mask and other._is_mask
            invoke(two_arrays, (self, other), (), self)
            self._is_mask = is_mask
        else:
            invoke(with_scalar, (self,), (_operands.number(other), Null), self)
        return self

    return method


for _name in ("add", "subtract", "multiply", "divide", "modulo"):
    install(NDArray, f"__i{BINARY[_name].method}__", _in_place(BINARY[_name]))
