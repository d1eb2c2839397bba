"""The sums as a table, or as JSON, in MXNet's form."""

from __future__ import annotations

import json
from collections.abc import Mapping

from .records import Sums

_HEAD = ("Total Count", "Time (ms)", "Min Time (ms)", "Max Time (ms)", "Avg Time (ms)")
_KEYS = {
    "total": lambda sums: sums.total,
    "avg": lambda sums: sums.average,
    "min": lambda sums: sums.least,
    "max": lambda sums: sums.most,
    "count": lambda sums: sums.count,
}
FORMATS, ORDERS = ("table", "json"), tuple(_KEYS)


def _ordered(names: Mapping[str, Sums], sort_by: str, ascending: bool) -> list[tuple[str, Sums]]:
    return sorted(names.items(), key=lambda item: _KEYS[sort_by](item[1]), reverse=not ascending)


def as_table(sums: Mapping[str, Mapping[str, Sums]], sort_by: str, ascending: bool) -> str:
    """Return MXNet's table: a section for each category."""
    lines = ["", "Profile Statistics:", "\tNote the difference in units for different entries."]
    for category in sorted(sums):
        lines += [category, "=" * 17, _row("Name", *_HEAD), _row("----", *["-" * len(title) for title in _HEAD])]
        for name, each in _ordered(sums[category], sort_by, ascending):
            numbers = (each.total, each.least, each.most, each.average)
            lines.append(_row(name, str(each.count), *[f"{number:.4f}" for number in numbers]))
        lines.append("")
    return "\n".join([*lines, ""])


def _row(name: str, count: str, *numbers: str) -> str:
    return f"{name:<25}{count:>16}" + "".join([f"{number:>17}" for number in numbers])


def as_json(sums: Mapping[str, Mapping[str, Sums]], sort_by: str, ascending: bool) -> str:
    """Return the same as JSON."""
    time = {
        category: {
            name: {
                "Count": each.count, "Total": each.total, "Min": each.least, "Max": each.most, "Avg": each.average,
            }
            for name, each in _ordered(names, sort_by, ascending)
        }
        for category, names in sorted(sums.items())
    }  # fmt: skip
    return json.dumps({"Time": time, "Memory": {}, "Unit": {"Time": "ms", "Memory": "kB"}}, indent=4)
