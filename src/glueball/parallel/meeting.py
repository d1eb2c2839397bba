"""How processes that were started, some of them not for the first time, meet in a store.

A launcher that starts all processes again keeps its store, and in it the addresses of those that have ended. So they
meet in rounds, each with keys of its own. A process begins in the newest round; where it has been there already, in an
earlier life, it opens the next one, and the others follow. A round has met when each process has seen all others in it:
none of these can be left over from an earlier life, since the last one that came was seen by all that are here.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ..core.errors import MXNetError

if TYPE_CHECKING:
    from torch._C._distributed_c10d import Store

_INTERVAL = 0.02  # seconds


def meet(store: Store, rank: int, size: int, seconds: float) -> str:
    """Wait for all processes; return the prefix of the keys of the round in which they have met.

    Parameters
    ----------
    store : torch.distributed.Store
        What all of them reach.
    rank, size : int
        The number of this process, and how many there are.
    seconds : float
        How long to wait.

    Raises
    ------
    MXNetError
        Some did not come; the message names them.
    """
    place = _Round(store, rank, size)
    until = time.monotonic() + seconds
    while not place.has_met():
        if time.monotonic() > until:
            raise MXNetError(f"processes {', '.join(map(str, place.absent()))} did not come")
        time.sleep(_INTERVAL)
    return place.prefix


class _Round:
    """The round in which a process is."""

    def __init__(self, store: Store, rank: int, size: int) -> None:
        self._store, self._rank, self._size = store, rank, size
        self._number = -1
        self._follow()

    @property
    def prefix(self) -> str:
        return f"glueball/{self._number}"

    def has_met(self) -> bool:
        """Go on to the newest round, say there what this process sees, and return whether all see each other."""
        self._follow()
        if self._are_all("here"):
            self._store.set(self._key("sees", self._rank), "")
            return self._are_all("sees")
        return False

    def absent(self) -> list[int]:
        """Return the processes that are not in the round."""
        return [rank for rank in range(self._size) if not self._store.check([self._key("here", rank)])]

    def _follow(self) -> None:
        before = self._number
        self._number = max(before, 0)
        while self._store.check([f"glueball/{self._number + 1}/open"]):
            self._number += 1
        if self._number != before and self._store.add(self._key("here", self._rank), 1) > 1:
            self._store.set(f"glueball/{self._number + 1}/open", "")
            self._follow()

    def _are_all(self, what: str) -> bool:
        answer: bool = self._store.check([self._key(what, rank) for rank in range(self._size)])
        return answer

    def _key(self, what: str, rank: int) -> str:
        return f"{self.prefix}/{what}/{rank}"
