"""Compare the contestants: first their results, then their times."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from benchmarks.contestant import Contestant
from benchmarks.rows import Row
from benchmarks.workloads import Workload
from tests.comparison import assert_same

_TOLERANCE = 1e-4  # norm-wise; rounding errors accumulate over two training steps


class Effort(NamedTuple):
    """How long and how often to measure.

    Each contestant has ``rounds`` turns of ``warm_up`` and then ``duration`` seconds, many and short, so that a busy
    moment of the machine affects all alike; measurements that need a fresh process have ``imports`` turns.
    """

    rounds: int = 61
    warm_up: float = 0.005
    duration: float = 0.01
    imports: int = 7


class Result(NamedTuple):
    """The seconds of one row: for each contestant, one number per round."""

    row: Row
    seconds: dict[str, list[float]]


def run(contestants: Sequence[Contestant], rows: Sequence[Row], effort: Effort) -> Iterator[Result]:
    """Measure the rows one after the other."""
    for row in rows:
        if row.workload is None:
            libraries = [contestant for contestant in contestants if contestant.way != "graph"]
            take_turns(libraries, 1, Contestant.seconds_to_import)  # leaves .pyc files behind
            yield Result(row, take_turns(libraries, effort.imports, Contestant.seconds_to_import))
            continue
        taking_part = able(contestants, row.workload)
        compare(taking_part, row.workload)
        if row.fresh:
            yield Result(row, take_turns(taking_part, effort.imports, _first_call(row.workload)))
        else:
            yield Result(row, take_turns(taking_part, effort.rounds, _many_calls(effort)))


def able(contestants: Sequence[Contestant], workload: Workload) -> list[Contestant]:
    """Return the contestants whose mode the workload supports."""
    return [contestant for contestant in contestants if contestant.way in workload.ways()]


def compare(contestants: Sequence[Contestant], workload: Workload) -> None:
    """Build the workload with every contestant; raises AssertionError if results differ."""
    first, *others = contestants
    expected = first.build(workload)
    for other in others:
        about = f"{workload} in {other.name}, beside {first.name}"
        assert_same(other.build(workload), expected, rtol=_TOLERANCE, about=about)


def take_turns(
    contestants: Sequence[Contestant], rounds: int, measure: Callable[[Contestant], float]
) -> dict[str, list[float]]:
    """Measure in the order A B C A B C ..., so that temporary slowdowns of the machine affect all."""
    seconds: dict[str, list[float]] = {contestant.name: [] for contestant in contestants}
    for _ in range(rounds):
        for contestant in contestants:
            seconds[contestant.name].append(measure(contestant))
    return seconds


def _many_calls(effort: Effort) -> Callable[[Contestant], float]:
    return lambda contestant: contestant.seconds_per_call(effort.warm_up, effort.duration)


def _first_call(workload: Workload) -> Callable[[Contestant], float]:
    return lambda contestant: contestant.seconds_of_first_call(workload)
