"""Sums over the contexts of each of several processes, and over the processes."""

from __future__ import annotations

import operator
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from torch import Tensor

from ..core.errors import MXNetError
from ..core.integer_tape import IntegerTape
from ..ndarray import NDArray
from .buckets import SIZE, Bucket, buckets_of, part_of
from .collectives import Collectives, Copies, sum_on
from .compression import TwoBits
from .overlap import Overlap, State, words_of
from .processes import Processes
from .shards import Shards
from .sparse import copy_rows_from, sum_rows

#: How many buckets of weights are on their way at a time; each is memory that is not needed later.
_ON_THEIR_WAY = 4


class ProcessCollectives(Collectives):
    """The communication of training over several processes, each with one or more contexts.

    Parameters
    ----------
    processes : Processes
        The processes; all of them call the same methods in the same order.
    bucket : int
        The bytes that are sent together.
    """

    is_distributed = True

    def __init__(self, processes: Processes, bucket: int = SIZE) -> None:
        self.processes = processes
        self.rank, self.size = processes.rank, processes.size
        self._bucket = bucket
        self._overlap: Overlap | None = None
        self._watched = _Watched.of({})
        self._overlaps = processes.size > 1  # whether it is worthwhile
        self._branch: Processes | None = None

    def reduce(self, arrays: Iterable[Copies], keys: Sequence[Any] = ()) -> list[NDArray]:
        """Return the sum of each array over the contexts of all processes; see `Collectives.reduce`."""
        given = list(arrays)
        found: list[NDArray | None] = [None] * len(given)
        if self._overlap is not None:
            sums = self._collect(self._overlap, dict(zip(keys, given, strict=True)))
            for number, (copies, key) in enumerate(zip(given, keys, strict=True)):
                if key in sums:
                    found[number] = NDArray(sums[key], copies[0].context)
        left = [number for number in range(len(given)) if found[number] is None]
        # In the order of an overlap, so that a sum is rounded alike, whichever of the two computes it.
        dense = [number for number in reversed(left) if _is_dense(given[number])]
        waiting = self._start(
            [given[number] for number in dense], [keys[number] for number in dense] if keys else dense
        )
        for places, bucket, wait in waiting:
            wait()
            for place, piece in zip(places, bucket.pieces, strict=True):
                number = dense[place]
                found[number] = NDArray(piece, given[number][0].context)
        for number, copies in enumerate(given):
            if found[number] is None:
                found[number] = sum_rows(self.processes, sum_on(copies[0].context, copies))
        return [each for each in found if each is not None]

    def _collect(self, overlap: Overlap, gradients: Mapping[int, Copies]) -> Mapping[int, Tensor]:
        """Return the sums of an overlap; if gradients are not those it has sent, none, and it ends."""
        sums, state = overlap.collect(gradients)
        if state is State.SAME:
            return sums
        self._unwatch()
        self._overlaps = state is State.REPLACED  # the next `watch` begins anew
        if self._overlaps:
            self._compare([_description(copies[0]) for copies in gradients.values()], ())
        return {}

    def _unwatch(self) -> None:
        if self._overlap is not None:
            self._overlap.end()
        self._overlap, self._watched = None, _Watched.of({})

    def all_reduce(self, arrays: Iterable[Copies], keys: Sequence[Any] = ()) -> None:
        """Replace all copies of each array by their sum over the contexts of all processes."""
        given = list(arrays)
        for copies, total in zip(given, self.reduce(given, keys), strict=True):
            for copy in copies:
                copy._overwrite(total)

    def another(self, bucket: int | None = None) -> ProcessCollectives:
        """Return one for other arrays, whose keys may be the same; it sends so many bytes at a time, or as many."""
        other = ProcessCollectives(self.processes, self._bucket if bucket is None else bucket)
        other.compression = self.compression.another()
        return other

    def watch(self, arrays: Mapping[int, Copies]) -> None:
        """Send gradients as soon as backward() has computed them, where nothing is to be done with them before.

        Parameters
        ----------
        arrays : mapping of int to copies
            The arrays whose gradients the next calls of `reduce` and `all_reduce` may sum, by their keys; those that
            each backward() writes anew.
        """
        if not self._overlaps or isinstance(self.compression, TwoBits):
            return
        watched = _Watched.of(arrays)
        if watched.is_that(self._watched):
            return
        self._unwatch()
        self._watched = watched
        suited = {
            key: copies[0] for key, copies in arrays.items() if len(copies) == 1 and _has_dense_gradient(copies[0])
        }
        if self._branch is None:
            self._branch = self.processes.branch()
        if suited:
            self._overlap = Overlap(self._branch, suited, self._bucket, self.compression)

    def _start(
        self, arrays: Sequence[Copies], keys: Sequence[Any]
    ) -> list[tuple[Sequence[int], Bucket, Callable[[], None]]]:
        """Begin to sum arrays, some at a time; return for each bucket what is in it, and how to wait for it."""
        parts = [part_of(copies[0]._data) for copies in arrays]
        begun = []
        words = 0 if isinstance(self.compression, TwoBits) else words_of(self.size, parts)
        for bucket in buckets_of(parts, self._bucket, words):
            places = bucket.numbers
            bucket.rest.zero_()
            for place, piece in zip(places, bucket.pieces, strict=True):
                first, *others = arrays[place]
                piece.copy_(first._data)
                for other in others:
                    piece += other._data.to(piece.device)
            wait = self.compression.start_sum(self.processes, bucket, [keys[place] for place in places])
            begun.append((places, bucket, wait))
        return begun

    def begin(self, arrays: Iterable[Copies], names: Sequence[str] = ()) -> None:
        """Make all copies in all processes equal to the first copy of process 0.

        Raises
        ------
        MXNetError
            The processes have other arrays; the message names the first that differs.
        """
        given = list(arrays)
        self._compare([_description(copies[0]) for copies in given], names)
        self._copy_from([0] * len(given), given)

    def share(self, keys: Sequence[Any], arrays: Sequence[Copies], shards: Shards) -> None:
        """Make all copies of each array in all processes equal to the first copy of the process that owns its key."""
        self._copy_from([shards.owner(key) for key in keys], arrays)

    def _copy_from(self, ranks: Sequence[int], arrays: Sequence[Copies]) -> None:
        """Make all copies of each array equal to the first copy of a process."""
        for rank, (first, *_) in zip(ranks, arrays, strict=True):
            if first.stype != "default":
                copy_rows_from(self.processes, rank, first)
        dense = [(rank, copies[0]) for rank, copies in zip(ranks, arrays, strict=True) if copies[0].stype == "default"]
        parts = [part_of(first._data, rank) for rank, first in dense]
        finishes: list[Callable[[], None]] = []
        for bucket in buckets_of(parts, self._bucket):
            places = bucket.numbers
            finishes.append(self._start_copy(dense[places[0]][0], bucket, [dense[place][1] for place in places]))
            if len(finishes) >= _ON_THEIR_WAY:
                finishes.pop(0)()
        for finish in finishes:
            finish()
        self.broadcast(arrays)

    def _start_copy(self, rank: int, bucket: Bucket, arrays: Sequence[NDArray]) -> Callable[[], None]:
        """Begin to replace arrays by those of a process; the result waits for the end."""
        if rank == self.rank:
            for array, piece in zip(arrays, bucket.pieces, strict=True):
                piece.copy_(array._data)
        wait = self.processes.start_copy_from(rank, bucket.flat)

        def finish() -> None:
            wait()
            if rank != self.rank:
                for array, piece in zip(arrays, bucket.pieces, strict=True):
                    array._overwrite(NDArray(piece, array.context))

        return finish

    def require_same(self, owner: str, described: Any) -> None:
        """Refuse what is not described alike in all processes; the message names the first that differs."""
        checks = self.agree([zlib.crc32(repr(described).encode())])
        if checks != [checks[0]] * self.size:
            first, *others = self.processes.gather_objects(described)
            for rank, other in enumerate(others, 1):
                if checks[rank] != checks[0]:
                    raise MXNetError(
                        f"{owner}: all processes must call it with the same keys and shapes, in the same order; "
                        f"process {rank} has {other!r}, process 0 has {first!r}"
                    )

    def barrier(self) -> None:
        """Wait until all processes are here."""
        self.processes.barrier()

    def count_gone(self) -> int:
        """Return how many processes give no sign of life."""
        return self.processes.count_gone()

    def agree(self, numbers: Sequence[float], gradients: Mapping[int, Copies] | None = None) -> list[list[float]]:
        """Return the numbers that each process has, in the order of the processes; see `Collectives.agree`.

        Parameters
        ----------
        numbers : sequence of float
            Those of this process; all have as many.
        gradients : mapping of int to copies, optional
            What is summed next, as it is, by its keys: then the numbers may need no message of their own.
        """
        if gradients is not None and self._overlap is not None:
            return self._overlap.agree(gradients, numbers)
        return self.processes.agree(numbers)

    def _compare(self, described: list[Any], names: Sequence[str]) -> None:
        everybody = self.processes.gather_objects(described)
        for rank, other in enumerate(everybody):
            if len(other) != len(everybody[0]):
                raise MXNetError(
                    f"process {rank}: all processes must train the same parameters; it has {len(other)}, process 0 has "
                    f"{len(everybody[0])}"
                )
            for number, (one, first) in enumerate(zip(other, everybody[0], strict=True)):
                if one != first:
                    name = names[number] if names else f"parameter {number}"
                    raise MXNetError(
                        f"process {rank}: all processes must train the same parameters; {name} is {_text(one)} there, "
                        f"and {_text(first)} in process 0"
                    )


class _Watched(NamedTuple):
    """The variables of which an overlap was made: each step asks whether they are still the same."""

    keys: list[int]
    counts: list[int]
    objects: Sequence[object]

    @classmethod
    def of(cls, arrays: Mapping[int, Copies]) -> _Watched:
        firsts = [copies[0] for copies in arrays.values()]
        objects = [*firsts, *[first._recorded() for first in firsts], *[first._grad for first in firsts]]
        return cls(list(arrays), list(map(len, arrays.values())), objects)

    def is_that(self, other: _Watched) -> bool:
        return self[:2] == other[:2] and all(map(operator.is_, self.objects, other.objects))


def _has_dense_gradient(array: NDArray) -> bool:
    """Whether backward() gives an array a dense gradient."""
    gradient = array._grad
    if array.stype != "default" or gradient is None or gradient.stype != "default" or array._tape is None:
        return False
    return type(array._tape) is not IntegerTape


def _is_dense(copies: Copies) -> bool:
    return all(copy.stype == "default" for copy in copies)


#: Shape, type, storage type and that of the gradient.
_Description = tuple[tuple[int, ...], str, str, str]


def _description(array: NDArray) -> _Description:
    gradient = array._grad
    return array.shape, str(array._kind), array.stype, "default" if gradient is None else gradient.stype


def _text(described: _Description) -> str:
    shape, kind, stype, of_gradient = described
    text = f"{kind.removeprefix('torch.')} {shape}" + ("" if stype == "default" else f", {stype}")
    return text + ("" if of_gradient == "default" else f", with a {of_gradient} gradient")
