"""Gradients that are sent to the other processes while backward() still computes those of earlier layers.

The hooks of the parameters count which gradients of a bucket are there; the last one copies and sends them. What the
program sees of its gradients stays as it was computed here, until the step.

All processes must send the same buckets in the same order. So buckets leave in their order, and the step sends those
that are left, with zeros for gradients that were not computed. The last bucket, which no layer is left to hide, always
waits for the step: with it goes a word by which the processes learn that all of them have the same to say, as usual, so
that this takes no message of its own.

A gradient may have changed after it was sent, such as one that was clipped. Where that happens, all gradients are
summed anew, by the step itself, and so they are in the following steps.
"""

from __future__ import annotations

import enum
import operator
import struct
import weakref
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from ..core.integer_tape import gradient_edge
from ..core.writes import memory_of, writes
from ..ndarray import NDArray
from .buckets import Part, buckets_of, part_of
from .compression import Compression
from .processes import Processes

_WORD = 4  # numbers of one byte each, which all types of gradients have


def words_of(size: int, parts: Sequence[Part]) -> int:
    """Return how many numbers go with the last bucket.

    They do so wherever gradients are summed: where an array lies in a bucket decides in which order Gloo adds.
    """
    # Reading a word on a GPU would wait for all that is computed there.
    return _WORD * size if all([part.device.type == "cpu" for part in parts]) else 0


class State(enum.IntEnum):
    """What the gradients of a process are at a step, for those that were sent."""

    SAME = 0
    CHANGED = 1
    REPLACED = 2  # by those of other variables, such as after reset_ctx()


class _Sent(NamedTuple):
    """The gradients of a bucket when they were copied."""

    tensors: list[Tensor]
    versions: list[int]
    latest: int  # write to any memory until then

    @classmethod
    def now(cls, tensors: list[Tensor]) -> _Sent:
        return cls(tensors, list(map(_version, tensors)), writes.latest)

    def are_still(self, tensors: list[Tensor]) -> bool:
        """Whether gradients are these, and nothing has been written to them since."""
        if not all(map(operator.is_, tensors, self.tensors)) or list(map(_version, tensors)) != self.versions:
            return False
        return writes.latest == self.latest or all(
            [writes.last(memory_of(tensor)) <= self.latest for tensor in tensors]
        )


_version = operator.attrgetter("_version")


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
        parts = [part_of(array._grad._data) for array in self._arrays.values() if array._grad is not None]
        self._buckets = buckets_of(parts, size, words_of(processes.size, parts))
        self._keys = [[keys[position] for position in bucket.numbers] for bucket in self._buckets]
        self._numbers = {key: number for number, those in enumerate(self._keys) for key in those}
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
        self._reached: set[int] = set()  # by backward(), since the last step
        self._left = [len(bucket.numbers) for bucket in self._buckets]
        self._sent: list[_Sent] = []
        self._waiting: list[Callable[[], None]] = []
        self._states: list[State] = []  # of the processes, once they have told each other

    # --- while backward() runs ----------------------------------------------------------------------------------------

    def _written(self, key: int) -> None:
        if key in self._reached:
            return
        self._reached.add(key)
        number = self._numbers[key]
        self._left[number] -= 1
        if not self._left[number]:
            while len(self._waiting) < len(self._buckets) - 1 and not self._left[len(self._waiting)]:
                self._send()

    def _gradients(self, number: int) -> list[Tensor]:
        """Return the gradients of a bucket; for a variable that has none any more, something of its shape."""
        held = [self._arrays[key]._grad for key in self._keys[number]]
        pieces = self._buckets[number].pieces
        return [piece if one is None else one._data for one, piece in zip(held, pieces, strict=True)]

    def _send(self) -> None:
        """Send the next bucket, with what its gradients are now."""
        number = len(self._waiting)
        bucket, gradients = self._buckets[number], self._gradients(number)
        if self._left[number]:
            for key, piece, gradient in zip(self._keys[number], bucket.pieces, gradients, strict=True):
                if key in self._reached:
                    piece.copy_(gradient)
                else:
                    piece.zero_()
        else:
            torch._foreach_copy_(bucket.pieces, gradients)
        self._sent.append(_Sent.now(gradients))
        self._waiting.append(self._compression.start_sum(self._processes, bucket, ()))

    # --- in the step --------------------------------------------------------------------------------------------------

    def agree(self, gradients: Mapping[int, Sequence[NDArray]], numbers: Sequence[float]) -> list[list[float]]:
        """Return the numbers that each process has, in the order of the processes; and sum what is left.

        Parameters
        ----------
        gradients : mapping of int to sequence of NDArray
            The gradients that are to be summed, on each context, by their keys.
        numbers : sequence of float
            Those of this process; all have as many.
        """
        own = [self._state(gradients), *numbers]
        everybody = [own] * self._processes.size
        if not self._is_said_by_all(zlib.crc32(struct.pack(f"{len(own)}d", *own))):
            everybody = self._processes.agree(own)
        self._states = [State(int(state)) for state, *_ in everybody]
        return [each[1:] for each in everybody]

    def _state(self, gradients: Mapping[int, Sequence[NDArray]]) -> State:
        for key, array in self._arrays.items():
            copies = gradients.get(key, ())
            if len(copies) != 1 or copies[0] is not array._grad or array._tape is not self._tapes[key]:
                return State.REPLACED
        still = [sent.are_still(self._gradients(number)) for number, sent in enumerate(self._sent)]
        return State.SAME if all(still) else State.CHANGED

    def _is_said_by_all(self, word: int) -> bool:
        """Send what is left, with a word; return whether all processes have said this one, if that is known."""
        if len(self._waiting) == len(self._buckets):  # by an earlier call, after which the step was not made
            return False
        size, said = self._processes.size, torch.tensor(list(word.to_bytes(_WORD, "big")))
        words = self._buckets[-1].rest.view(-1, _WORD)
        words.zero_()[self._processes.rank : self._processes.rank + 1] = said  # none are no words
        while len(self._waiting) < len(self._buckets):
            self._send()
        for wait in self._waiting:
            wait()
        return len(words) == size and bool((words == said).all())

    def collect(self, gradients: Mapping[int, Sequence[NDArray]]) -> tuple[dict[int, Tensor], State]:
        """Return the sums by key, and what the gradients are in that process where most has happened to them.

        The sums are only of use where all gradients are still those that were sent.
        """
        if not self._states:
            self.agree(gradients, ())
        worst = max(self._states)
        self._begin()
        sums: dict[int, Tensor] = {}
        for keys, bucket in zip(self._keys, self._buckets, strict=True):
            sums.update(zip(keys, bucket.pieces, strict=True))
        return sums, worst

    def end(self) -> None:
        """Send nothing any more; what is on its way is waited for."""
        for remove in self._hooks:
            remove()
        if self._reached:
            self._is_said_by_all(0)
