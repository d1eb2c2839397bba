"""A progress bar on a terminal."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TextIO

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
        self._title, self._total, self._file = title, total, file
        self._done = 0
        self._begin = time.monotonic()
        self._drawn = 0.0
        self._is_shown = file.isatty()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_shown:
            self._draw()
            print(file=self._file)

    def advance(self, count: int = 1) -> None:
        """Count things that are done."""
        self._done += count
        if self._is_shown and time.monotonic() - self._drawn > _PAUSE:
            self._draw()

    def say(self, text: str) -> None:
        """Print a line above the bar."""
        print(f"\r\x1b[K{text}" if self._is_shown else text, file=self._file)

    def _draw(self) -> None:
        self._drawn = time.monotonic()
        filled = _WIDTH * self._done // max(1, self._total)
        rate = self._done / max(1e-9, self._drawn - self._begin)
        bar = "#" * filled + "." * (_WIDTH - filled)
        print(
            f"\r\x1b[K{self._title} [{bar}] {self._done}/{self._total}, {rate:.0f}/s",
            end="", file=self._file, flush=True,
        )  # fmt: skip
