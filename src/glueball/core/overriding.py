"""Whether a method is the library's own, or one that a program put in its place."""

from __future__ import annotations

from typing import Any

_LIBRARY = __name__.partition(".")[0]


def is_ours(method: Any) -> bool:
    """Return whether a function or method is defined in this library.

    A wrapper that copies the name of what it wraps is not: what counts is where its code runs.
    """
    return str(getattr(method, "__globals__", {}).get("__name__", "")).partition(".")[0] == _LIBRARY
