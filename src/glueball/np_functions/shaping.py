"""The shape of an array: reshape, axes in another order, axes that come and go."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.errors import InvalidTypeError, MissingMethodError
from ..ops.attrs import Null
from ..ops.declare import registry
from .elementwise import is_number
from .face import Face, function

_RESHAPE, _NPX_RESHAPE, _SQUEEZE = registry["_np_reshape"], registry["_npx_reshape"], registry["_np_squeeze"]
_TRANSPOSE, _MOVEAXIS, _SWAPAXES = registry["_np_transpose"], registry["_np_moveaxis"], registry["SwapAxis"]
_EXPAND_DIMS = registry["expand_dims"]


def or_null(value: Any, default: Any = None) -> Any:
    """Return Null for a default: MXNet's graph files do not have it."""
    return Null if value is default or (type(value) is type(default) and value == default) else value


@function("np.reshape")
def reshape(face: Face, a: Any, newshape: Any, order: str = "C", out: Any = None) -> Any:
    """Return the elements of an array in another shape.

    Parameters
    ----------
    a : ndarray
        Any shape.
    newshape : int or tuple of int
        The new shape; one length may be -1 and follows from the others.
    order : {'C', 'F', 'A'}, default 'C'
        Whether the last index changes fastest, in reading and in writing, or, for ``'F'``, the first.
    out : ndarray, optional
        Where to write the result.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.reshape(mx.np.arange(4), (2, -1))
    array([[0., 1.],
           [2., 3.]])
    """
    return face.call(_RESHAPE, (a,), (newshape, or_null(order, "C")), out)


def _check_c(owner: str, order: str) -> None:
    if order != "C":
        raise MissingMethodError(f"{owner}: order must be 'C'; received {order!r}; use np.reshape")


@function("np.ndarray.reshape")
def reshape_method(face: Face, self: Any, *args: Any, **kwargs: Any) -> Any:
    """Return the elements in another shape; see `glueball.np.reshape`.

    Parameters
    ----------
    *args : int or tuple of int
        The new shape, as one tuple or as separate ints.
    **kwargs
        ``order``, which must be ``'C'``.
    """
    order = kwargs.pop("order", "C")
    if kwargs or not args:
        received = f"{len(args)} lengths and {', '.join(kwargs) or 'no keyword'}"
        raise InvalidTypeError(f"np.ndarray.reshape: it takes a shape, and the keyword order; received {received}")
    _check_c("np.ndarray.reshape", order)
    shape = args[0] if len(args) == 1 and isinstance(args[0], tuple | list) else args
    return face.call(_RESHAPE, (self,), (tuple(shape), "C"))


@function("np.ndarray.flatten")
def flatten(face: Face, self: Any, order: str = "C") -> Any:
    """Return a copy with one axis.

    Parameters
    ----------
    order : {'C'}
        The order of the elements.
    """
    _check_c("np.ndarray.flatten", order)
    return face.call(_RESHAPE, (self,), ((-1,), "C"))


@function("npx.reshape")
def npx_reshape(face: Face, a: Any, newshape: Any, reverse: bool = False, order: str = "C") -> Any:
    """Return the elements in another shape, which may be said relative to that of the array.

    Parameters
    ----------
    a : ndarray
        Any shape.
    newshape : int or tuple of int
        Lengths, and codes about the next axis of `a`: -1 is whatever length remains, once only; -2 keeps the axis;
        -3 drops it, if its length is 1; -4 keeps all the axes that remain; -5 merges two axes; -6, followed by two
        lengths of which one may be -1, splits one.
    reverse : bool, default False
        Read the codes, and the axes of `a`, from the right.
    order : {'C'}
        The order of the elements.

    Examples
    --------
    >>> import glueball as mx
    >>> x = mx.np.ones((2, 3, 8))
    >>> mx.npx.reshape(x, (-5, -6, 4, -1)).shape
    (6, 4, 2)
    """
    return face.call(_NPX_RESHAPE, (a,), (newshape, or_null(reverse, False), or_null(order, "C")))


@function("np.ravel")
def ravel(face: Face, x: Any, order: str = "C") -> Any:
    """Return the elements of an array in one axis.

    Parameters
    ----------
    x : ndarray or number
        The array.
    order : {'C'}
        The order of the elements.
    """
    _check_c("np.ravel", order)
    if is_number(x):
        return np.ravel(x)
    return face.call(_NPX_RESHAPE, (x,), (-1, Null, Null))


@function("np.transpose")
def transpose(face: Face, a: Any, axes: Any = None) -> Any:
    """Return an array with its axes in another order.

    Parameters
    ----------
    a : ndarray
        Any shape.
    axes : tuple of int, optional
        For each axis of the result, the axis of `a` that it comes from; by default the reverse order.

    Raises
    ------
    ValueError
        An axis is named twice.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.transpose(mx.np.ones((2, 3, 4)), (1, 0, 2)).shape
    (3, 2, 4)
    """
    return face.call(_TRANSPOSE, (a,), (or_null(axes),))


@function("np.ndarray.transpose")
def transpose_method(face: Face, self: Any, *axes: Any) -> Any:
    """Return the array with its axes in another order; see `glueball.np.transpose`.

    Parameters
    ----------
    *axes : int or tuple of int
        The axes, as one tuple or as separate ints; by default the reverse order.
    """
    single = len(axes) == 1 and (axes[0] is None or isinstance(axes[0], tuple | list))
    return face.call(_TRANSPOSE, (self,), (None if not axes else axes[0] if single else axes,))


@function("np.swapaxes")
def swapaxes(face: Face, a: Any, axis1: int, axis2: int) -> Any:
    """Return an array with two axes exchanged.

    Parameters
    ----------
    a : ndarray
        Any shape.
    axis1, axis2 : int
        The axes; negative numbers count from the end.
    """
    return face.call(_SWAPAXES, (a,), (axis1, axis2))


@function("np.ndarray.swapaxes")
def swapaxes_method(face: Face, self: Any, axis1: int, axis2: int) -> Any:
    """Return the array with two axes exchanged; see `glueball.np.swapaxes`."""
    return face.call(_SWAPAXES, (self,), (axis1, axis2))


@function("np.moveaxis")
def moveaxis(face: Face, a: Any, source: Any, destination: Any) -> Any:
    """Return an array with axes at other positions; the rest keep their order.

    Parameters
    ----------
    a : ndarray
        Any shape.
    source, destination : int or tuple of int
        Where the axes are, and where they go.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.moveaxis(mx.np.ones((2, 3, 4)), 0, -1).shape
    (3, 4, 2)
    """
    return face.call(_MOVEAXIS, (a,), (source, destination))


@function("np.squeeze")
def squeeze(face: Face, a: Any, axis: Any = None, out: Any = None) -> Any:
    """Return an array without axes of length 1.

    Parameters
    ----------
    a : ndarray
        Any shape.
    axis : int or tuple of int, optional
        Which axes; by default all of length 1.
    out : ndarray, optional
        Where to write the result.
    """
    return face.call(_SQUEEZE, (a,), (or_null(axis),), out)


@function("np.ndarray.squeeze")
def squeeze_method(face: Face, self: Any, axis: Any = None) -> Any:
    """Return the array without axes of length 1; see `glueball.np.squeeze`."""
    return face.call(_SQUEEZE, (self,), (axis,))


@function("np.expand_dims")
def expand_dims(face: Face, a: Any, axis: int) -> Any:
    """Return an array with one more axis, of length 1.

    Parameters
    ----------
    a : ndarray
        Any shape.
    axis : int
        The position of the new axis in the result.
    """
    return face.call(_EXPAND_DIMS, (a,), (axis,))


def _add_at_least(count: int) -> None:
    operator = registry[f"_np_atleast_{count}d"]

    def at_least(face: Face, *arys: Any) -> Any:
        made = face.call(operator, arys, (len(arys),))
        return face.several(made) if len(arys) > 1 else made

    at_least.__doc__ = f"""Return arrays with axes of length 1 added to those that have fewer than {count}.

    Parameters
    ----------
    *arys : ndarray
        One or more arrays of one type.

    Returns
    -------
    ndarray or list of ndarray
        The array, or several.
    """
    function(f"np.atleast_{count}d")(at_least)


for _count in (1, 2, 3):
    _add_at_least(_count)
