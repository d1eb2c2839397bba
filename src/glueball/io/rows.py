"""Batches of rows in memory, for the iterators over text and over MNIST's files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ..core.errors import MXNetError
from ..ndarray import from_numpy
from .batch_source import BatchSource, Made, Rounds


class RowBatches(BatchSource):
    """Batches of the rows of two arrays, in their order.

    Parameters
    ----------
    owner : str
        The public name, for messages.
    data, label : numpy.ndarray
        Arrays of equal length.
    batch_size : int
        The number of rows in a batch.
    round_batch : bool
        Fill a last batch with rows of the next epoch. Otherwise those of the batch before stay there, as in MXNet.
    """

    def __init__(self, owner: str, data: np.ndarray, label: np.ndarray, batch_size: int, round_batch: bool) -> None:
        self._data, self._label = data, label
        self._numbers = np.zeros(batch_size, np.uint64)
        self._rows = [np.zeros((batch_size, *values.shape[1:]), values.dtype) for values in (data, label)]
        self._rounds: Rounds[int] = Rounds(owner, self._epoch, batch_size, round_batch)

    def _epoch(self) -> Iterator[int]:
        return iter(range(len(self._data)))

    def next(self) -> Made | None:
        found = self._rounds.next()
        if found is None:
            return None
        numbers, pad = found
        for rows, values in zip(self._rows, (self._data, self._label), strict=True):
            rows[: len(numbers)] = values[numbers]
        self._numbers[: len(numbers)] = numbers
        data, label = (from_numpy(rows.copy()) for rows in self._rows)
        return Made(data, label, pad, self._numbers.copy())

    def reset(self) -> None:
        self._rounds.reset(was_read=True)


def lines_of(owner: str, argument: str, path: str) -> list[str]:
    """Return the lines of a text file, or of the files in a folder, without empty ones."""
    try:
        files = sorted(Path(path).iterdir()) if os.path.isdir(path) else [Path(path)]
        text = [line for file in files for line in file.read_text().splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise MXNetError(f"{owner}: {argument} must name a text file or a folder of them; received {error}") from error
    lines = [line for line in text if line.strip()]
    if not lines:
        raise MXNetError(f"{owner}: {argument} must name a file with rows; received {path}, which has none")
    return lines
