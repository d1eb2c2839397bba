"""The order of boxes and passing lines in each rank of a drawing, so that few lines cross."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_SWEEPS = 10


@dataclass
class Item:
    """A box, or the place of a passing line; `box` is -1 for the latter."""

    box: int
    width: float
    weight: float
    above: list[Item] = field(default_factory=list)
    below: list[Item] = field(default_factory=list)
    x: float = 0.0
    place: int = 0


def order(rows: list[list[Item]]) -> None:
    """Order each row so that few lines cross, by repeatedly sorting by the neighbors' places."""
    _number(rows)
    best, fewest = [list(row) for row in rows], _crossings(rows)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        downward = sweep % 2 == 0
        for row in rows if downward else reversed(rows):
            row.sort(key=lambda item: _middle(item.above if downward else item.below, item.place))
            for place, item in enumerate(row):
                item.place = place
        crossings = _crossings(rows)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    rows[:] = best
    _number(rows)


def _number(rows: Sequence[Sequence[Item]]) -> None:
    for row in rows:
        for place, item in enumerate(row):
            item.place = place


def _middle(neighbors: Sequence[Item], otherwise: float) -> float:
    return sum(item.place for item in neighbors) / len(neighbors) if neighbors else otherwise


def _crossings(rows: Sequence[Sequence[Item]]) -> int:
    """Count pairs of lines that cross, row by row, with a Fenwick tree of the places where the lines so far end."""
    count = 0
    for row, below in pairwise(rows):
        tree = [0] * (len(below) + 1)
        seen = 0
        for item in row:
            ends = [other.place + 1 for other in item.below]
            count += sum(seen - _up_to(tree, end) for end in ends)
            for end in ends:
                _add(tree, end)
            seen += len(ends)
    return count


def _up_to(tree: list[int], place: int) -> int:
    total = 0
    while place:
        total += tree[place]
        place &= place - 1
    return total


def _add(tree: list[int], place: int) -> None:
    while place < len(tree):
        tree[place] += 1
        place += place & -place
