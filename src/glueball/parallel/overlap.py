"""Gradients that are sent to the other processes while backward() still computes those of earlier layers.

The hook of each parameter copies its gradient into a bucket, and the last one of a bucket sends it. What the program
sees of its gradients stays as it was computed here, until the step.

All processes must send the same buckets in the same order. So buckets leave in their order, and the step sends those
that are left, with zeros for gradients that were not computed. A gradient that has changed after it was sent, such as
one that was clipped, is sent again; where that happens, the following steps send all gradients themselves.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from torch import Tensor

from ..core.integer_tape import gradient_edge
from ..core.writes import memory_of, writes
from ..ndarray import NDArray
from .buckets import Bucket, divide, part_of
from .compression import Compression
from .processes import Processes

_State = tuple[int, int, object]


class _Place(NamedTuple):
    bucket: int
    piece: Tensor


class Overlap:
    """Sums the gradients of some arrays over the processes.

    Parameters
    ----------
    processes : Processes
        The processes, over a connection of which nothing else makes use.
    arrays : mapping of int to NDArray
        The arrays, which have dense gradients that each backward() writes anew, by their keys.
    size : int
        The bytes of a bucket.
    compression : Compression
        How the gradients are shortened.
    """

    def __init__(
        self, processes: Processes, arrays: Mapping[int, NDArray], size: int, compression: Compression
    ) -> None:
        self._processes, self._compression = processes, compression
        self._arrays = dict(reversed(list(arrays.items())))  # backward() reaches the last layers first
        self._tapes = {key: array._tape for key, array in self._arrays.items()}
        keys = list(self._arrays)
        parts = [part_of(self._gradient(key)) for key in keys]
        self._buckets = [Bucket(those, [parts[each] for each in those]) for those in divide(parts, size)]
        self._places: dict[int, _Place] = {}
        for number, bucket in enumerate(self._buckets):
            for position, piece in zip(bucket.numbers, bucket.pieces, strict=True):
                self._places[keys[position]] = _Place(number, piece)
        self._hooks = [self._hook(key, array) for key, array in self._arrays.items()]
        self._begin()

    def _hook(self, key: int, array: NDArray) -> Callable[[], None]:
        # A parameter outlives its trainers, and must not send for those that are gone.
        known = weakref.WeakMethod(self._written)

        def written(leaf: Tensor) -> None:
            call = known()
            if call is not None:
                call(key)

        assert array._tape is not None
        handle = gradient_edge(array._tape).register_post_accumulate_grad_hook(written)
        remove: Callable[[], None] = handle.remove
        return remove

    def _begin(self) -> None:
        self._sent: dict[int, _State] = {}  # by key, what a gradient was when it was copied
        self._again: set[int] = set()  # the buckets with a gradient that was computed twice
        self._left = [len(bucket.numbers) for bucket in self._buckets]
        self._waiting: list[Callable[[], None]] = []

    def matches(self, arrays: Mapping[int, NDArray]) -> bool:
        """Whether these are the arrays, and still the same variables."""
        return arrays.keys() == self._arrays.keys() and all(
            [array is self._arrays[key] and array._tape is self._tapes[key] for key, array in arrays.items()]
        )

    def _written(self, key: int) -> None:
        place = self._places[key]
        if key in self._sent:
            self._again.add(place.bucket)
            return
        gradient = self._gradient(key)
        place.piece.copy_(gradient)
        self._sent[key] = _state(gradient)
        self._left[place.bucket] -= 1
        self._send()

    def _gradient(self, key: int) -> Tensor:
        gradient = self._arrays[key]._grad
        assert gradient is not None
        values: Tensor = gradient._data
        return values

    def _send(self) -> None:
        """Send the buckets that are full, in their order."""
        while len(self._waiting) < len(self._buckets) and not self._left[len(self._waiting)]:
            bucket = self._buckets[len(self._waiting)]
            self._waiting.append(self._compression.start_sum(self._processes, bucket, ()))

    def changed(self) -> list[bool]:
        """Return for each bucket whether it must be sent again, as far as this process knows."""
        again = self._again | {
            self._places[key].bucket for key, state in self._sent.items() if _state(self._gradient(key)) != state
        }
        return [number in again for number in range(len(self._buckets))]

    def collect(self, known: Sequence[Sequence[float]] = ()) -> tuple[dict[int, Tensor], bool]:
        """Return the sums by key, and whether all gradients were still what they had been when they were sent.

        Parameters
        ----------
        known : sequence of sequences
            What `changed` is in each process, if they have told each other.
        """
        for key, place in self._places.items():
            if key not in self._sent:
                place.piece.zero_()
        self._left = [0] * len(self._buckets)
        self._send()
        for wait in self._waiting:
            wait()
        everybody = known or self._processes.agree(self.changed())
        again = [number for number, marks in enumerate(zip(*everybody, strict=True)) if any(marks)]
        for number in again:
            self._sum_again(number)
        self._begin()
        return {key: place.piece for key, place in self._places.items()}, not again

    def _sum_again(self, number: int) -> None:
        for key, place in self._places.items():
            if place.bucket == number and key in self._sent:
                place.piece.copy_(self._gradient(key))
            elif place.bucket == number:
                place.piece.zero_()
        self._compression.start_sum(self._processes, self._buckets[number], ())()

    def end(self) -> None:
        """Send nothing any more; what is on its way is waited for."""
        for remove in self._hooks:
            remove()
        if self._sent or self._waiting:
            self.collect()


def _state(tensor: Tensor) -> _State:
    return id(tensor), tensor._version, writes.last(memory_of(tensor))
