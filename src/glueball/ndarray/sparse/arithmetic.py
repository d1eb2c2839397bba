"""``sparse.add`` and its family: of two arrays of one shape element by element, else as ``nd.add``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core.methods import install
from ...ops.declare import registry
from .. import arithmetic
from ..invoke import invoke
from ..ndarray import NDArray
from .base import BaseSparseNDArray

_DOC = """Return `{name}` of two arrays, or of one and a number, element-wise.

Parameters
----------
lhs, rhs : NDArray or number
    Sparse or dense arrays, or one and a number. Of two with one storage type and shape the result has that type.

Returns
-------
NDArray
    With the storage type that MXNet's rules give it.
"""


def _function(name: str, operator: str) -> Callable[[Any, Any], Any]:
    pair, otherwise = registry[operator], getattr(arithmetic, name)

    def function(lhs: Any, rhs: Any) -> Any:
        if isinstance(lhs, NDArray) and isinstance(rhs, NDArray) and lhs.shape == rhs.shape:
            return invoke(pair, (lhs, rhs))
        return otherwise(lhs, rhs)

    function.__name__ = function.__qualname__ = name
    function.__module__ = "glueball.ndarray.sparse"
    function.__doc__ = _DOC.format(name=name)
    return function


add = _function("add", "elemwise_add")
subtract = _function("subtract", "elemwise_sub")
multiply = _function("multiply", "elemwise_mul")
divide = _function("divide", "elemwise_div")


def _method(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def method(self: Any, other: Any) -> Any:
        return function(self, other)

    return method


def _in_place(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def method(self: Any, other: Any) -> Any:
        self[:] = function(self, other)
        return self

    return method


for _name, _made in (("add", add), ("sub", subtract), ("mul", multiply)):
    install(BaseSparseNDArray, f"__{_name}__", _method(_made))
for _name, _made in (("add", add), ("sub", subtract), ("mul", multiply), ("truediv", divide)):
    install(BaseSparseNDArray, f"__i{_name}__", _in_place(_made))
