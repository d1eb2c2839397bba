"""Sparse arrays in a ``.params`` file: the fields of their records that dense ones do not have."""

from __future__ import annotations

from typing import BinaryIO

import torch
from torch import Tensor

from ..core.dtype import TORCH_TO_FLAG
from ..core.sparse_forms import Csr, Form, Rows
from . import layout

#: MXNet's numbers of the storage types.
_NUMBERS = {name: number for number, name in layout.SPARSE_STORAGE.items()}
_INT64 = TORCH_TO_FLAG[torch.int64]


def write_sparse(file: BinaryIO, form: Form, magic: int, context: tuple[int, int]) -> None:
    """Write the record of a sparse array."""
    values, *auxiliary = [part.detach().cpu().contiguous() for part in form.tensors()]
    file.write(layout.U32.pack(magic) + layout.I32.pack(_NUMBERS[form.stype]))
    _write_shape(file, values.shape)
    _write_shape(file, form.shape)
    file.write(layout.RECORD_TAIL.pack(*context, TORCH_TO_FLAG[values.dtype]))
    for part in auxiliary:
        file.write(layout.I32.pack(_INT64))
        _write_shape(file, part.shape)
    for part in (values, *auxiliary):
        file.write(part.reshape(-1).view(torch.uint8).numpy().data)


def _write_shape(file: BinaryIO, shape: tuple[int, ...]) -> None:
    file.write(layout.I32.pack(len(shape)) + b"".join([layout.U64.pack(length) for length in shape]))


def fault(stype: str, values: Tensor, auxiliary: list[Tensor], shape: tuple[int, ...]) -> str:
    """Return what is wrong with the parts of a sparse array, or ''."""
    if any(part.dtype is not torch.int64 or part.dim() != 1 for part in auxiliary):
        return "the indices of a sparse array must be vectors of int64"
    indices = auxiliary[-1]
    if stype == "row_sparse":
        if not shape or tuple(values.shape) != (len(indices), *shape[1:]):
            return "a row_sparse array must have one slice for each index"
        length = shape[0]
    else:
        indptr = auxiliary[0]
        if len(shape) != 2 or values.dim() != 1 or len(values) != len(indices) or len(indptr) != shape[0] + 1:
            return "a csr array must be a matrix, with one column for each value and one place for each row"
        if int(indptr[0]) or int(indptr[-1]) != len(indices) or bool((indptr.diff() < 0).any()):
            return "the places of the rows of a csr array must not decrease, from 0 to the number of values"
        length = shape[1]
    if len(indices) and not (int(indices.min()) >= 0 and int(indices.max()) < length):
        return f"the indices of a sparse array of shape {shape} must be from 0 to {length - 1}"
    return ""


def made(stype: str, values: Tensor, auxiliary: list[Tensor], shape: tuple[int, ...]) -> Form:
    """Return a sparse array of its parts, which have no fault."""
    return (
        Rows(values, auxiliary[0], shape) if stype == "row_sparse" else Csr(values, auxiliary[1], auxiliary[0], shape)
    )
