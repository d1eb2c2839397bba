"""Prints text and tables: with rich on a terminal, where that is installed, and otherwise as plain text."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TextIO

from ..core.extras import required
from ..core.tables import printable, table


@dataclass(frozen=True)
class Table:
    """Rows below titles; the numbers of the columns that are right-aligned. Cells may be text from a file."""

    titles: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[int] = ()

    def __str__(self) -> str:
        return "\n".join(table(self.titles, self.rows, self.right))


Part = str | Table


def text_of(parts: Iterable[Part]) -> str:
    """Return what `show` prints to a file."""
    return "\n".join(map(str, parts))


def show(parts: Iterable[Part], file: TextIO | None = None) -> None:
    """Print lines and tables, by default to standard output."""
    file = sys.stdout if file is None else file
    if not is_rich(file):
        encoding = file.encoding or "utf-8"
        # names may contain any characters
        print(text_of(parts).encode(encoding, "backslashreplace").decode(encoding), file=file)
        return
    console = rich("console").Console(file=file, highlight=False, markup=False, emoji=False)
    for part in parts:
        if isinstance(part, str):
            console.print(part, soft_wrap=True)
        else:
            console.print(_drawn(part))


def _drawn(part: Table) -> object:
    drawn = rich("table").Table(box=rich("box").SIMPLE_HEAD, header_style="bold", show_edge=False, pad_edge=False)
    for number, title in enumerate(part.titles):
        drawn.add_column(title, justify="right" if number in part.right else "left", overflow="fold")
    for row in part.rows:
        drawn.add_row(*[rich("text").Text(printable(cell)) for cell in row])
    return drawn


def is_rich(file: TextIO) -> bool:
    """Return whether rich may print to a file: it is a terminal that can show what rich prints."""
    if not file.isatty() or os.environ.get("TERM") == "dumb":
        return False
    can_show = (file.encoding or "").lower().replace("-", "") == "utf8"
    return can_show and importlib.util.find_spec("rich") is not None


def rich(module: str) -> ModuleType:
    """Import a module of rich, which need not be installed; see `is_rich`."""
    return required(f"rich.{module}", "cli", "glueball")
