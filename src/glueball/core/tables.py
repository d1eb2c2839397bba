"""Tables and numbers as text."""

from __future__ import annotations

from collections.abc import Sequence

_WIDEST = 120  # characters of a cell
_PREFIXES = ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k"))


def table(titles: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """Lay out rows below titles.

    Parameters
    ----------
    titles : sequence of str
        One for each column.
    rows : sequence of sequence of str
        The cells.
    right : sequence of int
        The columns that are right-aligned.
    """
    # One cell of a hostile file must not make all rows long.
    rows = [[_cut(cell) for cell in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(titles, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        padded = [
            cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return "  ".join(padded).rstrip()

    return [line(titles), "-" * (sum(widths) + 2 * (len(widths) - 1)), *map(line, rows)]


def number(count: int | None) -> str:
    """Format an integer with separators; a question mark if it is unknown."""
    return "?" if count is None else f"{count:,}"


def short(count: int | None) -> str:
    """Format a number with at most four digits: ``3.86 G``."""
    if count is None:
        return "?"
    for size, prefix in _PREFIXES:
        if count >= size:
            return f"{count / size:.3g} {prefix}" if count < 999.5 * size else f"{count / size:.0f} {prefix}"
    return str(count)


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 3]}..."


def shortened(text: str) -> str:
    """Return text from a file as one line of a bearable length, which cannot control a terminal."""
    return _cut(printable(text[: _WIDEST + 1]))


def printable(text: str) -> str:
    """Escape text from a file so that it cannot control a terminal."""
    return "".join([char if char.isprintable() else char.encode("unicode_escape").decode() for char in text])
