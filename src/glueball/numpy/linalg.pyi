"""Linear algebra.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, NoReturn, overload

from glueball.core.annotations import (
    ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike, ShapesLike,
)
from glueball.ndarray.numpy.np_array import ndarray as ndarray

from glueball.numpy import fallback_linalg as fallback_linalg
def cholesky(a: Any) -> ndarray:
    """Return the lower triangular L with L L^T = a."""
def cond(*args: Any, **kwargs: Any) -> Any: ...
def det(a: Any) -> ndarray:
    """Return the determinants."""
def eig(a: Any) -> tuple[ndarray, ndarray]:
    """Return the eigenvalues, in no particular order, and the eigenvectors in columns."""
def eigh(a: Any, UPLO: Any = "L") -> tuple[ndarray, ndarray]:
    """Return the eigenvalues of symmetric matrices, in ascending order, and the eigenvectors in columns."""
def eigvals(a: Any) -> ndarray:
    """Return the eigenvalues, which must be real, in no particular order."""
def eigvalsh(a: Any, UPLO: Any = "L") -> ndarray:
    """Return the eigenvalues of symmetric matrices, in ascending order; the arguments are those of `eigh`."""
def inv(a: Any) -> ndarray:
    """Return the inverse matrices."""
def lstsq(*args: Any, **kwargs: Any) -> Any: ...
def matrix_power(*args: Any, **kwargs: Any) -> Any: ...
def matrix_rank(*args: Any, **kwargs: Any) -> Any: ...
def multi_dot(*args: Any, **kwargs: Any) -> Any: ...
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> ndarray:
    """Return norms of vectors, over one axis, or of matrices, over two."""
def pinv(a: Any, rcond: Any = 1e-15, hermitian: bool = False) -> ndarray:
    """Return the pseudo-inverse of matrices."""
def qr(*args: Any, **kwargs: Any) -> Any: ...
def slogdet(a: Any) -> list[ndarray]:
    """Return the signs of the determinants, and the logarithms of their absolute values."""
def solve(a: Any, b: Any) -> ndarray:
    """Return the x with a x = b."""
def svd(a: Any) -> tuple[ndarray, ndarray, ndarray]:
    """Return the singular value decomposition of n x m matrices, with k the smaller of both: a = u diag(s) v."""
def tensorinv(a: Any, ind: int = 2) -> ndarray:
    """Return the inverse of an array that counts as a matrix: its first axes are the rows."""
def tensorsolve(a: Any, b: Any, axes: Any = None) -> ndarray:
    """Return the x with tensordot(a, x, x.ndim) = b."""
