"""``nd.contrib.isnan`` and its like: masks of the numbers that are not finite."""

from __future__ import annotations

from typing import Any

from ..core.errors import InvalidTypeError
from .ndarray import NDArray

_INFINITY = float("inf")


def isnan(data: NDArray) -> Any:
    """Return 1 where a number is NaN, else 0, in the type of the array.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.contrib.isnan(nd.array([1, float("nan")])).asnumpy().tolist()
    [0.0, 1.0]
    """
    return data != data


def isinf(data: NDArray) -> Any:
    """Return 1 where a number is infinite, else 0, in the type of the array.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.contrib.isinf(nd.array([1, float("-inf")])).asnumpy().tolist()
    [0.0, 1.0]
    """
    return _size("isinf", data) == _INFINITY


def isfinite(data: NDArray) -> Any:
    """Return 1 where a number is neither infinite nor NaN, else 0, in the type of the array.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.contrib.isfinite(nd.array([1, float("nan")])).asnumpy().tolist()
    [1.0, 0.0]
    """
    return _size("isfinite", data) < _INFINITY


def _size(owner: str, data: NDArray) -> Any:
    if not isinstance(data, NDArray):
        raise _NotAnArray(f"{owner}: data must be an NDArray; received {type(data).__name__}; use math.{owner}")
    return data.abs()


class _NotAnArray(InvalidTypeError, AttributeError):
    """MXNet raises AttributeError."""
