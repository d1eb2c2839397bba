"""Eigenvalues and eigenvectors as ``mx.np.linalg`` has them. As in MXNet they have a gradient of zero."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import MXNetError
from ..declare import cases, operator
from ..gradient import without_gradient
from ..linalg.matrices import per_matrix
from ..samples import Input, exactly, refused, sample

_SYMMETRIC = (4, 1, -1, 1, 5, 2, -1, 2, 6)
_MATRIX = exactly(*_SYMMETRIC, shape=(3, 3))
_MATRICES = exactly(*_SYMMETRIC, *[2 * number for number in _SYMMETRIC], shape=(2, 3, 3), dtype="float64")
_INTEGERS = exactly(*_SYMMETRIC, shape=(3, 3), dtype="int32")
_TRIANGULAR = exactly(1, 2, 0, 3, shape=(2, 2))
_REFUSALS = [
    refused("square", (2, 3)),
    refused("at least 2 axes", (3,)),
    refused("must not have the type float16", Input((2, 2), "float16")),
]


def _as_matrices(owner: str, A: Tensor) -> Tensor:
    """Return square matrices without their record; integers as float64."""
    if A.dtype in (torch.float16, torch.bfloat16, torch.bool):
        raise MXNetError(f"{owner}: A must not have the type {type_name(A.dtype)}; convert with astype('float32')")
    if A.dim() < 2:
        raise MXNetError(f"{owner}: A must have at least 2 axes; received shape {tuple(A.shape)}")
    if A.shape[-1] != A.shape[-2]:
        raise MXNetError(f"{owner}: A must hold square matrices; received shape {tuple(A.shape)}")
    return A.detach() if A.is_floating_point() else A.detach().double()


def _real(owner: str, values: Tensor) -> Tensor:
    if not values.is_meta and bool((values.imag != 0).any()):
        raise MXNetError(
            f"{owner}: the eigenvalues must be real; received a matrix with complex ones; "
            "use eigh for symmetric matrices, or NumPy"
        )
    return values.real.contiguous()


@operator(
    "_npi_eig", types="A -> A~, A~", outputs=2, names_inputs=True, reads_values=True, kind="other",
    flops=per_matrix(75), precision="single",
)  # fmt: skip
def eig(A: Tensor) -> tuple[Tensor, Tensor]:
    """Return the eigenvalues and, in columns, the eigenvectors of square matrices.

    Parameters
    ----------
    A : NDArray
        The matrices; integers count as float64.

    Returns
    -------
    list of two NDArrays
        The eigenvalues, which must be real, in no particular order; and the eigenvectors, of length 1.
    """
    values, vectors = torch.linalg.eig(_as_matrices("_npi_eig", A))
    found = _real("_npi_eig", values), vectors.real.contiguous()
    return without_gradient(found[0], A), without_gradient(found[1], A)


@operator(
    "_npi_eigvals", types="A -> A~", names_inputs=True, reads_values=True, kind="other", flops=per_matrix(30),
    precision="single",
)  # fmt: skip
def eigvals(A: Tensor) -> Tensor:
    """Return the eigenvalues of square matrices.

    Parameters
    ----------
    A : NDArray
        The matrices; integers count as float64.

    Returns
    -------
    NDArray
        The eigenvalues, which must be real, in no particular order.
    """
    return without_gradient(_real("_npi_eigvals", torch.linalg.eigvals(_as_matrices("_npi_eigvals", A))), A)


cases(
    "_npi_eig",
    # The signs of eigenvectors are anybody's choice: tests/numpy/test_linalg.py compares them.
    samples=lambda: [sample(each, gradient=False, judge="numpy") for each in (_MATRIX, _MATRICES, _INTEGERS)],
    refusals=lambda: [*_REFUSALS, refused("must be real", exactly(0, -1, 1, 0, shape=(2, 2)))],
)
cases(
    "_npi_eigvals",
    samples=lambda: [sample(_TRIANGULAR, derivative=False), sample(_INTEGERS, gradient=False)],
    refusals=lambda: [*_REFUSALS, refused("must be real", exactly(0, -1, 1, 0, shape=(2, 2)))],
)


@operator(
    "_npi_eigh", types="A -> A~, A~", outputs=2, names_inputs=True, reads_values=True, kind="other",
    flops=per_matrix(27), precision="single",
)  # fmt: skip
def eigh(A: Tensor, *, UPLO: Literal["L", "U"] = "L") -> tuple[Tensor, Tensor]:
    """Return the eigenvalues and, in columns, the eigenvectors of symmetric matrices.

    Parameters
    ----------
    A : NDArray
        The matrices; integers count as float64.
    UPLO : {'L', 'U'}, default 'L'
        Which triangle of the matrices is read.

    Returns
    -------
    list of two NDArrays
        The eigenvalues in ascending order, and the eigenvectors, of length 1.
    """
    values, vectors = torch.linalg.eigh(_as_matrices("_npi_eigh", A), UPLO)
    return without_gradient(values, A), without_gradient(vectors.contiguous(), A)


@operator(
    "_npi_eigvalsh", types="A -> A~", names_inputs=True, reads_values=True, kind="other", flops=per_matrix(12),
    precision="single",
)  # fmt: skip
def eigvalsh(A: Tensor, *, UPLO: Literal["L", "U"] = "L") -> Tensor:
    """Return the eigenvalues of symmetric matrices, in ascending order.

    Parameters
    ----------
    A : NDArray
        The matrices; integers count as float64.
    UPLO : {'L', 'U'}, default 'L'
        Which triangle of the matrices is read.
    """
    return without_gradient(torch.linalg.eigvalsh(_as_matrices("_npi_eigvalsh", A), UPLO), A)


cases(
    "_npi_eigh",
    samples=lambda: [sample(each, gradient=False, judge="numpy") for each in (_MATRIX, _MATRICES, _INTEGERS)],
    refusals=lambda: [*_REFUSALS, refused("UPLO must be", _MATRIX, UPLO="X")],
)
cases(
    "_npi_eigvalsh",
    samples=lambda: [
        sample(_MATRIX, derivative=False),
        sample(_MATRICES, UPLO="U", derivative=False),
        sample(_INTEGERS, gradient=False),
    ],
    refusals=lambda: _REFUSALS,
)
