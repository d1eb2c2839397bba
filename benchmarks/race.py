"""Compare the contestants: first their results, then their times."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from benchmarks import times
from benchmarks.contestant import Contestant
from benchmarks.rows import Row
from benchmarks.workloads import Workload
from tests.comparison import assert_same


class Effort(NamedTuple):
    """How long and how often to measure.

    Each contestant has ``rounds`` turns of ``warm_up`` and then ``duration`` seconds, and at least two calls, many and
    short, so that a busy moment of the machine affects all alike. After ``seconds`` a row has no further round, if
    ``least`` are done. Before a turn in another process there is a pause: the threads of the last one still wait
    actively, those of ONNX Runtime for 25 ms. Measurements that need a fresh process have ``imports`` turns.
    """

    rounds: int = 31
    seconds: float = 60.0
    least: int = 11
    warm_up: float = 0.005
    duration: float = 0.01
    pause: float = 0.03
    imports: int = 7


class Result(NamedTuple):
    """The seconds of one row: for each contestant, one number per round; and who was refused, and why."""

    row: Row
    seconds: dict[str, list[float]]
    refused: dict[str, str]

    @property
    def times(self) -> dict[str, times.Time]:
        """One time for each contestant and group of contestants."""
        return times.of_turns(self.seconds)


def run(contestants: Sequence[Contestant], rows: Sequence[Row], effort: Effort) -> Iterator[Result]:
    """Measure the rows one after the other."""
    for row in rows:
        if row.workload is None:
            libraries = [
                one for one in contestants if one.way == "gluon" or (one.library, one.way) == ("torch", "torch")
            ]
            take_turns(libraries, Contestant.seconds_to_import, effort._replace(rounds=1))  # leaves .pyc files behind
            few = effort._replace(rounds=effort.imports)
            yield Result(row, take_turns(libraries, Contestant.seconds_to_import, few), {})
            continue
        taking_part, refused = agreeing(able(contestants, row.workload), row.workload)
        if row.fresh:
            few = effort._replace(rounds=effort.imports)
            yield Result(row, take_turns(taking_part, _first_call(row.workload), few), refused)
        else:
            yield Result(row, take_turns(taking_part, _many_calls(effort), effort), refused)


def able(contestants: Sequence[Contestant], workload: Workload) -> list[Contestant]:
    """Return the contestants that take the workload."""
    return [contestant for contestant in contestants if contestant.takes(workload)]


def agreeing(contestants: Sequence[Contestant], workload: Workload) -> tuple[list[Contestant], dict[str, str]]:
    """Build the workload with every contestant; returns those that compute what the first does, and why others do not.

    Who fails, or computes something else, is not timed: its speed would say nothing.
    """
    first, *others = contestants
    expected = first.build(workload)
    taking_part, refused = [first], {}
    for other in others:
        try:
            _check(other, workload, expected, first.name)
        except (AssertionError, RuntimeError) as error:
            refused[other.name] = str(error)
        else:
            taking_part.append(other)
    return taking_part, refused


def compare(contestants: Sequence[Contestant], workload: Workload) -> None:
    """Build the workload with every contestant; raises AssertionError if results differ."""
    first, *others = contestants
    expected = first.build(workload)
    for other in others:
        _check(other, workload, expected, first.name)


def _check(contestant: Contestant, workload: Workload, expected: list[list[np.ndarray]], first: str) -> None:
    about = f"{workload} in {contestant.name}, beside {first}"
    assert_same(contestant.build(workload), expected, rtol=workload.tolerance, about=about)


def take_turns(
    contestants: Sequence[Contestant], measure: Callable[[Contestant], float], effort: Effort
) -> dict[str, list[float]]:
    """Measure in the order A B C A B C ..., so that temporary slowdowns of the machine affect all."""
    seconds: dict[str, list[float]] = {contestant.name: [] for contestant in contestants}
    begin, last = time.monotonic(), None
    for done in range(effort.rounds):
        if done >= effort.least and time.monotonic() - begin > effort.seconds:
            break
        for contestant in contestants:
            if contestant.process is not last:
                time.sleep(effort.pause)
            seconds[contestant.name].append(measure(contestant))
            last = contestant.process
    return seconds


def _many_calls(effort: Effort) -> Callable[[Contestant], float]:
    return lambda contestant: contestant.seconds_per_call(effort.warm_up, effort.duration)


def _first_call(workload: Workload) -> Callable[[Contestant], float]:
    return lambda contestant: contestant.seconds_of_first_call(workload)
