"""A sampler that visits indices at regular intervals."""

from __future__ import annotations

from collections.abc import Iterator

from ....core.errors import RefusedError
from ...data.sampler import Sampler, check_length

__all__ = ["IntervalSampler"]


class IntervalSampler(Sampler):
    """Every `interval`-th index, then the remaining ones in the same way.

    Parameters
    ----------
    length : int
        Number of indices.
    interval : int
        The step, 1 to `length`.
    rollover : bool, default True
        Start again at 1, 2, ... until all indices are visited; False visits only 0, interval, ...

    Raises
    ------
    MXNetError
        `interval` is out of range.

    Differs from MXNet
    ------------------
    With ``rollover=False``, ``len()`` is the number of indices visited, not `length`.

    Examples
    --------
    >>> from glueball.gluon.contrib.data import IntervalSampler
    >>> list(IntervalSampler(7, 3)), list(IntervalSampler(7, 3, rollover=False))
    ([0, 3, 6, 1, 4, 2, 5], [0, 3, 6])
    """

    def __init__(self, length: int, interval: int, rollover: bool = True) -> None:
        self._length = check_length("IntervalSampler", "length", length)
        if not 1 <= check_length("IntervalSampler", "interval", interval) <= length:
            raise RefusedError(f"IntervalSampler: interval must be 1 to length={length}; received {interval}")
        self._interval = interval
        self._rounds = interval if rollover else 1

    def __iter__(self) -> Iterator[int]:
        for start in range(self._rounds):
            yield from range(start, self._length, self._interval)

    def __len__(self) -> int:
        return sum(len(range(start, self._length, self._interval)) for start in range(self._rounds))
