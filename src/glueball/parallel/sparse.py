"""Sparse arrays of several processes: only the rows that are there are sent."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from .. import ndarray as nd
from ..core.errors import MXNetError
from ..ndarray import NDArray
from .processes import Processes


def sum_rows(processes: Processes, array: Any) -> Any:
    """Return the sum of the row_sparse arrays of all processes."""
    _require_rows(array)
    counts = _counts(processes, array)
    indices, values = (_gathered(processes, part._data, counts) for part in (array.indices, array.data))
    arrays = [_rows(*pair, array) for pair in zip(values, indices, strict=True)]
    return arrays[0] if len(arrays) == 1 else nd.add_n(*arrays)


def copy_rows_from(processes: Processes, rank: int, array: Any) -> None:
    """Replace a row_sparse array by that of a process."""
    _require_rows(array)
    count = _counts(processes, array)[rank]
    indices, values = (_resized(part._data, count) for part in (array.indices, array.data))
    processes.copy_from(rank, indices)
    processes.copy_from(rank, values)
    array._overwrite(_rows(values, indices, array))


def _require_rows(array: NDArray) -> None:
    if array.stype != "row_sparse":
        raise MXNetError(
            f"kvstore: what several processes share must be dense or row_sparse; received {array.stype} storage; "
            "convert it with tostype('default')"
        )


def _counts(processes: Processes, array: Any) -> list[int]:
    return [int(each) for each in processes.gather(torch.tensor([len(array.indices)]))]


def _gathered(processes: Processes, tensor: Tensor, counts: list[int]) -> list[Tensor]:
    """Return the tensors of all processes, which have so many rows each."""
    found = processes.gather(_resized(tensor, max(counts)))
    return [each[:count] for each, count in zip(found, counts, strict=True)]


def _resized(tensor: Tensor, count: int) -> Tensor:
    """Return the first rows, or all of them and some more whose values do not matter."""
    result = tensor.new_zeros(count, *tensor.shape[1:])
    result[: len(tensor)] = tensor[:count]
    return result


def _rows(values: Tensor, indices: Tensor, like: NDArray) -> Any:
    pair = NDArray(values, like.context), NDArray(indices, like.context)
    return nd.sparse.row_sparse_array(pair, shape=like.shape, ctx=like.context, dtype=like.dtype)
