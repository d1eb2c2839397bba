"""Sums and means over the copies of an array, and copying one of them to all others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from .. import ndarray as nd
from ..core.context import Context
from ..ndarray import NDArray
from .compression import Compression
from .processes import Processes
from .shards import Shards

#: The copies of one array, in the order of their contexts.
Copies = Sequence[NDArray]


class Collectives:
    """The communication that training over several contexts needs, here between the contexts of one process.

    Only this class and its subclass for several processes know where the copies are. Each method takes the copies of
    all arrays at once, so that they can be sent together. `keys` are by what the arrays are known from call to call.
    """

    #: Whether there are other processes, or may be.
    is_distributed = False
    rank, size = 0, 1

    processes = Processes()

    #: How what is sent to other processes is shortened.
    compression = Compression()

    def begin(self, arrays: Iterable[Copies], names: Sequence[str] = ()) -> None:
        """Make all copies equal to the first, before training begins; `names` are for errors."""
        self.broadcast(arrays)

    def another(self, bucket: int | None = None) -> Collectives:
        """Return one for other arrays, whose keys may be the same; it sends so many bytes at a time, or as many."""
        return Collectives()

    def watch(self, arrays: Mapping[int, Copies]) -> None:
        """Prepare for gradients of these arrays, by their keys, which the next calls are to sum."""

    def require_same(self, owner: str, described: Any) -> None:
        """Refuse what is not described alike in all processes."""

    def barrier(self) -> None:
        """Wait until all processes are here."""

    def count_gone(self) -> int:
        """Return how many processes give no sign of life."""
        return 0

    def agree(self, numbers: Sequence[float], gradients: Mapping[int, Copies] | None = None) -> list[list[float]]:
        """Return the numbers that each process has, in the order of the processes.

        `gradients` are those that are summed next, as they are, by their keys.
        """
        return [list(numbers)]

    def reduce(self, arrays: Iterable[Copies], keys: Sequence[Any] = ()) -> list[NDArray]:
        """Return the sum over the copies of each array, on the context of its first copy, in its own memory."""
        return [sum_on(copies[0].context, copies) for copies in arrays]

    def all_reduce(self, arrays: Iterable[Copies], keys: Sequence[Any] = ()) -> None:
        """Replace all copies of each array by their sum."""
        for copies in arrays:
            (total,) = self.reduce([copies])  # one array at a time: the sums of all would double the memory
            for copy in copies:
                copy._overwrite(total)

    def share(self, keys: Sequence[Any], arrays: Sequence[Copies], shards: Shards) -> None:
        """Make all copies of each array equal to the first copy of the process that owns its key."""
        self.broadcast(arrays)

    def broadcast(self, arrays: Iterable[Copies]) -> None:
        """Copy the first copy of each array to the others of its process."""
        for first, *others in arrays:
            for other in others:
                other._overwrite(first)


def sum_on(context: Context, copies: Copies) -> NDArray:
    """Return the sum of arrays that may be on several contexts, on one context, in its own memory."""
    if any(copy.stype != "default" for copy in copies):
        return _sparse_sum(context, copies)
    total = copies[0]._data.to(context.device, copy=True)
    for copy in copies[1:]:
        total += copy._data.to(total.device)
    return NDArray(total, context)


def _sparse_sum(context: Context, copies: Copies) -> NDArray:
    moved = [copy.copyto(context) for copy in copies]
    return moved[0] if len(moved) == 1 else nd.add_n(*moved)


def mean(copies: Copies) -> Tensor:
    """Return the mean of arrays that may be on several contexts, on the CPU.

    It is computed in double precision and rounded once. A single copy on the CPU is returned unchanged.
    """
    tensors = [copy._data.cpu() for copy in copies]
    if len(tensors) == 1:
        return tensors[0]
    return torch.stack(tensors).double().mean(0).to(tensors[0].dtype)
