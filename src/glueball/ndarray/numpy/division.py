"""Division to whole numbers, which NumPy has and MXNet has not: ``x // y`` and ``divmod(x, y)``."""

from __future__ import annotations

from typing import Any

from ...core.methods import method_of
from ...np_functions import FUNCTIONS
from .face import arrays
from .np_array import ndarray


def _call(name: str, *operands: Any) -> Any:
    return FUNCTIONS[f"np.{name}"](arrays, *operands)


def _divmod(x1: Any, x2: Any) -> tuple[Any, Any]:
    """Return the quotient, rounded down, and the rest; what is divided is then a multiple, up to rounding."""
    rest = _call("mod", x1, x2)
    multiple = _call("subtract", x1, rest)
    if rest.dtype.kind == "f":
        return _call("rint", _call("true_divide", multiple, x2)), rest
    divisor = x2.astype("float64") if isinstance(x2, ndarray) else x2
    return _call("true_divide", multiple.astype("float64"), divisor).astype(rest.dtype), rest


@method_of(ndarray, "__divmod__")
def _divided(self: ndarray, other: Any) -> tuple[Any, Any]:
    return _divmod(self, other)


@method_of(ndarray, "__rdivmod__")
def _dividing(self: ndarray, other: Any) -> tuple[Any, Any]:
    return _divmod(other, self)


@method_of(ndarray, "__floordiv__")
def _quotient(self: ndarray, other: Any) -> Any:
    return _divmod(self, other)[0]


@method_of(ndarray, "__rfloordiv__")
def _quotient_of(self: ndarray, other: Any) -> Any:
    return _divmod(other, self)[0]
