"""Calls that NumPy itself computes, on copies of the arrays; what it returns becomes arrays of ``mx.np`` again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ...core import dtype as dtypes
from ...core.context import Context
from ...core.errors import InvalidTypeError, InvalidValueError
from ...core.mode import mode
from .np_array import ndarray
from .sources import array

#: Functions of NumPy's that change an argument: that would be a copy.
_CHANGE_ARGUMENTS = ("copyto", "fill_diagonal", "place", "put", "put_along_axis", "putmask")


def by_numpy(owner: str, compute: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """Call a function of NumPy's with arrays of ``mx.np``.

    Parameters
    ----------
    owner : str
        The function's name, for messages.
    compute : callable
        The function.
    args, kwargs
        Its arguments; arrays in them, and in lists and tuples, are copied to NumPy. Without any, the result is NumPy's.

    Raises
    ------
    ValueError
        The call would have to be recorded, or its result has a type that there is not.
    TypeError
        The function would change a copy.
    """
    found: list[ndarray] = []
    positional, named = _copied(args, found), {name: _copied(value, found) for name, value in kwargs.items()}
    if not found:
        return compute(*args, **kwargs)
    if mode.recording:
        raise InvalidValueError(
            f"{owner}: it has no gradient, since NumPy computes it; received a call within autograd.record(); "
            "call it within autograd.pause()"
        )
    if owner.rpartition(".")[2] in _CHANGE_ARGUMENTS:
        raise InvalidTypeError(
            f"{owner}: it would change a copy of the array; received an array of mx.np; assign to its elements"
        )
    out = kwargs.get("out")
    made = _shown(owner, compute(*positional, **named), found[0]._ctx.computes_on)
    if not isinstance(out, ndarray):
        return made
    out[...] = made
    return out


def _copied(value: Any, found: list[ndarray]) -> Any:
    """Return a value with NumPy's arrays in the place of those of mx.np, which are added to a list."""
    if isinstance(value, ndarray):
        found.append(value)
        return value.asnumpy()
    if type(value) in (list, tuple):
        return type(value)(_copied(each, found) for each in value)
    return value


def _shown(owner: str, value: Any, ctx: Context) -> Any:
    """Return what NumPy returned with arrays of mx.np in the place of NumPy's."""
    if isinstance(value, np.ndarray):
        if value.dtype.name not in dtypes.NAMES:
            raise InvalidValueError(
                f"{owner}: the result must have one of the types {', '.join(dtypes.NAMES)}; received "
                f"{value.dtype.name}; convert the arguments with asnumpy(), and call NumPy's function"
            )
        return array(value, ctx=ctx)
    if isinstance(value, tuple):  # NumPy's own classes of tuples, too
        return tuple(_shown(owner, each, ctx) for each in value)
    return [_shown(owner, each, ctx) for each in value] if isinstance(value, list) else value
