"""The libraries against each other: first that they compute the same, then how long they take."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from benchmarks.contestant import Contestant
from benchmarks.rows import Row
from benchmarks.workloads import Workload
from tests.comparison import assert_same

_TOLERANCE = 1e-4  # norm-wise; two steps of training have added up their roundings


class Effort(NamedTuple):
    """How long and how often to measure.

    ``rounds`` turns of each library, each ``warm_up`` and then ``duration`` seconds long, many and short, so
    that a busy moment of the machine meets all libraries alike; of an import, which is a process each time,
    ``imports`` turns.
    """

    rounds: int = 61
    warm_up: float = 0.005
    duration: float = 0.01
    imports: int = 7


class Result(NamedTuple):
    """The seconds of one row: for each library one number a round."""

    row: Row
    seconds: dict[str, list[float]]


def run(contestants: Sequence[Contestant], rows: Sequence[Row], effort: Effort) -> Iterator[Result]:
    """Measure the rows one after the other."""
    for row in rows:
        if row.workload is None:
            take_turns(contestants, 1, Contestant.seconds_to_import)  # leaves compiled files behind
            yield Result(row, take_turns(contestants, effort.imports, Contestant.seconds_to_import))
        else:
            compare(contestants, row.workload)
            yield Result(row, take_turns(contestants, effort.rounds, _measure(effort)))


def compare(contestants: Sequence[Contestant], workload: Workload) -> None:
    """Build the workload in every library; raises AssertionError where one computes something else."""
    first, *others = contestants
    expected = first.build(workload)
    for other in others:
        about = f"{workload} in {other.library}, beside {first.library}"
        assert_same(other.build(workload), expected, rtol=_TOLERANCE, about=about)


def take_turns(
    contestants: Sequence[Contestant], rounds: int, measure: Callable[[Contestant], float]
) -> dict[str, list[float]]:
    """Measure A B C A B C ...: what slows the machine down for a while meets all of them."""
    seconds: dict[str, list[float]] = {contestant.library: [] for contestant in contestants}
    for _ in range(rounds):
        for contestant in contestants:
            seconds[contestant.library].append(measure(contestant))
    return seconds


def _measure(effort: Effort) -> Callable[[Contestant], float]:
    return lambda contestant: contestant.seconds_per_call(effort.warm_up, effort.duration)
