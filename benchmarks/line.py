"""Lines of the table: a row with one time for each contestant, or the geometric mean of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from benchmarks import times
from benchmarks.target import Target
from benchmarks.times import Times

Targets = tuple[Target, ...]


class Line(NamedTuple):
    """One line of the table, and what it should be."""

    name: str
    times: Times
    group: str = ""
    targets: Targets = ()


def means(lines: Sequence[Line], targets: Mapping[str, Targets]) -> list[Line]:
    """Return the geometric mean of each group of lines, with the targets of the group."""
    groups: dict[str, list[Times]] = {}
    for line in lines:
        if line.group:
            groups.setdefault(line.group, []).append(line.times)
    return [
        Line(f"geometric mean of {len(members)} {group}", times.geometric_mean(members), group, targets.get(group, ()))
        for group, members in groups.items()
    ]
