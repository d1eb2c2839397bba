"""From the turns of the contestants to one time of each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

_PLACE = 3
#: Groups of contestants, of which a row also has the best: name, and the beginnings of the members' names.
BEST = {
    "best engine": ("glueball ",),
    "best mxnet": ("mxnet ",),
    "best peer": ("torch", "onnxruntime", "openvino", "ncnn"),
    "best runtime": ("torch", "onnxruntime", "openvino"),
}

_UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "us"))


class Time(NamedTuple):
    """The time of one call in seconds, and how uncertain it is."""

    seconds: float
    spread: float = 0.0


#: The times of one row by contestant; as long as there are members, those of the groups in `BEST` too.
Times = Mapping[str, Time]


def of_turns(turns: Mapping[str, Sequence[float]]) -> dict[str, Time]:
    """Return the times of one row from the seconds that each contestant took in its turns."""
    return _with_best({name: third_best(seconds) for name, seconds in turns.items()})


def third_best(seconds: Sequence[float]) -> Time:
    """Return the third-best turn; its spread is half the way from the best to the fifth-best.

    Other programs make turns longer and never shorter, so that the best ones say most of the work itself; the very
    best may be luck.
    """
    ordered = sorted(seconds)
    last = len(ordered) - 1
    return Time(ordered[min(_PLACE - 1, last)], (ordered[min(2 * _PLACE - 2, last)] - ordered[0]) / 2)


def geometric_mean(rows: Sequence[Times]) -> dict[str, Time]:
    """Return the geometric means over rows, of the contestants that are in all of them."""
    names = [name for name in rows[0] if all(name in row for row in rows)]
    return {name: _mean([row[name] for row in rows]) for name in names}


def time_text(seconds: float) -> str:
    """Format a time with a suitable unit."""
    size, unit = next((item for item in _UNITS if abs(seconds) >= item[0]), _UNITS[-1])
    return f"{seconds / size:.{2 if unit == 's' else 1}f} {unit}"


def groups(names: Iterable[str]) -> dict[str, list[str]]:
    """Return those groups of `BEST` that have members among the names, and which."""
    members = {group: [name for name in names if name.startswith(first)] for group, first in BEST.items()}
    return {group: there for group, there in members.items() if there}


def _with_best(times: dict[str, Time]) -> dict[str, Time]:
    best = {group: min(times[name] for name in members) for group, members in groups(times).items()}
    return {**times, **best}


def _mean(times: Sequence[Time]) -> Time:
    mean = math.exp(sum(math.log(time.seconds) for time in times) / len(times))
    return Time(mean, mean * sum(time.spread / time.seconds for time in times) / len(times))
