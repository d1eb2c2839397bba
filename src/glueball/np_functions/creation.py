"""Arrays of one number and others that no array, or only the shape of one, is needed for."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.context import current_context
from ..core.errors import InvalidTypeError, InvalidValueError, MissingMethodError
from ..core.integers import is_int
from ..ops.attrs import Null
from ..ops.declare import registry
from .face import Face, function

_ZEROS, _ONES, _FULL = registry["_npi_zeros"], registry["_npi_ones"], registry["_full"]
_FULL_LIKE, _BROADCAST_TO, _CAST = registry["_npi_full_like"], registry["_npi_broadcast_to"], registry["Cast"]
_EYE, _IDENTITY, _INDICES = registry["_npi_eye"], registry["_npi_identity"], registry["_npi_indices"]


def check_order(name: str, order: str) -> None:
    """Refuse any order of the elements but that of C."""
    if order != "C":
        raise MissingMethodError(f"np.{name}: order must be 'C'; received {order!r}; transpose the array")


def or_float32(dtype: Any) -> Any:
    """Return a type, or MXNet's default."""
    return "float32" if dtype is None else dtype


@function("np.zeros")
def zeros(face: Face, shape: Any, dtype: Any = None, order: str = "C", ctx: Any = None) -> Any:
    """Return an array of zeros.

    Parameters
    ----------
    shape : int or tuple of int
        The shape; ``()`` and lengths of 0 are allowed.
    dtype : str or numpy.dtype, default float32
        The type.
    order : {'C'}
        The order of the elements.
    ctx : Context, optional
        The context; by default the current one.

    Raises
    ------
    NotImplementedError
        `order` is not ``'C'``.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.zeros((2,))
    array([0., 0.])
    """
    check_order("zeros", order)
    return face.create(_ZEROS, (shape, Null, or_float32(dtype)), ctx)


@function("np.ones")
def ones(face: Face, shape: Any, dtype: Any = np.float32, order: str = "C", ctx: Any = None) -> Any:
    """Return an array of ones; the arguments are those of `zeros`."""
    check_order("ones", order)
    return face.create(_ONES, (shape, Null, or_float32(dtype)), ctx)


@function("np.full")
def full(
    face: Face, shape: Any, fill_value: Any, dtype: Any = None, order: str = "C", ctx: Any = None, out: Any = None
) -> Any:
    """Return an array with one number everywhere, or an array repeated to a shape.

    Parameters
    ----------
    shape : int or tuple of int
        The shape.
    fill_value : number or ndarray
        The number, or what to broadcast to the shape.
    dtype : str or numpy.dtype, optional
        The type; by default that of an array, bool for True and False, and float32 for other numbers.
    order, ctx
        As in `zeros`; an array to broadcast keeps its context.
    out : ndarray, optional
        Where to write the result.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.full((2,), 3)
    array([3., 3.])
    """
    check_order("full", order)
    if face.holds(fill_value):
        if dtype is None:
            return face.call(_BROADCAST_TO, (fill_value,), (shape,), out)
        return face.call(_CAST, (face.call(_BROADCAST_TO, (fill_value,), (shape,)),), (dtype,), out)
    if isinstance(fill_value, bool | np.bool_):
        fill_value, dtype = int(fill_value), "bool" if dtype is None else dtype
    return face.create(_FULL, (shape, Null, or_float32(dtype), fill_value), ctx, out)


def _filled_like(
    face: Face, name: str, a: Any, fill_value: Any, dtype: Any, order: str, ctx: Any, out: Any = None
) -> Any:
    check_order(name, order)
    fill_value = int(fill_value) if isinstance(fill_value, bool | np.bool_) else fill_value
    values = (fill_value, str(ctx or current_context()), Null if dtype is None else dtype)
    made = face.call(_FULL_LIKE, (a,), values, out)
    return made if ctx is None or not face.has_values else made.as_in_context(ctx)


@function("np.full_like")
def full_like(
    face: Face, a: Any, fill_value: Any, dtype: Any = None, order: str = "C", ctx: Any = None, out: Any = None
) -> Any:
    """Return an array of the shape of another with one number everywhere.

    Parameters
    ----------
    a : ndarray
        The other array.
    fill_value : number
        The number.
    dtype : str or numpy.dtype, optional
        The type; by default that of `a`.
    order : {'C'}
        The order of the elements.
    ctx : Context, optional
        The context; by default that of `a`.
    out : ndarray, optional
        Where to write the result.
    """
    return _filled_like(face, "full_like", a, fill_value, dtype, order, ctx, out)


@function("np.zeros_like")
def zeros_like(face: Face, a: Any, dtype: Any = None, order: str = "C", ctx: Any = None, out: Any = None) -> Any:
    """Return zeros in the shape of an array; the arguments are those of `full_like`."""
    return _filled_like(face, "zeros_like", a, 0, dtype, order, ctx, out)


@function("np.ones_like")
def ones_like(face: Face, a: Any, dtype: Any = None, order: str = "C", ctx: Any = None, out: Any = None) -> Any:
    """Return ones in the shape of an array; the arguments are those of `full_like`."""
    return _filled_like(face, "ones_like", a, 1, dtype, order, ctx, out)


@function("np.eye")
def eye(face: Face, N: int, M: int | None = None, k: int = 0, dtype: Any = np.float32, **kwargs: Any) -> Any:
    """Return a matrix with ones on one diagonal and zeros elsewhere.

    Parameters
    ----------
    N : int
        The number of rows.
    M : int, optional
        The number of columns; by default that of rows.
    k : int, default 0
        The diagonal: above the main one when positive, below it when negative.
    dtype : str or numpy.dtype, default float32
        The type.
    **kwargs
        ``ctx``, the context.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.eye(2, 3, k=1)
    array([[0., 1., 0.],
           [0., 0., 1.]])
    """
    ctx = kwargs.pop("ctx", None)
    if kwargs:
        kind = MissingMethodError if "order" in kwargs else InvalidTypeError
        raise kind(f"np.eye: the only keyword must be ctx; received {', '.join(kwargs)}")
    return face.create(_EYE, (N, M, k, Null, Null if dtype is None else dtype), ctx)


@function("np.identity")
def identity(face: Face, n: int, dtype: Any = None, ctx: Any = None) -> Any:
    """Return a square matrix with ones on the main diagonal and zeros elsewhere.

    Parameters
    ----------
    n : int
        The number of rows.
    dtype : str or numpy.dtype, default float32
        The type.
    ctx : Context, optional
        The context; by default the current one.
    """
    if not is_int(n) or n < 0:
        kind = InvalidValueError if is_int(n) else InvalidTypeError
        raise kind(f"np.identity: n must be an int of at least 0; received {n!r}")
    return face.create(_IDENTITY, ((n, n), Null, or_float32(dtype)), ctx)


@function("np.indices")
def indices(face: Face, dimensions: Any, dtype: Any = np.int32, ctx: Any = None) -> Any:
    """Return the indices of the elements of an array: for each axis an array of that shape.

    Parameters
    ----------
    dimensions : tuple of int
        The shape of the array.
    dtype : str or numpy.dtype, default int32
        The type.
    ctx : Context, optional
        The context; by default the current one.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.indices((1, 2))
    array([[[0, 0]],
    <BLANKLINE>
           [[0, 1]]], dtype=int32)
    """
    if not isinstance(dimensions, tuple | list):
        raise InvalidValueError(f"np.indices: dimensions must be a tuple of ints; received {dimensions!r}")
    return face.create(_INDICES, (dimensions, dtype, Null), ctx)
