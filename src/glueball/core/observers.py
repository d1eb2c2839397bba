"""Who looks on while operators run: the profiler, once it is switched on.

What runs operators asks `observers` before each call, and pays no more than that as long as nobody is there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

Function = Callable[..., Any]


class Observer(Protocol):
    """Somebody who looks on."""

    def operator(self, name: str, function: Function) -> Function:
        """Return a function to call in the place of an operator's, which has the same result."""
        ...

    def graph(self, form: Callable[[], Any], run: Function) -> Function:
        """Return a function to call in the place of the one that runs a graph; ``form()`` says what that calls."""
        ...


#: At most one.
observers: list[Observer] = []
