"""Batchify functions: from a list of samples to a batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from ...core.context import Context, current_context
from ...core.doors import door
from ...core.dtype import NAMES, TORCH_TO_NAME
from ...core.errors import MXNetError, UnknownTypeError
from ...ndarray import NDArray, from_torch
from ...ndarray.faces import current_face, shown


@door
def default_batchify_fn(data: Sequence[Any]) -> Any:
    """Stack samples along a new first axis.

    Parameters
    ----------
    data : list
        The samples, all of one kind: NDArrays of one shape and dtype; NumPy arrays or numbers, which keep
        their NumPy dtype (Python's int gives int64, float gives float64); or tuples of these, batched part by
        part.

    Returns
    -------
    NDArray or list
        The batch; for tuples, a list with one batch per part.

    Raises
    ------
    MXNetError
        The samples have different shapes or dtypes, or are not numbers.

    Examples
    --------
    >>> import numpy as np
    >>> from glueball.gluon.data.dataloader import default_batchify_fn
    >>> images, labels = default_batchify_fn([(np.zeros((2, 2)), 3), (np.ones((2, 2)), 4)])
    >>> images.shape, labels.asnumpy().tolist()
    ((2, 2, 2), [3, 4])
    """
    return _batchify(data, shared=False)


@door
def default_mp_batchify_fn(data: Sequence[Any]) -> Any:
    """Stack samples as `default_batchify_fn` does, in shared memory.

    A worker process passes the result to the training process without a copy.

    Differs from MXNet
    ------------------
    The arrays are on ``cpu(0)``, not on ``cpu_shared(0)``.
    """
    return _batchify(data, shared=True)


def _batchify(data: Sequence[Any], shared: bool) -> Any:
    if not len(data):
        raise IndexError("batchify: there must be at least one sample; received an empty list")
    first = data[0]
    if isinstance(first, tuple):
        lengths = {len(sample) if isinstance(sample, tuple) else None for sample in data}
        if len(lengths) > 1:
            raise MXNetError("batchify: all samples must be tuples of one length; received different ones")
        return [_batchify(parts, shared) for parts in zip(*data, strict=True)]
    is_array = isinstance(first, NDArray)
    stacked = _stack_arrays(data) if is_array else _stack_numbers(data)
    if shared:
        face = first._face if is_array else current_face()
        return face(stacked.cpu().share_memory_(), Context("cpu", 0))
    if is_array:
        return first._face(stacked, first.context)
    return shown(from_torch(stacked).as_in_context(current_context()))


def _stack_arrays(data: Sequence[Any]) -> torch.Tensor:
    described = {(array.shape, str(array.dtype)) if isinstance(array, NDArray) else None for array in data}
    if len(described) > 1:
        raise MXNetError(
            f"batchify: all samples must be NDArrays of one shape and dtype; received {_brief(data)}; "
            f"transform them to one size, or pass a batchify_fn"
        )
    return torch.stack([array._strided().to_torch() for array in data])


def _stack_numbers(data: Sequence[Any]) -> torch.Tensor:
    try:
        stacked = np.array(data)
        tensor = torch.from_numpy(stacked.astype(stacked.dtype.newbyteorder("="), copy=False))
    except (TypeError, ValueError):  # rows of different lengths, text, objects
        tensor = None
    if tensor is None or tensor.dtype not in TORCH_TO_NAME:
        raise UnknownTypeError(
            f"batchify: samples must be numbers or arrays of one shape, of a dtype among {', '.join(NAMES)}; "
            f"received {_brief(data)}; transform them, or pass a batchify_fn"
        )
    return tensor


def _brief(data: Sequence[Any]) -> str:
    """Describe the kinds of samples without printing their contents."""
    kinds = []
    for sample in data:
        shape, dtype = getattr(sample, "shape", None), getattr(sample, "dtype", None)
        kind = type(sample).__name__
        kinds.append(kind if shape is None else f"{kind} {tuple(shape)} {np.dtype(dtype).name}")
    return ", ".join(dict.fromkeys(kinds))
