"""Which of the processes that train together still run, and how far they are."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..core.errors import MXNetError

if TYPE_CHECKING:
    from torch._C._distributed_c10d import Store

_INTERVAL = 0.5  # seconds
_PATIENCE = 4 * _INTERVAL  # without a sign of life
_ANSWER = 5.0  # for what the store is asked besides


class _Beat(NamedTuple):
    number: int
    steps: int


class Heartbeat:
    """Writes into the store of the processes that this one lives, and reads what the others write.

    A connection that breaks says only that somebody is gone, and that one may have ended for the same reason: because
    somebody else is. So who is to blame is read from the store.

    Parameters
    ----------
    store : torch.distributed.Store
        Where the processes have found each other.
    rank, size : int
        The number of this process, and how many there are.
    """

    def __init__(self, store: Store, rank: int, size: int) -> None:
        # A connection of its own: another thread may wait long on the one that it shares.
        self._store = store.clone() if hasattr(store, "clone") else store
        self._rank, self._size = rank, size
        self._steps = 0
        self._ended = threading.Event()
        self._beat(0)
        self._thread = threading.Thread(target=self._run, name="glueball heartbeat", daemon=True)
        self._thread.start()

    def step(self) -> None:
        """Count something that all processes do together."""
        self._steps += 1

    def end(self) -> None:
        """Give no more signs of life."""
        self._ended.set()
        self._thread.join(_ANSWER)  # it may wait for a store that never answers

    def _run(self) -> None:
        count = 0
        while not self._ended.wait(_INTERVAL):
            count += 1
            try:
                self._beat(count)
            except RuntimeError:  # the store is gone, and with it the process that kept it
                return

    def _beat(self, count: int) -> None:
        self._store.set(_key(self._rank), f"{count} {self._steps}")

    def missing(self) -> str:
        """Return in words which processes are gone or behind; '' if that cannot be said. It takes some seconds."""
        try:
            gone, behind = self.gone()
        except MXNetError as error:
            return str(error)
        if gone:
            return f"{names(gone)} gave no sign of life"
        return f"{names(behind)} did not come" if behind else ""

    def gone(self) -> tuple[list[int], list[int]]:
        """Return which processes give no sign of life, and which have done less than this one; in some seconds.

        Raises
        ------
        MXNetError
            The store cannot say it.
        """
        found: list[tuple[list[int], list[int]]] = []
        failed: list[RuntimeError] = []

        def ask() -> None:
            try:
                found.append(self._look())
            except RuntimeError as error:
                failed.append(error)

        # A store whose process has been stopped, or whose machine has been cut off, lets the asking wait without end.
        asking = threading.Thread(target=ask, name="glueball heartbeat question", daemon=True)
        asking.start()
        asking.join(_PATIENCE + _ANSWER)
        if found:
            return found[0]
        what = "is gone" if failed else "does not answer"
        raise MXNetError(f"the process that keeps the store {what}, which is process 0 or the launcher beside it")

    def _look(self) -> tuple[list[int], list[int]]:
        before = self._beats()
        time.sleep(_PATIENCE)
        now = self._beats()
        gone = [rank for rank in range(self._size) if rank != self._rank and _is_same(before[rank], now[rank])]
        behind = [
            rank for rank, beat in enumerate(now) if rank not in gone and beat is not None and beat.steps < self._steps
        ]
        return gone, behind

    def _beats(self) -> list[_Beat | None]:
        keys = [_key(rank) for rank in range(self._size)]
        return [_Beat(*map(int, self._store.get(key).split())) if self._store.check([key]) else None for key in keys]


def names(ranks: Sequence[int]) -> str:
    """Return the processes of these numbers in words."""
    numbers = ", ".join(map(str, ranks))
    return f"process {numbers}" if len(ranks) == 1 else f"processes {numbers}"


def _is_same(before: _Beat | None, now: _Beat | None) -> bool:
    return now is None or (before is not None and before.number == now.number)


def _key(rank: int) -> str:
    return f"glueball/heartbeat/{rank}"
