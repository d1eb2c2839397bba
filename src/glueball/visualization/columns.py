"""Splits a long network into columns, like newspaper text, where only a single array crosses."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from math import sqrt

from .layout import RANK_GAP, Edge, ranks_of

_SINGLE_COLUMN_HEIGHT = 1500.0  # up to this height there is one column
_ASPECT_RATIO = 1.5  # width to height of the drawing


def cut(sizes: Sequence[tuple[float, float]], edges: Sequence[Edge]) -> list[list[int]]:
    """Return the boxes of each column; all lines that cross the end of a column begin at the same box."""
    if not sizes:  # a graph may be nothing but parameters
        return [[]]
    ranks = ranks_of(len(sizes), edges)
    heights = [0.0] * (max(ranks) + 1)
    for (_, height), rank in zip(sizes, ranks, strict=True):
        heights[rank] = max(heights[rank], height + RANK_GAP)
    starts = [0, *sorted(_possible(ranks, edges) - {0})]
    parts = [sum(heights[start:end]) for start, end in zip(starts, [*starts[1:], len(heights)], strict=True)]
    side_by_side = max(Counter(ranks).values()) * max(width for width, _ in sizes)
    column_of_part = _filled(parts, _most_columns(sum(heights), side_by_side))
    columns: list[list[int]] = [[] for _ in range(column_of_part[-1] + 1)]
    for box, rank in enumerate(ranks):
        columns[column_of_part[bisect_right(starts, rank) - 1]].append(box)
    return columns


def _most_columns(height: float, width: float) -> int:
    """Return how many columns give a good aspect ratio, if a single one would have this size."""
    return 1 if height <= _SINGLE_COLUMN_HEIGHT else max(1, round(sqrt(_ASPECT_RATIO * height / width)))


def _filled(parts: Sequence[float], count: int) -> list[int]:
    """Return the column of each part: at most `count` columns, in order, with the tallest as short as possible."""
    low, high = max(parts), sum(parts)
    while high - low > 1.0:
        middle = (low + high) / 2
        if _greedily(parts, middle)[-1] < count:
            high = middle
        else:
            low = middle
    return _greedily(parts, high)


def _greedily(parts: Sequence[float], most: float) -> list[int]:
    columns = []
    column, filled = 0, 0.0
    for part in parts:
        if filled and filled + part > most:
            column, filled = column + 1, 0.0
        filled += part
        columns.append(column)
    return columns


def _possible(ranks: Sequence[int], edges: Sequence[Edge]) -> set[int]:
    """Return the ranks before which all lines come from one box."""
    ends: dict[int, int] = {}
    for source, target in edges:
        ends[source] = max(ends.get(source, 0), ranks[target])
    crossing = [0] * (max(ranks) + 2)
    for source, end in ends.items():
        crossing[ranks[source] + 1] += 1
        crossing[end + 1] -= 1
    possible = set()
    count = 0
    for rank, change in enumerate(crossing[:-1]):
        count += change
        if count == 1:
            possible.add(rank)
    return possible
