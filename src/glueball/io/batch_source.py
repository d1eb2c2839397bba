"""What makes batches for an `MXDataIter`, and how an epoch's last batch is filled."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

import numpy as np

from ..core.errors import MXNetError
from ..ndarray import NDArray

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Made:
    """A batch, before it has names."""

    data: NDArray
    label: NDArray
    pad: int
    index: np.ndarray


class BatchSource(ABC):
    """Makes batches, epoch by epoch."""

    @abstractmethod
    def next(self) -> Made | None:
        """Return the next batch, or None at the end of the epoch."""

    @abstractmethod
    def reset(self) -> None:
        """Begin the next epoch."""


class Rounds(Generic[_Item]):
    """Divides epochs of items into batches.

    A last batch that is not full is filled with the first items of the next epoch, which then begins behind them; or
    it is left as it is.

    Parameters
    ----------
    owner : str
        The public name, for messages.
    begin : callable
        Begins an epoch: returns its items.
    batch_size : int
        How many items are a batch.
    round_batch : bool
        Whether the last batch is filled.
    """

    def __init__(self, owner: str, begin: Callable[[], Iterator[_Item]], batch_size: int, round_batch: bool) -> None:
        self._owner, self._begin, self._size, self._round = owner, begin, batch_size, round_batch
        self._items = begin()
        self._ended = self._is_ahead = False

    def next(self) -> tuple[list[_Item], int] | None:
        """Return the items of the next batch, and how many of them belong to the next epoch or are lacking."""
        if self._ended:
            return None
        items = list(islice(self._items, self._size))
        pad = self._size - len(items)
        self._ended = pad > 0
        if not items:
            return None
        if pad and self._round:
            self._items, self._is_ahead = self._begin(), True
            items += islice(self._items, pad)
            if len(items) < self._size:
                raise MXNetError(
                    f"{self._owner}: batch_size must be at most twice the number of samples; received {self._size}, "
                    f"which {len(items)} samples do not fill; use a smaller batch size, or round_batch=False"
                )
        return items, pad

    def reset(self, was_read: bool) -> None:
        """Begin the next epoch; one that was read ahead continues if the last batch reached the user."""
        if not (self._is_ahead and was_read):
            self._items = self._begin()
        self._ended = self._is_ahead = False
