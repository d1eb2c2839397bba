"""Who looks on while operators run: the profiler, once it is switched on.

What runs operators asks `observers` before each call, and pays no more than that as long as nobody is there.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

Function = Callable[..., Any]


class Observer(Protocol):
    """Somebody who looks on."""

    def operator(self, name: str, function: Function) -> Function:
        """Return a function to call in the place of an operator's, which has the same result."""
        ...

    def users(self, name: str) -> AbstractContextManager[None]:
        """Return a context for the code of a program that is the operator of this name."""
        ...

    def graph(self, form: Callable[[], Any], run: Function) -> Function:
        """Return a function to call in the place of the one that runs a graph; ``form()`` says what that calls."""
        ...


_NOBODY = nullcontext()

#: At most one.
observers: list[Observer] = []


def users_code(name: str) -> AbstractContextManager[None]:
    """Return a context in which a program's own operator runs."""
    return observers[0].users(name) if observers else _NOBODY
