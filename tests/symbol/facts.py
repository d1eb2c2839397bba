"""Comparing what two libraries know of shapes and types."""

from __future__ import annotations

from typing import Any


def tells_as_much(ours: Any, theirs: Any) -> bool:
    """Whether `ours` says all that `theirs` says: shapes with 0 and () for what is unknown, types with None."""
    if isinstance(theirs, list) or (isinstance(theirs, tuple) and any(isinstance(item, list) for item in theirs)):
        return len(ours) == len(theirs) and all(map(tells_as_much, ours, theirs))
    if isinstance(theirs, tuple):
        fits = len(ours) == len(theirs) and all(a == b or not b for a, b in zip(ours, theirs, strict=True))
        return theirs == () or fits
    return theirs is None or ours == theirs
