"""Python's arithmetic and comparisons on symbols, and ``sym.pow`` and its family.

Two symbols are taken element by element, without broadcasting, as in MXNet: a graph that was written for it computes
the same. The names of the functions are those that MXNet makes automatic names from.
"""

from __future__ import annotations

import math
import numbers
import operator as python
from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.errors import NotImplementedForSymbol
from .namespace import functions
from .symbol import Symbol


def _make(name: str, symbols: str, scalar: str, reverse: str, on_numbers: Callable[[Any, Any], Any]) -> Any:
    def function(left: Any, right: Any) -> Any:
        if isinstance(left, Symbol):
            if isinstance(right, Symbol):
                return functions[symbols](left, right)
            return functions[scalar](left, scalar=_number(name, right))
        if isinstance(right, Symbol):
            return functions[reverse](right, scalar=_number(name, left))
        return on_numbers(_number(name, left), _number(name, right))

    function.__name__ = function.__qualname__ = name
    function.__module__ = "glueball.symbol"
    function.__doc__ = _DOC.format(name=name)
    return function


_DOC = """Return `{name}` of two symbols of one shape, or of a symbol and a number, element by element.

Parameters
----------
left, right : Symbol or number
    The operands; two numbers give a number.

Raises
------
TypeError
    An operand is neither a symbol nor a number.
"""


def _number(name: str, value: Any) -> Any:
    if isinstance(value, numbers.Real | np.bool_):
        return value
    raise TypeError(
        f"{name}: the other operand must be a Symbol or a number; received {type(value).__name__}; "
        "a graph has no arrays in it: use mx.sym.var(...), or a Constant of the block"
    )


_power = _make("pow", "_Power", "_PowerScalar", "_RPowerScalar", python.pow)


def pow(base: Any, exp: Any) -> Any:
    """Raise a symbol or a number to the power of another, element by element; two numbers give a number.

    Parameters
    ----------
    base, exp : Symbol or number
        The operands; two symbols are of one shape.

    Raises
    ------
    TypeError
        An operand is neither a symbol nor a number.
    """
    return _power(base, exp)


power = pow
maximum = _make("maximum", "_Maximum", "_MaximumScalar", "_MaximumScalar", max)
minimum = _make("minimum", "_Minimum", "_MinimumScalar", "_MinimumScalar", min)
hypot = _make("hypot", "_Hypot", "_HypotScalar", "_HypotScalar", math.hypot)

# The method's name, the operator of two symbols, that of a symbol and a number, and that of a number and a symbol.
_OPERATORS = [
    ("add", "_Plus", "_PlusScalar", "_PlusScalar"),
    ("sub", "_Minus", "_MinusScalar", "_RMinusScalar"),
    ("mul", "_Mul", "_MulScalar", "_MulScalar"),
    ("truediv", "_Div", "_DivScalar", "_RDivScalar"),
    ("mod", "_Mod", "_ModScalar", "_RModScalar"),
    ("pow", "_Power", "_PowerScalar", "_rpower_scalar"),
    ("eq", "_equal", "_equal_scalar", "_equal_scalar"),
    ("ne", "_not_equal", "_not_equal_scalar", "_not_equal_scalar"),
    ("gt", "_greater", "_greater_scalar", "_lesser_scalar"),
    ("ge", "_greater_equal", "_greater_equal_scalar", "_lesser_equal_scalar"),
    ("lt", "_lesser", "_lesser_scalar", "_greater_scalar"),
    ("le", "_lesser_equal", "_lesser_equal_scalar", "_greater_equal_scalar"),
]
_COMPARISONS = {"eq", "ne", "gt", "ge", "lt", "le"}
_IN_PLACE = ("add", "sub", "mul", "truediv")  # x %= 2 and x **= 2 make new symbols, in MXNet too


def _refuse_in_place(self: Symbol, other: Any) -> Symbol:
    raise NotImplementedForSymbol("Symbol: a graph cannot be changed in place; write x = x + y instead of x += y")


def install() -> None:
    """Give Symbol the operators of Python."""
    for name, symbols, scalar, reverse in _OPERATORS:
        function = _make(name, symbols, scalar, reverse, getattr(python, name))
        setattr(Symbol, f"__{name}__", function)
        if name not in _COMPARISONS:
            setattr(Symbol, f"__r{name}__", lambda self, other, function=function: function(other, self))
    for name in _IN_PLACE:
        setattr(Symbol, f"__i{name}__", _refuse_in_place)
    setattr(Symbol, "__neg__", lambda self: functions["_MulScalar"](self, scalar=-1.0))  # noqa: B010
    setattr(Symbol, "__abs__", lambda self: functions["abs"](self))  # noqa: B010
