"""Making sparse arrays: from their parts, from dense arrays, from SciPy's matrices, of zeros."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ...core import dtype as dtypes
from ...core.context import Context, current_context
from ...core.doors import door
from ...core.errors import InvalidTypeError, InvalidValueError, MXNetError
from ...core.integers import is_int
from ...core.methods import method_of
from ...core.sparse_forms import FORMS, Csr, Form, Rows
from ..convert import to_tensor
from ..invoke import invoke
from ..namespace import as_context
from ..ndarray import NDArray
from .arrays import CSRNDArray, RowSparseNDArray, wrapped
from .base import CAST, BaseSparseNDArray
from .forms import rebuilt


@door
def csr_matrix(arg1: Any, shape: tuple[int, int] | None = None, ctx: Context | None = None, dtype: Any = None) -> Any:
    """Make a csr matrix.

    Parameters
    ----------
    arg1 : array_like, scipy.sparse.csr_matrix, CSRNDArray or tuple
        A dense matrix or a sparse one; or ``(data, indices, indptr)``, the values, their columns, and where each row
        begins; or ``(data, (row, col))``, values and their positions; or ``(rows, columns)`` for zeros.
    shape : tuple of int, optional
        The shape; by default that of the matrix, or the smallest that has room for all positions.
    ctx : Context, optional
        The context; by default the current one.
    dtype : str or numpy.dtype, optional
        The type; by default that of the source, and float32 for lists.

    Raises
    ------
    ValueError
        The source is no matrix, or its shape is not `shape`.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.sparse.csr_matrix(([1, 2], ([0, 1], [2, 0])), shape=(2, 3)).asnumpy().tolist()
    [[0, 0, 1], [2, 0, 0]]
    """
    owner = "csr_matrix"
    if isinstance(arg1, tuple):
        if len(arg1) == 2:
            if isinstance(arg1[1], tuple):
                return _wrap(_of_positions(arg1[0], arg1[1], shape, dtype), ctx)
            if all(map(is_int, arg1)):
                _require_shape(owner, tuple(arg1), shape)
                return zeros("csr", arg1, ctx, dtype)
        elif len(arg1) == 3:
            return _wrap(_of_parts(arg1, shape, dtype), ctx)
        raise InvalidValueError(
            f"{owner}: a tuple must be (data, indices, indptr), (data, (row, col)) or (rows, columns); received "
            f"{len(arg1)} items"
        )
    if isinstance(arg1, CSRNDArray) or _is_scipy_csr(arg1):
        found = array(arg1, ctx, dtype)
        _require_shape(owner, found.shape, shape)
        return found
    return _of_dense(owner, "csr", arg1, shape, ctx, dtype)


@door
def row_sparse_array(
    arg1: Any, shape: Sequence[int] | None = None, ctx: Context | None = None, dtype: Any = None
) -> Any:
    """Make an array of which only some slices along the first axis are stored.

    Parameters
    ----------
    arg1 : array_like, RowSparseNDArray or tuple
        A dense array or a sparse one; or ``(data, indices)``, the slices and their places; or a shape, for zeros.
    shape, ctx, dtype
        As in `csr_matrix`.

    Raises
    ------
    ValueError
        The shape of the source is not `shape`.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.sparse.row_sparse_array(([[1, 2]], [1]), shape=(3, 2)).indices.asnumpy().tolist()
    [1]
    """
    owner = "row_sparse_array"
    if isinstance(arg1, tuple):
        if len(arg1) < 2:
            raise InvalidValueError(
                f"{owner}: a tuple must be (data, indices) or a shape of at least two lengths; received {arg1!r}"
            )
        if len(arg1) > 2 or all(map(is_int, arg1)):
            _require_shape(owner, tuple(arg1), shape)
            return zeros("row_sparse", arg1, ctx, dtype)
        return _wrap(_of_slices(arg1, shape, dtype), ctx)
    if isinstance(arg1, RowSparseNDArray):
        _require_shape(owner, arg1.shape, shape)
        return array(arg1, ctx, dtype)
    return _of_dense(owner, "row_sparse", arg1, shape, ctx, dtype)


@door
def zeros(stype: str, shape: Any, ctx: Context | None = None, dtype: Any = None, **kwargs: Any) -> Any:
    """Make an array of zeros, none of which is stored.

    Parameters
    ----------
    stype : {'csr', 'row_sparse', 'default'}
        The storage type.
    shape : tuple of int
        The shape.
    ctx, dtype
        As in `csr_matrix`.
    **kwargs
        Refused: there are no other arguments.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.sparse.zeros("csr", (1000, 1000)).data.shape
    (0,)
    """
    if kwargs:
        raise MXNetError(f"sparse.zeros: a keyword must be stype, shape, ctx or dtype; received {', '.join(kwargs)}")
    if stype not in (*FORMS, "default"):
        raise ValueError(f"sparse.zeros: stype must be 'csr', 'row_sparse' or 'default'; received {stype!r}")
    lengths = tuple(map(int, shape)) if isinstance(shape, Sequence | np.ndarray) else (int(shape),)
    ctx = as_context(ctx) or current_context()
    kind = torch.float32 if dtype is None else dtypes.to_torch(dtype, "sparse.zeros")
    if stype == "default":
        return NDArray(torch.zeros(lengths, dtype=kind, device=ctx.device), ctx)
    if stype == "csr" and len(lengths) != 2:
        raise MXNetError(f"sparse.zeros: a csr array must be a matrix; received shape {lengths}")
    return wrapped(FORMS[stype].empty(lengths, kind, ctx.device), ctx)


@door
def empty(stype: str, shape: Any, ctx: Context | None = None, dtype: Any = None) -> Any:
    """Make an array whose values are to be written later; they are zeros until then. As `zeros`."""
    return zeros(stype, shape, ctx, dtype)


@door
def array(source_array: Any, ctx: Context | None = None, dtype: Any = None) -> Any:
    """Make a sparse array of another one.

    Parameters
    ----------
    source_array : CSRNDArray, RowSparseNDArray or scipy.sparse.csr_matrix
        The source; always copied.
    ctx, dtype
        As in `csr_matrix`; by default the type of the source.

    Raises
    ------
    ValueError
        The source is not sparse: use ``nd.array``.
    """
    ctx = as_context(ctx) or current_context()
    if isinstance(source_array, BaseSparseNDArray):
        kind = source_array._form.values.dtype if dtype is None else dtypes.to_torch(dtype, "sparse.array")
        copied = source_array.copyto(ctx)
        return copied if kind is source_array._form.values.dtype else copied.astype(dtype)
    if _is_scipy_csr(source_array):
        matrix = source_array.copy()
        if not matrix.has_sorted_indices:
            matrix.sort_indices()
        return _wrap(_of_parts((matrix.data, matrix.indices, matrix.indptr), matrix.shape, dtype), ctx)
    raise InvalidValueError(
        f"sparse.array: source_array must be a sparse array of glueball, or a csr_matrix of SciPy; received "
        f"{type(source_array).__name__}; use nd.array for dense ones, and tocsr() for other matrices of SciPy"
    )


def _wrap(form: Form, ctx: Any) -> Any:
    ctx = as_context(ctx) or current_context()
    moved = [part.to(ctx.device) for part in form.tensors()]
    return wrapped(rebuilt(form.stype, moved[0], moved[1:], form.shape), ctx)


def _require_shape(owner: str, found: tuple[int, ...], wanted: Any) -> None:
    if wanted is not None and tuple(wanted) != found:
        raise InvalidValueError(f"{owner}: shape must be that of the source, {found}; received {tuple(wanted)}")


def is_scipy(value: Any) -> bool:
    """Whether a value is a sparse matrix of SciPy, which need not be installed."""
    scipy = sys.modules.get("scipy.sparse")
    return scipy is not None and bool(scipy.issparse(value))


def _is_scipy_csr(value: Any) -> bool:
    return is_scipy(value) and value.format == "csr"


def _tensor(source: Any, owner: str, dtype: Any = None) -> Tensor:
    """Return values in a type: the one that is asked for, that of an array, or float32 for lists."""
    if isinstance(source, NDArray):
        values, kind = source._data, source._data.dtype
    else:
        values = to_tensor(source, f"{owner}: values must be numbers, with rows of equal length")
        kind = values.dtype if isinstance(source, np.ndarray | np.generic | Tensor) else torch.float32
    return values.to(kind if dtype is None else dtypes.to_torch(dtype, owner), copy=True).contiguous()


def _positions(source: Any, owner: str) -> Tensor:
    values = source._data if isinstance(source, NDArray) else to_tensor(source, f"{owner}: indices must be integers")
    return values.to(torch.int64, copy=True).reshape(-1)


def _of_dense(owner: str, stype: str, source: Any, shape: Any, ctx: Any, dtype: Any) -> NDArray:
    if is_scipy(source):
        raise InvalidTypeError(
            f"{owner}: a matrix of SciPy must be in csr format; received {source.format}; call tocsr()"
        )
    if isinstance(source, BaseSparseNDArray):
        raise InvalidTypeError(f"{owner}: a {source.stype} array must be dense first; call tostype('default')")
    values = _tensor(source, owner, dtype)
    if stype == "csr" and values.dim() != 2:
        raise InvalidValueError(f"{owner}: a csr array must be a matrix; received shape {tuple(values.shape)}")
    _require_shape(owner, tuple(values.shape), shape)
    where = as_context(ctx) or current_context()
    return invoke(CAST, (NDArray(values.to(where.device), where),), (stype,))  # type: ignore[return-value]


def _of_parts(parts: Any, shape: Any, dtype: Any) -> Csr:
    values = _tensor(parts[0], "csr_matrix", dtype)
    columns, begins = (_positions(one, "csr_matrix") for one in parts[1:])
    if values.dim() != 1 or len(values) != len(columns) or not len(begins):
        raise InvalidValueError(
            f"csr_matrix: data and indices must be vectors of one length, and indptr must not be empty; received "
            f"{tuple(values.shape)}, {tuple(columns.shape)} and {tuple(begins.shape)}"
        )
    if shape is None:
        if not len(columns):
            raise InvalidValueError("csr_matrix: shape must be given where no value is stored; received none")
        shape = (len(begins) - 1, int(columns.max()) + 1)
    return Csr(values, columns, begins, tuple(map(int, shape)))


def _of_positions(data: Any, positions: Any, shape: Any, dtype: Any) -> Csr:
    rows, columns = (_positions(one, "csr_matrix") for one in positions)
    kind = dtype
    if dtype is None:
        kind = data.dtype if isinstance(data, NDArray) else np.asarray(data).dtype
    values = _tensor(data, "csr_matrix", kind)
    if shape is None:
        shape = (int(rows.max()) + 1, int(columns.max()) + 1)
    height, width = map(int, shape)
    if len(rows) and not (int(rows.min()) >= 0 and int(rows.max()) < height and 0 <= int(columns.min()) < width
                          and int(columns.max()) < width):  # fmt: skip
        raise InvalidValueError(f"csr_matrix: positions must be inside of the shape {(height, width)}")
    keys, places = torch.unique(rows * max(width, 1) + columns, return_inverse=True)
    summed = values.new_zeros(len(keys)).index_add_(0, places, values)
    return Csr.at(keys // max(width, 1), keys % max(width, 1), summed, (height, width))


def _of_slices(parts: Any, shape: Any, dtype: Any) -> Rows:
    owner = "row_sparse_array"
    values, indices = _tensor(parts[0], owner, dtype), _positions(parts[1], owner)
    if shape is None:
        if not len(indices):
            raise InvalidValueError(f"{owner}: shape must be given where no slice is stored; received none")
        shape = (int(indices.max()) + 1, *values.shape[1:])
    lengths = tuple(map(int, shape))
    if not values.numel():
        values = values.reshape(0, *lengths[1:])
    if tuple(values.shape) != (len(indices), *lengths[1:]):
        raise MXNetError(
            f"{owner}: data must have one slice of shape {lengths[1:]} for each of {len(indices)} indices; received "
            f"{tuple(values.shape)}"
        )
    return Rows(values, indices, lengths)


@method_of(NDArray, "_zero_gradient")
def _zero_gradient(self: NDArray, stype: str | None) -> NDArray:
    wanted = self.stype if stype is None else stype
    if wanted == "default" and self.stype == "default":
        return self._face(torch.zeros_like(self._data), self._ctx.computes_on)
    result: NDArray = zeros(wanted, self.shape, self._ctx.computes_on, self.dtype)
    return result
