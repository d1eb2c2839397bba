"""A short notation for lengths in the captions of operators."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

TIMES = "\N{MULTIPLICATION SIGN}"


def sizes(lengths: Iterable[object]) -> str:
    """Join lengths with multiplication signs, as in 3 by 3."""
    return TIMES.join(map(str, lengths))


def compact(lengths: Sequence[int]) -> str:
    """Write a single number if all lengths are the same."""
    return str(lengths[0]) if len(set(lengths)) == 1 else sizes(lengths)
