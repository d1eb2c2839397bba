"""Python's operators and other functions of two operands, for nd and sym alike.

An operand is an array (or a symbol) or a number. Two arrays broadcast against each other; two symbols do not, as in
MXNet, so that a graph that was written for it computes the same.
"""

from __future__ import annotations

import math
import numbers
import operator
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..core.doors import door
from ..core.methods import install
from .groups import Functions

_COMPARISONS = {"eq", "ne", "gt", "ge", "lt", "le"}
_PLAIN = (float, int)


def _as_number(compare: Callable[[Any, Any], Any]) -> Callable[[Any, Any], int]:
    return lambda lhs, rhs: 1 if compare(lhs, rhs) else 0


class Binary(NamedTuple):
    """A function of two operands.

    Attributes
    ----------
    name
        Its name in ``nd``.
    method
        Its name in Python, without the underscores; '' if Python has no operator for it.
    arrays, symbols
        The operator of two arrays, and that of two symbols. A symbol's automatic name is derived from the latter.
    scalar, reverse
        The operator of an operand and a number, and that of a number and an operand.
    numbers
        The function of two numbers.
    """

    name: str
    method: str
    arrays: str
    symbols: str
    scalar: str
    reverse: str
    numbers: Callable[[Any, Any], Any]


BINARY = {
    row.name: row
    for row in [
        Binary("add", "add", "broadcast_add", "_Plus", "_PlusScalar", "_PlusScalar", operator.add),
        Binary("subtract", "sub", "broadcast_sub", "_Minus", "_MinusScalar", "_RMinusScalar", operator.sub),
        Binary("multiply", "mul", "broadcast_mul", "_Mul", "_MulScalar", "_MulScalar", operator.mul),
        Binary("divide", "truediv", "broadcast_div", "_Div", "_DivScalar", "_RDivScalar", operator.truediv),
        Binary("modulo", "mod", "broadcast_mod", "_Mod", "_ModScalar", "_RModScalar", operator.mod),
        Binary("power", "pow", "broadcast_power", "_Power", "_PowerScalar", "_rpower_scalar", operator.pow),
        Binary("maximum", "", "broadcast_maximum", "_Maximum", "_MaximumScalar", "_MaximumScalar", max),
        Binary("minimum", "", "broadcast_minimum", "_Minimum", "_MinimumScalar", "_MinimumScalar", min),
        Binary("hypot", "", "broadcast_hypot", "_Hypot", "_HypotScalar", "_HypotScalar", math.hypot),
        *[
            Binary(name, method, f"broadcast_{name}", f"_{name}", f"_{name}_scalar", f"_{reverse}_scalar", compare)
            for name, method, reverse, compare in [
                ("equal", "eq", "equal", _as_number(operator.eq)),
                ("not_equal", "ne", "not_equal", _as_number(operator.ne)),
                ("greater", "gt", "lesser", _as_number(operator.gt)),
                ("greater_equal", "ge", "lesser_equal", _as_number(operator.ge)),
                ("lesser", "lt", "greater", _as_number(operator.lt)),
                ("lesser_equal", "le", "greater_equal", _as_number(operator.le)),
                ("logical_and", "", "logical_and", _as_number(lambda lhs, rhs: bool(lhs) and bool(rhs))),
                ("logical_or", "", "logical_or", _as_number(lambda lhs, rhs: bool(lhs) or bool(rhs))),
                ("logical_xor", "", "logical_xor", _as_number(lambda lhs, rhs: bool(lhs) != bool(rhs))),
            ]
        ],
    ]
}


_DOC = """Return `{name}` of two {kind}s, or of one and a number, element-wise.

Parameters
----------
lhs, rhs : {kind} or number
    The operands; two {kind}s {shapes}; two numbers give a number.

Returns
-------
{kind} or number
    Of the type of the operands. A comparison gives 1 and 0.

Raises
------
MXNetError
    The shapes or the types of two {kind}s are not compatible.
TypeError
    An operand is neither a {kind} nor a number.
"""


class Operands:
    """The functions of two operands for one of the two classes, NDArray or Symbol.

    Parameters
    ----------
    kind : type
        The class.
    functions : Functions
        Its function of each operator.
    broadcast : bool
        Whether two of its objects broadcast against each other.
    refusal : callable
        Makes the error for an invalid operand.
    """

    def __init__(
        self, kind: type, functions: Functions[Any], *, broadcast: bool, refusal: Callable[[Any], TypeError]
    ) -> None:
        self._kind, self._functions, self._broadcast = kind, functions, broadcast

        def number(value: Any) -> Any:
            if type(value) in _PLAIN or isinstance(value, numbers.Real | np.bool_):
                return value
            raise refusal(value)

        #: Returns a number unchanged, and refuses everything else.
        self.number = number

    def function(self, row: Binary) -> Callable[[Any, Any], Any]:
        """Make the function of two operands."""
        kind, functions, number = self._kind, self._functions, self.number
        pair, scalar, reverse = row.arrays if self._broadcast else row.symbols, row.scalar, row.reverse

        @door
        def of_numbers(lhs: Any, rhs: Any) -> Any:
            return row.numbers(number(lhs), number(rhs))

        of_numbers.__qualname__ = row.name

        def function(lhs: Any, rhs: Any) -> Any:
            if isinstance(lhs, kind):
                if isinstance(rhs, kind):
                    return functions[pair](lhs, rhs)
                return functions[scalar](lhs, number(rhs))
            if isinstance(rhs, kind):
                return functions[reverse](rhs, number(lhs))
            return of_numbers(lhs, rhs)

        shapes = "broadcast against each other" if self._broadcast else "are of one shape"
        function.__name__ = function.__qualname__ = row.name
        function.__doc__ = _DOC.format(name=row.name, kind=kind.__name__, shapes=shapes)
        return function

    def install(self) -> None:
        """Install Python's operators of two operands on the class."""
        for row in BINARY.values():
            if row.method:
                function = self.function(row)
                install(self._kind, f"__{row.method}__", function)
                if row.method not in _COMPARISONS:
                    install(self._kind, f"__r{row.method}__", _reflected(function))


def _reflected(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def reflected(self: Any, other: Any) -> Any:
        return function(other, self)

    reflected.__doc__ = function.__doc__
    return reflected
