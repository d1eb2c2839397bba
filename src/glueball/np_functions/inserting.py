"""Inserting elements into an array, deleting some, and padding it at its edges."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.errors import InvalidTypeError, InvalidValueError, MissingNameError
from ..core.integers import is_int
from ..ops.attrs import Null
from ..ops.declare import registry
from .elementwise import is_number
from .face import Face, function

_SCALAR, _SLICE, _TENSOR = [registry[f"_npi_insert_{kind}"] for kind in ("scalar", "slice", "tensor")]
_DELETE, _PAD = registry["_npi_delete"], registry["_npi_pad"]


def _bad_obj(name: str, obj: Any) -> InvalidTypeError:
    return InvalidTypeError(
        f"np.{name}: obj must be an int, a slice, or an array of places; received {type(obj).__name__}"
    )


@function("np.insert")
def insert(face: Face, arr: Any, obj: Any, values: Any, axis: int | None = None) -> Any:
    """Insert values before places of an array.

    Parameters
    ----------
    arr : ndarray
        The array.
    obj : int, slice or ndarray
        The places: one, those of a slice, or integers. A list counts as an array, but not in a graph.
    values : number or ndarray
        What to insert; it broadcasts, and takes the type of `arr`. Before one place go all that there are.
    axis : int, optional
        Along which axis; by default the array is flattened.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.insert(mx.np.arange(3), 1, 9)
    array([0., 9., 1., 2.])
    """
    is_value = is_number(values)
    if not is_value and not face.holds(values):
        raise InvalidTypeError(
            f"np.insert: values must be a number or an array of mx.np; received {type(values).__name__}"
        )
    val = Null if not is_value else int(values) if isinstance(values, bool | np.bool_) else values
    array = None if is_value else values
    if is_int(obj):
        return face.call(_SCALAR, (arr, array), (val, Null, Null, Null, obj, axis))
    if isinstance(obj, slice):
        step = 1 if obj.step is None else obj.step
        return face.call(_SLICE, (arr, array), (val, obj.start, obj.stop, step, Null, axis))
    if isinstance(obj, list | tuple):
        obj = face.integers(obj, arr)
    if not face.holds(obj):
        raise _bad_obj("insert", obj)
    return face.call(_TENSOR, (arr, array, obj), (val, Null, Null, Null, Null, axis))


@function("np.delete")
def delete(face: Face, arr: Any, obj: Any, axis: int | None = None) -> Any:
    """Return an array without some places.

    Parameters
    ----------
    arr : ndarray
        The array.
    obj : int, slice or ndarray
        The places: one, those of a slice, integers, or True for each. A list counts as an array, but not in a graph.
    axis : int, optional
        Along which axis; by default the array is flattened.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.delete(mx.np.arange(4), slice(0, 2))
    array([2., 3.])
    """
    if is_int(obj):
        return face.call(_DELETE, (arr, None), (Null, Null, Null, obj, axis))
    if isinstance(obj, slice):
        step = 1 if obj.step is None else obj.step
        return face.call(_DELETE, (arr, None), (obj.start, obj.stop, step, Null, axis))
    if isinstance(obj, list | tuple):
        obj = face.integers(obj, arr)
    if not face.holds(obj):
        raise _bad_obj("delete", obj)
    return face.call(_DELETE, (arr, obj), (Null, Null, Null, Null, axis))


#: The modes, with the options that NumPy has for each. Those of the second kind are NumPy's alone.
_OPTIONS = {
    "constant": ("constant_values",), "edge": (), "maximum": ("stat_length",), "minimum": ("stat_length",),
    "reflect": ("reflect_type",), "symmetric": ("reflect_type",),
}  # fmt: skip
_ONLY_NUMPYS = ("empty", "linear_ramp", "mean", "median", "wrap")
_ONLY_VALUES = {"stat_length": None, "reflect_type": "even"}


@function("np.pad")
def pad(face: Face, x: Any, pad_width: Any = None, mode: str = "constant", **kwargs: Any) -> Any:
    """Add elements before and behind, along each axis.

    Parameters
    ----------
    x : ndarray
        The array.
    pad_width : tuple of tuple of int
        For each axis, how many elements to add before and behind.
    mode : {'constant', 'edge', 'maximum', 'minimum', 'reflect', 'symmetric'}, default 'constant'
        What is added: a number; the first and the last element; the largest or the smallest along the axis; or a
        mirror image, without and with the edge.
    **kwargs
        ``constant_values``, a number, 0 by default. ``stat_length=None`` and ``reflect_type='even'`` are allowed.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.pad(mx.np.ones((1, 1)), ((0, 0), (1, 2)))
    array([[0., 1., 0., 0.]])
    """
    _check_mode(mode, kwargs)
    if not isinstance(pad_width, tuple) or np.asarray(pad_width).dtype.kind != "i":
        raise InvalidTypeError(f"np.pad: pad_width must be a tuple of pairs of ints; received {pad_width!r}")
    if mode != "constant":
        kind = "even" if "reflect_type" in _OPTIONS[mode] else Null
        return face.call(_PAD, (x,), (pad_width, mode, Null, kind))
    constant = kwargs.get("constant_values", 0)
    if not is_number(constant):
        raise InvalidTypeError(f"np.pad: constant_values must be a number; received {type(constant).__name__}")
    if not face.has_values:  # MXNet makes the node twice, which its automatic name shows
        face.call(_PAD, (x,), (pad_width, mode, constant, Null))
    return face.call(_PAD, (x,), (pad_width, mode, constant, Null))


def _check_mode(mode: Any, options: dict[str, Any]) -> None:
    if mode not in _OPTIONS:
        kind = InvalidValueError if callable(mode) or mode in _ONLY_NUMPYS else MissingNameError
        raise kind(f"np.pad: mode must be one of {', '.join(_OPTIONS)}; received {mode!r}")
    for name, value in options.items():
        if name not in _OPTIONS[mode]:
            allowed = ", ".join(_OPTIONS[mode]) or "none"
            raise InvalidValueError(f"np.pad: a keyword for mode {mode!r} must be one of: {allowed}; received {name!r}")
        if name in _ONLY_VALUES and value != _ONLY_VALUES[name]:
            raise InvalidValueError(f"np.pad: {name} must be {_ONLY_VALUES[name]!r}; received {value!r}")
