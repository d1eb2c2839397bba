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
    cells = []
    for library, rounds in result.seconds.items():
        cells.append(f"{time_text(medians[library])} ±{spread(rounds) / medians[library]:<4.0%}")
    cells.append(time_text(statistics.median(above_baseline(result))))
    cells += [f"{medians[_OURS] / medians[library]:.2f}" for library in medians if library != _OURS]
    return f"{result.row.name:{width}}" + "".join(f"{cell:>{_CELL}}" for cell in cells)


def verdict(result: Result) -> str:
    """Whether the target of the row is met; empty where it has none."""
    target = result.row.target
    if target is None:
        return ""
    differences = above_baseline(result)
    above, uncertain = statistics.median(differences), spread(differences)
    word = "UNDECIDED, the machine is too busy" if uncertain > target / 2 else "met" if above <= target else "MISSED"
    measured = f"{time_text(above)} ± {time_text(uncertain)}"
    return f"{result.row.name}: at most {time_text(target)} above {_BASELINE}: measured {measured}: {word}"


def above_baseline(result: Result) -> list[float]:
    """How many seconds Glueball takes more than plain PyTorch, in each round."""
    pairs = zip(result.seconds[_OURS], result.seconds[_BASELINE], strict=True)
    return [ours - baseline for ours, baseline in pairs]


def spread(rounds: Sequence[float]) -> float:
    """Half the distance between the quartiles."""
    if len(rounds) < 2:
        return 0.0
    low, _, high = statistics.quantiles(rounds, n=4)
    return (high - low) / 2


def time_text(seconds: float) -> str:
    """A time with the unit that suits it."""
    size, unit = next((item for item in _UNITS if abs(seconds) >= item[0]), _UNITS[-1])
    return f"{seconds / size:.{2 if unit == 's ' else 1}f} {unit}"


def as_json(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Every number that was measured."""
    return [{"row": result.row.name, "seconds": result.seconds} for result in results]
