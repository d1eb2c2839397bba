"""Rows of numbers: ranges, even steps and windows."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.errors import DivisionByZeroError, MissingMethodError
from ..ops.attrs import Null
from ..ops.declare import registry
from .creation import or_float32
from .face import Face, function

_ARANGE, _LINSPACE, _LOGSPACE = registry["_npi_arange"], registry["_linspace"], registry["_npi_logspace"]


@function("np.arange")
def arange(
    face: Face, start: float, stop: float | None = None, step: float = 1, dtype: Any = None, ctx: Any = None
) -> Any:
    """Return start, start + step, ... below `stop`, or above it for a negative step.

    Parameters
    ----------
    start, stop : float
        The range; with `stop` None, from 0 to `start`.
    step : float, default 1
        The difference of neighbors.
    dtype : str or numpy.dtype, default float32
        The type.
    ctx : Context, optional
        The context; by default the current one.

    Raises
    ------
    ZeroDivisionError
        `step` is 0.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.arange(1, 7, 2)
    array([1., 3., 5.])
    """
    if step == 0:
        raise DivisionByZeroError("np.arange: step must not be 0; received 0")
    if stop is None:
        start, stop = 0, start
    return face.create(_ARANGE, (start, stop, 1 if step is None else step, Null, Null, Null, or_float32(dtype)), ctx)


def _check_numbers(name: str, start: Any, stop: Any, axis: int) -> None:
    for value in (start, stop):
        if isinstance(value, list | tuple | np.ndarray) or hasattr(value, "asnumpy"):
            raise MissingMethodError(f"np.{name}: start and stop must be numbers; received {type(value).__name__}")
    if axis != 0:
        raise MissingMethodError(f"np.{name}: axis must be 0, since start and stop are numbers; received {axis!r}")


@function("np.linspace")
def linspace(
    face: Face,
    start: float,
    stop: float,
    num: int = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: Any = None,
    axis: int = 0,
    ctx: Any = None,
) -> Any:
    """Return evenly spaced numbers.

    Parameters
    ----------
    start, stop : float
        The first number, and the end of the range.
    num : int, default 50
        The number of elements.
    endpoint : bool, default True
        Whether `stop` is the last of them; otherwise it would be the next.
    retstep : bool, default False
        Return the difference of neighbors, too.
    dtype : str or numpy.dtype, default float32
        The type.
    axis : {0}
        Where arrays would have the numbers.
    ctx : Context, optional
        The context; by default the current one.

    Returns
    -------
    ndarray or tuple
        The numbers; with `retstep`, they and the difference, which is NaN for a single number.

    Raises
    ------
    NotImplementedError
        `start` or `stop` is an array.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.linspace(0, 1, 3)
    array([0. , 0.5, 1. ])
    """
    _check_numbers("linspace", start, stop, axis)
    numbers = face.create(_LINSPACE, (start, stop, num, endpoint, Null, Null if dtype is None else dtype), ctx)
    if not retstep:
        return numbers
    parts = num - 1 if endpoint else num
    return numbers, (stop - start) / parts if parts > 0 else float("nan")


@function("np.logspace")
def logspace(
    face: Face,
    start: float,
    stop: float,
    num: int = 50,
    endpoint: bool = True,
    base: float = 10.0,
    dtype: Any = None,
    axis: int = 0,
    ctx: Any = None,
) -> Any:
    """Return powers of a base, whose exponents are evenly spaced.

    Parameters
    ----------
    start, stop : float
        The first exponent, and the end of their range.
    base : float, default 10
        The base.
    num, endpoint, dtype, axis, ctx
        As in `linspace`.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.logspace(0, 2, 3)
    array([  1.,  10., 100.])
    """
    _check_numbers("logspace", start, stop, axis)
    return face.create(_LOGSPACE, (start, stop, num, endpoint, base, Null, Null if dtype is None else dtype), ctx)


_WINDOWS = {
    "blackman": "Return Blackman's window, a sum of three cosines.",
    "hamming": "Return Hamming's window, a cosine over a pedestal.",
    "hanning": "Return von Hann's window, a cosine.",
}

_WINDOW_DOC = """{summary}

Parameters
----------
M : int
    The number of elements; below 1 there are none.
dtype : str or numpy.dtype, default float32
    The type.
ctx : Context, optional
    The context; by default the current one.
"""


def _add_window(name: str) -> None:
    operator = registry[f"_npi_{name}"]

    def window(face: Face, M: int, dtype: Any = np.float32, ctx: Any = None) -> Any:
        return face.create(operator, (M, Null, Null if dtype is None else dtype), ctx)

    window.__doc__ = _WINDOW_DOC.format(summary=_WINDOWS[name])
    function(f"np.{name}")(window)


for _name in _WINDOWS:
    _add_window(_name)
