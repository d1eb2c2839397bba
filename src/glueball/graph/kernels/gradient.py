"""The gradient of the filters of a convolution in one group, in C; see ``gradient.c``."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from ..fused import FusedConvolution
from .compiled import Layer, cache_size, layer_fields, obstacle_of, room
from .layout import to_channels_last_memory
from .native import load

_FEW = 8  # channels, with which torch is faster
_LEAST = 64  # pixels that are summed together


class FilterGradient:
    """Computes the gradient of the filters.

    Parameters
    ----------
    call : FusedConvolution
        The convolution.
    shape : sequence of int
        The shape of the data.
    empty : callable, optional
        Returns memory for a result.
    """

    def __init__(
        self, call: FusedConvolution, shape: Sequence[int], empty: Callable[..., Tensor] = torch.empty
    ) -> None:
        self._empty = empty
        self._shape, self._filters = tuple(shape), call.filters
        self.out_shape, fields = layer_fields(call, shape)
        images, filters, *lengths = self.out_shape
        pixels, most = images * lengths[0] * lengths[1], cache_size() // 2 // (4 * (shape[1] + filters))
        blocks = -(-pixels // max(most, _LEAST))
        self._fields = (*fields, 0.0, 0.0, 0, -(-pixels // blocks))
        self._zeros = torch.zeros(shape[1])

    def __call__(self, data: Tensor, head: Tensor) -> Tensor:
        """Return the gradient; `head` is that of the result."""
        for tensor, shape in ((data, self._shape), (head, self.out_shape)):
            if tensor.shape != shape or tensor.dtype is not torch.float32:  # the kernel would read beyond its end
                raise ValueError("gradient of filters: arrays must have the shapes and types that it was made for")
        layer = Layer(*self._fields, torch.get_num_threads())
        data, head = to_channels_last_memory(data), to_channels_last_memory(head)
        result, (run, needed) = self._empty(self._filters), _library()
        memory = room.of(needed(ctypes.byref(layer)))
        arrays = (data, head, self._zeros, result, memory)
        run(ctypes.byref(layer), *[array.data_ptr() for array in arrays])
        return result


def suits(call: FusedConvolution, shape: Sequence[int]) -> bool:
    """Whether there is a kernel, and it is the fastest, for data of a shape that `indirect` computes."""
    return call.groups == 1 and shape[1] >= _FEW and not obstacle()


@functools.cache
def obstacle() -> str:
    """Return a sentence that says why there is no such kernel on this machine, or '' if there is one."""
    return obstacle_of([_is_right])


def _is_right() -> bool:
    """Compare filters that do not fill a panel with torch's own gradient."""
    data, head = torch.linspace(-1, 1, 2 * 9 * 30).reshape(2, 9, 5, 6), torch.linspace(-1, 1, 2 * 24 * 30)
    call = FusedConvolution(filters=(24, 9, 3, 3), stride=(1, 1), pad=(1, 1), dilate=(1, 1), groups=1, last=False)
    weight = torch.zeros(call.filters, requires_grad=True)
    with torch.enable_grad():
        call(data, weight, None).backward(head.reshape(2, 24, 5, 6))
    found = FilterGradient(call, data.shape)(data, head.reshape(2, 24, 5, 6))
    return weight.grad is not None and torch.allclose(found, weight.grad, rtol=1e-3, atol=1e-3)


@functools.cache
def _library() -> tuple[ctypes._FuncPointer, ctypes._FuncPointer]:
    loaded, layer = load("gradient"), ctypes.POINTER(Layer)
    run, needed = loaded.glueball_gradient, loaded.glueball_gradient_memory
    run.argtypes, run.restype = [layer, *[ctypes.c_void_p] * 5], None
    needed.argtypes, needed.restype = [layer], ctypes.c_long
    return run, needed
