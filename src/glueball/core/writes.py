"""Which memory arrays have written to, for those who keep what they have computed from it.

torch counts the writes through a tensor and its views in ``tensor._version``, and refuses backward() where one of them
has changed what it needs. MXNet does not refuse it, so arrays write past torch's count, and report it here.
"""

from __future__ import annotations

import itertools
import weakref

from torch import Tensor

_MOST = 100_000  # memories that are told apart; a program may make and write to any number of arrays


class _Writes:
    """The last write to each memory, by number.

    Attributes
    ----------
    latest : int
        The number of the last write to any memory.
    """

    def __init__(self) -> None:
        self.latest = 0
        self._numbers = itertools.count(1)
        self._last: dict[int, int] = {}
        self._forgotten = 0
        self._shared: set[int] = set()

    def report(self, tensor: Tensor) -> None:
        """Say that the memory of a tensor has been written to; called after the write."""
        if len(self._last) >= _MOST:
            self._forgotten, self._last = self.latest, {}
        number = next(self._numbers)
        self._last[memory_of(tensor)] = number
        self.latest = number

    def last(self, memory: int) -> int:
        """Return the number of the last write to a memory, or a later one."""
        return self._last.get(memory, self._forgotten)

    def share(self, tensor: Tensor) -> None:
        """Say that others can write to the memory of a tensor from now on without a report."""
        memory = memory_of(tensor)
        self._shared.add(memory)
        self.report(tensor)
        weakref.finalize(tensor, self._shared.discard, memory).atexit = False

    def is_shared(self, memory: int) -> bool:
        """Whether others can write to a memory."""
        return memory in self._shared


def memory_of(tensor: Tensor) -> int:
    """Return what identifies the memory of a tensor and its views while it is there."""
    memory: int = tensor.untyped_storage()._cdata
    return memory


writes = _Writes()
