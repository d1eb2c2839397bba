"""Values that do not exist yet, because they follow from what other devices will compute: those of SyncBatchNorm.

MXNet's engine starts a computation when its inputs exist. Here a call computes at once, so that the first devices of a
loop over contexts cannot wait for the last. What they are asked raises `Waiting`, and `ndarray/pending.py` puts an
array in the place of the result, whose values come when the last device has been asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .errors import MXNetError
from .locks import process_lock

Callback = Callable[[Any], None]

# Contexts may be asked by threads of their own. What has waited is computed under it, in the thread of the last.
_lock = process_lock()


class Promise:
    """Something that will exist."""

    def __init__(self) -> None:
        self._callbacks: list[Callback] | None = []
        self._value: Any = None

    def then(self, callback: Callback) -> None:
        """Have a function called with it, now or once it exists."""
        with _lock:
            if self._callbacks is not None:
                self._callbacks.append(callback)
                return
        callback(self._value)

    def keep(self, value: Any) -> None:
        """Call the functions that have waited."""
        with _lock:
            callbacks, self._callbacks, self._value = self._callbacks or (), None, value
            for callback in callbacks:
                callback(value)


class Waiting(MXNetError):
    """Values do not exist yet, but as a promise."""

    def __init__(self, message: str, promise: Promise) -> None:
        super().__init__(message)
        self.promise = promise


class _Joint:
    """Whether there are gradients that several devices must compute together."""

    used = False


joint = _Joint()


class Meeting:
    """Where the devices that share a computation find each other, by a key.

    Each hands its part over, and the last one computes all.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, dict[int, tuple[Any, Promise]]] = {}

    def join(
        self, owner: str, key: str, count: int, who: int, part: Any, compute: Callable[[list[Any]], list[Any]]
    ) -> Any:
        """Compute the results of all devices from their parts; return the caller's. If it is not the last, `Waiting`.

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
        compute : callable
            Takes the parts and returns the results.
        """
        with _lock:
            waiting = self._waiting.setdefault(key, {})
            if who in waiting:
                waiting.clear()
            if len(waiting) + 1 < count:
                promise = Promise()
                waiting[who] = (part, promise)
                raise Waiting(
                    f"{owner}: all {count} devices must have computed their part of {key!r} before a value is read; "
                    f"{len(waiting)} of them have; call the network on every context first",
                    promise,
                )
            del self._waiting[key]
            *others, own = compute([*[each for each, _ in waiting.values()], part])
            for (_, promise), result in zip(waiting.values(), others, strict=True):
                promise.keep(result)
            return own
