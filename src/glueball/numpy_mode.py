"""Turning ``mx.np`` on: for the thread, for a block of statements, or for a function or class."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable
from types import TracebackType
from typing import Any, Literal, TypeVar

from .core.doors import door
from .core.errors import InvalidTypeError, InvalidValueError
from .core.numpy_mode import numpy_mode as _mode

__all__ = [
    "is_np_array", "is_np_shape", "np_array", "np_shape", "reset_np", "set_np", "set_np_shape", "use_np",
    "use_np_array", "use_np_shape",
]  # fmt: skip

_Decorated = TypeVar("_Decorated")


def is_np_array() -> bool:
    """Return whether layers, data sets and files of this thread make arrays of ``mx.np``."""
    return _mode.arrays


def is_np_shape() -> bool:
    """Return whether 0 in a shape means length 0, as in NumPy, rather than an unknown length."""
    return _mode.shapes


@door
def set_np(shape: bool = True, array: bool = True) -> None:
    """Turn NumPy's meaning of shapes, and the arrays of ``mx.np``, on or off for this thread.

    The first time in a process it is logged, at level INFO.

    Parameters
    ----------
    shape, array : bool, default True
        The two switches; arrays need the meaning of shapes.

    Raises
    ------
    ValueError
        Arrays without the meaning of shapes.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.npx.set_np()
    >>> mx.npx.is_np_array()
    True
    >>> mx.npx.reset_np()
    """
    if array and not shape:
        raise InvalidValueError("set_np: shape must be True if array is; received shape=False; leave shape out")
    _mode.shapes, _mode.arrays = bool(shape), bool(array)
    if array:
        _tell("mx.np is on: layers, data sets and files of this thread make its arrays")
    if shape:
        _tell(_SHAPES)


#: What is logged when the meaning of shapes changes.
_SHAPES = "mx.np is on: shapes have NumPy's meaning, in which 0 is a length; leave it on while arrays of mx.np are used"


@functools.cache
def _tell(text: str) -> None:
    """Log, once in a process, what a program has turned on, as MXNet does."""
    logging.getLogger().info(text)


def reset_np() -> None:
    """Turn both off for this thread."""
    _mode.shapes = _mode.arrays = False


@door
def set_np_shape(active: bool) -> bool:
    """Turn NumPy's meaning of shapes on or off for this thread.

    Parameters
    ----------
    active : bool
        The new setting.

    Returns
    -------
    bool
        The previous setting.

    Raises
    ------
    ValueError
        It is to be turned off, and the arrays of ``mx.np`` are on.
    """
    if _mode.arrays and not active:
        raise InvalidValueError(
            "set_np_shape: active must be True while the arrays of mx.np are on; received False; use npx.reset_np()"
        )
    before, _mode.shapes = _mode.shapes, bool(active)
    if active:
        _tell(_SHAPES)
    return before


class _Scope:
    """A block of statements with another setting."""

    def __init__(self, switch: Literal["arrays", "shapes"], active: bool) -> None:
        self._switch, self._active = switch, active
        self._before: list[bool] = []

    def __enter__(self) -> None:
        self._before.append(getattr(_mode, self._switch))
        self._set(self._active)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._set(self._before.pop())

    def _set(self, active: bool) -> None:
        if self._switch == "shapes":
            set_np_shape(active)
        else:
            _mode.arrays = active


@door
def np_shape(active: bool = True) -> _Scope:
    """Return a ``with`` block in which NumPy's meaning of shapes is on, or off.

    Parameters
    ----------
    active : bool, default True
        The setting.
    """
    return _Scope("shapes", bool(active))


@door
def np_array(active: bool = True) -> _Scope:
    """Return a ``with`` block in which the arrays of ``mx.np`` are on, or off.

    Parameters
    ----------
    active : bool, default True
        The setting.
    """
    return _Scope("arrays", bool(active))


def _in_scope(name: str, scope: Callable[[], _Scope], func: Any) -> Any:
    """Return a function that runs in a scope; a class gets its methods and properties changed."""
    if inspect.isclass(func):
        for key, member in list(vars(func).items()):
            if inspect.isfunction(member):
                setattr(func, key, _wrapped(scope, member))
            elif isinstance(member, staticmethod | classmethod):
                setattr(func, key, type(member)(_wrapped(scope, member.__func__)))
            elif isinstance(member, property):
                read, write, delete = [
                    None if part is None else _wrapped(scope, part) for part in (member.fget, member.fset, member.fdel)
                ]
                setattr(func, key, property(read, write, delete, member.__doc__))
        return func
    if not callable(func):
        raise InvalidTypeError(f"{name}: func must be a function or a class; received {func!r}")
    return _wrapped(scope, func)


def _wrapped(scope: Callable[[], _Scope], func: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(func)
    def within(*args: Any, **kwargs: Any) -> Any:
        with scope():
            return func(*args, **kwargs)

    return within


@door
def use_np_shape(func: _Decorated) -> _Decorated:
    """Return a function, or class, that runs with NumPy's meaning of shapes.

    Parameters
    ----------
    func : callable or class
        The function; of a class, its methods and properties are changed.
    """
    return _in_scope("use_np_shape", np_shape, func)  # type: ignore[no-any-return]


@door
def use_np_array(func: _Decorated) -> _Decorated:
    """Return a function, or class, that runs with the arrays of ``mx.np``.

    Parameters
    ----------
    func : callable or class
        The function; of a class, its methods and properties are changed.
    """
    return _in_scope("use_np_array", np_array, func)  # type: ignore[no-any-return]


@door
def use_np(func: _Decorated) -> _Decorated:
    """Return a function, or class, that runs with NumPy's meaning of shapes and the arrays of ``mx.np``.

    Parameters
    ----------
    func : callable or class
        The function; of a class, its methods and properties are changed.

    Examples
    --------
    >>> import glueball as mx
    >>> @mx.npx.use_np
    ... def both():
    ...     return mx.util.is_np_shape(), mx.util.is_np_array()
    >>> both(), mx.util.is_np_array()
    ((True, True), False)
    """
    return use_np_shape(use_np_array(func))
