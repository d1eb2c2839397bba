"""Values that do not exist yet, because they follow from what other devices will compute: those of SyncBatchNorm.

MXNet's engine starts a computation when its inputs exist. Here a call computes at once, so that the first devices of a
loop over contexts cannot wait for the last. What they are asked raises `Waiting`, and `ndarray/pending.py` puts an
array in the place of the result, whose values come when the last device has been asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .errors import MXNetError

Callback = Callable[[Any], None]


class Waiting(MXNetError):
    """Values do not exist yet; `then` has a function called with them once they do."""

    def __init__(self, message: str, then: Callable[[Callback], None]) -> None:
        super().__init__(message)
        self.then = then


class Meeting:
    """Where the devices that share a computation find each other, by a key.

    Each hands its part over, and the last one computes all.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, dict[int, tuple[Any, list[Callback]]]] = {}

    def join(self, owner: str, key: str, count: int, who: int, part: Any) -> list[Any]:
        """Return the parts of all devices, of the caller last; or raise `Waiting`, if it is not the last.

        Parameters
        ----------
        owner : str
            Who says so in the message.
        key : str
            The computation.
        count : int
            The number of devices.
        who : int
            The device. If it has been here before, that loop over the devices was left, and a new one begins.
        part : object
            What it hands over.
        """
        waiting = self._waiting.setdefault(key, {})
        if who in waiting:
            waiting.clear()
        if len(waiting) + 1 < count:
            callbacks: list[Callback] = []
            waiting[who] = (part, callbacks)
            raise Waiting(
                f"{owner}: all {count} devices must have computed their part of {key!r} before a value is read; "
                f"{len(waiting)} of them have; call the network on every context, and then autograd.backward(losses)",
                callbacks.append,
            )
        return [*[each for each, _ in waiting.values()], part]

    def leave(self, key: str, results: Sequence[Any]) -> None:
        """Hand the results out to the devices that have waited."""
        waiting = self._waiting.pop(key)
        for (_, callbacks), result in zip(waiting.values(), results, strict=True):
            for callback in callbacks:
                callback(result)
