"""NDArray's methods that hand its values to NumPy, to torch, and to other libraries by DLPack."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..core.errors import MXNetError
from ..core.late_errors import late_errors
from ..core.methods import method_of
from ..core.writes import writes
from .ndarray import NDArray


@method_of(NDArray)
def asnumpy(self: NDArray) -> np.ndarray:
    """Return a NumPy copy; bfloat16 becomes float32, which represents each of its values exactly."""
    if self._data.is_meta:
        raise MXNetError(
            "NDArray.asnumpy: the array must have values; received an array of shape inference, which only has a "
            "shape; move the access out of hybrid_forward"
        )
    if late_errors.waiting:
        late_errors.read(self._data)
    data = self._data.float() if self._data.dtype is torch.bfloat16 else self._data
    return np.array(data.cpu().numpy(), order="C")


@method_of(NDArray)
def asscalar(self: NDArray) -> Any:
    """Return the only element as a NumPy scalar; raises ValueError if there is not exactly one."""
    if self._data.numel() != 1:
        raise ValueError(f"NDArray.asscalar: the array must have one element; received shape {self.shape}")
    return self.asnumpy().reshape(())[()]


@method_of(NDArray)
def to_torch(self: NDArray) -> Tensor:
    """Return a torch tensor that shares the memory, outside of any recorded graph.

    Examples
    --------
    >>> from glueball import nd
    >>> x = nd.zeros((2,))
    >>> x.to_torch()[0] = 5
    >>> x.asnumpy().tolist()
    [5.0, 0.0]
    """
    return self._data.detach()


@method_of(NDArray, "__dlpack__")
def _dlpack(self: NDArray, **options: Any) -> Any:
    """Export to any library that supports DLPack, without a copy."""
    writes.share(self._data)
    return self._data.data.__dlpack__(**options)


@method_of(NDArray, "__dlpack_device__")
def _dlpack_device(self: NDArray) -> tuple[int, int]:
    """Return the device in DLPack's numbering."""
    return self._data.__dlpack_device__()


@method_of(NDArray)
def to_dlpack_for_read(self: NDArray) -> Any:
    """Return a DLPack capsule of the same memory, for a reader."""
    return self._data.data.__dlpack__()


@method_of(NDArray)
def to_dlpack_for_write(self: NDArray) -> Any:
    """Return a DLPack capsule of the same memory, for a writer."""
    self._refuse_write_while_recording()
    writes.share(self._data)
    return self._data.data.__dlpack__()


@method_of(NDArray, "__array__")
def _array(self: NDArray, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
    """Let NumPy functions accept the array; MXNet builds a useless array of objects here."""
    if copy is False:
        raise ValueError("NDArray.__array__: a NumPy array is always a copy; received copy=False; use DLPack")
    return self.asnumpy() if dtype is None else self.asnumpy().astype(dtype)


@method_of(NDArray)
def wait_to_read(self: NDArray) -> None:
    """Wait until the values are computed: at once on a CPU, after the queued work on a GPU."""
    if late_errors.waiting:
        late_errors.read(self._data)
    if self._data.is_cuda:
        torch.cuda.current_stream(self._data.device).synchronize()
