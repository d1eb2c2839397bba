"""The outputs of a graph: contiguous, in memory of their own that is used again once nobody has it."""

from __future__ import annotations

import torch
from torch import Tensor

from .kernels.layout import copy_into
from .recycled import Recycled

_MOST = 2**26  # numbers that are kept in a thread
_TIMES = 3  # the last output is often still there when the next is computed


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
        self._memory: dict[int, Recycled] = {}

    def __call__(self, tensor: Tensor) -> Tensor:
        """Return the output."""
        if not self._is_shared and tensor.is_contiguous():
            return tensor
        if tensor.dtype is not torch.float32 or tensor.requires_grad:
            return tensor.clone(memory_format=torch.contiguous_format)
        count = tensor.numel()
        memory = self._memory.get(count) or self._memory.setdefault(count, Recycled(min(_TIMES * count, _MOST)))
        result = memory.empty(tensor.shape)
        copy_into(result, tensor)
        return result
