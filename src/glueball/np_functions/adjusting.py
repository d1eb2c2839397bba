"""Numbers rounded, limited or replaced; differences of neighbors; polynomials; shared memory."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np

from ..core.errors import InvalidTypeError, InvalidValueError, MissingMethodError
from ..ops.declare import registry
from .elementwise import check_options, is_number, refuse
from .face import FUNCTIONS, Face, function

_AROUND, _CLIP, _NAN_TO_NUM = registry["_npi_around"], registry["clip"], registry["_npi_nan_to_num"]
_DIFF, _EDIFF1D, _POLYVAL = registry["_npi_diff"], registry["_npi_ediff1d"], registry["_npi_polyval"]
_SHARE_MEMORY = registry["_npi_share_memory"]


@function("np.around", "np.round", "np.round_")
def around(face: Face, x: Any, decimals: int = 0, out: Any = None, **kwargs: Any) -> Any:
    """Round to a number of decimals; halves go to the even neighbor.

    Parameters
    ----------
    x : ndarray or number
        The operand.
    decimals : int, default 0
        How many; a negative one counts from the decimal point to the left.
    out : ndarray, optional
        Where to write the result.
    **kwargs
        Nothing, as in MXNet.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.around(mx.np.array([0.5, 1.5, 2.25]))
    array([0., 2., 2.])
    """
    if kwargs:
        raise InvalidTypeError(f"np.around: the keywords must be decimals and out; received {', '.join(kwargs)}")
    if isinstance(x, face.kind):
        return face.call(_AROUND, (x,), (decimals,), out)
    if not is_number(x):
        raise refuse("around", x)
    return np.around(x, decimals)


@function("np.ndarray.round")
def round_of(face: Face, self: Any, decimals: int = 0, out: Any = None, **kwargs: Any) -> Any:
    """Round to a number of decimals; see `glueball.np.around`."""
    return around(face, self, decimals, out, **kwargs)


@function("np.ndarray.__round__")
def rounded(face: Face, self: Any, n: int = 0) -> Any:
    """Round to a number of decimals; see `glueball.np.around`."""
    return around(face, self, n)


@function("np.clip")
def clip(face: Face, a: Any, a_min: Any, a_max: Any, out: Any = None) -> Any:
    """Return the elements within limits: what is beyond one becomes the limit.

    Parameters
    ----------
    a : ndarray or number
        Numbers.
    a_min, a_max : float or ndarray or None
        The limits, not both None; arrays broadcast with `a`.
    out : ndarray, optional
        Where to write the result.

    Raises
    ------
    ValueError
        There is no limit.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.clip(mx.np.array([-1, 0.5, 2]), 0, 1)
    array([0. , 0.5, 1. ])
    """
    if a_min is None and a_max is None:
        raise InvalidValueError("np.clip: a_min or a_max must be given; received None for both")
    if is_number(a):
        return np.clip(a, a_min, a_max)
    low, high = [_number(face, each) for each in (a_min, a_max)]
    if isinstance(low, face.kind) or isinstance(high, face.kind):
        return _clip_by_arrays(face, a, low, high, out)
    return face.call(_CLIP, (a,), (-inf if low is None else low, inf if high is None else high), out)


def _number(face: Face, limit: Any) -> Any:
    """Return an array without axes as a number, as MXNet's text of it is read."""
    return limit.item() if face.has_values and face.holds(limit) and not limit.ndim else limit


def _clip_by_arrays(face: Face, a: Any, low: Any, high: Any, out: Any) -> Any:
    steps = [(name, limit) for name, limit in (("np.maximum", low), ("np.minimum", high)) if limit is not None]
    for name, limit in steps:
        a = FUNCTIONS[name](face, a, limit, out if name == steps[-1][0] else None)
    return a


@function("np.ndarray.clip")
def clip_of(face: Face, self: Any, min: Any = None, max: Any = None, out: Any = None) -> Any:
    """Return the elements within limits; see `glueball.np.clip`."""
    return clip(face, self, min, max, out)


@function("np.nan_to_num")
def nan_to_num(
    face: Face, x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None, **kwargs: Any
) -> Any:
    """Return numbers in the place of NaN and infinity.

    Parameters
    ----------
    x : ndarray or number
        The operand.
    copy : bool, default True
        Whether `x` stays as it is; otherwise the result is written into it.
    nan : float, default 0
        The number for NaN.
    posinf, neginf : float, optional
        The numbers for infinity and its negative; by default the largest and the least of the type.
    **kwargs
        NumPy's options at their defaults.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.nan_to_num(mx.np.array([float("nan"), float("inf")]), posinf=9)
    array([0., 9.])
    """
    check_options("nan_to_num", kwargs)
    if isinstance(x, face.kind):
        out = None if copy or not face.has_values else x
        return face.call(_NAN_TO_NUM, (x,), (copy, nan, posinf, neginf), out)
    if not is_number(x):
        raise refuse("nan_to_num", x)
    return np.nan_to_num(x, copy, nan, posinf, neginf)


@function("np.diff")
def diff(face: Face, a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    """Return the differences of neighbors along an axis, n times.

    Parameters
    ----------
    a : ndarray
        Numbers.
    n : int, default 1
        How often differences are taken; each time the axis loses an element, until there is none.
    axis : int, default -1
        The axis.
    prepend, append : ndarray or number, optional
        More elements to begin and to end with; in a graph, no numbers.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.diff(mx.np.array([1, 2, 4]))
    array([1., 2.])
    """
    if prepend is not None or append is not None:
        ends = [_end(face, a, axis, each) for each in (prepend, append)]
        a = FUNCTIONS["np.concatenate"](face, [each for each in (ends[0], a, ends[1]) if each is not None], axis)
    return face.call(_DIFF, (a,), (n, axis))


def _end(face: Face, a: Any, axis: int, end: Any) -> Any:
    """Return more elements for one end of an axis as an array; a number has length 1 there."""
    if not is_number(end):
        return end
    if not face.has_values:
        raise MissingMethodError(
            f"np.diff: prepend and append must be symbols in a graph, where shapes are not known; received {end!r}"
        )
    lengths = list(a.shape)
    lengths[axis] = 1
    return FUNCTIONS["np.full"](face, tuple(lengths), end, a.dtype, ctx=a.ctx)


@function("np.ediff1d")
def ediff1d(face: Face, ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    """Return the differences of neighbors of the flattened array.

    Parameters
    ----------
    ary : ndarray
        Numbers.
    to_end, to_begin : ndarray or number, optional
        What comes behind and before the differences; an array has the type of `ary`, a number gets it.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.ediff1d(mx.np.array([1, 2, 4]), to_begin=0)
    array([0., 1., 2.])
    """
    ends = (to_begin, to_end)
    given = [isinstance(each, face.kind) for each in ends]
    scalars = [None if is_array else each for each, is_array in zip(ends, given, strict=True)]
    arrays = [each for each, is_array in zip(ends, given, strict=True) if is_array]
    return face.call(_EDIFF1D, (ary, *arrays), (*given, *scalars))


@function("np.polyval")
def polyval(face: Face, p: Any, x: Any) -> Any:
    """Return the values of a polynomial.

    Parameters
    ----------
    p : ndarray
        (n,): the coefficients, that of the highest power first.
    x : ndarray
        Where to evaluate it. If neither is an array, the result is NumPy's.

    Raises
    ------
    ValueError
        `p` has not one axis.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.polyval(mx.np.array([1, 0, 2]), mx.np.array([3, 4]))
    array([11., 18.])
    """
    given = [isinstance(each, face.kind) for each in (p, x)]
    if all(given):
        return face.call(_POLYVAL, (p, x))
    if any(given):
        raise refuse("polyval", x if given[0] else p)
    return np.polyval(p, x)


@function("np.may_share_memory", "np.shares_memory")
def may_share_memory(face: Face, a: Any, b: Any, max_work: Any = None) -> Any:
    """Return whether the memory of two arrays overlaps.

    Parameters
    ----------
    a, b : ndarray
        Of any shapes and types.
    max_work : int, optional
        NumPy's limit for the search, which is never reached: where the elements begin and end decides.

    Examples
    --------
    >>> import glueball as mx
    >>> x = mx.np.zeros((3,))
    >>> mx.np.shares_memory(x, x), mx.np.shares_memory(x, x + 1)
    (True, False)
    """
    found = face.call(_SHARE_MEMORY, (a, b))
    return bool(found) if face.has_values else found
