"""Arithmetic and comparison of arrays and numbers: ``nd.add`` and its family, and the operators of NDArray.

Two arrays broadcast against each other. A number is converted to the array's type first, as MXNet does, so an int32
array plus 1.5 adds 1. `x **= 2` makes a new array, in MXNet too; the other in-place operators write into `x`.
"""

from __future__ import annotations

import numbers
import operator as python
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from ..ops.attrs import Null
from ..ops.declare import Operator, registry
from .invoke import invoke
from .namespace import functions
from .ndarray import NDArray


def _make(
    name: str, broadcast: str, scalar: str, reverse: str, on_numbers: Callable[[Any, Any], Any]
) -> Callable[..., Any]:
    def function(lhs: Any, rhs: Any) -> Any:
        if isinstance(lhs, NDArray):
            return functions[broadcast](lhs, rhs) if isinstance(rhs, NDArray) else functions[scalar](lhs, _number(rhs))
        if isinstance(rhs, NDArray):
            return functions[reverse](rhs, _number(lhs))
        return on_numbers(_number(lhs), _number(rhs))

    function.__name__ = function.__qualname__ = name
    function.__module__ = "glueball.ndarray"
    function.__doc__ = _DOC.format(name=name, lhs="lhs", rhs="rhs")
    return function


_DOC = """Return `{name}` of two arrays, which broadcast, or of an array and a number, element by element.

Parameters
----------
{lhs}, {rhs} : NDArray or number
    The operands; two numbers give a number.

Returns
-------
NDArray or number
    In the type of the arrays. A comparison gives 1 and 0.

Raises
------
MXNetError
    The shapes do not broadcast, or the types of the arrays differ.
TypeError
    An operand is neither an array nor a number.
"""


def _number(value: Any) -> Any:
    if type(value) in _NUMBERS or isinstance(value, numbers.Real | np.bool_):
        return value
    raise TypeError(f"NDArray: the other operand must be an NDArray or a number; received {type(value).__name__}")


_NUMBERS = (float, int)


add = _make("add", "broadcast_add", "_plus_scalar", "_plus_scalar", python.add)
subtract = _make("subtract", "broadcast_sub", "_minus_scalar", "_rminus_scalar", python.sub)
multiply = _make("multiply", "broadcast_mul", "_mul_scalar", "_mul_scalar", python.mul)
divide = _make("divide", "broadcast_div", "_div_scalar", "_rdiv_scalar", python.truediv)
true_divide = divide
modulo = _make("modulo", "broadcast_mod", "_mod_scalar", "_rmod_scalar", python.mod)
_power = _make("power", "broadcast_power", "_power_scalar", "_rpower_scalar", python.pow)


def power(base: Any, exp: Any) -> Any:  # noqa: D103  (MXNet names these operands differently)
    return _power(base, exp)


power.__doc__ = _DOC.format(name="power", lhs="base", rhs="exp")
maximum = _make("maximum", "broadcast_maximum", "_maximum_scalar", "_maximum_scalar", max)
minimum = _make("minimum", "broadcast_minimum", "_minimum_scalar", "_minimum_scalar", min)


def _as_number(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], int]:
    return lambda lhs, rhs: 1 if compare(lhs, rhs) else 0


equal = _make("equal", "broadcast_equal", "_equal_scalar", "_equal_scalar", _as_number(python.eq))
not_equal = _make("not_equal", "broadcast_not_equal", "_not_equal_scalar", "_not_equal_scalar", _as_number(python.ne))
greater = _make("greater", "broadcast_greater", "_greater_scalar", "_lesser_scalar", _as_number(python.gt))
greater_equal = _make(
    "greater_equal", "broadcast_greater_equal", "_greater_equal_scalar", "_lesser_equal_scalar", _as_number(python.ge)
)
lesser = _make("lesser", "broadcast_lesser", "_lesser_scalar", "_greater_scalar", _as_number(python.lt))
lesser_equal = _make(
    "lesser_equal", "broadcast_lesser_equal", "_lesser_equal_scalar", "_greater_equal_scalar", _as_number(python.le)
)
logical_and = _make(
    "logical_and", "broadcast_logical_and", "_logical_and_scalar", "_logical_and_scalar",
    _as_number(lambda lhs, rhs: bool(lhs) and bool(rhs)),
)  # fmt: skip
logical_or = _make(
    "logical_or", "broadcast_logical_or", "_logical_or_scalar", "_logical_or_scalar",
    _as_number(lambda lhs, rhs: bool(lhs) or bool(rhs)),
)  # fmt: skip
logical_xor = _make(
    "logical_xor", "broadcast_logical_xor", "_logical_xor_scalar", "_logical_xor_scalar",
    _as_number(lambda lhs, rhs: bool(lhs) != bool(rhs)),
)  # fmt: skip

_NEGATIVE: Operator = registry["negative"]
_ABS: Operator = registry["abs"]


def _negate(self: NDArray) -> Any:
    # Counted as int64, as by every arithmetic of bool.
    return multiply(self, -1) if self._data.dtype is torch.bool else invoke(_NEGATIVE, (self,))


def _absolute(self: NDArray) -> Any:
    return invoke(_ABS, (self,))


def _in_place(name: str, broadcast: str, scalar: str) -> Callable[[NDArray, Any], NDArray]:
    two_arrays, with_scalar = registry[broadcast], registry[scalar]

    def method(self: NDArray, other: Any) -> NDArray:
        if isinstance(other, NDArray):
            invoke(two_arrays, (self, other), (), self)
        else:
            invoke(with_scalar, (self,), (_number(other), Null), self)
        return self

    method.__name__ = name
    method.__qualname__ = f"NDArray.{name}"
    return method


def _reflected(function: Callable[..., Any]) -> Callable[[NDArray, Any], Any]:
    return lambda self, other: function(other, self)


def install() -> None:
    """Give NDArray the operators of Python."""
    forward = {
        "add": add, "sub": subtract, "mul": multiply, "truediv": divide, "mod": modulo, "pow": power,
    }  # fmt: skip
    for name, function in forward.items():
        setattr(NDArray, f"__{name}__", function)
        setattr(NDArray, f"__r{name}__", _reflected(function))
    comparisons = {
        "eq": equal, "ne": not_equal, "gt": greater, "ge": greater_equal, "lt": lesser, "le": lesser_equal,
    }  # fmt: skip
    for name, function in comparisons.items():
        setattr(NDArray, f"__{name}__", function)
    in_place = {
        "add": ("broadcast_add", "_plus_scalar"),
        "sub": ("broadcast_sub", "_minus_scalar"),
        "mul": ("broadcast_mul", "_mul_scalar"),
        "truediv": ("broadcast_div", "_div_scalar"),
        "mod": ("broadcast_mod", "_mod_scalar"),
    }
    for name, (broadcast, scalar) in in_place.items():
        setattr(NDArray, f"__i{name}__", _in_place(f"__i{name}__", broadcast, scalar))
    for name, method in {"neg": _negate, "abs": _absolute}.items():
        setattr(NDArray, f"__{name}__", method)
