"""Random sparse arrays for tests, drawn as MXNet draws them, from NumPy's generator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import ndarray as nd
from ..core.context import Context
from ..core.doors import door
from ..core.errors import MXNetError, RefusedError
from ..core.extras import required
from ..ndarray import NDArray
from .surroundings import default_dtype

Shape = tuple[int, ...]


@door
def rand_sparse_ndarray(
    shape: Shape,
    stype: str,
    density: float | None = None,
    dtype: Any = None,
    distribution: str | None = None,
    data_init: Any = None,
    rsp_indices: Any = None,
    modifier_func: Callable[..., Any] | None = None,
    shuffle_csr_indices: bool = False,
    ctx: Context | None = None,
) -> tuple[NDArray, tuple[Any, ...]]:
    """Return a sparse array of numbers between 0 and 1, and its parts.

    Parameters
    ----------
    shape : tuple of int
        Its shape.
    stype : {'csr', 'row_sparse'}
        Its storage type; csr needs SciPy.
    density : float, optional
        The share of elements, or of slices, that are stored; by default drawn.
    dtype : str or numpy.dtype, default float32
        Its type.
    distribution : {'uniform'}, optional
        How the elements are spread.
    data_init : float, optional
        What all stored values are.
    rsp_indices : numpy.ndarray, optional
        The stored slices of a row_sparse array; by default drawn.
    modifier_func : callable, optional
        Makes each stored value of a row_sparse array from the one that was drawn.
    shuffle_csr_indices : bool, default False
        Whether the columns of each row are in a random order.
    ctx : Context, optional
        Where it is.

    Returns
    -------
    NDArray, tuple
        The array; and ``(values, indices)`` as NumPy arrays for row_sparse, ``(indptr, indices, data)`` for csr.

    Raises
    ------
    AssertionError
        The storage type is none of these.
    """
    if distribution not in (None, "uniform"):
        raise MXNetError(
            f"rand_sparse_ndarray: distribution must be 'uniform'; received {distribution!r}; leave it out"
        )
    share = np.random.rand() if density is None else density
    kind = np.dtype(default_dtype() if dtype is None else dtype)
    if stype == "row_sparse":
        return _rows(shape, share, kind, data_init, rsp_indices, modifier_func, ctx)
    if stype != "csr":
        raise RefusedError(f"rand_sparse_ndarray: stype must be 'csr' or 'row_sparse'; received {stype!r}")
    scipy = required("scipy.sparse", "sparse", "rand_sparse_ndarray")
    matrix = scipy.rand(*shape, density=share, dtype=kind, format="csr")
    if data_init is not None:
        matrix.data.fill(data_init)
    if shuffle_csr_indices:
        shuffle_csr_column_indices(matrix)
    made = nd.sparse.csr_matrix((matrix.data, matrix.indices, matrix.indptr), matrix.shape, ctx, kind)
    return made, (made.indptr, made.indices, made.data)


def _rows(
    shape: Shape, share: float, kind: Any, data_init: Any, indices: Any, modifier: Any, ctx: Context | None
) -> tuple[NDArray, tuple[Any, ...]]:
    if indices is None:
        indices = np.argwhere(np.random.rand(shape[0]) < share).flatten()
    if not len(indices):
        return nd.zeros(shape, ctx, kind, "row_sparse"), (np.array([], kind), np.array([]))
    values = np.random.rand(len(indices), *shape[1:]).astype(kind)
    if data_init is not None:
        values.fill(data_init)
    if modifier is not None:
        values = np.vectorize(modifier, otypes=[kind])(values)
    return nd.sparse.row_sparse_array((values, indices), shape, ctx, kind), (values, indices)


@door
def create_sparse_array(
    shape: Shape,
    stype: str,
    data_init: Any = None,
    rsp_indices: Any = None,
    dtype: Any = None,
    modifier_func: Callable[..., Any] | None = None,
    density: float = 0.5,
    shuffle_csr_indices: bool = False,
) -> NDArray:
    """Return a sparse array of random numbers; the arguments are those of `rand_sparse_ndarray`."""
    indices = None if rsp_indices is None else np.sort(np.asarray(rsp_indices))
    return rand_sparse_ndarray(
        shape, stype, density, dtype, None, data_init, indices if stype == "row_sparse" else None, modifier_func,
        shuffle_csr_indices,
    )[0]  # fmt: skip


@door
def create_sparse_array_zd(
    shape: Shape,
    stype: str,
    density: float,
    data_init: Any = None,
    rsp_indices: Any = None,
    dtype: Any = None,
    modifier_func: Callable[..., Any] | None = None,
    shuffle_csr_indices: bool = False,
) -> NDArray:
    """Return a sparse array as `create_sparse_array` does; with a density of 0 it stores nothing."""
    return create_sparse_array(shape, stype, data_init, rsp_indices, dtype, modifier_func, density, shuffle_csr_indices)


@door
def shuffle_csr_column_indices(csr: Any) -> None:
    """Bring the columns of each row of a csr matrix of SciPy into a random order, in place."""
    for begin, end in zip(csr.indptr[:-1], csr.indptr[1:], strict=True):
        np.random.shuffle(csr.indices[begin:end])
