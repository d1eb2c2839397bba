"""What only symbols of ``mx.sym.np`` have: slices by brackets, and the arguments of their ``astype``."""

from __future__ import annotations

from typing import Any

from ...core.errors import OutOfRangeError
from ...core.integers import is_int
from ...core.methods import method_of
from ...np_functions.creation import check_astype
from ...ops.attrs import Null
from ...ops.declare import registry
from ..symbol import Symbol
from .face import symbols
from .symbol import _Symbol

_SLICE, _RESHAPE, _CAST = registry["slice"], registry["_npx_reshape"], registry["Cast"]


@method_of(_Symbol, "__getitem__")
def _getitem(self: _Symbol, key: Any) -> Symbol:
    """Return a slice of the values; of several outputs, the one that the key names.

    Parameters
    ----------
    key : int, slice or tuple of them
        What NumPy's basic indexing takes, but no ``...`` and no new axes: the number of axes is not known.

    Raises
    ------
    IndexError
        The key is anything else.
    """
    if len(self._entries) > 1:
        return Symbol.__getitem__(self, key)
    keys = key if isinstance(key, tuple) else (key,)
    if not all(isinstance(each, slice) or (is_int(each) and not isinstance(each, bool)) for each in keys):
        raise OutOfRangeError(
            f"mx.sym.np: an index of a symbol must be an int, a slice or a tuple of them; received {key!r}; "
            "use np.expand_dims, np.take or npx.slice"
        )
    return _sliced(self, key) if keys else self


def _sliced(self: _Symbol, key: Any) -> Symbol:
    if isinstance(key, slice):
        begin, end = [[None] if each is None else each for each in (key.start, key.stop)]
        return symbols.call(_SLICE, (self,), (begin, end, key.step))
    if is_int(key):  # behind the last place there is none to name
        return _without_axes(symbols.call(_SLICE, (self,), ([key], [key + 1 or None], Null)), (key,))
    bounds = [(each.start, each.stop, each.step) if isinstance(each, slice) else _of_place(each) for each in key]
    begin, end, step = [list(each) for each in zip(*bounds, strict=True)]
    return _without_axes(symbols.call(_SLICE, (self,), (begin, end, step)), key)


def _of_place(place: int) -> tuple[int, int, int]:
    return (place, place + 1, 1) if place >= 0 else (place, place - 1, -1)


def _without_axes(sliced: Symbol, keys: tuple[Any, ...]) -> Symbol:
    """Drop the axes of which one place is taken."""
    codes = (*[-2 if isinstance(each, slice) else -3 for each in keys], -4)
    return symbols.call(_RESHAPE, (sliced,), (codes,))


@method_of(_Symbol)
def astype(
    self: _Symbol, dtype: Any, order: str = "K", casting: str = "unsafe", subok: bool = True, copy: bool = True
) -> Symbol:
    """Return a symbol of the same values in another type.

    Parameters
    ----------
    dtype : str or numpy.dtype
        The type.
    order, casting, subok
        At their defaults; `order` may be ``'C'``.
    copy : bool
        Not needed: a graph has no memory to share.
    """
    check_astype(order, casting, subok)
    return symbols.call(_CAST, (self,), (dtype,))
