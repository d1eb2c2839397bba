"""Factors of matrices: potrf and potri (Cholesky), gelqf (LQ), syevd (eigenvectors)."""

from __future__ import annotations

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..declare import cases, operator
from ..samples import Input, exactly, refused, sample
from ..shape_rule import with_axes
from .matrices import check_matrices, per_matrix

#: Symmetric and positive definite.
_DEFINITE = (4, 1, -1, 1, 5, 2, -1, 2, 6)
# Gradients are symmetric, as if both triangles were read: no derivative by single elements.
_MATRIX = exactly(*_DEFINITE, shape=(3, 3))
_MATRICES = exactly(*_DEFINITE, *[2 * number for number in _DEFINITE], shape=(2, 3, 3), dtype="float64")
_NOT_SQUARE = [
    refused("square", (2, 3)),
    refused("at least 2 axes", (3,)),
    refused("float32 or float64", Input((2, 2), "float16")),
]


@operator(
    "_linalg_potrf", names_inputs=True,
    aliases=["linalg_potrf"], elementwise=True, reads_values=True, flops=per_matrix(1),
    precision="single",
)  # fmt: skip
def potrf(A: Tensor) -> Tensor:
    """Factor positive definite matrices: the lower triangular L with L L^T = A (Cholesky).

    Parameters
    ----------
    A : NDArray
        An array of symmetric matrices; only their lower triangles are read.

    Returns
    -------
    NDArray
        An array of lower triangular matrices.

    Raises
    ------
    MXNetError
        A matrix is not positive definite.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.linalg.potrf(nd.array([[4, 2], [2, 5]])).asnumpy().tolist()
    [[2.0, 0.0], [1.0, 2.0]]
    """
    check_matrices("linalg.potrf", A)
    try:
        factor: Tensor = torch.linalg.cholesky(A)
    except torch.linalg.LinAlgError as error:  # type: ignore[attr-defined]
        raise MXNetError(
            f"linalg.potrf: A must hold positive definite matrices; received one that is not, of shape {tuple(A.shape)}"
        ) from error
    return factor


cases(
    "_linalg_potrf",
    samples=lambda: [sample(_MATRIX, derivative=False), sample(_MATRICES, derivative=False)],
    refusals=lambda: [*_NOT_SQUARE, refused("positive definite", exactly(1, 2, 2, 1, shape=(2, 2)))],
)


@operator(
    "_linalg_potri", names_inputs=True,
    aliases=["linalg_potri"], elementwise=True, reads_values=True, flops=per_matrix(2),
    precision="single",
)  # fmt: skip
def potri(A: Tensor) -> Tensor:
    """Invert positive definite matrices, given their factors by `potrf`: the inverse of A A^T.

    Parameters
    ----------
    A : NDArray
        An array of square matrices; only their lower triangles are read.

    Returns
    -------
    NDArray
        The inverse matrices, which are symmetric.

    Raises
    ------
    MXNetError
        A factor has a 0 on its diagonal.
    """
    check_matrices("linalg.potri", A)
    if not A.is_meta and bool((A.detach().diagonal(dim1=-2, dim2=-1) == 0).any()):
        raise MXNetError("linalg.potri: A must hold factors that potrf has made; received one with 0 on its diagonal")
    identity = torch.eye(A.shape[-1], dtype=A.dtype, device=A.device).expand_as(A)
    inverse = torch.linalg.solve_triangular(A, identity, upper=False)
    return torch.matmul(inverse.mT, inverse)


_FACTOR = exactly(2, 9, 9, 1, 3, 9, -1, 0.5, 1, shape=(3, 3))

cases(
    "_linalg_potri",
    samples=lambda: [sample(_FACTOR), sample(Input((2, 2, 2), "float64", 1, 2))],
    refusals=lambda: [*_NOT_SQUARE, refused("0 on its diagonal", exactly(1, 0, 2, 0, shape=(2, 2)))],
)


@operator(
    "_linalg_gelqf", names_inputs=True,
    aliases=["linalg_gelqf"], types="T -> T, T", outputs=2, kind="other", flops=per_matrix(12),
    precision="single",
    from_partial=with_axes(lambda shapes, attributes: [shapes[0], (*shapes[0][:-1], shapes[0][-2])]),
    from_outputs=lambda inputs, outputs, attributes: inputs if None in outputs else [inputs[0] or outputs[0]],
)  # fmt: skip
def gelqf(A: Tensor) -> tuple[Tensor, Tensor]:
    """Factor matrices into a lower triangular one and one with orthonormal rows: A = L Q.

    Parameters
    ----------
    A : NDArray
        An array of matrices with at least as many columns as rows.

    Returns
    -------
    list of two NDArrays
        Q, of the shape of `A`, and L, which is square.
    """
    check_matrices("linalg.gelqf", A, square=False)
    if A.shape[-2] > A.shape[-1]:
        raise MXNetError(f"linalg.gelqf: A must have at least as many columns as rows; received {tuple(A.shape)}")
    q, r = torch.linalg.qr(A.mT)
    return q.mT.contiguous(), r.mT.contiguous()


cases(
    "_linalg_gelqf",
    samples=lambda: [sample((2, 3)), sample((3, 3)), sample(Input((2, 2, 2, 4), "float64"))],
    refusals=lambda: [
        refused("at least as many columns as rows", (3, 2)),
        refused("at least 2 axes", (3,)),
        refused("float32 or float64", Input((2, 3), "float16")),
    ],
)


@operator(
    "_linalg_syevd", names_inputs=True,
    types="T -> T, T", outputs=2, reads_values=True, kind="other", flops=per_matrix(27),
    precision="single",
)  # fmt: skip
def syevd(A: Tensor) -> tuple[Tensor, Tensor]:
    """Find the eigenvectors and eigenvalues of symmetric matrices: U A = diag(L) U.

    Parameters
    ----------
    A : NDArray
        An array of symmetric matrices; only their lower triangles are read.

    Returns
    -------
    list of two NDArrays
        U, whose rows are the eigenvectors, of length 1 and with a positive sign of the component that is largest
        in absolute value; and L, the eigenvalues in ascending order.

    Examples
    --------
    >>> from glueball import nd
    >>> vectors, values = nd.linalg.syevd(nd.array([[2, 1], [1, 2]]))
    >>> values.asnumpy().round(3).tolist()
    [1.0, 3.0]
    """
    check_matrices("linalg.syevd", A)
    values, columns = torch.linalg.eigh(A)
    vectors = columns.mT
    largest = vectors.detach().abs().argmax(-1, keepdim=True)
    signs = torch.where(vectors.detach().gather(-1, largest) < 0, -1.0, 1.0).to(A.dtype)
    return (vectors * signs).contiguous(), values


cases(
    "_linalg_syevd",
    samples=lambda: [sample(_MATRIX, derivative=False), sample(_MATRICES, derivative=False)],
    refusals=lambda: _NOT_SQUARE,
)
