"""Diagonals and triangles of matrices, as ``mx.np`` has them."""

from __future__ import annotations

import torch
from torch import Tensor

from ...core.errors import InvalidValueError, MXNetError
from ..axes import one_axis
from ..declare import cases, operator
from ..flops import per_input
from ..samples import Input, refused, sample


def _read(owner: str, data: Tensor, offset: int, axis1: int, axis2: int) -> Tensor:
    """Return a diagonal, which has no elements where it lies beyond the matrix."""
    if data.dim() < 2:
        raise MXNetError(f"{owner}: data must have at least 2 axes; received shape {tuple(data.shape)}")
    rows, columns = one_axis(owner, axis1, data.dim(), "axis1"), one_axis(owner, axis2, data.dim(), "axis2")
    if rows == columns:
        raise MXNetError(f"{owner}: axis1 and axis2 must differ; received {axis1} and {axis2}")
    beyond = max(-data.shape[rows], min(offset, data.shape[columns]))  # torch refuses what lies farther out
    return torch.diagonal(data, beyond, rows, columns)


@operator("_np_diag", names_inputs=True, may_alias=True, kind="shape", flops=0, precision="unlisted")
def diag(data: Tensor, *, k: int = 0) -> Tensor:
    """Make a matrix with the given diagonal, or read a diagonal of a matrix.

    Parameters
    ----------
    data : NDArray
        One axis: the diagonal; the rest is 0. Two axes: the matrix.
    k : int, default 0
        Which diagonal: above the main one when positive, below it when negative.
    """
    if data.dim() not in (1, 2):
        raise MXNetError(f"_np_diag: data must have 1 or 2 axes; received shape {tuple(data.shape)}; use np.diagonal")
    return torch.diag_embed(data, k) if data.dim() == 1 else _read("_np_diag", data, k, 0, 1)


cases(
    "_np_diag",
    samples=lambda: [
        sample((3,)), sample((3,), k=-2), sample((3, 4)), sample((3, 4), k=2), sample((3, 4), k=-9), sample((0, 3)),
        sample((0,)), sample(Input((3,), "uint8", 0, 9), gradient=False),
    ],
    refusals=lambda: [refused("1 or 2 axes", ()), refused("1 or 2 axes", (2, 3, 4))],
)  # fmt: skip


@operator("_np_diagflat", names_inputs=True, kind="shape", flops=0, precision="unlisted")
def diagflat(data: Tensor, *, k: int = 0) -> Tensor:
    """Make a matrix with all the elements on a diagonal.

    Parameters
    ----------
    data : NDArray
        Any shape.
    k : int, default 0
        Which diagonal.
    """
    return torch.diag_embed(data.reshape(-1), k)


cases(
    "_np_diagflat",
    samples=lambda: [
        sample((3,)), sample((2, 3), k=1), sample(Input((2,), "int32"), k=-1, gradient=False),
        sample((), judge="numpy"),
        sample((0, 3), judge="numpy"),
    ],
)  # fmt: skip


@operator("_np_diagonal", names_inputs=True, may_alias=True, kind="shape", flops=0, precision="unlisted")
def diagonal(data: Tensor, *, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """Read the diagonals of the matrices that two axes span; they become the last axis.

    Parameters
    ----------
    data : NDArray
        At least two axes.
    offset : int, default 0
        Which diagonal.
    axis1, axis2 : int, default 0 and 1
        The rows and the columns.
    """
    return _read("_np_diagonal", data, offset, axis1, axis2)


cases(
    "_np_diagonal",
    samples=lambda: [
        sample((3, 4)), sample((3, 4), offset=9), sample((2, 3, 4), offset=1, axis1=2, axis2=0),
        sample((2, 3, 4), axis1=-1, axis2=0), sample((0, 3)),
    ],
    refusals=lambda: [
        refused("at least 2 axes", (3,)), refused("must differ", (2, 3), axis1=1, axis2=-1),
        refused("axis2 must be from", (2, 3), axis2=2),
    ],
)  # fmt: skip


@operator("_np_trace", names_inputs=True, kind="other", flops=per_input(), precision="unlisted")
def trace(data: Tensor, *, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """Sum the diagonals of the matrices that two axes span.

    Parameters
    ----------
    data, offset, axis1, axis2
        As in `diagonal`.
    """
    return _read("_np_trace", data, offset, axis1, axis2).sum(-1, dtype=data.dtype)


cases(
    "_np_trace",
    samples=lambda: [
        sample((3, 4)), sample((3, 4), offset=9), sample((2, 3, 4), offset=1, axis1=1, axis2=2), sample((0, 3)),
        sample((2, 3, 4), axis1=-1, axis2=0), sample(Input((3, 3), "int32"), gradient=False),
    ],
    refusals=lambda: [refused("at least 2 axes", (3,)), refused("must differ", (2, 3), axis1=1, axis2=1)],
)  # fmt: skip


@operator("_npi_tril", names_inputs=True, kind="other", flops=0, precision="unlisted")
def tril(data: Tensor, *, k: int = 0) -> Tensor:
    """Set what lies above a diagonal to 0.

    Parameters
    ----------
    data : NDArray
        Matrices in the last two axes; one axis stands for the rows of a square matrix.
    k : int, default 0
        The diagonal: above the main one when positive, below it when negative.
    """
    if not data.dim():
        raise MXNetError("_npi_tril: data must have at least 1 axis; received shape ()")
    matrix = data.expand(data.shape[0], data.shape[0]) if data.dim() == 1 else data
    return torch.tril(matrix, k)


cases(
    "_npi_tril",
    samples=lambda: [
        sample((3, 4)), sample((3, 4), k=1), sample((2, 3, 4), k=-1), sample((3,)), sample((0, 3)),
        sample(Input((3, 3), "int32"), gradient=False),
    ],
    refusals=lambda: [refused("at least 1 axis", ())],
)  # fmt: skip


@operator("_npi_diag_indices_from", names_inputs=True, types="S -> int64", kind="other", flops=0, precision="unlisted")
def diag_indices_from(data: Tensor) -> Tensor:
    """Return the indices of the main diagonal: a row of them for each axis.

    Parameters
    ----------
    data : NDArray
        At least two axes, all of one length.
    """
    if data.dim() < 2 or len(set(data.shape)) > 1:
        raise InvalidValueError(
            f"_npi_diag_indices_from: data must have at least 2 axes, all of one length; received shape "
            f"{tuple(data.shape)}"
        )
    return torch.arange(data.shape[0], device=data.device).repeat(data.dim(), 1)


cases(
    "_npi_diag_indices_from",
    samples=lambda: [sample((3, 3), gradient=False), sample((2, 2, 2), gradient=False)],
    refusals=lambda: [refused("one length", (3,)), refused("one length", (2, 3))],
)
