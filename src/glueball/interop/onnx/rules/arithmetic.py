"""Arithmetic, comparison and logic of two arrays, or of an array and a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np
import torch

from ..call import Call, Unsupported, rule
from ..document import NUMPY, Array

_Operand = Array | str
_Function = Callable[[Call, _Operand, _Operand], str]


def _plain(kind: str) -> _Function:
    return lambda call, left, right: call.add(kind, left, right)


def _comparison(kind: str) -> _Function:
    return lambda call, left, right: call.as_result(call.add(kind, left, right))


def _not_equal(call: Call, left: _Operand, right: _Operand) -> str:
    return call.as_result(call.add("Not", call.add("Equal", left, right)))


def _logic(kind: str) -> _Function:
    def function(call: Call, left: _Operand, right: _Operand) -> str:
        zero = call.number(0)
        holds = [call.add("Not", call.add("Equal", each, zero)) for each in (left, right)]
        return call.as_result(call.add(kind, *holds))

    return function


def in_wide_integers(call: Call, compute: Callable[[Call], str]) -> str:
    """Compute with int32 in the place of the short integers that ONNX has few operators for."""
    if call.data.type is torch.bool:
        raise Unsupported("for bool")
    if call.data.type.itemsize > 1:
        return compute(call)
    inputs = tuple(
        [each and each._replace(name=call.cast(each, torch.int32), type=torch.int32) for each in call.inputs]
    )
    return call.as_result(compute(replace(call, inputs=inputs, type=torch.int32)))


def _scalar(call: Call) -> float:
    """Return the number that a scalar is among numbers of the array's type: -1 is 255 in uint8."""
    value: float = call["scalar"]
    if call.data.type.is_floating_point or value != int(value):
        return value
    return int(np.array(int(value)).astype(NUMPY[call.data.type]))


def _remainder(call: Call, left: _Operand, right: _Operand) -> str:
    """Return the remainder with the sign of the divisor; 0 for the divisor 0."""
    zero = call.number(0)
    rest = call.add("Mod", left, right, fmod=1)
    other_sign = call.add("Less", call.add("Mul", rest, right), zero)
    moved = call.add("Where", other_sign, call.add("Add", rest, right), rest)
    return call.add("Where", call.add("Equal", right, zero), zero, moved)


def _hypotenuse(call: Call, left: _Operand, right: _Operand) -> str:
    squares = [call.add("Mul", each, each) for each in (left, right)]
    return call.add("Sqrt", call.add("Add", *squares))


def _declare(
    function: _Function, arrays: tuple[str, ...], scalar: str, reverse: str = "", *,
    integers: bool | Literal["files"] = False, runtimes: bool = True,
) -> None:  # fmt: skip
    """Declare a function in the forms that MXNet has: of two arrays, of an array and a number, of a number and it."""

    @rule(*arrays, integers=integers, runtimes=runtimes)
    def of_arrays(call: Call) -> str:
        return in_wide_integers(call, lambda wide: function(wide, wide.array(0), wide.array(1)))

    @rule(scalar, integers=integers, runtimes=runtimes)
    def with_scalar(call: Call) -> str:
        return in_wide_integers(call, lambda wide: function(wide, wide.data, wide.number(_scalar(call))))

    if reverse:

        @rule(reverse, integers=integers, runtimes=runtimes)
        def from_scalar(call: Call) -> str:
            return in_wide_integers(call, lambda wide: function(wide, wide.number(_scalar(call)), wide.data))


_declare(_plain("Add"), ("elemwise_add", "broadcast_add", "_grad_add"), "_plus_scalar", integers="files")
_declare(_plain("Sub"), ("elemwise_sub", "broadcast_sub"), "_minus_scalar", "_rminus_scalar", integers="files")
_declare(_plain("Mul"), ("elemwise_mul", "broadcast_mul"), "_mul_scalar", integers="files")
_declare(_plain("Div"), ("elemwise_div", "broadcast_div", "_scatter_elemwise_div"), "_div_scalar", "_rdiv_scalar")
_declare(_plain("Pow"), ("_power", "broadcast_power"), "_power_scalar", "_rpower_scalar")
_declare(_plain("Max"), ("_maximum", "broadcast_maximum"), "_maximum_scalar", integers="files")
_declare(_plain("Min"), ("_minimum", "broadcast_minimum"), "_minimum_scalar", integers="files")
_declare(_remainder, ("_mod", "broadcast_mod"), "_mod_scalar", "_rmod_scalar", runtimes=False)
_declare(_hypotenuse, ("_hypot", "broadcast_hypot"), "_hypot_scalar", runtimes=False)
_declare(_comparison("Equal"), ("_equal", "broadcast_equal"), "_equal_scalar", integers="files")
_declare(_not_equal, ("_not_equal", "broadcast_not_equal"), "_not_equal_scalar", integers="files")
_declare(_comparison("Greater"), ("_greater", "broadcast_greater"), "_greater_scalar", integers="files")
_declare(
    _comparison("GreaterOrEqual"), ("_greater_equal", "broadcast_greater_equal"), "_greater_equal_scalar",
    integers="files",
)  # fmt: skip
_declare(_comparison("Less"), ("_lesser", "broadcast_lesser"), "_lesser_scalar", integers="files")
_declare(
    _comparison("LessOrEqual"), ("_lesser_equal", "broadcast_lesser_equal"), "_lesser_equal_scalar", integers="files"
)
_declare(_logic("And"), ("_logical_and", "broadcast_logical_and"), "_logical_and_scalar", integers="files")
_declare(_logic("Or"), ("_logical_or", "broadcast_logical_or"), "_logical_or_scalar", integers="files")
_declare(_logic("Xor"), ("_logical_xor", "broadcast_logical_xor"), "_logical_xor_scalar", integers="files")


@rule("_scatter_plus_scalar", integers="files", runtimes=False)
def _scatter_plus(call: Call) -> str:
    return call.add("Add", call.data, call.number(call["scalar"]))


@rule("_scatter_minus_scalar", integers="files", runtimes=False)
def _scatter_minus(call: Call) -> str:
    return call.add("Sub", call.data, call.number(call["scalar"]))


@rule("add_n", integers="files")
def _add_n(call: Call) -> str:
    if len(call.arrays) == 1:
        return call.add("Identity", call.data)  # OpenVINO leaves the sum of one array undone
    if call.type.is_floating_point:
        return call.add("Sum", *call.arrays)
    total: Array | str = call.data
    for each in call.arrays[1:]:
        total = call.add("Add", total, each)
    return call.add("Identity", total)


@rule("where", integers="files")
def _where(call: Call) -> str:
    condition, x, y = call.arrays
    holds: Array | str = condition
    if condition.shape != x.shape:
        holds = call.reshape(condition, (*condition.shape, *[1] * (len(x.shape) - 1)))
    return call.add("Where", call.cast(holds, torch.bool), x, y)
