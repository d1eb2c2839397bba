"""The outputs of a graph: contiguous, in memory of their own that is used again once nobody has it."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import torch
from torch import Tensor

from .kernels.layout import copy_into
from .recycled import Recycled, is_kept

_MOST = 2**26  # numbers that are kept in a thread
_TIMES = 3  # the last output is often still there when the next is computed


class _Memory:
    """Gives memory for outputs, by their numbers of elements."""

    def __init__(self) -> None:
        self._kept: dict[int, Recycled] = {}

    def empty(self, shape: Sequence[int]) -> Tensor:
        count = prod(shape)
        memory = self._kept.get(count) or self._kept.setdefault(count, Recycled(_most(count)))
        return memory.empty(shape)


def _most(count: int) -> int:
    """Return for how many numbers memory is kept, for outputs of so many."""
    return min(_TIMES * count, _MOST)


class OutputMemory:
    """Makes memory into which a kernel writes an output of a graph.

    Parameters
    ----------
    shape : sequence of int
        The shape of the output.
    """

    __name__ = "output_memory"
    kernel = "output"

    def __init__(self, shape: Sequence[int]) -> None:
        self._shape, count = tuple(shape), prod(shape)
        self._memory = Recycled(_most(count)) if is_kept(count) else None  # a small layer alone takes microseconds

    def __call__(self) -> Tensor:
        """Return the memory."""
        return torch.empty(self._shape) if self._memory is None else self._memory.empty(self._shape)


class Output:
    """Makes an output of what a graph has computed.

    Parameters
    ----------
    is_shared : bool
        Whether what it is given may share memory with something else.
    """

    __name__ = "output"
    kernel = "output"

    def __init__(self, is_shared: bool) -> None:
        self._is_shared = is_shared
        self._memory = _Memory()

    def __call__(self, tensor: Tensor) -> Tensor:
        """Return the output."""
        if not self._is_shared and tensor.is_contiguous():
            return tensor
        if tensor.dtype is not torch.float32 or tensor.requires_grad:
            return tensor.clone(memory_format=torch.contiguous_format)
        result = self._memory.empty(tensor.shape)
        copy_into(result, tensor)
        return result
