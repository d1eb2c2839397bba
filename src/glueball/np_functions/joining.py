"""Joining arrays, and splitting one into several."""

from __future__ import annotations

from typing import Any

from ..core.errors import DivisionByZeroError, InvalidTypeError, InvalidValueError, OutOfRangeError
from ..core.integers import is_int
from ..ops.attrs import Null
from ..ops.declare import registry
from .face import Face, NoArrayError, function

_CONCATENATE, _STACK = registry["_npi_concatenate"], registry["_npi_stack"]
_SPLIT, _HSPLIT, _DSPLIT = registry["_split_v2"], registry["_npi_hsplit"], registry["_npi_dsplit"]


def _several(face: Face, name: str, given: Any) -> list[Any]:
    """Return the arrays to join; an array stands for its rows."""
    if face.holds(given) and not face.has_values:
        raise InvalidTypeError(f"np.{name}: several symbols must be given, in a list; received one")
    return list(given)


@function("np.concatenate")
def concatenate(face: Face, seq: Any, axis: int | None = 0, out: Any = None) -> Any:
    """Join arrays along an existing axis.

    Parameters
    ----------
    seq : sequence of ndarray
        One or more arrays of one type, whose shapes differ at most along `axis`.
    axis : int, optional
        Along which axis; None joins all elements, in an array with one axis.
    out : ndarray, optional
        Where to write the result.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.concatenate([mx.np.ones((1, 2)), mx.np.zeros((1, 2))])
    array([[1., 1.],
           [0., 0.]])
    """
    arrays = _several(face, "concatenate", seq)
    return face.call(_CONCATENATE, arrays, (len(arrays), axis), out)


@function("np.append")
def append(face: Face, arr: Any, values: Any, axis: int | None = None) -> Any:
    """Join two arrays.

    Parameters
    ----------
    arr, values : ndarray
        The arrays, of one type.
    axis : int, optional
        Along which axis; by default all elements are joined, in an array with one axis.
    """
    return face.call(_CONCATENATE, (arr, values), (2, axis))


@function("np.stack")
def stack(face: Face, arrays: Any, axis: int = 0, out: Any = None) -> Any:
    """Join arrays of one shape along a new axis.

    Parameters
    ----------
    arrays : sequence of ndarray
        One or more arrays of one shape and type.
    axis : int, default 0
        The position of the new axis in the result.
    out : ndarray, optional
        Where to write the result.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.stack([mx.np.ones((2,)), mx.np.zeros((2,))], axis=1)
    array([[1., 0.],
           [1., 0.]])
    """
    given = _several(face, "stack", arrays)
    return face.call(_STACK, given, (axis, len(given)), out)


_DOC = """{summary}

Parameters
----------
{name} : sequence of ndarray
    One or more arrays of one type.
"""


def _add_stack(name: str, operator_name: str, summary: str) -> None:
    operator = registry[operator_name]
    further = len(operator.attributes) - 1

    def join(face: Face, arrays: Any) -> Any:
        given = _several(face, name, arrays)
        return face.call(operator, given, (len(given),) + (Null,) * further)

    def join_tuple(face: Face, tup: Any) -> Any:
        return join(face, tup)

    def join_out(face: Face, arrays: Any, out: Any = None) -> Any:
        given = _several(face, name, arrays)
        return face.call(operator, given, (len(given),), out)

    chosen: Any = {"column_stack": join_tuple, "vstack": join_out}.get(name, join)
    chosen.__doc__ = _DOC.format(summary=summary, name="tup" if name == "column_stack" else "arrays")
    if chosen is join_out:
        chosen.__doc__ += "out : ndarray, optional\n    Where to write the result.\n"
    function(f"np.{name}")(chosen)


for _name, _operator_name, _summary in [
    ("vstack", "_npi_vstack", "Join arrays along the first axis; an array with fewer than two axes is a row."),
    ("row_stack", "_npi_vstack", "Join arrays along the first axis; an array with fewer than two axes is a row."),
    ("hstack", "_npi_hstack", "Join arrays along the second axis, or along the only one."),
    ("dstack", "_npi_dstack", "Join arrays along the third axis; those with fewer axes get some of length 1."),
    ("column_stack", "_npi_column_stack", "Join arrays along the second axis; one with fewer than two is a column."),
]:  # fmt: skip
    _add_stack(_name, _operator_name, _summary)


def _part(face: Face, name: str, operator: Any, ary: Any, given: Any, axis: int) -> list[Any]:
    """Split along an axis: into a number of parts, or before places."""
    if not face.holds(ary):
        raise NoArrayError(
            f"np.{name}: ary must be an array of mx.np; received {type(ary).__name__}; convert it with mx.np.array(...)"
        )
    if isinstance(given, list | tuple | set):
        places, sections = [0, *given], 0
    elif is_int(given):
        places, sections = [], given.__index__()
    else:
        raise InvalidValueError(
            f"np.{name}: indices_or_sections must be an int, or a tuple, list or set of ints; received {given!r}"
        )
    made = face.call(operator, (ary,), (places, axis, False, sections))
    return face.several(made)


def _check_equal(face: Face, name: str, ary: Any, given: Any, axis: int) -> None:
    """Refuse a number of parts that cannot be equal; of a symbol nothing is known."""
    if not face.holds(ary) or not face.has_values or not is_int(given):
        return
    if not -ary.ndim <= axis < ary.ndim:
        raise OutOfRangeError(f"np.{name}: axis must be from {-ary.ndim} to {ary.ndim - 1}; received {axis}")
    if given == 0:
        raise DivisionByZeroError(f"np.{name}: the number of parts must not be 0; received 0")
    if ary.shape[axis] % given:
        raise InvalidValueError(
            f"np.{name}: parts of length {ary.shape[axis]} must be equal; received {given}; use np.array_split"
        )


def _check_axes(face: Face, name: str, ary: Any, least: int) -> None:
    if face.holds(ary) and face.has_values and ary.ndim < least:
        raise InvalidValueError(f"np.{name}: the array must have at least {least} axes; received shape {ary.shape}")


@function("np.split")
def split(face: Face, ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """Split an array into equal parts, or before given places.

    Parameters
    ----------
    ary : ndarray
        The array.
    indices_or_sections : int or tuple of int
        The number of parts, or where those after the first begin.
    axis : int, default 0
        Along which axis.

    Returns
    -------
    list of ndarray
        The parts.

    Raises
    ------
    ValueError
        The parts would not be equal.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.split(mx.np.arange(4), (1,))
    [array([0.]), array([1., 2., 3.])]
    """
    _check_equal(face, "split", ary, indices_or_sections, axis)
    return _part(face, "split", _SPLIT, ary, indices_or_sections, axis)


@function("np.array_split")
def array_split(face: Face, ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """Split an array into parts, of which the first are longer by 1 if they cannot be equal; see `split`."""
    return _part(face, "array_split", _SPLIT, ary, indices_or_sections, axis)


@function("np.vsplit")
def vsplit(face: Face, ary: Any, indices_or_sections: Any) -> list[Any]:
    """Split an array along the first axis; see `split`."""
    _check_axes(face, "vsplit", ary, 2)
    _check_equal(face, "vsplit", ary, indices_or_sections, 0)
    return _part(face, "vsplit", _SPLIT, ary, indices_or_sections, 0)


@function("np.hsplit")
def hsplit(face: Face, ary: Any, indices_or_sections: Any) -> list[Any]:
    """Split an array along the second axis, or along the only one; see `array_split`."""
    _check_axes(face, "hsplit", ary, 1)
    return _part(face, "hsplit", _HSPLIT, ary, indices_or_sections, 1)


@function("np.dsplit")
def dsplit(face: Face, ary: Any, indices_or_sections: Any) -> list[Any]:
    """Split an array along the third axis; see `split`."""
    _check_axes(face, "dsplit", ary, 3)
    _check_equal(face, "dsplit", ary, indices_or_sections, 2)
    return _part(face, "dsplit", _DSPLIT, ary, indices_or_sections, 2)
