"""What was measured, as lines of text and as JSON."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

from benchmarks.race import Result

_OURS, _BASELINE = "glueball", "torch"
_CELL = 16
_UNITS = ((1.0, "s "), (1e-3, "ms"), (1e-6, "us"))


def header(libraries: Sequence[str], width: int) -> str:
    """The first lines, for rows whose names are at most so wide."""
    others = [library for library in libraries if library != _OURS]
    columns = [*libraries, f"above {_BASELINE}", *[f"x {library}" for library in others]]
    line = " " * width + "".join(f"{column:>{_CELL}}" for column in columns)
    return f"{line}\n{'-' * len(line)}"


def line(result: Result, width: int) -> str:
    """One row: the median time in each library and its spread, and how Glueball's compares."""
    medians = {library: statistics.median(rounds) for library, rounds in result.seconds.items()}
    cells = [f"{time_text(medians[library])} {_spread(rounds):>4}" for library, rounds in result.seconds.items()]
    cells.append(time_text(above_baseline(result)))
    cells += [f"{medians[_OURS] / medians[library]:.2f}" for library in medians if library != _OURS]
    return f"{result.row.name:{width}}" + "".join(f"{cell:>{_CELL}}" for cell in cells)


def verdict(result: Result) -> str:
    """Whether the target of the row is met; empty where it has none."""
    if result.row.target is None:
        return ""
    above = above_baseline(result)
    word = "met" if above <= result.row.target else "MISSED"
    target = f"at most {time_text(result.row.target)} above {_BASELINE}"
    return f"target {word}: {result.row.name}: {target}; measured {time_text(above)}"


def above_baseline(result: Result) -> float:
    """How many seconds Glueball takes more than plain PyTorch: the median of the differences, round by round."""
    pairs = zip(result.seconds[_OURS], result.seconds[_BASELINE], strict=True)
    return statistics.median(ours - baseline for ours, baseline in pairs)


def time_text(seconds: float) -> str:
    """A time with the unit that suits it."""
    size, unit = next((item for item in _UNITS if abs(seconds) >= item[0]), _UNITS[-1])
    return f"{seconds / size:.1f} {unit}" if size < 1 else f"{seconds:.2f} {unit}"


def as_json(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Every number that was measured."""
    return [{"row": result.row.name, "seconds": result.seconds} for result in results]


def _spread(rounds: Sequence[float]) -> str:
    """Half the distance between the quartiles, in percent of the median."""
    low, median, high = statistics.quantiles(rounds, n=4)
    return f"±{(high - low) / 2 / median:.0%}"
