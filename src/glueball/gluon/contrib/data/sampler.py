"""Samplers that visit indices at regular intervals, or one of several parts of them."""

from __future__ import annotations

from collections.abc import Iterator

from ....core.arguments import checked
from ....core.errors import RefusedError
from ....parallel import place
from ...data.sampler import RandomSampler, Sampler, check_length

__all__ = ["IntervalSampler", "SplitSampler"]


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


class SplitSampler(Sampler):
    """One of several equal parts of the indices: that of this process, if several train together.

    MXNet has no such class; its examples for several workers write one of this name. ``dataset.shard(num_parts,
    part_index)`` is MXNet's own way, with parts that differ by one sample.

    Parameters
    ----------
    length : int
        Number of indices.
    num_parts : int, optional
        The number of parts; default: the number of processes.
    part_index : int, optional
        Which part, counted from 0; default: the number of this process.
    even_size : bool, default True
        Give all parts the same length, so that all processes have as many batches: a part that is shorter begins the
        next one, too. False visits each index once, in parts that differ by one.
    shuffle : bool, default True
        Visit the part in another order in every iteration. It comes from NumPy's global generator, as that of
        `RandomSampler`; False keeps the order.

    Raises
    ------
    MXNetError
        `part_index` is not below `num_parts`, or a number is negative.

    Examples
    --------
    >>> from glueball.gluon.contrib.data import SplitSampler
    >>> [list(SplitSampler(5, 2, part, shuffle=False)) for part in (0, 1)]
    [[0, 1, 2], [3, 4, 0]]
    >>> [list(SplitSampler(5, 2, part, even_size=False, shuffle=False)) for part in (0, 1)]
    [[0, 1, 2], [3, 4]]
    """

    @checked
    def __init__(
        self, length: int, num_parts: int | None = None, part_index: int | None = None, even_size: bool = True,
        shuffle: bool = True,
    ) -> None:  # fmt: skip
        self._length = check_length("SplitSampler", "length", length)
        rank, size = place() if num_parts is None or part_index is None else (0, 1)
        parts = size if num_parts is None else check_length("SplitSampler", "num_parts", num_parts)
        index = rank if part_index is None else check_length("SplitSampler", "part_index", part_index)
        if index >= parts:
            raise RefusedError(f"SplitSampler: part_index must be less than num_parts={parts}; received {index}")
        least, rest = divmod(self._length, parts)
        self._start = index * least + min(index, rest)
        self._size = least + (index < rest or (even_size and rest > 0))
        self._shuffle = shuffle

    def __iter__(self) -> Iterator[int]:
        order = RandomSampler(self._size) if self._shuffle else range(self._size)
        return iter([(self._start + int(number)) % self._length for number in order])

    def __len__(self) -> int:
        return self._size
