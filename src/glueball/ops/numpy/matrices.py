"""Factors, inverses and equations of matrices, and of arrays that count as matrices, as ``mx.np.linalg`` has them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import MXNetError
from ...core.integer_tape import converted
from ..attrs import Shape
from ..declare import cases, operator
from ..gradient import without_gradient
from ..linalg.matrices import check_matrices, per_matrix
from ..samples import Input, exactly, refused, sample
from ..shape_rule import PartialShape
from ..type_rule import PartialType

_DEFINITE = (4, 1, -1, 1, 5, 2, -1, 2, 6)
_MATRIX = exactly(*_DEFINITE, shape=(3, 3))
_MATRICES = exactly(*_DEFINITE, *[2 * number for number in _DEFINITE], shape=(2, 3, 3), dtype="float64")
_NOT_SQUARE = [
    refused("square", (2, 3)),
    refused("at least 2 axes", (3,)),
    refused("float32 or float64", Input((2, 2), "float16")),
]


@operator(
    "_npi_cholesky", names_inputs=True, elementwise=True, reads_values=True, flops=per_matrix(1), precision="single"
)
def cholesky(A: Tensor) -> Tensor:
    """Factor positive definite matrices: the lower triangular L with L L^T = A.

    Parameters
    ----------
    A : NDArray
        Symmetric matrices; only their lower triangles are read.
    """
    check_matrices("_npi_cholesky", A)
    try:
        factor: Tensor = torch.linalg.cholesky(A)
    except torch.linalg.LinAlgError as error:  # type: ignore[attr-defined]
        raise MXNetError(
            "_npi_cholesky: A must hold positive definite matrices; "
            f"received one that is not, of shape {tuple(A.shape)}"
        ) from error
    return factor


cases(
    "_npi_cholesky",
    samples=lambda: [sample(_MATRIX, derivative=False), sample(_MATRICES, derivative=False), sample((0, 2, 2))],
    refusals=lambda: [*_NOT_SQUARE, refused("positive definite", exactly(1, 2, 2, 1, shape=(2, 2)))],
)


@operator(
    "_npi_svd", names_inputs=True, types="T -> T, T, T", outputs=3, reads_values=True, kind="other",
    flops=per_matrix(60), precision="single",
)  # fmt: skip
def svd(A: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Factor matrices of n rows and m columns, with k the smaller of both: A = U diag(L) V.

    Parameters
    ----------
    A : NDArray
        The matrices.

    Returns
    -------
    list of three NDArrays
        U, (..., n, k), with orthonormal columns; L, (..., k), the singular values in descending order; and V,
        (..., k, m), with orthonormal rows.
    """
    check_matrices("_npi_svd", A, square=False)
    U, L, V = torch.linalg.svd(A, full_matrices=False)
    return U.contiguous(), L, V.contiguous()


cases(
    "_npi_svd",
    # The signs of the vectors are anybody's choice: tests/numpy/test_linalg.py compares them.
    samples=lambda: [
        sample(each, derivative=False, gradient=False, judge="numpy") for each in ((2, 3), (3, 2), (2, 0, 3))
    ],
    refusals=lambda: [refused("at least 2 axes", (3,)), refused("float32 or float64", Input((2, 3), "float16"))],
)  # fmt: skip


def _transposed(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape] | None:
    A = shapes[0]
    return None if A is None or len(A) < 2 else [(*A[:-2], A[-1], A[-2])]


def _pinv(owner: str, A: Tensor, rcond: float | Tensor, hermitian: bool) -> Tensor:
    check_matrices(owner, A, square=hermitian)
    if isinstance(rcond, Tensor):
        rcond = rcond.detach().to(A.dtype)
        try:
            fits = torch.broadcast_shapes(rcond.shape, A.shape[:-2]) == A.shape[:-2]
        except RuntimeError:
            fits = False
        if not fits:
            raise MXNetError(
                f"{owner}: rcond must be a number for each matrix; received shape {tuple(rcond.shape)} and "
                f"matrices of shape {tuple(A.shape)}"
            )
    rtol: Any = rcond
    found: Tensor = torch.linalg.pinv(A.detach(), rtol=rtol, hermitian=hermitian)
    return found.contiguous()


@operator(
    "_npi_pinv", names_inputs=True, types="T, R=float32 -> T", from_partial=_transposed, reads_values=True,
    kind="other", flops=per_matrix(60), precision="single",
)  # fmt: skip
def pinv(A: Tensor, rcond: Tensor, *, hermitian: bool = False) -> Tensor:
    """Return the pseudo-inverse of matrices; as in MXNet its gradient is zero.

    Parameters
    ----------
    A : NDArray
        The matrices.
    rcond : NDArray
        For each matrix: singular values below this part of the largest count as 0.
    hermitian : bool, default False
        Whether the matrices are symmetric.
    """
    return without_gradient(_pinv("_npi_pinv", A, rcond, hermitian), A, rcond)


@operator(
    "_npi_pinv_scalar_rcond", names_inputs=True, reads_values=True, kind="other", flops=per_matrix(60),
    precision="single",
)  # fmt: skip
def pinv_scalar_rcond(A: Tensor, *, rcond: float = 1e-15, hermitian: bool = False) -> Tensor:
    """Return the pseudo-inverse of matrices; as in MXNet its gradient is zero.

    Parameters
    ----------
    A : NDArray
        The matrices.
    rcond : float, default 1e-15
        Singular values below this part of the largest count as 0.
    hermitian : bool, default False
        Whether the matrices are symmetric.
    """
    return without_gradient(_pinv("_npi_pinv_scalar_rcond", A, rcond, hermitian), A)


_WIDE = exactly(1, 2, 3, 4, -5, 6, shape=(2, 3))

cases(
    "_npi_pinv",
    samples=lambda: [
        sample(exactly(*range(12), shape=(2, 2, 3)), exactly(1e-3, 0.5), derivative=False),
    ],
    refusals=lambda: [refused("a number for each matrix", _WIDE, (2,)), refused("at least 2 axes", (3,), ())],
)
cases(
    "_npi_pinv_scalar_rcond",
    samples=lambda: [
        sample(_WIDE, derivative=False),
        sample(_WIDE, rcond=0.9, derivative=False),
        sample(exactly(*range(12), shape=(2, 3, 2), dtype="float64"), rcond=1e-6, derivative=False),
    ],
    refusals=lambda: [refused("at least 2 axes", (3,)), refused("square", (2, 3), hermitian=True)],
)


class _OfEquations:
    """The type rule of equations: float32 if both sides are, and otherwise float64."""

    def complete(
        self, inputs: Sequence[PartialType], outputs: Sequence[PartialType], attributes: Mapping[str, Any],
        *, default: bool = False,
    ) -> tuple[list[PartialType], list[PartialType]]:  # fmt: skip
        """Return the types that follow from those known; an unknown side is like the other one."""
        known = [kind for kind in (*inputs, *outputs) if kind is not None]
        if not known:
            return list(inputs), list(outputs)
        kinds = [known[0] if kind is None else kind for kind in inputs]
        return [*kinds], [_computed_in(*kinds)]


def _computed_in(*kinds: PartialType) -> torch.dtype:
    return torch.float32 if all(kind is torch.float32 for kind in kinds) else torch.float64


def _alike(owner: str, a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    for each in (a, b):
        if each.dtype in (torch.float16, torch.bfloat16, torch.bool):
            raise MXNetError(f"{owner}: the type must not be {type_name(each.dtype)}; convert with astype('float32')")
    kind = _computed_in(a.dtype, b.dtype)
    return converted(a, kind), converted(b, kind)


def _solved(owner: str, a: Tensor, b: Tensor) -> Tensor:
    try:
        found: Tensor = torch.linalg.solve(a, b)
    except torch.linalg.LinAlgError as error:  # type: ignore[attr-defined]
        raise MXNetError(
            f"{owner}: the equations must have one solution; received matrices that are singular, "
            f"of shape {tuple(a.shape)}"
        ) from error
    return found


@operator(
    "_npi_solve", names_inputs=True, types=lambda attributes: _OfEquations(), reads_values=True, kind="other",
    flops=per_matrix(2), precision="single",
)  # fmt: skip
def solve(A: Tensor, B: Tensor) -> Tensor:
    """Return the X with A X = B.

    Parameters
    ----------
    A : NDArray
        (..., n, n), the matrices. Integers count as float64.
    B : NDArray
        (..., n, k), or (..., n) for a vector for each matrix.
    """
    A, B = _alike("_npi_solve", A, B)
    check_matrices("_npi_solve", A)
    is_vector = B.dim() == A.dim() - 1
    if tuple(B.shape[: len(A.shape) - 1]) != tuple(A.shape[:-1]) or B.dim() not in (A.dim() - 1, A.dim()):
        raise MXNetError(
            f"_npi_solve: B must have the lengths of A but for the last, and one more at most; "
            f"received {tuple(A.shape)} and {tuple(B.shape)}"
        )
    return _solved("_npi_solve", A, B[..., None])[..., 0] if is_vector else _solved("_npi_solve", A, B)


cases(
    "_npi_solve",
    samples=lambda: [
        sample(_MATRIX, (3, 2)),
        sample(_MATRIX, (3,), gradient=False),
        sample(_MATRICES, Input((2, 3, 2), "float64")),
        sample(exactly(*_DEFINITE, shape=(3, 3), dtype="int32"), Input((3, 2), "int32"), gradient=False),
        sample((0, 2, 2), (0, 2, 3)),
    ],
    refusals=lambda: [
        refused("square", (2, 3), (2,)),
        refused("lengths of A but for the last", (2, 2), (3,)),
        refused("lengths of A but for the last", (2, 2), (5, 2, 3)),
        refused("one solution", exactly(1, 2, 2, 4, shape=(2, 2)), (2,)),
        refused("must not be float16", Input((2, 2), "float16"), Input((2,), "float16")),
    ],
)


@operator(
    "_npi_tensorinv", names_inputs=True, reads_values=True, kind="other", flops=0, precision="single",
)  # fmt: skip
def tensorinv(a: Tensor, *, ind: int = 2) -> Tensor:
    """Return the inverse of an array that counts as a matrix: its first axes are the rows.

    Parameters
    ----------
    a : NDArray
        The array; the first lengths have the same product as the others.
    ind : int, default 2
        How many axes are rows, at least 1.
    """
    if ind < 1:
        raise MXNetError(f"_npi_tensorinv: ind must be at least 1; received {ind}")
    rows, columns = tuple(a.shape[:ind]), tuple(a.shape[ind:])
    if math.prod(rows) != math.prod(columns):
        raise MXNetError(
            f"_npi_tensorinv: the first ind lengths must have the same product as the others; "
            f"received shape {tuple(a.shape)} and ind={ind}"
        )
    matrix = a.reshape(math.prod(rows), -1) if a.numel() else a.reshape(0, 0)
    check_matrices("_npi_tensorinv", matrix)
    try:
        inverse: Tensor = torch.linalg.inv(matrix)
    except torch.linalg.LinAlgError as error:  # type: ignore[attr-defined]
        raise MXNetError(
            f"_npi_tensorinv: a must have an inverse; received a singular array of shape {tuple(a.shape)}"
        ) from error
    return inverse.reshape(*columns, *rows)


_FOUR = (1.0, 2, 3, 5, 1, 0, 3, 5, 1, 2, 0, 5, 9, 2, 3, 5)

cases(
    "_npi_tensorinv",
    samples=lambda: [
        sample(exactly(*_FOUR, shape=(2, 2, 4))),
        sample(exactly(*_FOUR, shape=(4, 2, 2), dtype="float64"), ind=1, gradient=False),
        sample(exactly(*_FOUR, shape=(4, 2, 2), dtype="float64"), ind=1, judge="numpy"),  # MXNet's gradient fails
    ],
    refusals=lambda: [
        refused("at least 1", (2, 2), ind=0),
        refused("the same product", (2, 3), ind=1),
        refused("have an inverse", exactly(1, 2, 2, 4, shape=(2, 2)), ind=1),
        refused("float32 or float64", Input((2, 2), "int32"), ind=1),
    ],
)


@operator(
    "_npi_tensorsolve", names_inputs=True, types=lambda attributes: _OfEquations(), reads_values=True, kind="other",
    flops=0, precision="single",
)  # fmt: skip
def tensorsolve(a: Tensor, b: Tensor, *, a_axes: Shape | None = ()) -> Tensor:
    """Return the x with tensordot(a, x, x.ndim) = b.

    Parameters
    ----------
    a : NDArray
        The coefficients, of the lengths of `b` and then those of the result. Integers count as float64.
    b : NDArray
        The right side.
    a_axes : tuple of int, optional
        Axes of `a` that are first moved to its end.
    """
    a, b = _alike("_npi_tensorsolve", a, b)
    moved = [axis % a.dim() for axis in a_axes or () if -a.dim() <= axis < a.dim()]
    if len(moved) != len(a_axes or ()) or len(set(moved)) != len(moved):
        raise MXNetError(f"_npi_tensorsolve: axes must be different axes of a; received {a_axes} for {tuple(a.shape)}")
    order = [axis for axis in range(a.dim()) if axis not in moved] + moved
    arranged = a.permute(order) if moved else a
    result = tuple(arranged.shape[b.dim() :])
    size = math.prod(result)
    if size != b.numel() or size * size != a.numel():
        raise MXNetError(
            f"_npi_tensorsolve: a must have as many elements as the square of those of b; "
            f"received {tuple(a.shape)}, axes {a_axes or ()} and {tuple(b.shape)}"
        )
    return _solved("_npi_tensorsolve", arranged.reshape(size, size), b.reshape(size)).reshape(result)


cases(
    "_npi_tensorsolve",
    samples=lambda: [
        # MXNet's needs NumPy's meaning of shapes: tests/numpy/test_linalg.py compares it.
        sample(exactly(*_FOUR, shape=(2, 2, 4)), (2, 2), judge="numpy"),
        sample(exactly(*_FOUR, shape=(2, 2, 4), dtype="float64"), Input((4,), "float64"), a_axes=(0, 1), judge="numpy"),
        sample(Input((), values=(2,)), Input((), values=(3,)), judge="numpy"),
    ],
    refusals=lambda: [
        refused("square of those of b", (2, 2), (3,)),
        refused("different axes of a", (2, 2), (2,), a_axes=(2,)),
        refused("one solution", exactly(1, 2, 2, 4, shape=(2, 2)), (2,)),
    ],
)
