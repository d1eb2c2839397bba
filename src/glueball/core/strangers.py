"""Whose code raised an error: that of the package, or what a user passed to it."""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable, Collection
from types import TracebackType
from typing import Any

from .blame import short
from .errors import InvalidTypeError

# The packages whose code runs on behalf of the package. The code of a lowered graph has no module.
_OWN = {"glueball", "torch", "numpy", "", *sys.stdlib_module_names}

_RAISE = dis.opmap["RAISE_VARARGS"]


def call(function: Callable[..., Any], *args: Any) -> Any:
    """Call a function that a user passed: what it raises is the user's.

    A function written in Python is known by its frame. One written in C, such as ``int``, has none; then this one's
    stands for it.
    """
    if not callable(function):
        raise InvalidTypeError(f"a function that is passed must be callable; received {short(function)}")
    return function(*args)


def raised_elsewhere(error: BaseException | None, besides: Collection[str] = ()) -> BaseException | None:
    """Return the error that foreign code raised while code of the package ran, or None.

    A function of the user, a signal handler or a hook of torch may raise; its frame is then in the traceback. The
    package may already have mistaken it for an error of torch, and raised one of its own from it. `besides` names
    further packages whose code runs on behalf of the package.
    """
    own = {*_OWN, *besides}
    seen: set[int] = set()
    while error is not None and id(error) not in seen:  # errors of users may cause each other
        seen.add(id(error))
        if _passes_a_stranger(error.__traceback__, own):
            return error
        error = error.__cause__
    return None


def is_a_strangers(kind: type) -> bool:
    """Whether a class is defined by neither the package nor what it stands on."""
    return kind.__module__.partition(".")[0] not in _OWN


def is_raised_by_us(error: BaseException) -> bool:
    """Whether a ``raise`` of the package made the error, rather than an expression that failed: it has its words."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return last is not None and _package(last) == "glueball" and _at_raise(last)


def _at_raise(traceback: TracebackType) -> bool:
    return traceback.tb_frame.f_code.co_code[traceback.tb_lasti] == _RAISE


def _passes_a_stranger(traceback: TracebackType | None, own: Collection[str]) -> bool:
    while traceback is not None:
        if _package(traceback) not in own:
            return True
        later = traceback.tb_next
        if traceback.tb_frame.f_code is call.__code__ and (later is None or _package(later) != "glueball"):
            return not _at_raise(traceback)
        traceback = later
    return False


def _package(traceback: TracebackType) -> str:
    module: str = traceback.tb_frame.f_globals.get("__name__", "")
    return module.partition(".")[0]
