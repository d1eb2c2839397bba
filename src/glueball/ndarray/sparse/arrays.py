"""CSRNDArray and RowSparseNDArray, and the functions that take arrays and forms without asking which they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from ...core.context import Context
from ...core.errors import MXNetError
from ...core.extras import required
from ...core.sparse_forms import Form, Rows
from ...core.writes import writes
from ...ops.attrs import Null
from ...ops.declare import registry
from ...ops.sparse.slices import Slices
from ..invoke import invoke
from ..ndarray import NDArray
from .base import BaseSparseNDArray, form_of


class CSRNDArray(BaseSparseNDArray):
    """A matrix of which only some elements are stored, row by row.

    Examples
    --------
    >>> from glueball import nd
    >>> x = nd.sparse.csr_matrix(([7, 8], [2, 0], [0, 1, 2]), shape=(2, 3))
    >>> x.asnumpy().tolist()
    [[0.0, 0.0, 7.0], [8.0, 0.0, 0.0]]
    """

    __slots__ = ()
    __module__ = "glueball.ndarray.sparse"

    @property
    def indptr(self) -> NDArray:
        """Where the values of each row begin, and their number."""
        return NDArray(self._form.indptr, self._ctx)

    def __getitem__(self, key: Any) -> NDArray:
        rows = self.shape[0]
        if isinstance(key, int | np.integer) and not isinstance(key, bool):
            number = int(key) + (rows if key < 0 else 0)
            if not 0 <= number < rows:
                raise IndexError(f"CSRNDArray: a row must be from {-rows} to {rows - 1}; received {key}")
            return self._rows(number, number + 1)
        if isinstance(key, slice):
            if key.step not in (None, 1):
                raise ValueError(f"CSRNDArray: a slice must have step 1; received {key.step}")
            if key.start is None and key.stop is None:
                return self
            begin, end, _ = key.indices(rows)
            return self._rows(begin, end)
        if isinstance(key, tuple):
            raise ValueError(f"CSRNDArray: a key must be one row or a slice of rows; received {key!r}")
        raise ValueError(f"CSRNDArray: a key must be an int or a slice; received {type(key).__name__}")

    def _rows(self, begin: int, end: int) -> NDArray:
        if begin >= end:
            raise MXNetError(f"CSRNDArray: a slice must have at least one row; received rows {begin} to {end}")
        return invoke(registry["slice"], (self,), ((begin,), (end,), Null))  # type: ignore[return-value]

    def asscipy(self) -> Any:
        """Return the matrix as a ``scipy.sparse.csr_matrix``; needs SciPy."""
        from_scipy = required("scipy.sparse", "sparse", "CSRNDArray.asscipy")
        data, indices, indptr = self.data.asnumpy(), self.indices.asnumpy(), self.indptr.asnumpy()
        return from_scipy.csr_matrix((data, indices, indptr), shape=self.shape, dtype=self.dtype)


class RowSparseNDArray(BaseSparseNDArray):
    """An array of which only some slices along the first axis are stored.

    Examples
    --------
    >>> from glueball import nd
    >>> x = nd.sparse.row_sparse_array(([[1, 2]], [1]), shape=(3, 2))
    >>> x.asnumpy().tolist()
    [[0.0, 0.0], [1.0, 2.0], [0.0, 0.0]]
    """

    __slots__ = ()
    __module__ = "glueball.ndarray.sparse"

    def __getitem__(self, key: Any) -> NDArray:
        if isinstance(key, slice) and key == slice(None):
            return self
        if isinstance(key, tuple) or not isinstance(key, int | slice):
            raise ValueError(f"RowSparseNDArray: the key must be [:]; received {key!r}")
        raise MXNetError(
            f"RowSparseNDArray: the key must be [:]; received {key!r}; use retain(), or tostype('default')"
        )

    def _rows_at(self, row_id: NDArray) -> NDArray:
        """Return an array with some rows, to which the gradient of this one flows."""
        form: Rows = self._form
        wanted = torch.unique(row_id._data.to(form.indices.device).long().reshape(-1))
        rows = RowSparseNDArray(Rows(form.at(wanted), wanted, form.shape), self._ctx, self._edge)
        rows._grad = self._grad
        return rows

    def retain(self, indices: NDArray) -> NDArray:
        """Return an array with only the slices at `indices`."""
        return invoke(registry["_sparse_retain"], (self, indices))  # type: ignore[return-value]


_CLASSES: dict[str, type[BaseSparseNDArray]] = {"csr": CSRNDArray, "row_sparse": RowSparseNDArray}


def wrapped(form: Form, ctx: Context, edge: Tensor | None = None) -> BaseSparseNDArray:
    """Return a sparse form as an array."""
    return _CLASSES[form.stype](form, ctx, edge)


def array_of(value: Form | Tensor, ctx: Context) -> NDArray:
    """Return a sparse form, or a dense tensor, as an array."""
    return NDArray(value, ctx) if isinstance(value, Tensor) else wrapped(value, ctx)


def values_of(array: NDArray) -> Tensor:
    """Return the tensor of the values that an array stores, in its memory."""
    form = form_of(array)
    return form if isinstance(form, Tensor) else form.values


def put_back(array: NDArray, slices: Slices, values: Tensor) -> None:
    """Change slices of an array, in its own memory."""
    form = slices.put(values)
    if isinstance(array, BaseSparseNDArray):
        array._form = form
    else:
        writes.report(array._data)
