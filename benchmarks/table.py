"""The results as lines of text and as JSON."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

from benchmarks.race import Result
from benchmarks.target import above, spread, time_text

_OURS, _BASELINE = "glueball", "torch"
_WIDTH = 16
#: The columns after the times: title, numerator and denominator.
_RATIOS = {
    "x torch": ("glueball", "torch"),
    "x mxnet": ("glueball", "mxnet"),
    "graph x own": ("glueball graph", "glueball"),
    "graph x mxnet": ("glueball graph", "mxnet graph"),
}


def header(contestants: Sequence[str], width: int) -> str:
    """Return the header, for row names of the given maximum width."""
    columns = [*contestants, f"above {_BASELINE}", *_ratios(contestants)]
    line = " " * width + "".join(f"{column:>{_WIDTH}}" for column in columns)
    return f"{line}\n{'-' * len(line)}"


def line(result: Result, contestants: Sequence[str], width: int) -> str:
    """Return one row: median time and spread of each contestant, and ratios; "-" where there is none."""
    medians = {name: statistics.median(rounds) for name, rounds in result.seconds.items()}
    cells = [_time_cell(result.seconds[name]) if name in medians else "-" for name in contestants]
    both = {_OURS, _BASELINE} <= medians.keys()
    cells.append(time_text(statistics.median(above(result.seconds, _OURS, _BASELINE))) if both else "-")
    for mine, other in _ratios(contestants).values():
        cells.append(f"{medians[mine] / medians[other]:.2f}" if {mine, other} <= medians.keys() else "-")
    return f"{result.row.name:{width}}" + "".join(f"{cell:>{_WIDTH}}" for cell in cells)


def verdicts(result: Result) -> list[str]:
    """Return whether the targets of the row are met, one line each."""
    return [f"{result.row.name}: {target.verdict(result.seconds)}" for target in result.row.targets]


def as_json(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Return all measured numbers."""
    return [{"row": result.row.name, "seconds": result.seconds} for result in results]


def _time_cell(rounds: Sequence[float]) -> str:
    median = statistics.median(rounds)
    return f"{time_text(median)} ±{spread(rounds) / median:<4.0%}"


def _ratios(contestants: Sequence[str]) -> dict[str, tuple[str, str]]:
    return {title: pair for title, pair in _RATIOS.items() if set(pair) <= set(contestants)}
