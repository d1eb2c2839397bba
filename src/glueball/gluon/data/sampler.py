"""Samplers: the order and the groups in which the indices of a dataset are visited."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ...core.doors import guard
from ...core.errors import DivisionByZeroError, UnfitArgumentError
from ...core.integers import is_int_not_bool
from ...core.strangers import call

LAST_BATCH = ("keep", "discard", "rollover")


@guard
class Sampler:
    """The base class of all samplers: an iterable of indices with a length."""

    def __len__(self) -> int:
        """Return the number of indices in one iteration."""
        raise NotImplementedError(f"{type(self).__name__}: a Sampler must define __len__; it does not")

    def __iter__(self) -> Iterator[Any]:
        """Start a new iteration."""
        raise NotImplementedError(f"{type(self).__name__}: a Sampler must define __iter__; it does not")


def check_length(owner: str, name: str, value: Any) -> int:
    """Return a number of samples, or raise an MXNetError that names the argument."""
    if not is_int_not_bool(value) or value < 0:
        raise UnfitArgumentError(f"{owner}: {name} must be an int of 0 or more; received {value!r}")
    return int(value)


class SequentialSampler(Sampler):
    """Consecutive indices from `start`.

    Parameters
    ----------
    length : int
        Number of indices.
    start : int, default 0
        The first index.

    Examples
    --------
    >>> from glueball import gluon
    >>> list(gluon.data.SequentialSampler(3, start=5))
    [5, 6, 7]
    """

    def __init__(self, length: int, start: int = 0) -> None:
        self._length = check_length("SequentialSampler", "length", length)
        self._start = start

    def __iter__(self) -> Iterator[int]:
        return iter(range(self._start, self._start + self._length))

    def __len__(self) -> int:
        return self._length


class RandomSampler(Sampler):
    """The indices below `length`, reshuffled for every iteration.

    The order comes from NumPy's global generator, as in MXNet; ``numpy.random.seed`` makes it reproducible.

    Parameters
    ----------
    length : int
        Number of indices.

    Examples
    --------
    >>> import numpy as np
    >>> from glueball import gluon
    >>> np.random.seed(3)
    >>> [int(index) for index in gluon.data.RandomSampler(5)]
    [3, 4, 1, 0, 2]
    """

    def __init__(self, length: int) -> None:
        self._length = check_length("RandomSampler", "length", length)

    def __iter__(self) -> Iterator[Any]:
        order = np.arange(self._length)
        np.random.shuffle(order)  # MXNet programs seed the global generator
        return iter(order)

    def __len__(self) -> int:
        return self._length


class FilterSampler(Sampler):
    """The indices of the samples for which a function is true. It is called on all samples now.

    Parameters
    ----------
    fn : callable
        Takes a sample.
    dataset : Dataset
        Any object with a length and items.

    Examples
    --------
    >>> from glueball import gluon
    >>> list(gluon.data.FilterSampler(lambda word: len(word) > 2, ["a", "abc", "ab", "abcd"]))
    [1, 3]
    """

    def __init__(self, fn: Callable[[Any], Any], dataset: Any) -> None:
        self._indices = [index for index in range(len(dataset)) if call(fn, dataset[index])]

    def __iter__(self) -> Iterator[int]:
        return iter(self._indices)

    def __len__(self) -> int:
        return len(self._indices)


class BatchSampler(Sampler):
    """Lists of `batch_size` indices from another sampler.

    Parameters
    ----------
    sampler : Sampler
        The source of the indices.
    batch_size : int or float
        Number of indices per batch; also as a float without a fraction.
    last_batch : {'keep', 'discard', 'rollover'}, default 'keep'
        What to do with an incomplete last batch: yield it, drop it, or keep it as the start of the next
        iteration.

    Raises
    ------
    ValueError
        `last_batch` is unknown.
    MXNetError
        `batch_size` is not a positive int.

    Examples
    --------
    >>> from glueball import gluon
    >>> batches = gluon.data.BatchSampler(gluon.data.SequentialSampler(5), 3, "rollover")
    >>> list(batches), list(batches)
    ([[0, 1, 2]], [[3, 4, 0], [1, 2, 3]])
    """

    def __init__(self, sampler: Any, batch_size: float, last_batch: str = "keep") -> None:
        if isinstance(batch_size, float) and batch_size.is_integer():  # 64 / 2, which MXNet takes too
            batch_size = int(batch_size)
        if check_length("BatchSampler", "batch_size", batch_size) == 0:
            raise DivisionByZeroError("BatchSampler: batch_size must be at least 1; received 0")
        if last_batch not in LAST_BATCH:
            raise ValueError(f"BatchSampler: last_batch must be one of {LAST_BATCH}; received {last_batch!r}")
        self._sampler = sampler
        self._batch_size = int(batch_size)
        self._last_batch = last_batch
        self._rest: list[Any] = []

    def __iter__(self) -> Iterator[list[Any]]:
        batch, self._rest = self._rest, []
        for index in self._sampler:
            batch.append(index)
            if len(batch) == self._batch_size:
                yield batch
                batch = []
        if batch and self._last_batch == "keep":
            yield batch
        elif self._last_batch == "rollover":
            self._rest = batch

    def __len__(self) -> int:
        length = len(self._sampler)
        if self._last_batch == "keep":
            return -(-length // self._batch_size)
        return (length + len(self._rest)) // self._batch_size
