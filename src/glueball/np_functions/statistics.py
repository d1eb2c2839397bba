"""Averages with weights, spreads, percentiles and counts."""

from __future__ import annotations

import numbers
from typing import Any

from ..core.errors import InvalidTypeError, InvalidValueError, MissingMethodError, RefusedError
from ..ops.attrs import Null
from ..ops.declare import Operator, registry
from .elementwise import is_number
from .face import FUNCTIONS, Face, function
from .reductions import typed

_STD, _VAR, _AVERAGE = registry["_npi_std"], registry["_npi_var"], registry["_npi_average"]
_PERCENTILE, _BINCOUNT = registry["_npi_percentile"], registry["_npi_bincount"]
_HISTOGRAM = registry["_histogram"]

_SPREAD = """Return the {what} of the elements over axes.

Parameters
----------
a : ndarray
    Numbers, whose type the result has, too.
axis : int or tuple of int, optional
    The axes; by default all.
dtype : str or numpy.dtype, optional
    The type of the result.
out : ndarray, optional
    Where to write the result.
ddof : int, default 0
    What is subtracted from the number of elements before the sum of squares is divided by it.
keepdims : bool, default False
    Whether the axes stay, with length 1.

Examples
--------
>>> import glueball as mx
>>> mx.np.{name}(mx.np.array([1, 3]))
array(1.)
"""


def _declare_spread(name: str, operator: Operator, what: str) -> None:
    def spread(
        face: Face, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: int = 0, keepdims: bool = False
    ) -> Any:
        return face.call(operator, (a,), (axis, typed(dtype), ddof, keepdims), out)

    def spread_of(
        face: Face, self: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: int = 0,
        keepdims: bool = False,
    ) -> Any:  # fmt: skip
        return spread(face, self, axis, dtype, out, ddof, keepdims)

    spread.__doc__ = _SPREAD.format(what=what, name=name)
    spread_of.__doc__ = f"Return the {what} of the elements over axes; see `glueball.np.{name}`."
    function(f"np.{name}")(spread)
    function(f"np.ndarray.{name}")(spread_of)


_declare_spread("std", _STD, "standard deviation")
_declare_spread("var", _VAR, "variance")


@function("np.average")
def average(face: Face, a: Any, axis: Any = None, weights: Any = None, returned: bool = False, out: Any = None) -> Any:
    """Return the average of the elements over axes.

    Parameters
    ----------
    a : ndarray
        Numbers, whose type the result has, too: that of integers loses its fraction.
    axis : int or tuple of int, optional
        The axes; by default all.
    weights : ndarray, optional
        How much each element counts, of the type of `a`: of its shape, or a row for the only axis.
    returned : bool, default False
        Whether the sum of the weights is returned, too, in a list.
    out : ndarray, optional
        Where to write the result.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.average(mx.np.array([1, 4]), weights=mx.np.array([2, 1]))
    array(2.)
    """
    weighted = False if weights is None else Null
    found = face.call(_AVERAGE, (a, weights), (axis, returned, weighted), out)
    return list(found) if returned else found


def _check_shares(name: str, face: Face, q: Any) -> None:
    if not is_number(q) and not face.holds(q):
        raise RefusedError(
            f"np.{name}: q must be a number or an array of mx.np; received {type(q).__name__}; "
            "convert it with mx.np.array(...)"
        )


@function("np.percentile")
def percentile(
    face: Face,
    a: Any,
    q: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: Any = None,
    interpolation: str = "linear",
    keepdims: bool = False,
) -> Any:
    """Return the element below which q percent of the elements over axes lie.

    Parameters
    ----------
    a : ndarray
        Numbers; the result is float32, or float64 for float64. NaN gives NaN.
    q : float, ndarray or list of float
        From 0 to 100; an array has at most one axis, which the result has first, as for a list.
    axis : int or tuple of int, optional
        The axes; by default all.
    out : ndarray, optional
        Where to write the result.
    overwrite_input : None
        NumPy's permission to sort `a` itself, which is refused, as in MXNet.
    interpolation : {'linear', 'lower', 'higher', 'midpoint', 'nearest'}
        What lies between two elements.
    keepdims : bool, default False
        Whether the axes stay, with length 1.

    Raises
    ------
    ValueError
        `q` is out of range.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.percentile(mx.np.array([1, 2, 3, 4]), 50)
    array(2.5)
    """
    if overwrite_input is not None:
        raise MissingMethodError(
            f"np.percentile: overwrite_input must be None; received {overwrite_input!r}; leave it out"
        )
    if isinstance(q, list | tuple):
        found = [percentile(face, a, each, axis, None, None, interpolation, keepdims) for each in q]
        return FUNCTIONS["np.stack"](face, found, 0, out)
    _check_shares("percentile", face, q)
    shares, number = (None, q) if is_number(q) else (q, None)
    return face.call(_PERCENTILE, (a, shares), (axis, interpolation, keepdims, number), out)


@function("np.quantile")
def quantile(
    face: Face,
    a: Any,
    q: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: Any = None,
    interpolation: str = "linear",
    keepdims: bool = False,
) -> Any:
    """Return the element below which a share q of the elements over axes lies.

    Parameters
    ----------
    a : ndarray
        Numbers; the result is float32, or float64 for float64.
    q : float, ndarray or list of float
        From 0 to 1; an array has at most one axis, which the result has first, as for a list.
    axis, out, overwrite_input, interpolation, keepdims
        As in `percentile`.
    """
    if isinstance(q, list | tuple):
        percent: Any = [each * 100 for each in q]
        return percentile(face, a, percent, axis, out, overwrite_input, interpolation, keepdims)
    _check_shares("quantile", face, q)
    percent = q * 100 if is_number(q) else FUNCTIONS["np.multiply"](face, q, 100)
    return percentile(face, a, percent, axis, out, overwrite_input, interpolation, keepdims)


@function("np.bincount")
def bincount(face: Face, x: Any, weights: Any = None, minlength: int = 0) -> Any:
    """Return how often each number occurs, or the sum of the weights at its places.

    Parameters
    ----------
    x : ndarray
        (n,): integers from 0, whose type that of the counts is, or bool.
    weights : ndarray, optional
        (n,): their type is that of the result.
    minlength : int, default 0
        The least length of the result, which otherwise ends with the largest number.

    Raises
    ------
    ValueError
        `minlength`, or a number, is negative.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.bincount(mx.np.array([0, 2, 2], dtype="int64"))
    array([1, 0, 2], dtype=int64)
    """
    if not isinstance(x, face.kind):
        raise InvalidTypeError(
            f"np.bincount: x must be an array of mx.np; received {type(x).__name__}; convert it with mx.np.array(...)"
        )
    if minlength < 0:
        raise InvalidValueError(f"np.bincount: minlength must be at least 0; received {minlength}")
    return face.call(_BINCOUNT, (x, weights), (minlength, weights is not None))


@function("np.histogram")
def histogram(
    face: Face,
    a: Any,
    bins: Any = 10,
    range: Any = None,
    normed: Any = None,
    weights: Any = None,
    density: Any = None,
) -> list[Any]:
    """Count the elements in each of several ranges that follow one another.

    Parameters
    ----------
    a : ndarray
        Numbers.
    bins : int or ndarray, default 10
        The number of ranges of equal length, or their edges in ascending order, of the type of `a`.
    range : tuple of two floats, optional
        With a number of ranges: where the first one begins and the last one ends; by default at the smallest and at
        the largest element. A graph needs it.
    normed, weights, density : None
        NumPy's other ways to count, which are refused, as in MXNet.

    Returns
    -------
    list of two ndarrays
        The counts, int64, and the edges, of the type of `a`. A range holds its first edge, the last range its end, too.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.histogram(mx.np.array([1, 2, 2.5, 4]), 3, (1, 4))[0]
    array([1, 2, 1], dtype=int64)
    """
    for name, value in (("normed", normed), ("density", density)):
        if value:
            raise MissingMethodError(f"np.histogram: {name} must be None; received {value!r}; divide the counts")
    if weights is not None:
        raise MissingMethodError(
            f"np.histogram: weights must be None; received {type(weights).__name__}; use np.bincount"
        )
    if isinstance(bins, face.kind):
        return list(face.call(_HISTOGRAM, (a, bins), (Null, Null)))
    if not isinstance(bins, numbers.Integral):
        raise MissingMethodError(f"np.histogram: bins must be an int or an array of edges; received {bins!r}")
    if range is None:
        range = _whole_range(face, a)
    return list(face.call(_HISTOGRAM, (a, None), (bins, range)))


def _whole_range(face: Face, a: Any) -> tuple[float, float]:
    if not face.has_values:
        raise MissingMethodError("np.histogram: range must be given in a graph, which has no values; received None")
    if not a.size:
        return (0.0, 1.0)
    return tuple([FUNCTIONS[f"np.{each}"](face, a).item() for each in ("min", "max")])
