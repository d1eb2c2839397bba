"""The events as a file that chrome://tracing and Perfetto open."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ..serialization.atomic import atomic_write
from .records import CUSTOM, OPERATOR, Event

# Processes of the trace, which are rows of the picture: the devices first, then the categories.
_CPU, _FIRST_CATEGORY = 0, 100


def write(filename: str, events: Iterable[Event], of_torch: Iterable[dict[str, Any]]) -> None:
    """Write the trace; `of_torch` are finished events of what operators have called."""
    processes = {"cpu/0": _CPU}
    # Those of one moment keep their order.
    lines = [_line(event, processes) for event in sorted(events, key=lambda event: event.nanoseconds)]
    for event in of_torch:
        lines.append({**event, "pid": processes.setdefault("torch", _FIRST_CATEGORY + len(processes))})
    names: list[dict[str, Any]] = [
        {"ph": "M", "args": {"name": name}, "pid": number, "name": "process_name"} for name, number in processes.items()
    ]
    text = json.dumps({"traceEvents": names + lines, "displayTimeUnit": "ms"})
    with atomic_write(filename, "profiler.dump") as file:
        file.write(text.encode())


def _line(event: Event, processes: dict[str, int]) -> dict[str, Any]:
    device = "cpu/0" if event.device < 0 else f"gpu/{event.device}"
    row = device if event.category in (OPERATOR, CUSTOM) else event.category
    number = processes.setdefault(row, _FIRST_CATEGORY + len(processes))
    line: dict[str, Any] = {
        "name": event.name, "cat": event.category, "ph": event.kind, "ts": event.nanoseconds // 1000, "pid": number,
        "tid": event.thread,
    }  # fmt: skip
    return {**line, **(event.arguments or {})}
