"""What only arrays of ``mx.np`` have of shapes and memory, and no symbols: functions and methods."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch

from ...core.doors import door
from ...core.errors import (
    InvalidTypeError,
    InvalidValueError,
    MissingMethodError,
    OutOfRangeError,
    RefusedError,
)
from ...core.integers import is_int
from ...core.methods import method_of
from ...np_functions.creation import check_order, full_like, or_float32, zeros
from ...np_functions.elementwise import is_number
from ...np_functions.joining import concatenate
from ...np_functions.moving import tile
from ...ops.declare import registry
from .face import arrays
from .np_array import ndarray
from .sources import array

_BROADCAST_TO, _RESHAPE = registry["_npi_broadcast_to"], registry["_np_reshape"]


def _check(name: str, *given: Any) -> None:
    for each in given:
        if not isinstance(each, ndarray):
            raise _Unfit(
                f"np.{name}: it takes arrays of mx.np; received {type(each).__name__}; convert it with mx.np.array(...)"
            )


class _Unfit(InvalidTypeError, AttributeError, RefusedError):
    """MXNet asks some for their shape, and others for their class."""


@door
def empty(shape: Any, dtype: Any = np.float32, order: str = "C", ctx: Any = None) -> Any:
    """Return an array whose values do not matter; the arguments are those of `zeros`."""
    check_order("empty", order)
    if not isinstance(shape, tuple | list) and not is_int(shape):
        raise InvalidTypeError(f"np.empty: shape must be an int or a tuple of ints; received {type(shape).__name__}")
    return zeros(arrays, shape, or_float32(dtype), "C", ctx)


@door
def empty_like(prototype: Any, dtype: Any = None, order: str = "C", subok: bool = False, shape: Any = None) -> Any:
    """Return an array of the shape of another, whose values do not matter.

    Parameters
    ----------
    prototype : ndarray
        The other array.
    dtype : str or numpy.dtype, optional
        The type; by default that of `prototype`.
    order, subok, shape
        At their defaults.

    Raises
    ------
    NotImplementedError
        An argument is not at its default.
    """
    check_order("empty_like", order)
    if subok or shape is not None:
        raise MissingMethodError(f"np.empty_like: subok and shape must not be given; received {subok!r} and {shape!r}")
    return full_like(arrays, prototype, 0, dtype)


@door
def shape(a: Any) -> tuple[int, ...]:
    """Return the shape of an array."""
    _check("shape", a)
    return tuple(a.shape)


@door
def broadcast_arrays(*args: Any) -> list[Any]:
    """Broadcast arrays to a common shape.

    Parameters
    ----------
    *args : ndarray or number
        The arrays; a number is an array without axes.

    Returns
    -------
    list of ndarray
        The arrays, repeated.

    Raises
    ------
    ValueError
        There is no common shape.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.broadcast_arrays(mx.np.ones((2, 1)), mx.np.zeros((2,)))[1].shape
    (2, 2)
    """
    context = next((each.ctx for each in args if isinstance(each, ndarray)), None)
    given = [array(each, ctx=context) if is_number(each) else each for each in args]
    _check("broadcast_arrays", *given)
    try:
        common = np.broadcast_shapes(*[each.shape for each in given])
    except ValueError:
        shapes = ", ".join(str(each.shape) for each in given)
        raise InvalidValueError(f"np.broadcast_arrays: the shapes must broadcast; received {shapes}") from None
    return [arrays.call(_BROADCAST_TO, (each,), (common,)) for each in given]


@door
def meshgrid(*xi: Any, **kwargs: Any) -> list[Any]:
    """Return the coordinates of the points of a grid.

    Parameters
    ----------
    *xi : ndarray
        The coordinates along each axis; they are flattened.
    **kwargs
        ``indexing``, 'xy' by default, where the first two axes are exchanged, or 'ij'; ``sparse=True`` leaves all other
        axes at length 1. ``copy`` must be True.

    Returns
    -------
    list of ndarray
        For each axis an array over the grid.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.meshgrid(mx.np.arange(2), mx.np.arange(1))
    [array([[0., 1.]]), array([[0., 0.]])]
    """
    indexing, sparse = kwargs.pop("indexing", "xy"), kwargs.pop("sparse", False)
    if not kwargs.pop("copy", True):
        raise MissingMethodError("np.meshgrid: copy must be True; received False")
    if kwargs:
        raise InvalidTypeError(f"np.meshgrid: a keyword must be indexing, sparse or copy; received {', '.join(kwargs)}")
    if indexing not in ("xy", "ij"):
        raise InvalidValueError(f"np.meshgrid: indexing must be 'xy' or 'ij'; received {indexing!r}")
    _check("meshgrid", *xi)
    places = list(range(len(xi)))
    if indexing == "xy" and len(xi) > 1:
        places[:2] = 1, 0
    rows = []
    for place, each in zip(places, xi, strict=True):
        lengths = [1] * len(xi)
        lengths[place] = each.size
        rows.append(arrays.call(_RESHAPE, (each,), (tuple(lengths), "C")))
    return rows if sparse else broadcast_arrays(*rows)


@door
def resize(a: Any, new_shape: Any) -> Any:
    """Return an array of another size: the elements, repeated or cut off.

    Parameters
    ----------
    a : ndarray
        Any shape.
    new_shape : int or tuple of int
        The new shape.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.resize(mx.np.arange(2), (3,))
    array([0., 1., 0.])
    """
    _check("resize", a)
    lengths = tuple(new_shape) if isinstance(new_shape, tuple | list) else (new_shape,)
    size = math.prod(lengths)
    if any(length < 0 for length in lengths):
        raise InvalidValueError(f"np.resize: new_shape must be lengths of at least 0; received {new_shape}")
    flat = arrays.call(_RESHAPE, (a,), (-1, "C"))
    if not a.size:  # there is nothing to repeat, and NumPy takes zeros
        flat = concatenate(arrays, [flat, zeros(arrays, max(size, 1), a.dtype, "C", a.ctx)])
    repeated = flat if size <= flat.size else tile(arrays, flat, -(-size // flat.size))
    return arrays.call(_RESHAPE, (repeated[:size],), (lengths, "C"))


@door
def unravel_index(indices: Any, shape: Any, order: str = "C") -> tuple[Any, ...]:
    """Return the index along each axis of elements that are numbered through.

    Parameters
    ----------
    indices : ndarray or int
        The numbers, integers.
    shape : int or tuple of int
        The shape of the array that has the elements.
    order : {'C'}
        How they are numbered.

    Raises
    ------
    IndexError
        There is no element of a number.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.unravel_index(mx.np.array([5, 1], dtype="int64"), (2, 3))
    (array([1, 0], dtype=int64), array([2, 1], dtype=int64))
    """
    check_order("unravel_index", order)
    if is_number(indices):
        return np.unravel_index(indices, shape)
    _check("unravel_index", indices)
    lengths = tuple(shape) if isinstance(shape, tuple | list) else (shape,)
    numbers, size = indices._data, math.prod(lengths)
    if numbers.is_floating_point() or numbers.dtype is torch.bool:
        raise InvalidTypeError(f"np.unravel_index: indices must be integers; received {indices.dtype}")
    if numbers.numel() and (int(numbers.min()) < 0 or int(numbers.max()) >= size):
        raise OutOfRangeError(
            f"np.unravel_index: indices must be from 0 to {size - 1} for shape {lengths}; received {numbers.tolist()}"
        )
    found = []
    for length in reversed(lengths):
        found.append(ndarray(numbers % length, indices._ctx))
        numbers = numbers // length
    return tuple(reversed(found))


@method_of(ndarray)
def broadcast_to(self: ndarray, shape: Any) -> Any:
    """Return the array broadcast to a shape; see `glueball.np.broadcast_to`."""
    return arrays.call(_BROADCAST_TO, (self,), (shape,))
