"""Elements at other places, or several times: rolled, turned, flipped, repeated, broadcast, copied."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ops.declare import registry
from .creation import full
from .elementwise import is_number
from .face import Face, function
from .shaping import or_null

_ROLL, _ROT90, _FLIP, _COPY = (
    registry["_np_roll"], registry["_npi_rot90"], registry["_npi_flip"], registry["_np_copy"],
)  # fmt: skip
_REPEAT, _TILE, _BROADCAST_TO = registry["repeat"], registry["tile"], registry["_npi_broadcast_to"]


@function("np.roll")
def roll(face: Face, a: Any, shift: Any, axis: Any = None) -> Any:
    """Shift the elements; those that leave at an end come in at the other.

    Parameters
    ----------
    a : ndarray
        Any shape.
    shift : int or tuple of int
        How far, for each axis or for all of them.
    axis : int or tuple of int, optional
        Along which axes; by default the flattened array is shifted.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.roll(mx.np.arange(4), 1)
    array([3., 0., 1., 2.])
    """
    return face.call(_ROLL, (a,), (shift, or_null(axis)))


@function("np.rot90")
def rot90(face: Face, m: Any, k: int = 1, axes: Any = (0, 1)) -> Any:
    """Turn an array by 90 degrees in the plane of two axes, from the first of them toward the second.

    Parameters
    ----------
    m : ndarray
        At least two axes.
    k : int, default 1
        How many times.
    axes : tuple of int, default (0, 1)
        The two axes.
    """
    return face.call(_ROT90, (m,), (k, axes))


@function("np.flip")
def flip(face: Face, m: Any, axis: Any = None, out: Any = None) -> Any:
    """Reverse the order of the elements along axes.

    Parameters
    ----------
    m : ndarray
        Any shape.
    axis : int or tuple of int, optional
        Along which axes; by default all.
    out : ndarray, optional
        Where to write the result.
    """
    return face.call(_FLIP, (m,), (axis,), out)


@function("np.flipud")
def flipud(face: Face, m: Any) -> Any:
    """Reverse the order of the rows.

    Parameters
    ----------
    m : ndarray
        At least one axis.
    """
    return face.call(_FLIP, (m,), (0,))


@function("np.fliplr")
def fliplr(face: Face, m: Any) -> Any:
    """Reverse the order of the columns.

    Parameters
    ----------
    m : ndarray
        At least two axes.
    """
    return face.call(_FLIP, (m,), (1,))


@function("np.repeat")
def repeat(face: Face, a: Any, repeats: int, axis: int | None = None) -> Any:
    """Repeat each element, or each slice along an axis.

    Parameters
    ----------
    a : ndarray
        Any shape.
    repeats : int
        The number of repetitions.
    axis : int, optional
        Along which axis; by default each element is repeated, and the result has one axis.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.repeat(mx.np.arange(2), 2)
    array([0., 0., 1., 1.])
    """
    return face.call(_REPEAT, (a,), (repeats, or_null(axis)))


@function("np.ndarray.repeat")
def repeat_method(face: Face, self: Any, repeats: int, axis: int | None = None) -> Any:
    """Repeat each element, or each slice along an axis; see `glueball.np.repeat`."""
    return face.call(_REPEAT, (self,), (repeats, axis))


@function("np.tile")
def tile(face: Face, A: Any, reps: Any) -> Any:
    """Repeat a whole array along its axes.

    Parameters
    ----------
    A : ndarray or number
        The array.
    reps : int or tuple of int
        The number of copies along each axis; fewer numbers than axes apply to the last axes, more of them add new axes
        in front.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.tile(mx.np.arange(2), (2, 2))
    array([[0., 1., 0., 1.],
           [0., 1., 0., 1.]])
    """
    return np.tile(A, reps) if is_number(A) else face.call(_TILE, (A,), (reps,))


@function("np.broadcast_to")
def broadcast_to(face: Face, array: Any, shape: Any) -> Any:
    """Repeat an array along axes of length 1, and along new axes in front, to a shape.

    Parameters
    ----------
    array : ndarray or number
        The array.
    shape : int or tuple of int
        The new shape.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.broadcast_to(mx.np.arange(2), (2, 2))
    array([[0., 1.],
           [0., 1.]])
    """
    if is_number(array):
        return full(face, shape, array)
    return face.call(_BROADCAST_TO, (array,), (shape,))


@function("np.copy")
def copy(face: Face, a: Any, out: Any = None) -> Any:
    """Return a copy of an array.

    Parameters
    ----------
    a : ndarray
        Any shape.
    out : ndarray, optional
        Where to write it.
    """
    return face.call(_COPY, (a,), (), out)
