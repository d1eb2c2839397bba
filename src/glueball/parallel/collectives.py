"""Sums and means over the copies of an array, and copying one of them to all others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

from .. import ndarray as nd
from ..core.context import Context
from ..ndarray import NDArray

#: The copies of one array, in the order of their contexts.
Copies = Sequence[NDArray]


class Collectives:
    """The communication that training over several contexts needs, here between the contexts of one process.

    Only this class knows where the copies are: to train over several processes, a subclass also sums over the
    processes in `reduce` and `all_reduce`. Each method takes the copies of all arrays at once, so that a
    subclass can send them together.
    """

    def reduce(self, arrays: Iterable[Copies]) -> list[NDArray]:
        """Return the sum over the copies of each array, on the context of its first copy, in its own memory."""
        return [sum_on(copies[0].context, copies) for copies in arrays]

    def all_reduce(self, arrays: Iterable[Copies]) -> None:
        """Replace all copies of each array by their sum."""
        for copies in arrays:
            (total,) = self.reduce([copies])  # one array at a time: the sums of all would double the memory
            for copy in copies:
                copy._overwrite(total)

    def broadcast(self, arrays: Iterable[Copies]) -> None:
        """Copy the first copy of each array to the others."""
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
