"""The doors of the package: public functions and methods, out of which only errors that explain themselves come.

A call that succeeds pays for a ``try`` and nothing else. After a failure the arguments are held against what the
signature and the docstring say of them; the error that results is an MXNetError and also of the built-in class that
was caught, which is the class that MXNet raises for the same mistake. What a user's own code raises passes as it is.
"""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Callable
from typing import Any, TypeVar

from .blame import describe, misfit, short, shortened
from .errors import FAILURES, MXNetError, with_class_of
from .strangers import is_a_strangers, is_raised_by_us, raised_elsewhere

_Function = TypeVar("_Function", bound=Callable[..., Any])
_Class = TypeVar("_Class", bound=type)

#: Methods that Python calls for a user and that have a door too.
_SPECIAL = {
    "__init__", "__new__", "__call__", "__getitem__", "__setitem__", "__delitem__", "__len__", "__iter__", "__next__",
    "__contains__", "__bool__", "__enter__", "__exit__", "__getstate__", "__setstate__", "__copy__", "__deepcopy__",
}  # fmt: skip


def door(function: _Function) -> _Function:
    """Return a public function so wrapped that what it raises is an MXNetError.

    Examples
    --------
    >>> from glueball.core.doors import door
    >>> @door
    ... def halved(length: int) -> int:
    ...     return length // 2
    >>> halved("ten")
    Traceback (most recent call last):
    glueball.core.errors.InvalidTypeError: halved: length must be an int; received 'ten'
    """
    if inspect.isgeneratorfunction(function):

        @functools.wraps(function)
        def through(*args: Any, **kwargs: Any) -> Any:
            try:
                yield from function(*args, **kwargs)
            except FAILURES as error:
                if is_unexplained(error):
                    raise explained(error, functools.partial(_blame, through, args, kwargs)) from error.__cause__
                raise
    else:

        @functools.wraps(function)
        def through(*args: Any, **kwargs: Any) -> Any:
            try:
                return function(*args, **kwargs)
            except FAILURES as error:
                if is_unexplained(error):
                    raise explained(error, functools.partial(_blame, through, args, kwargs)) from error.__cause__
                raise

    return through  # type: ignore[return-value]


def guard(owner: _Class) -> _Class:
    """Give a class, and the classes of the package that derive from it, doors for methods; a class decorator.

    Those of the public methods that `_glueball_open` names have none: every step of a network goes through them.
    Classes of users are left alone.
    """
    base: Any = owner

    def follow(cls: type, /, **kwargs: Any) -> None:
        super(base, cls).__init_subclass__(**kwargs)
        if cls.__module__.partition(".")[0] == __name__.partition(".")[0]:
            _guard_methods(cls)

    _guard_methods(owner)
    setattr(owner, "__init_subclass__", classmethod(follow))  # noqa: B010  (mypy takes an assignment for an override)
    return owner


def _guard_methods(owner: type) -> None:
    left_open = getattr(owner, "_glueball_open", ())
    for name, member in list(vars(owner).items()):
        if (name.startswith("_") and name not in _SPECIAL) or name in left_open:
            continue
        if isinstance(member, types.FunctionType):
            setattr(owner, name, door(member))
        elif isinstance(member, staticmethod | classmethod):
            setattr(owner, name, type(member)(door(member.__func__)))
        elif isinstance(member, property) and member.fset is not None:
            setattr(owner, name, member.setter(door(member.fset)))


def is_unexplained(error: Exception) -> bool:
    """Whether an error is of the package's own making, and does not say yet what a user can do about it."""
    if isinstance(error, MXNetError) and not error._glueball_reason:
        return False
    return not is_a_strangers(type(error)) and raised_elsewhere(error) is None


def explained(error: Exception, blame: Callable[[str], tuple[str, bool]]) -> MXNetError:
    """Return what a public function raises in place of an unexplained error.

    Parameters
    ----------
    error : Exception
        What was caught.
    blame : callable
        Takes the reason of an error that has no words of ours, and returns the message, and whether it is certain. If
        it is not, the public function that called this one may know more.
    """
    reason = error._glueball_reason if isinstance(error, MXNetError) else ""
    if not reason and error.args and is_raised_by_us(error):
        return with_class_of(error, str(error.args[0])).with_traceback(error.__traceback__)
    reason = reason or (str(error).splitlines()[0] if str(error) else type(error).__name__)
    text, is_certain = blame(reason)
    result = with_class_of(error, text).with_traceback(error.__traceback__)
    result._glueball_reason = "" if is_certain else reason
    return result


def _blame(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], reason: str
) -> tuple[str, bool]:
    """Say which argument does not fit, or else what failed and what was received."""
    signature = inspect.signature(function)
    is_method = next(iter(signature.parameters), "") in ("self", "cls") or function.__qualname__.count(".") == 1
    owner = _owner(function, args[0] if is_method and args else None)
    try:
        given = dict(list(signature.bind(*args, **kwargs).arguments.items())[is_method:])
    except TypeError as refused:
        taken = ", ".join(list(signature.parameters)[is_method:]) or "no arguments"
        return f"{owner}: {refused}; it takes {taken}", True
    found = misfit(function, given)
    if found is not None:
        name, rule = found
        return f"{owner}: {name} must be {rule}; received {short(given[name])}", True
    received = ", ".join(f"{name}={short(value)}" for name, value in given.items()) or "no arguments"
    return f"{owner}: {shortened(reason)}; received {received}{describe(function, given)}", False


def _owner(function: Callable[..., Any], receiver: Any) -> str:
    if receiver is None:
        return function.__qualname__.partition(".<locals>")[0]
    kind = receiver.__name__ if isinstance(receiver, type) else type(receiver).__name__
    return kind if function.__name__ in ("__init__", "__new__") else f"{kind}.{function.__name__}"
