"""The results as lines of text."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks import times
from benchmarks.line import Line
from benchmarks.race import Result
from benchmarks.times import Times, time_text

_OURS, _BASELINE = "glueball", "torch"
_WIDTH = 12
#: The columns after the times: title, numerator and denominator.
_RATIOS = {
    "x torch": ("glueball", "torch"),
    "x mxnet": ("glueball", "mxnet"),
    "graph x own": ("glueball graph", "glueball"),
    "graph x mxnet": ("glueball graph", "best mxnet"),
    "graph x peer": ("glueball graph", "best peer"),
}


def of_row(result: Result) -> Line:
    """Return the line of one row."""
    return Line(result.row.name, result.times, result.row.group, result.row.targets)


def header(contestants: Sequence[str], width: int) -> str:
    """Return the header, two lines and a rule, for row names of the given maximum width."""
    titles = [*contestants, "spread", f"above {_BASELINE}", *_ratios(contestants)]
    halves = [title.partition(" ") for title in titles]
    first, second = ("".join(f"{half[part]:>{_WIDTH}}" for half in halves) for part in (0, 2))
    return f"{' ' * width}{first}\n{' ' * width}{second}\n{'-' * (width + len(first))}"


def text(line: Line, contestants: Sequence[str], width: int) -> str:
    """Return one line: the time of each contestant, the largest spread among them, ratios; "-" where there is none."""
    measured = {name: line.times[name] for name in contestants if name in line.times}
    cells = [time_text(measured[name].seconds) if name in measured else "-" for name in contestants]
    cells.append(f"±{max((time.spread / time.seconds for time in measured.values()), default=0):.0%}")
    both = {_OURS, _BASELINE} <= measured.keys()
    cells.append(time_text(measured[_OURS].seconds - measured[_BASELINE].seconds) if both else "-")
    cells += [ratio_text(line.times, *pair) for pair in _ratios(contestants).values()]
    return f"{line.name:{width}}" + "".join(f"{cell:>{_WIDTH}}" for cell in cells)


def ratio_text(measured: Times, mine: str, other: str) -> str:
    """Format the ratio of two times; "-" if one is missing."""
    return f"{measured[mine].seconds / measured[other].seconds:.2f}" if {mine, other} <= measured.keys() else "-"


def refusals(result: Result) -> list[str]:
    """Return who was not timed, one line each."""
    return [f"  REFUSED {name}: {reason_text(reason)}" for name, reason in result.refused.items()]


def reason_text(reason: str) -> str:
    """The line of an error's text that says most."""
    return reason.strip().splitlines()[-1]


def verdicts(line: Line) -> list[str]:
    """Return whether the targets of the row are met, one line each."""
    return [f"{line.name}: {target.verdict(line.times)}" for target in line.targets]


def _ratios(contestants: Sequence[str]) -> dict[str, tuple[str, str]]:
    there = {*contestants, *times.groups(contestants)}
    return {title: pair for title, pair in _RATIOS.items() if set(pair) <= there}
