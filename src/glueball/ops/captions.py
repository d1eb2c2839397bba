"""How the captions of operators write lengths, in few letters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

TIMES = "\N{MULTIPLICATION SIGN}"


def sizes(lengths: Iterable[object]) -> str:
    """Write lengths with a multiplication sign between them, as 3 by 3 is written."""
    return TIMES.join(map(str, lengths))


def compact(lengths: Sequence[int]) -> str:
    """Write one number where all are the same."""
    return str(lengths[0]) if len(set(lengths)) == 1 else sizes(lengths)
