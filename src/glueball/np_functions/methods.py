"""The methods of arrays and symbols of ``mx.np``.

Python's operators follow from a table. Other methods are functions under the public names ``np.ndarray.``, and have
the array, or symbol, behind the face.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.methods import install
from .face import FUNCTIONS, Face, bind

#: Python's operators of two operands, with the function that each calls.
_OPERATORS = {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "div": "divide", "mod": "mod",
    "pow": "power", "matmul": "matmul", "and": "bitwise_and", "or": "bitwise_or", "xor": "bitwise_xor",
    "eq": "equal", "ne": "not_equal", "gt": "greater", "ge": "greater_equal", "lt": "less", "le": "less_equal",
}  # fmt: skip

#: Those that Python also calls with the operands in reverse order.
_REFLECTED = ("add", "sub", "mul", "truediv", "div", "mod", "pow", "matmul")

#: Those that write into the left operand, if it is an array.
_IN_PLACE = ("add", "sub", "mul", "truediv", "div", "mod", "matmul", "and", "or", "xor")

_UNARY = {
    "neg": "negative", "abs": "absolute", "invert": "bitwise_not", "ceil": "ceil", "floor": "floor", "trunc": "trunc",
}  # fmt: skip

_PREFIX = "np.ndarray."


def install_methods(owner: type, face: Face, in_place: bool) -> None:
    """Install the methods on a class, but for those that it defines itself.

    Parameters
    ----------
    owner : type
        The class of the face.
    face : Face
        What the methods call.
    in_place : bool
        Whether ``x += y`` writes into x; otherwise Python computes ``x = x + y``.
    """
    for name, method in _operators(face, in_place).items():
        install(owner, name, method)
    for name, implementation in FUNCTIONS.items():
        method_name = name.removeprefix(_PREFIX)
        if name.startswith(_PREFIX) and method_name not in vars(owner):
            install(owner, method_name, bind(implementation, face, method_name, owner.__module__))


def _operators(face: Face, in_place: bool) -> dict[str, Callable[..., Any]]:
    made: dict[str, Callable[..., Any]] = {}
    for method, name in _OPERATORS.items():
        compute = FUNCTIONS[f"np.{name}"]
        made[f"__{method}__"] = _of_two(compute, face)
        if method in _REFLECTED:
            # MXNet adds a number on the left as one on the right, but does not multiply so; graph files show it.
            made[f"__r{method}__"] = (_of_two if method == "add" else _reflected)(compute, face)
        if in_place and method in _IN_PLACE:
            made[f"__i{method}__"] = _written(compute, face)
    for method, name in _UNARY.items():
        made[f"__{method}__"] = _of_one(FUNCTIONS[f"np.{name}"], face)
    return made


def _of_one(compute: Callable[..., Any], face: Face) -> Callable[[Any], Any]:
    def method(self: Any) -> Any:
        return compute(face, self)

    return method


def _of_two(compute: Callable[..., Any], face: Face) -> Callable[[Any, Any], Any]:
    def method(self: Any, other: Any) -> Any:
        return compute(face, self, other)

    return method


def _reflected(compute: Callable[..., Any], face: Face) -> Callable[[Any, Any], Any]:
    def method(self: Any, other: Any) -> Any:
        return compute(face, other, self)

    return method


def _written(compute: Callable[..., Any], face: Face) -> Callable[[Any, Any], Any]:
    def method(self: Any, other: Any) -> Any:
        return compute(face, self, other, out=self)

    return method
