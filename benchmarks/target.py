"""Targets of rows, and whether they are met."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.times import Time, Times, time_text


@dataclass(frozen=True)
class Above:
    """A contestant takes at most a number of seconds more than another."""

    limit: float
    contestant: str = "glueball"
    baseline: str = "torch"

    def verdict(self, times: Times) -> str:
        """Return the target, the measured value, and whether it is met."""
        rule = f"{self.contestant} at most {time_text(self.limit)} above {self.baseline}"
        if not {self.contestant, self.baseline} <= times.keys():
            return _not_measured(rule, times, self.contestant, self.baseline)
        mine, other = times[self.contestant], times[self.baseline]
        return judge(rule, Time(mine.seconds - other.seconds, mine.spread + other.spread), self.limit, time_text)


@dataclass(frozen=True)
class AtMost:
    """A contestant takes at most a number of seconds."""

    limit: float
    contestant: str

    def verdict(self, times: Times) -> str:
        """Return the target, the measured value, and whether it is met."""
        rule = f"{self.contestant} at most {time_text(self.limit)}"
        if self.contestant not in times:
            return _not_measured(rule, times, self.contestant)
        return judge(rule, times[self.contestant], self.limit, time_text)


@dataclass(frozen=True)
class Ratio:
    """A contestant takes at most a multiple of another's time; either may be a group of `benchmarks.times.BEST`."""

    limit: float
    contestant: str
    baseline: str

    def verdict(self, times: Times) -> str:
        """Return the target, the measured value, and whether it is met."""
        rule = f"{self.contestant} at most {_ratio_text(self.limit)} {self.baseline}"
        if not {self.contestant, self.baseline} <= times.keys():
            return _not_measured(rule, times, self.contestant, self.baseline)
        mine, other = times[self.contestant], times[self.baseline]
        ratio = mine.seconds / other.seconds
        spread = ratio * (mine.spread / mine.seconds + other.spread / other.seconds)
        return judge(rule, Time(ratio, spread), self.limit, _ratio_text)


Target = Above | AtMost | Ratio


def judge(rule: str, measured: Time, limit: float, text: Callable[[float], str]) -> str:
    """Compare what was measured with the limit.

    The result is undecided if it exceeds the limit by no more than the spread, or if the spread is half of the limit.
    """
    value, uncertain = measured
    if uncertain > limit / 2:
        word = "UNDECIDED, the machine is too busy"
    elif value <= limit:
        word = "met"
    else:
        word = "UNDECIDED, within the spread" if value - uncertain <= limit else "MISSED"
    return f"{rule}: measured {text(value)} ± {text(uncertain)}: {word}"


def _not_measured(rule: str, times: Times, *needed: str) -> str:
    return f"{rule}: not measured, without {' and '.join(name for name in needed if name not in times)}"


def _ratio_text(ratio: float) -> str:
    return f"{ratio:.3f} x"
