"""Which ways the fused convolutions of a graph take: the fastest for which there is memory."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import NamedTuple


class Option(NamedTuple):
    """What a choice costs.

    Attributes
    ----------
    seconds : float
        The time of one call.
    memory : int
        The bytes that it keeps between calls.
    """

    seconds: float
    memory: int


def select(choices: Sequence[Sequence[Option]], room: int) -> list[int]:
    """Return the number of the option that each choice takes.

    Each begins with the option that keeps the least. As long as there is room, the change that saves the most time for
    the memory that it takes is made.

    Parameters
    ----------
    choices : sequence of sequence of Option
        The options of each choice.
    room : int
        The bytes that all may keep together, if that is possible.
    """
    taken = [min(range(len(options)), key=lambda number: options[number].memory) for options in choices]
    room -= sum(options[number].memory for options, number in zip(choices, taken, strict=True))
    while True:
        best, change = 0.0, None
        for place, options in enumerate(choices):
            now = options[taken[place]]
            for number, option in enumerate(options):
                gain, more = now.seconds - option.seconds, option.memory - now.memory
                if gain > 0 and more <= max(room, 0) and (worth := gain / more if more > 0 else inf) > best:
                    best, change = worth, (place, number, more)
        if change is None:
            return taken
        place, taken[place], more = change
        room -= more
