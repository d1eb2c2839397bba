"""What threads and processes of a DataLoader have in common."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from ...core.strangers import call


class BatchMaker:
    """Make the batch for a list of indices. To torch's loader it is a dataset whose items are batches."""

    def __init__(self, dataset: Any, batchify: Callable[[list[Any]], Any]) -> None:
        self._dataset = dataset
        self._batchify = batchify

    def __getitem__(self, indices: Iterable[Any]) -> Any:
        return call(self._batchify, [self._dataset[index] for index in indices])


class Epoch(Protocol):
    """One iteration over the batches, which may start before it is requested."""

    def __iter__(self) -> Iterator[Any]: ...

    def close(self) -> None:
        """Release the workers; unconsumed batches are discarded."""


def timed_out(seconds: float) -> multiprocessing.TimeoutError:
    """Return the error for a batch that is not ready in time."""
    return multiprocessing.TimeoutError(
        f"DataLoader: a batch must be ready within timeout={seconds:g} seconds; it was not; make transforms "
        f"faster, use more workers or raise timeout"
    )
