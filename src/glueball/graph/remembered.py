"""What is remembered for the shapes that a graph has met, of which a program may have any number."""

from __future__ import annotations

from typing import Any


def make_room(remembered: dict[Any, Any], most: int) -> None:
    """Forget the oldest entries until there is room for one more; other threads may do so, too."""
    while len(remembered) >= most:
        remembered.pop(next(iter(remembered), None), None)
