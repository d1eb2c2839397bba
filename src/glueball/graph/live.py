"""Whether parameters are still what they were when something was computed from them."""

from __future__ import annotations

import operator
import weakref
from collections.abc import Callable, Sequence

from torch import Tensor

from ..core.writes import memory_of, writes

_version = operator.attrgetter("_version")


class Snapshot:
    """The identities and versions of tensors at one moment; it does not keep them alive.

    Parameters
    ----------
    tensors : sequence of Tensor
        The tensors.
    when_gone : weakref.WeakMethod, optional
        Called without arguments when one of them is gone.

    Attributes
    ----------
    is_missing_one : bool
        Whether one of them is gone.
    """

    def __init__(
        self, tensors: Sequence[Tensor], when_gone: weakref.WeakMethod[Callable[[], None]] | None = None
    ) -> None:
        self._when_gone = when_gone
        self._latest = writes.latest
        self._memories = list(map(memory_of, tensors))
        self._written = list(map(writes.last, self._memories))
        self._versions = list(map(_version, tensors))
        self._identities = list(map(id, tensors))
        # Another tensor may get the identity of one that is gone.
        self._references = [weakref.ref(tensor, self._miss) for tensor in tensors]
        self.is_missing_one = False

    def _miss(self, reference: weakref.ref[Tensor]) -> None:
        self.is_missing_one = True
        tell = self._when_gone and self._when_gone()
        if tell:
            tell()

    def holds(self, tensors: Sequence[Tensor]) -> bool:
        """Return whether these are the same tensors, and nothing has been written to them since."""
        if (
            self.is_missing_one
            or self._identities != list(map(id, tensors))
            or self._versions != list(map(_version, tensors))
        ):
            return False
        latest = writes.latest
        if latest != self._latest:
            if self._written != list(map(writes.last, self._memories)):
                return False
            self._latest = latest
        return True


def is_traceable(tensors: Sequence[Tensor]) -> bool:
    """Whether all writes to these tensors can be noticed."""
    return not any(tensor.is_inference() or writes.is_shared(memory_of(tensor)) for tensor in tensors)
