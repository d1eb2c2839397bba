"""A picture of what was measured: a panel for each row, a bar for each contestant. It needs matplotlib."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import record
from benchmarks.line import Line
from benchmarks.times import BEST, time_text

_COLUMNS = 4
_COLORS = {"glueball": "#d97706", "mxnet": "#64748b", "torch": "#dc4c3e"}
_OTHER = "#3b82a0"
_SETTINGS = {"font.size": 8, "svg.hashsalt": "glueball", "svg.fonttype": "none"}  # the same numbers, the same file


def draw(sections: Mapping[str, record.Section], path: Path) -> None:
    """Write a picture, as the file's ending says, of the rows in which a graph of Glueball's has peers."""
    import matplotlib
    from matplotlib.figure import Figure

    rows = record.lines(sections["rows"]) if "rows" in sections else []
    lines = [line for line in rows if {"glueball graph", "best peer"} <= line.times.keys()]
    if not lines:
        sys.exit("benchmarks: a picture is of rows in which a graph of Glueball's has peers; there is none")
    height = -(-len(lines) // _COLUMNS)
    with matplotlib.rc_context(_SETTINGS):
        figure = Figure(figsize=(3.4 * _COLUMNS, 2.1 * height), layout="constrained")
        panels = list(figure.subplots(height, _COLUMNS, squeeze=False).flat)
        for panel in panels:
            panel.set_axis_off()
        for panel, line in zip(panels, lines, strict=False):
            _panel(panel, line)
        figure.suptitle(f"Time of one call; {sections['rows']['machine']}, {sections['rows']['threads']} threads")
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None, dpi=110)


def _panel(panel: Any, line: Line) -> None:
    names = [name for name in line.times if name not in BEST]
    seconds = [line.times[name].seconds for name in names]
    colors = [_COLORS.get(name.partition(" ")[0], _OTHER) for name in names]
    panel.set_axis_on()
    bars = panel.barh(names, seconds, color=colors)
    panel.bar_label(bars, [time_text(value) for value in seconds], padding=2)
    panel.set_title(textwrap.fill(line.name, 28), fontsize=9, loc="left")
    panel.set_xlim(0, max(seconds) * 1.25)
    panel.set_xticks([])
    panel.invert_yaxis()
    panel.spines[["top", "right", "bottom"]].set_visible(False)
