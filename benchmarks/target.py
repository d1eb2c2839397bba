"""Targets of rows, and whether they are met."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

#: The seconds of one row: for each contestant, one number per round.
Seconds = Mapping[str, Sequence[float]]

_UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "us"))


@dataclass(frozen=True)
class Above:
    """A contestant takes at most a number of seconds more than another."""

    limit: float
    contestant: str = "glueball"
    baseline: str = "torch"

    def verdict(self, seconds: Seconds) -> str:
        """Return the target, the measured value, and whether it is met."""
        rule = f"{self.contestant} at most {time_text(self.limit)} above {self.baseline}"
        return judge(rule, above(seconds, self.contestant, self.baseline), self.limit, time_text)


@dataclass(frozen=True)
class AtMost:
    """A contestant takes at most a number of seconds."""

    limit: float
    contestant: str

    def verdict(self, seconds: Seconds) -> str:
        """Return the target, the measured value, and whether it is met."""
        return judge(
            f"{self.contestant} at most {time_text(self.limit)}", seconds[self.contestant], self.limit, time_text
        )


@dataclass(frozen=True)
class Ratio:
    """A contestant takes at most a multiple of another's time."""

    limit: float
    contestant: str
    baseline: str

    def verdict(self, seconds: Seconds) -> str:
        """Return the target, the measured value, and whether it is met."""
        pairs = zip(seconds[self.contestant], seconds[self.baseline], strict=True)
        rule = f"{self.contestant} at most {_ratio_text(self.limit)} {self.baseline}"
        return judge(rule, [mine / other for mine, other in pairs], self.limit, _ratio_text)


Target = Above | AtMost | Ratio


def judge(rule: str, rounds: Sequence[float], limit: float, text: Callable[[float], str]) -> str:
    """Compare the median over rounds with the limit.

    The result is undecided if the median exceeds the limit by no more than the spread, or if the spread is half of the
    limit.
    """
    median, uncertain = statistics.median(rounds), spread(rounds)
    if uncertain > limit / 2:
        word = "UNDECIDED, the machine is too busy"
    elif median <= limit:
        word = "met"
    else:
        word = "UNDECIDED, within the spread" if median - uncertain <= limit else "MISSED"
    return f"{rule}: measured {text(median)} ± {text(uncertain)}: {word}"


def above(seconds: Seconds, contestant: str, baseline: str) -> list[float]:
    """The time difference of two contestants in seconds, per round."""
    return [mine - other for mine, other in zip(seconds[contestant], seconds[baseline], strict=True)]


def spread(rounds: Sequence[float]) -> float:
    """Half the interquartile range."""
    if len(rounds) < 2:
        return 0.0
    low, _, high = statistics.quantiles(rounds, n=4)
    return (high - low) / 2


def time_text(seconds: float) -> str:
    """Format a time with a suitable unit."""
    size, unit = next((item for item in _UNITS if abs(seconds) >= item[0]), _UNITS[-1])
    return f"{seconds / size:.{2 if unit == 's' else 1}f} {unit}"


def _ratio_text(ratio: float) -> str:
    return f"{ratio:.3f} x"
