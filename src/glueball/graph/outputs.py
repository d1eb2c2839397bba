"""The outputs of a graph: contiguous, in memory of their own that is used again once nobody has it."""

from __future__ import annotations

import sys
import threading
from math import prod

import numpy as np
import torch
from torch import Tensor

from .kernels.layout import copy_into

_SMALL = 2**15  # numbers, for which the system has memory at hand
_LARGE = 2**26  # numbers, for which memory is not kept
_MOST = 3  # outputs for which memory is kept: the last one is often still there when the next is computed


def _references(arrays: list[np.ndarray], number: int) -> int:
    return sys.getrefcount(arrays[number])


_FREE = _references([np.empty(1)], 0)  # of an array that no tensor uses; Pythons count the call itself differently


class _Arrays(threading.local):
    def __init__(self) -> None:
        self.kept: list[np.ndarray] = []


class Output:
    """Makes an output of what a graph has computed.

    Large ones come from memory that an output had before which is gone, with all of its views. New memory must be
    cleared by the system, which takes longer than many a kernel.

    Parameters
    ----------
    is_shared : bool
        Whether what it is given may share memory with something else.
    """

    __name__ = "output"
    kernel = "output"

    def __init__(self, is_shared: bool) -> None:
        self._is_shared, self._arrays = is_shared, _Arrays()

    def __call__(self, tensor: Tensor) -> Tensor:
        """Return the output."""
        if not self._is_shared and tensor.is_contiguous():
            return tensor
        if tensor.dtype is not torch.float32 or not _SMALL < tensor.numel() <= _LARGE or tensor.requires_grad:
            return tensor.clone(memory_format=torch.contiguous_format)
        result = self._memory(tensor.shape)
        copy_into(result, tensor)
        return result

    def _memory(self, shape: torch.Size) -> Tensor:
        kept, count = self._arrays.kept, prod(shape)
        for number in range(len(kept)):
            if kept[number].size == count and _references(kept, number) == _FREE:
                return torch.from_numpy(kept[number]).view(shape)
        array = torch.empty(count).numpy()
        kept.append(array)
        del kept[:-_MOST]
        return torch.from_numpy(array).view(shape)
