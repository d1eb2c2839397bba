"""What Python and NumPy make of an array: numbers, lists, text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...core.errors import InvalidTypeError, InvalidValueError
from ...core.methods import method_of
from ..ndarray import NDArray
from .np_array import ndarray

#: The options of NumPy's with which arrays are printed; `glueball.np.set_printoptions` changes them.
print_options: dict[str, Any] = {}


@method_of(ndarray)
def item(self: ndarray, *args: Any) -> Any:
    """Return one element as a number of Python.

    Parameters
    ----------
    *args : int or tuple of int
        Nothing, for the only element; the position in the flattened array; or an index for each axis.

    Raises
    ------
    ValueError
        There is not exactly one element, and no position is given.
    """
    return self.asnumpy().item(*args)


@method_of(ndarray)
def tolist(self: ndarray) -> Any:
    """Return the elements as nested lists of Python's numbers; a number for an array without axes."""
    return self.asnumpy().tolist()


@method_of(ndarray, "__float__")
def _float(self: ndarray) -> float:
    return float(_only(self))


@method_of(ndarray, "__int__")
def _int(self: ndarray) -> int:
    return int(_only(self))


@method_of(ndarray, "__bool__")
def _bool(self: ndarray) -> bool:
    if self._data.numel() == 0:
        return False
    return bool(_only(self))


def _only(array: ndarray) -> Any:
    if array._data.numel() != 1:
        raise (
            InvalidTypeError(
                f"np.ndarray: only an array with one element is a number; received shape {array.shape}; reduce it first"
            )
            if array._data.numel() == 0
            else _Ambiguous(
                f"np.ndarray: only an array with one element is a number or true; received shape {array.shape}; "
                "reduce it first, or use any() or all()"
            )
        )
    return array.asnumpy().reshape(())[()]


class _Ambiguous(InvalidTypeError, InvalidValueError):
    """NumPy raises ValueError for the truth, and TypeError for a number."""


@method_of(ndarray, "__len__")
def _length(self: ndarray) -> int:
    if not self._data.dim():
        raise InvalidTypeError("np.ndarray: an array without axes has no length; received shape ()")
    return self._data.shape[0]


@method_of(ndarray, "__iter__")
def _iterator(self: ndarray) -> Iterator[NDArray]:
    if not self._data.dim():
        raise InvalidTypeError("np.ndarray: an array without axes cannot be iterated; received shape (); use item()")
    return NDArray.__iter__(self)


@method_of(ndarray, "__contains__")
def _contains(self: ndarray, value: Any) -> bool:
    """Return whether an element equals the value."""
    return bool((self == value).asnumpy().any())


@method_of(ndarray, "__nonzero__")
def _nonzero(self: ndarray) -> bool:
    return bool(self)


@method_of(ndarray, "__repr__")
def _repr(self: ndarray) -> str:
    if self._data.is_meta:
        return f"array((no values: shape inference), shape={self.shape})"
    values, kind = self.asnumpy(), self.dtype
    notes = [] if self.size else [f"shape={self.shape}"]
    if kind != np.dtype("float32") and not (kind == np.dtype("bool") and self.size):
        notes.append(f"dtype={kind}")
    if self._ctx.device_type != "cpu":
        notes.append(f"ctx={self._ctx}")
    with np.printoptions(**print_options):
        text = np.array2string(values, separator=", ", prefix="array(") if self.size else "[]"
    return f"array({', '.join([text, *notes])})"


@method_of(ndarray, "__str__")
def _str(self: ndarray) -> str:
    if self._data.is_meta:
        return repr(self)
    with np.printoptions(**print_options):
        return str(self.asnumpy())


@method_of(ndarray, "__format__")
def _format(self: ndarray, fmt: str) -> str:
    if not self.ndim:
        return format(item(self), fmt)
    if fmt:
        raise InvalidTypeError(
            f"np.ndarray: only an array without axes has a format; received {fmt!r} for shape {self.shape}; "
            "format its elements, or use np.set_printoptions"
        )
    return str(self)
