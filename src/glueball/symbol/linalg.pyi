"""The functions of symbol.linalg.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, overload

from ..core.annotations import ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike, ShapesLike
from .symbol import Symbol

def det(A: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Compute determinants."""
def extractdiag(
    A: Symbol | None = None,
    offset: int = 0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return diagonals."""
def extracttrian(
    A: Symbol | None = None,
    offset: int = 0,
    lower: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Return triangles: lower ones row by row, upper ones column by column."""
def gelqf(A: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Factor matrices into a lower triangular one and one with orthonormal rows: A = L Q."""
def gemm(
    A: Symbol | None = None,
    B: Symbol | None = None,
    C: Symbol | None = None,
    transpose_a: bool = False,
    transpose_b: bool = False,
    alpha: float = 1.0,
    beta: float = 1.0,
    axis: int = -2,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Multiply pairs of matrices, and add others: alpha A B + beta C."""
def gemm2(
    A: Symbol | None = None,
    B: Symbol | None = None,
    transpose_a: bool = False,
    transpose_b: bool = False,
    alpha: float = 1.0,
    axis: int = -2,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Multiply pairs of matrices, and the result by a number."""
def inverse(A: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Invert matrices."""
def makediag(
    A: Symbol | None = None,
    offset: int = 0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Make matrices with the given diagonals, and zeros elsewhere."""
def maketrian(
    A: Symbol | None = None,
    offset: int = 0,
    lower: bool = True,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Make matrices with the given triangles, and zeros elsewhere."""
def potrf(A: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Factor positive definite matrices: the lower triangular L with L L^T = A (Cholesky)."""
def potri(A: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Invert positive definite matrices, given their factors by `potrf`: the inverse of A A^T."""
def slogdet(A: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Compute the signs of determinants, and the logarithms of their absolute values."""
def sumlogdiag(A: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Add up the logarithms of diagonals."""
def syevd(A: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Find the eigenvectors and eigenvalues of symmetric matrices: U A = diag(L) U."""
def syrk(
    A: Symbol | None = None,
    transpose: bool = False,
    alpha: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Multiply matrices with their transposes: alpha A A^T."""
def trmm(
    A: Symbol | None = None,
    B: Symbol | None = None,
    transpose: bool = False,
    rightside: bool = False,
    lower: bool = True,
    alpha: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Multiply triangular matrices with others: alpha A B."""
def trsm(
    A: Symbol | None = None,
    B: Symbol | None = None,
    transpose: bool = False,
    rightside: bool = False,
    lower: bool = True,
    alpha: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Solve triangular equations: X with A X = alpha B."""
