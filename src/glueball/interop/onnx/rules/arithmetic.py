"""Arithmetic, comparison and logic of two arrays, or of an array and a number."""

from __future__ import annotations

from collections.abc import Callable

from ..call import Call, rule
from ..document import Array

_Operand = Array | str
_Function = Callable[[Call, _Operand, _Operand], str]


def _as_numbers(call: Call, condition: str) -> str:
    return call.add("Cast", condition, to=1)


def _plain(kind: str) -> _Function:
    return lambda call, left, right: call.add(kind, left, right)


def _comparison(kind: str) -> _Function:
    return lambda call, left, right: _as_numbers(call, call.add(kind, left, right))


def _not_equal(call: Call, left: _Operand, right: _Operand) -> str:
    return _as_numbers(call, call.add("Not", call.add("Equal", left, right)))


def _logic(kind: str) -> _Function:
    def function(call: Call, left: _Operand, right: _Operand) -> str:
        zero = call.number(0)
        holds = [call.add("Not", call.add("Equal", each, zero)) for each in (left, right)]
        return _as_numbers(call, call.add(kind, *holds))

    return function


def _declare(function: _Function, arrays: tuple[str, ...], scalar: str, reverse: str = "") -> None:
    """Declare a function in the forms that MXNet has: of two arrays, of an array and a number, of a number and it."""

    @rule(*arrays)
    def of_arrays(call: Call) -> str:
        return function(call, call.array(0), call.array(1))

    @rule(scalar)
    def with_scalar(call: Call) -> str:
        return function(call, call.data, call.number(call["scalar"]))

    if reverse:

        @rule(reverse)
        def from_scalar(call: Call) -> str:
            return function(call, call.number(call["scalar"]), call.data)


_declare(_plain("Add"), ("elemwise_add", "broadcast_add"), "_plus_scalar")
_declare(_plain("Sub"), ("elemwise_sub", "broadcast_sub"), "_minus_scalar", "_rminus_scalar")
_declare(_plain("Mul"), ("elemwise_mul", "broadcast_mul"), "_mul_scalar")
_declare(_plain("Div"), ("elemwise_div", "broadcast_div"), "_div_scalar", "_rdiv_scalar")
_declare(_plain("Pow"), ("_power", "broadcast_power"), "_power_scalar", "_rpower_scalar")
_declare(_plain("Max"), ("_maximum", "broadcast_maximum"), "_maximum_scalar")
_declare(_plain("Min"), ("_minimum", "broadcast_minimum"), "_minimum_scalar")
_declare(_comparison("Equal"), ("_equal", "broadcast_equal"), "_equal_scalar")
_declare(_not_equal, ("_not_equal", "broadcast_not_equal"), "_not_equal_scalar")
_declare(_comparison("Greater"), ("_greater", "broadcast_greater"), "_greater_scalar")
_declare(_comparison("GreaterOrEqual"), ("_greater_equal", "broadcast_greater_equal"), "_greater_equal_scalar")
_declare(_comparison("Less"), ("_lesser", "broadcast_lesser"), "_lesser_scalar")
_declare(_comparison("LessOrEqual"), ("_lesser_equal", "broadcast_lesser_equal"), "_lesser_equal_scalar")
_declare(_logic("And"), ("_logical_and", "broadcast_logical_and"), "_logical_and_scalar")
_declare(_logic("Or"), ("_logical_or", "broadcast_logical_or"), "_logical_or_scalar")
_declare(_logic("Xor"), ("_logical_xor", "broadcast_logical_xor"), "_logical_xor_scalar")


@rule("add_n")
def _add_n(call: Call) -> str:
    if len(call.arrays) == 1:
        return call.add("Identity", call.data)  # OpenVINO leaves the sum of one array undone
    return call.add("Sum", *call.arrays)


@rule("where")
def _where(call: Call) -> str:
    condition, x, y = call.arrays
    holds: Array | str = condition
    if condition.shape != x.shape:
        holds = call.reshape(condition, (*condition.shape, *[1] * (len(x.shape) - 1)))
    return call.add("Where", call.add("Not", call.add("Equal", holds, call.number(0))), x, y)
