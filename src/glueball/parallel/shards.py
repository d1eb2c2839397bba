"""Which process keeps the optimizer's state of which parameter, where each keeps a part of the states."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..core.errors import InvalidValueError, MXNetError


class Shards:
    """Divides parameters among processes so that each has about as many bytes.

    A parameter is not cut: the largest one is the least that some process has.

    Parameters
    ----------
    rank : int
        The number of this process.
    size : int
        How many there are.

    Examples
    --------
    >>> from glueball.parallel.shards import Shards
    >>> shards = Shards(rank=0, size=2)
    >>> shards.divide([("a", 10), ("b", 30), ("c", 10)])
    >>> [shards.owner(key) for key in "abc"], shards.owns("a")
    ([1, 0, 1], False)
    """

    def __init__(self, rank: int, size: int) -> None:
        self.rank, self.size = rank, size
        self._owners: dict[Any, int] = {}
        self._bytes = [0] * size

    def divide(self, sizes: Iterable[tuple[Any, int]]) -> None:
        """Give each parameter to the process that has the least so far, the largest first.

        All processes must call it with the same arguments.

        Parameters
        ----------
        sizes : iterable of (key, int)
            New parameters, and the bytes of each.
        """
        for key, size in sorted(sizes, key=lambda pair: -pair[1]):
            if key in self._owners:
                raise MXNetError(
                    f"shard='optimizer': a parameter must be divided once; received {key!r} again; do not init() keys "
                    "in a store that a trainer updates with"
                )
            owner = self._bytes.index(min(self._bytes))
            self._owners[key] = owner
            self._bytes[owner] += size

    def owner(self, key: Any) -> int:
        """Return the number of the process that has the state of a parameter."""
        if key not in self._owners:
            raise MXNetError(
                f"shard='optimizer': a parameter must be one that the processes have divided; received {key!r}; "
                "initialize it before the first step, or init() its key"
            )
        return self._owners[key]

    def owns(self, key: Any) -> bool:
        """Whether the state of a parameter is in this process."""
        return self.owner(key) == self.rank

    def is_elsewhere(self, key: Any) -> bool:
        """Whether another process has the state of a parameter; those that are not divided yet may come here."""
        return self._owners.get(key, self.rank) != self.rank


def is_sharded(owner: str, shard: Any) -> bool:
    """Return whether each process is to keep a part of the optimizer's states, which `shard` says."""
    if isinstance(shard, str) and shard == "all":
        raise MXNetError(
            f"{owner}: shard must be 'optimizer' or None; received 'all'; a compiled network takes whole parameters, "
            "all at once, so that they cannot come layer by layer: use shard='optimizer'; or write the network as "
            "code for torch, with `glueball convert`, and wrap its layers with torch.distributed.fsdp.fully_shard"
        )
    if shard is not None and not (isinstance(shard, str) and shard == "optimizer"):
        raise InvalidValueError(f"{owner}: shard must be 'optimizer' or None; received {shard!r}")
    return shard is not None
