"""Options that several commands have."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def add_shape(parser: argparse._ActionsContainer, what: str) -> None:
    """Declare the option --shape."""
    parser.add_argument(
        "--shape", metavar="NAME=1,3,224,224", action="append", default=[], type=_shape,
        help=f"{what}; repeat for each input",
    )  # fmt: skip


def _shape(text: str) -> tuple[str, tuple[int, ...]]:
    name, separator, lengths = text.rpartition("=")
    fields = lengths.strip().strip("()[]").rstrip(",").split(",")
    if not separator or not name or not all(each.strip().isdecimal() for each in fields):
        raise argparse.ArgumentTypeError(f"must be NAME=LENGTH,LENGTH,...; received {text!r}; write data=1,3,224,224")
    return name, tuple([int(each) for each in fields])


def number_of(low: float, whole: bool = False) -> Callable[[str], float]:
    """Return a type of arguments: numbers from `low` on."""

    def read(text: str) -> float:
        try:
            value = int(text) if whole else float(text)
        except ValueError:
            value = low - 1
        if not low <= value < float("inf"):
            kind = "an integer" if whole else "a number"
            raise argparse.ArgumentTypeError(f"must be {kind} of {low:g} or more; received {text!r}")
        return value

    return read
