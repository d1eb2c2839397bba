"""What loops over arrays and loops in graphs check alike."""

from __future__ import annotations

from typing import Any

from ..core.errors import InvalidValueError


def pair(value: Any, owner: str, what: str) -> tuple[Any, Any]:
    """Return the two values that a user's function must return."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise InvalidValueError(f"{owner} must return two values, {what}; received {value!r:.80}")
    return value[0], value[1]


def checked_iterations(value: Any) -> int:
    """Return ``max_iterations`` of a while_loop."""
    if value is None:
        raise InvalidValueError("while_loop: max_iterations must be given; received nothing; pass max_iterations=...")
    try:
        return int(value)
    except (TypeError, ValueError):
        raise InvalidValueError(f"while_loop: max_iterations must be an int; received {value!r}") from None
