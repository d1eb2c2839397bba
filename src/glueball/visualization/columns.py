"""A long network in several columns, as a text has several: cut where a single array goes on."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from .layout import Edge, ranks_of

_HIGH_ENOUGH = 1500.0  # what fits a column anyway
_PROPORTION = 1.5  # width to height of the whole
_RANK_GAP = 34.0


def cut(sizes: Sequence[tuple[float, float]], edges: Sequence[Edge]) -> list[list[int]]:
    """Return the boxes of each column; where a column ends, all lines that go on begin at the same box."""
    ranks = ranks_of(len(sizes), edges)
    heights = [0.0] * (max(ranks) + 1)
    for (_, height), rank in zip(sizes, ranks, strict=True):
        heights[rank] = max(heights[rank], height + _RANK_GAP)
    whole = sum(heights)
    wanted = whole / max(1, round(sqrt(_PROPORTION * whole / (1.8 * max(width for width, _ in sizes)))))
    starts = [0]
    filled = 0.0
    possible = _possible(ranks, edges) if whole > _HIGH_ENOUGH else set()
    for rank, height in enumerate(heights):
        filled += height
        if filled >= 0.95 * wanted and rank + 1 in possible:
            starts.append(rank + 1)
            filled = 0.0
    column_of_rank = [sum(rank >= start for start in starts) - 1 for rank in range(len(heights))]
    columns: list[list[int]] = [[] for _ in starts]
    for box, rank in enumerate(ranks):
        columns[column_of_rank[rank]].append(box)
    return columns


def _possible(ranks: Sequence[int], edges: Sequence[Edge]) -> set[int]:
    """The ranks before which all lines come from one box."""
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
