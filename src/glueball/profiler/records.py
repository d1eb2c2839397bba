"""What was recorded: events for the trace, and their sums for the table."""

from __future__ import annotations

import itertools
import threading
import time
from dataclasses import dataclass, field
from typing import Any, NamedTuple

_OFFSET = time.time_ns() - time.perf_counter_ns()

#: Categories, as MXNet calls them.
OPERATOR, CUSTOM, EVENT = "operator", "Custom Operator", "event"


def now() -> int:
    """Return the time in nanoseconds since 1970, by a clock that never goes back."""
    return time.perf_counter_ns() + _OFFSET


class Event(NamedTuple):
    """Something that happened: an event of a Chrome trace, whose letter is `kind`."""

    kind: str
    category: str
    name: str
    nanoseconds: int
    thread: int
    device: int = -1
    arguments: dict[str, Any] | None = None


@dataclass
class Sums:
    """How often something happened, and how long it took; of a counter, the values that it had.

    A counter's average is half of its range, as MXNet has it.
    """

    is_counter: bool = False
    count: int = 0
    total: float = 0.0
    least: float = field(default=float("inf"))
    most: float = 0.0

    def add(self, value: float) -> None:
        """Count one more, in milliseconds, or a counter's value in thousands."""
        self.count += 1
        self.total = value if self.is_counter else self.total + value
        self.least, self.most = min(self.least, value), max(self.most, value)

    @property
    def average(self) -> float:
        """The mean."""
        return (self.most - self.least) / 2 if self.is_counter else self.total / self.count


class Records:
    """All of it, for all threads."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.sums: dict[str, dict[str, Sums]] = {}
        self._ids = itertools.count()
        self._lock = threading.Lock()

    def span(self, category: str, name: str, begin: int, end: int, device: int, is_summed: bool) -> None:
        """Record what lasted from one time to another."""
        thread = threading.get_ident()
        # Parts of a program that it marks itself may overlap; each is known by its id then.
        first, last, more = (
            ("B", "E", None) if category in (OPERATOR, CUSTOM, EVENT) else ("b", "e", {"id": next(self._ids)})
        )
        self.events.append(Event(first, category, name, begin, thread, device, more))
        self.events.append(Event(last, category, name, end, thread, device, more))
        if is_summed:
            self.sum_up(category, name, (end - begin) / 1e6)

    def sum_up(self, category: str, name: str, value: float, is_counter: bool = False) -> None:
        """Add to the sums."""
        with self._lock:
            names = self.sums.setdefault(category, {})
            if name not in names:
                names[name] = Sums(is_counter)
            names[name].add(value)

    def begin_section(self, category: str) -> None:
        """Have the table show a category that has no sums."""
        with self._lock:
            self.sums.setdefault(category, {})

    def forget_sums(self) -> None:
        """Begin the sums anew."""
        with self._lock:
            self.sums = {}
