"""Stubs of Python's operators and of their functions, which take arrays and numbers."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from .functions import Kind

_BINARY = ["add", "sub", "mul", "truediv", "mod", "pow"]
_COMPARISONS = ["eq", "ne", "lt", "le", "gt", "ge"]

_OVERLOADS = '''@overload
def {name}({left}: {kind}, {right}: {kind} | Scalar) -> {kind}: ...
@overload
def {name}({left}: Scalar, {right}: {kind}) -> {kind}: ...
@overload
def {name}({left}: float, {right}: float) -> float:
    """{summary}"""
'''


def operator_method(kind: Kind, name: str) -> str:
    """Return the method of one of Python's operators, or '' if the name is not one of them."""
    plain = name[2:-2] if name.startswith("__") else ""
    if plain in _COMPARISONS:
        wider = "  # type: ignore[override]" if plain in ("eq", "ne") else ""
        return f"def {name}(self, other: {kind} | Scalar) -> {kind}: ...{wider}\n"
    if plain in (*_BINARY, *(f"r{binary}" for binary in _BINARY)):
        return f"def {name}(self, other: {kind} | Scalar) -> {kind}: ...\n"
    if plain in [f"i{binary}" for binary in _BINARY]:
        # Symbols refuse them. None makes mypy report an error; without a declaration it would fall back to __add__.
        return f"def {name}(self, other: {kind} | Scalar) -> {kind}: ...\n" if kind == "NDArray" else f"{name}: None\n"
    return f"def {name}(self) -> {kind}: ...\n" if plain in ("neg", "abs") else ""


def is_arithmetic(function: Any) -> bool:
    """Whether a function takes two operands of any type, such as ``nd.add``."""
    if not inspect.isfunction(function):
        return False
    parameters = inspect.signature(function).parameters.values()
    return [parameter.annotation for parameter in parameters] == ["Any", "Any"]


def arithmetic(function: Callable[..., Any], name: str, kind: Kind) -> str:
    """Return a function of two operands, with overloads for arrays and numbers."""
    left, right = inspect.signature(function).parameters
    summary = (inspect.getdoc(function) or "").partition("\n")[0]
    return _OVERLOADS.format(name=name, left=left, right=right, kind=kind, summary=summary)
