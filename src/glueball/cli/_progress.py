"""A progress bar on a terminal."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any, TextIO

from ._output import is_rich, rich

_WIDTH = 30
_PAUSE = 0.1  # seconds between two drawings


class Progress:
    """Draws how much of a number of things is done; nothing where nobody looks at a terminal.

    Parameters
    ----------
    title : str
        What the line begins with.
    total : int
        The number of things.
    file : file
        The terminal.
    """

    def __init__(self, title: str, total: int, file: TextIO) -> None:
        self._total, self._done = total, 0
        self._bar: _NoBar = (
            _NoBar(file) if not file.isatty() else _RichBar(title, total, file) if is_rich(file) else _Bar(title, file)
        )

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.end(self._done, self._total)

    def advance(self, count: int = 1) -> None:
        """Count things that are done."""
        self._done += count
        self._bar.draw(self._done, self._total)

    def say(self, text: str) -> None:
        """Print a line above the bar."""
        self._bar.say(text)


class _NoBar:
    def __init__(self, file: TextIO) -> None:
        self._file = file

    def draw(self, done: int, total: int) -> None:
        """Show how far it is."""

    def end(self, done: int, total: int) -> None:
        """Show it for the last time."""

    def say(self, text: str) -> None:
        """Print a line."""
        print(text, file=self._file)


class _Bar(_NoBar):
    """A bar of plain characters."""

    def __init__(self, title: str, file: TextIO) -> None:
        super().__init__(file)
        self._title = title
        self._begin = time.monotonic()
        self._drawn = 0.0

    def draw(self, done: int, total: int) -> None:
        if time.monotonic() - self._drawn > _PAUSE:
            self._draw(done, total)

    def end(self, done: int, total: int) -> None:
        self._draw(done, total)
        print(file=self._file)

    def say(self, text: str) -> None:
        print(f"\r\x1b[K{text}", file=self._file)

    def _draw(self, done: int, total: int) -> None:
        self._drawn = time.monotonic()
        filled = _WIDTH * done // max(1, total)
        rate = done / max(1e-9, self._drawn - self._begin)
        bar = "#" * filled + "." * (_WIDTH - filled)
        print(
            f"\r\x1b[K{self._title} [{bar}] {done}/{total}, {rate:.0f}/s",
            end="", file=self._file, flush=True,
        )  # fmt: skip


class _RichBar(_NoBar):
    """rich's bar."""

    def __init__(self, title: str, total: int, file: TextIO) -> None:
        super().__init__(file)
        module = rich("progress")
        columns = [module.TextColumn("{task.description}", markup=False), module.BarColumn()]
        columns += [module.MofNCompleteColumn(), module.TimeRemainingColumn(elapsed_when_finished=True)]
        console = rich("console").Console(file=file, highlight=False, markup=False, emoji=False)
        self._progress: Any = module.Progress(*columns, console=console)
        self._task = self._progress.add_task(title, total=total)
        self._progress.start()

    def draw(self, done: int, total: int) -> None:
        self._progress.update(self._task, completed=done, total=total)

    def end(self, done: int, total: int) -> None:
        self._progress.update(self._task, completed=done, total=total)
        self._progress.stop()

    def say(self, text: str) -> None:
        self._progress.console.print(text, soft_wrap=True)
