"""The other processes that train together, for operators: `parallel/`, which connects them, is a layer above."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from torch import Tensor


class World(Protocol):
    """What operators ask of the processes. All must ask the same, in the same order."""

    def size(self) -> int:
        """Return how many there are; this connects nobody."""
        ...

    def gather(self, who: str, tensor: Tensor) -> Sequence[Tensor]:
        """Return the tensors of all processes, which have one shape; `who` is whose they are, for messages."""
        ...

    def sum(self, who: str, tensor: Tensor) -> Tensor:
        """Return the sum over all processes of tensors of one shape."""
        ...


#: The one that there is, once `parallel/` is imported.
worlds: list[World] = []


def world_size() -> int:
    """Return how many processes train together."""
    return worlds[0].size() if worlds else 1
