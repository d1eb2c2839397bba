"""What MXNet has as operators that only write into arrays: ``nd.reset_arrays`` and ``nd._internal._set_value``."""

from __future__ import annotations

from typing import Any

from ..core.doors import door
from ..core.errors import InvalidTypeError, MXNetError
from ..core.integers import is_int
from .ndarray import NDArray


@door
def reset_arrays(*args: NDArray, num_arrays: int | None = None, **kwargs: Any) -> list[NDArray]:
    """Set all elements of several arrays to 0.

    Parameters
    ----------
    *args : NDArray
        The arrays, each of a floating-point type.
    num_arrays : int
        The number of arrays.
    **kwargs
        None at all, but for ``name``, which has no effect.

    Returns
    -------
    list
        An empty one.

    Examples
    --------
    >>> from glueball import nd
    >>> ones = nd.ones((2,))
    >>> nd.reset_arrays(ones, num_arrays=1)
    []
    >>> ones.asnumpy().tolist()
    [0.0, 0.0]
    """
    unknown = set(kwargs) - {"name"}
    if unknown:
        raise MXNetError(f"reset_arrays: a keyword must be num_arrays; received {', '.join(sorted(unknown))}")
    for array in args:
        if not isinstance(array, NDArray):
            raise _NotAnArray(f"reset_arrays: each array must be an NDArray; received {type(array).__name__}")
        if not array._data.is_floating_point():
            raise MXNetError(
                f"reset_arrays: each array must have a floating-point type; received {array._data.dtype}; "
                "write array[:] = 0"
            )
    if not is_int(num_arrays) or num_arrays != len(args):
        raise MXNetError(f"reset_arrays: num_arrays must be the number of arrays, {len(args)}; received {num_arrays}")
    for array in args:
        array[:] = 0
    return []


@door
def set_value(src: float | None = None, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Write a number to all elements of an array; ``out[:] = src`` does the same.

    Parameters
    ----------
    src : float
        The number; it loses its fraction in an array of integers.
    out : NDArray
        The array.
    name
        Not used, as by all functions of arrays.

    Returns
    -------
    NDArray
        The array.

    Examples
    --------
    >>> from glueball import nd
    >>> nd._internal._set_value(2.5, out=nd.zeros((2,))).asnumpy().tolist()
    [2.5, 2.5]
    """
    if src is None or not isinstance(out, NDArray):
        raise MXNetError(
            f"_set_value: src and out must be given, a number and an NDArray; received {src!r} and {type(out).__name__}"
        )
    try:
        out[:] = float(src)
    except ValueError:
        raise MXNetError(f"_set_value: src must be a number; received {src!r}") from None
    return out


class _NotAnArray(InvalidTypeError, AssertionError):
    """MXNet raises AssertionError."""
