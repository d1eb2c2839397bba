"""Sums, means and other functions that make one number of many, over all axes or some."""

from __future__ import annotations

from typing import Any

from ..ops.attrs import Null
from ..ops.declare import registry
from .face import Face, function

_SUM, _MEAN = registry["_np_sum"], registry["_npi_mean"]


@function("np.sum")
def sum(
    face: Face,
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    keepdims: bool = False,
    initial: Any = None,
    out: Any = None,
) -> Any:
    """Return the sum of the elements over axes.

    Parameters
    ----------
    a : ndarray
        Numbers; bool counts as int64.
    axis : int or tuple of int, optional
        The axes to sum over; by default all.
    dtype : str or numpy.dtype, optional
        The type of the result; by default that of `a`.
    keepdims : bool, default False
        Whether the axes stay, with length 1.
    initial : None
        A number to begin with is refused, as in MXNet.
    out : ndarray, optional
        Where to write the result.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.sum(mx.np.ones((2, 3)), axis=1)
    array([3., 3.])
    """
    return face.call(
        _SUM, (a,), (axis, Null if dtype is None else dtype, keepdims, Null if initial is None else initial), out
    )


@function("np.mean")
def mean(face: Face, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False) -> Any:
    """Return the arithmetic mean of the elements over axes.

    Parameters
    ----------
    a : ndarray
        Numbers; the mean of integers is float32.
    axis, dtype, out, keepdims
        As in `sum`.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.mean(mx.np.array([1, 2], dtype="int32"))
    array(1.5)
    """
    return face.call(_MEAN, (a,), (axis, Null if dtype is None else dtype, keepdims, Null), out)
