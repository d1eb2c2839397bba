"""Python's arithmetic and comparisons on symbols, and ``sym.pow`` and its family.

Two symbols are combined element-wise, without broadcasting, as in MXNet, so that graphs written for MXNet compute the
same. The names of the operators are those from which MXNet makes automatic names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.errors import InvalidTypeError, NotImplementedForSymbol
from ..core.methods import install, method_of
from ..ops.python_operators import BINARY, Operands
from .namespace import functions
from .symbol import Symbol


def _refusal(value: Any) -> InvalidTypeError:
    return InvalidTypeError(
        f"Symbol: the other operand must be a Symbol or a number; received {type(value).__name__}; "
        "a graph contains no arrays: use mx.sym.var(...), or a Constant of the block"
    )


_operands = Operands(Symbol, functions, broadcast=False, refusal=_refusal)
_operands.install()


def _function(name: str) -> Callable[[Any, Any], Any]:
    compute = _operands.function(BINARY[name])

    def function(left: Any, right: Any) -> Any:  # MXNet's names of the operands
        return compute(left, right)

    function.__name__ = function.__qualname__ = name
    function.__module__ = "glueball.symbol"
    function.__doc__ = (compute.__doc__ or "").replace("lhs, rhs", "left, right")
    return function


maximum = _function("maximum")
minimum = _function("minimum")
hypot = _function("hypot")
# MXNet's function gives the node of a number to the power of a symbol another name than Python's operator does.
_power = _operands.function(BINARY["power"]._replace(reverse="_RPowerScalar"))


def pow(base: Any, exp: Any) -> Any:
    return _power(base, exp)


pow.__doc__ = (_power.__doc__ or "").replace("lhs, rhs", "base, exp")
power = pow


@method_of(Symbol, "__neg__")
def _negate(self: Symbol) -> Symbol:
    return functions["_MulScalar"](self, scalar=-1.0)


@method_of(Symbol, "__abs__")
def _absolute(self: Symbol) -> Symbol:
    return functions["abs"](self)


def _refuse_in_place() -> Callable[[Symbol, Any], Symbol]:
    def method(self: Symbol, other: Any) -> Symbol:
        raise NotImplementedForSymbol("Symbol: a graph cannot be changed in place; write x = x + y instead of x += y")

    return method


for _name in ("add", "subtract", "multiply", "divide"):  # x %= 2 and x **= 2 make new symbols, as in MXNet
    install(Symbol, f"__i{BINARY[_name].method}__", _refuse_in_place())
