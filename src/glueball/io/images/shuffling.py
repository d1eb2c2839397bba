"""MXNet's random orders: those of the C++ library that its iterators call, which its seeds stand for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

_MOST = 2**32 - 1


class Shuffler:
    """Shuffles lists one after the other, in the orders that MXNet draws from the same seed.

    The numbers are those of the Mersenne Twister that NumPy has too; from each, the position of a swap is made by
    division, and one that would favor some positions is drawn again.
    """

    def __init__(self, seed: int) -> None:
        self._twister = np.random.RandomState(seed % 2**32)
        self._numbers = self._draw()

    def _draw(self) -> Iterator[int]:
        while True:
            yield from self._twister.randint(0, 2**32, 512, dtype=np.uint32).tolist()

    def shuffle(self, items: list[Any]) -> None:
        """Bring a list into a random order."""
        for last in range(1, len(items)):
            width = _MOST // (last + 1)
            position = next(self._numbers) // width
            while position > last:
                position = next(self._numbers) // width
            items[last], items[position] = items[position], items[last]
