"""The functions of ndarray.linalg.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, overload

from ..core.annotations import ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike, ShapesLike
from .ndarray import NDArray

def det(A: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Compute determinants."""
def extractdiag(A: NDArray, offset: int = 0, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return diagonals."""
def extracttrian(
    A: NDArray,
    offset: int = 0,
    lower: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Return triangles: lower ones row by row, upper ones column by column."""
def gelqf(A: NDArray, out: Sequence[NDArray] | None = None, name: str | None = None) -> list[NDArray]:
    """Factor matrices into a lower triangular one and one with orthonormal rows: A = L Q."""
def gemm(
    A: NDArray,
    B: NDArray,
    C: NDArray,
    transpose_a: bool = False,
    transpose_b: bool = False,
    alpha: float = 1.0,
    beta: float = 1.0,
    axis: int = -2,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Multiply pairs of matrices, and add others: alpha A B + beta C."""
def gemm2(
    A: NDArray,
    B: NDArray,
    transpose_a: bool = False,
    transpose_b: bool = False,
    alpha: float = 1.0,
    axis: int = -2,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Multiply pairs of matrices, and the result by a number."""
def inverse(A: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Invert matrices."""
def makediag(A: NDArray, offset: int = 0, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Make matrices with the given diagonals, and zeros elsewhere."""
def maketrian(
    A: NDArray,
    offset: int = 0,
    lower: bool = True,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Make matrices with the given triangles, and zeros elsewhere."""
def potrf(A: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Factor positive definite matrices: the lower triangular L with L L^T = A (Cholesky)."""
def potri(A: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Invert positive definite matrices, given their factors by `potrf`: the inverse of A A^T."""
def slogdet(A: NDArray, out: Sequence[NDArray] | None = None, name: str | None = None) -> list[NDArray]:
    """Compute the signs of determinants, and the logarithms of their absolute values."""
def sumlogdiag(A: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Add up the logarithms of diagonals."""
def syevd(A: NDArray, out: Sequence[NDArray] | None = None, name: str | None = None) -> list[NDArray]:
    """Find the eigenvectors and eigenvalues of symmetric matrices: U A = diag(L) U."""
def syrk(
    A: NDArray,
    transpose: bool = False,
    alpha: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Multiply matrices with their transposes: alpha A A^T."""
def trmm(
    A: NDArray,
    B: NDArray,
    transpose: bool = False,
    rightside: bool = False,
    lower: bool = True,
    alpha: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Multiply triangular matrices with others: alpha A B."""
def trsm(
    A: NDArray,
    B: NDArray,
    transpose: bool = False,
    rightside: bool = False,
    lower: bool = True,
    alpha: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Solve triangular equations: X with A X = alpha B."""
