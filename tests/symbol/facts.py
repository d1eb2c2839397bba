"""Comparing what two libraries know of shapes and types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def tells_as_much(ours: Any, theirs: Any) -> bool:
    """Whether `ours` says all that `theirs` says: shapes with 0 and () for what is unknown, types with None."""
    if isinstance(theirs, list) or (isinstance(theirs, tuple) and any(isinstance(item, list) for item in theirs)):
        return len(ours) == len(theirs) and all(map(tells_as_much, ours, theirs))
    if isinstance(theirs, tuple):
        fits = len(ours) == len(theirs) and all(a == b or not b for a, b in zip(ours, theirs, strict=True))
        return theirs == () or fits
    return theirs is None or ours == theirs


Shape = tuple[int, ...]  # 0 is an unknown length, () an unknown shape


def says_wrong(answer: Sequence[Sequence[Shape]], truth: Sequence[Sequence[Shape]], given: Sequence[Shape]) -> bool:
    """Whether shapes of inputs and outputs contradict the true ones, or what was given of the inputs is not among them.

    MXNet's do where it computes with an unknown length as if it were 0 or -1, and forgets some that it was given.
    """
    pairs = [pair for found, true in zip(answer, truth, strict=True) for pair in zip(found, true, strict=True)]
    contradicts = any(found and not _agree(found, true) for found, true in pairs)
    forgets = any(known and not _contains(found, known) for found, known in zip(answer[0], given, strict=True))
    return contradicts or forgets


def _agree(one: Shape, other: Shape) -> bool:
    return len(one) == len(other) and all(0 in (a, b) or a == b for a, b in zip(one, other, strict=True))


def _contains(found: Shape, known: Shape) -> bool:
    return len(found) == len(known) and all(b in (0, a) for a, b in zip(found, known, strict=True))
