"""Zero-copy exchange of arrays with other libraries: torch, NumPy and any that supports DLPack."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..core import dtype as dtypes
from ..core.context import Context, current_context
from ..core.doors import door
from ..core.errors import MXNetError
from .faces import numpy_face
from .ndarray import NDArray


@door
def from_torch(tensor: Tensor) -> NDArray:
    """Return an NDArray that shares the memory of a torch tensor.

    Parameters
    ----------
    tensor : torch.Tensor
        Any tensor of one of MXNet's types. Its autograd history is dropped.

    Examples
    --------
    >>> import torch
    >>> from glueball import nd
    >>> t = torch.zeros(2)
    >>> nd.from_torch(t)[:] = 1
    >>> t
    tensor([1., 1.])
    """
    if not isinstance(tensor, Tensor):
        raise MXNetError(f"nd.from_torch: tensor must be a torch.Tensor; received {type(tensor).__name__}")
    if tensor.dtype not in dtypes.TORCH_TO_NAME:
        dtypes.to_torch(tensor.dtype, "nd.from_torch")
    if tensor.device.type == "cuda":
        ctx = Context("gpu", tensor.device.index)
    elif tensor.device.type == "cpu":
        default = current_context()
        ctx = default if default.device.type == "cpu" else Context("cpu", 0)
    else:
        raise MXNetError(f"nd.from_torch: the device must be cpu or cuda; received {tensor.device}")
    return NDArray(tensor.detach(), ctx)


@door
def from_numpy(ndarray: np.ndarray, zero_copy: bool = True, array_cls: type[NDArray] = NDArray) -> NDArray:
    """Make an array that shares the memory of a NumPy array, or copies it.

    Differs from MXNet: the NumPy array stays writable, and a write on either side is visible on the other.

    Parameters
    ----------
    ndarray : numpy.ndarray
        The values, of one of MXNet's types.
    zero_copy : bool, default True
        Share the memory, which must be C-contiguous and writable.
    array_cls : type
        NDArray, or the array of ``mx.np``.

    Raises
    ------
    ValueError
        The memory cannot be shared, or the type is not one of MXNet's.

    Examples
    --------
    >>> import numpy as np
    >>> from glueball import nd
    >>> values = np.zeros(2)
    >>> nd.from_numpy(values)[:] = 3
    >>> values.tolist()
    [3.0, 3.0]
    """
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"nd.from_numpy: ndarray must be a numpy.ndarray; received {type(ndarray).__name__}")
    if array_cls not in (NDArray, *numpy_face):
        raise MXNetError(f"nd.from_numpy: array_cls must be NDArray or mx.np.ndarray; received {array_cls!r}")
    if zero_copy and not (ndarray.flags.c_contiguous and ndarray.flags.writeable):
        raise ValueError("nd.from_numpy: shared memory must be C-contiguous and writable; pass zero_copy=False")
    values = ndarray if zero_copy else np.array(ndarray, order="C")
    try:
        array = from_torch(torch.from_numpy(values))
    except (TypeError, ValueError, MXNetError):
        raise ValueError(f"nd.from_numpy: the type must be one of MXNet's; received {ndarray.dtype}") from None
    return array if array_cls is NDArray else array.as_np_ndarray()


@door
def from_dlpack(dlpack: Any) -> NDArray:
    """Make an array that shares the memory of another library's array.

    Parameters
    ----------
    dlpack : DLPack capsule, or any object with ``__dlpack__``
        A capsule can be used once.

    Raises
    ------
    MXNetError
        `dlpack` is neither, the capsule has been used, or the type is not one of MXNet's.

    Examples
    --------
    >>> from glueball import nd
    >>> x = nd.zeros((2,))
    >>> nd.from_dlpack(x.to_dlpack_for_write())[0] = 4
    >>> x.asnumpy().tolist()
    [4.0, 0.0]
    """
    try:
        return from_torch(torch.utils.dlpack.from_dlpack(dlpack))
    except (RuntimeError, TypeError, AttributeError, ValueError, BufferError) as error:
        raise MXNetError(
            "nd.from_dlpack: dlpack must be an unused DLPack capsule, or an object with __dlpack__; "
            f"received {type(dlpack).__name__}: {str(error).splitlines()[0]}"
        ) from error


@door
def to_dlpack_for_read(data: NDArray) -> Any:
    """Return a DLPack capsule of the array's memory, for a reader."""
    return data.to_dlpack_for_read()


@door
def to_dlpack_for_write(data: NDArray) -> Any:
    """Return a DLPack capsule of the array's memory, for a writer."""
    return data.to_dlpack_for_write()
