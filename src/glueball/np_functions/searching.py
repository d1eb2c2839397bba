"""Where elements are, which there are, and their choice and order."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.errors import InvalidTypeError, InvalidValueError, MissingMethodError
from ..ops.attrs import Null
from ..ops.declare import Operator, registry
from .elementwise import is_number
from .face import Face, function

_ARGMAX, _ARGMIN, _NONZERO = registry["_npi_argmax"], registry["_npi_argmin"], registry["_npx_nonzero"]
_WHERE, _WHERE_NUMBERS = registry["_npi_where"], registry["_npi_where_scalar2"]
_WHERE_LEFT, _WHERE_RIGHT = registry["_npi_where_lscalar"], registry["_npi_where_rscalar"]
_UNIQUE, _SORT, _ARGSORT = registry["_npi_unique"], registry["sort"], registry["argsort"]
_TAKE, _RESHAPE = registry["take"], registry["_npx_reshape"]

_POSITION = """Return where the {what} element is: its int64 index.

Parameters
----------
a : ndarray
    Numbers or bool, at least one for each element of the result. The first NaN is found, if there is one.
axis : int, optional
    The axis to search along; by default all, in row-major order.
out : ndarray, optional
    Where to write the result, int64.

Examples
--------
>>> import glueball as mx
>>> mx.np.{name}(mx.np.array([[3, 1], [2, 4]]), axis=1)
array({example}, dtype=int64)
"""


def _declare_position(name: str, operator: Operator, what: str, example: str) -> None:
    def position(face: Face, a: Any, axis: int | None = None, out: Any = None) -> Any:
        return face.call(operator, (a,), (axis, False), out)

    def position_of(face: Face, self: Any, axis: int | None = None, out: Any = None) -> Any:
        return position(face, self, axis, out)

    position.__doc__ = _POSITION.format(what=what, name=name, example=example)
    position_of.__doc__ = f"Return where the {what} element is; see `glueball.np.{name}`."
    function(f"np.{name}")(position)
    function(f"np.ndarray.{name}")(position_of)


_declare_position("argmax", _ARGMAX, "largest", "[0, 1]")
_declare_position("argmin", _ARGMIN, "smallest", "[1, 0]")


def positions(face: Face, a: Any) -> tuple[Any, ...]:
    """Return, for each axis, the indices of the elements of an array that differ from 0."""
    found = face.call(_NONZERO, (a,))
    return tuple([found[:, axis] for axis in range(found.shape[1])])


@function("np.where")
def where(face: Face, condition: Any, x: Any = None, y: Any = None) -> Any:
    """Return elements of `x` where the condition holds, and of `y` elsewhere.

    Parameters
    ----------
    condition : ndarray or number
        It holds where it is not 0. For a number, one of the choices is returned as it is.
    x, y : ndarray or number
        The choices; arrays broadcast, and their types may differ. A number becomes one of the type of the array; two of
        them make float32.

    Returns
    -------
    ndarray
        The chosen elements. Without `x` and `y`, the same as `nonzero`, which a graph has not.

    Examples
    --------
    >>> import glueball as mx
    >>> x = mx.np.array([3, -1, 2])
    >>> mx.np.where(x > 0, x, 0)
    array([3., 0., 2.])
    """
    if is_number(condition):
        return x if condition != 0 else y
    if x is None and y is None and face.has_values:
        return positions(face, condition)
    of_numbers = [is_number(each) or (isinstance(each, np.ndarray) and not each.ndim) for each in (x, y)]
    for name, value, is_scalar in (("x", x, of_numbers[0]), ("y", y, of_numbers[1])):
        if not is_scalar and not isinstance(value, face.kind):
            raise InvalidTypeError(
                f"np.where: {name} must be an array of mx.np or a number; received {type(value).__name__}; "
                "convert it with mx.np.array(...)"
            )
    if all(of_numbers):
        return face.call(_WHERE_NUMBERS, (condition,), (float(x), float(y)))
    if of_numbers[0]:
        return face.call(_WHERE_LEFT, (condition, y), (float(x),))
    if of_numbers[1]:
        return face.call(_WHERE_RIGHT, (condition, x), (float(y),))
    return face.call(_WHERE, (condition, x, y))


@function("np.unique")
def unique(
    face: Face,
    ar: Any,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
) -> Any:
    """Return the different elements, or slices along an axis, in ascending order.

    Parameters
    ----------
    ar : ndarray
        Numbers or bool.
    return_index : bool, default False
        Whether the index of the first of each is returned, too, as int64.
    return_inverse : bool, default False
        Whether the index in the result of each element of `ar` is returned, too, as int64.
    return_counts : bool, default False
        Whether the number of each is returned, too, as int64.
    axis : int, optional
        The axis whose slices are compared; by default the elements are.

    Returns
    -------
    ndarray or tuple of ndarray
        The elements, and what else was asked for, in the order of the arguments.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.unique(mx.np.array([3, 1, 3]), return_counts=True)
    (array([1., 3.]), array([1, 2], dtype=int64))
    """
    found = face.call(_UNIQUE, (ar,), (return_index, return_inverse, return_counts, axis))
    return tuple(found) if return_index or return_inverse or return_counts else found


_KINDS = (None, "quicksort", "mergesort", "heapsort", "stable")


def _check_order(name: str, kind: Any, order: Any) -> None:
    if order is not None:
        raise MissingMethodError(f"np.{name}: order must be None, since arrays have no fields; received {order!r}")
    if kind not in _KINDS:
        raise InvalidValueError(f"np.{name}: kind must be one of {', '.join(map(repr, _KINDS))}; received {kind!r}")


@function("np.sort")
def sort(face: Face, a: Any, axis: int | None = -1, kind: str | None = None, order: Any = None) -> Any:
    """Return the elements in ascending order.

    Parameters
    ----------
    a : ndarray
        Numbers or bool; NaN comes last.
    axis : int, optional, default -1
        The axis to sort along; None sorts the flattened array.
    kind : {'quicksort', 'mergesort', 'heapsort', 'stable'}, optional
        Equal elements keep their order with each of them.
    order : None
        The fields to compare in NumPy, which these arrays have not.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.sort(mx.np.array([3, 1, 2]))
    array([1., 2., 3.])
    """
    _check_order("sort", kind, order)
    return face.call(_SORT, (a,), (axis, True))


@function("np.argsort")
def argsort(face: Face, a: Any, axis: int | None = -1, kind: str | None = None, order: Any = None) -> Any:
    """Return the int64 indices that would put the elements in ascending order.

    Parameters
    ----------
    a : ndarray
        Numbers or bool; NaN comes last, and equal elements keep their order.
    axis, kind, order
        As in `sort`.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.argsort(mx.np.array([3, 1, 2]))
    array([1, 2, 0], dtype=int64)
    """
    _check_order("argsort", kind, order)
    return face.call(_ARGSORT, (a,), (axis, True, "int64"))


@function("np.ndarray.argsort")
def argsort_of(face: Face, self: Any, axis: int | None = -1, kind: str | None = None, order: Any = None) -> Any:
    """Return the int64 indices that would put the elements in ascending order; see `glueball.np.argsort`."""
    return argsort(face, self, axis, kind, order)


@function("np.take")
def take(face: Face, a: Any, indices: Any, axis: int | None = None, mode: str = "raise", out: Any = None) -> Any:
    """Take elements, or slices along an axis.

    Parameters
    ----------
    a : ndarray
        Where to take from.
    indices : ndarray
        Which ones, in any shape; fractions are dropped.
    axis : int, optional
        The axis; by default elements of the flattened array are taken.
    mode : {'raise', 'clip', 'wrap'}
        What happens to an index out of range: an error, also for a negative one; the nearest end; or it wraps around.
    out : ndarray, optional
        Where to write the result.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.take(mx.np.array([3, 1, 2]), mx.np.array([2, 0], dtype="int64"))
    array([2., 3.])
    """
    if mode not in ("raise", "clip", "wrap"):
        raise MissingMethodError(f"np.take: mode must be 'raise', 'clip' or 'wrap'; received {mode!r}")
    if axis is None:
        a, axis = face.call(_RESHAPE, (a,), (-1, Null, Null)), 0
    return face.call(_TAKE, (a, indices), (axis, mode), out)


@function("np.ndarray.take")
def take_of(face: Face, self: Any, indices: Any, axis: int | None = None, mode: str = "raise") -> Any:
    """Take elements, or slices along an axis; see `glueball.np.take`."""
    return take(face, self, indices, axis, mode)
