"""Linear algebra: ``mx.np.linalg``. Matrices are the last two axes; there may be any number of them."""

from __future__ import annotations

from typing import Any

from ..core.errors import InvalidTypeError, InvalidValueError
from ..core.integers import is_int
from ..ops.declare import registry
from .face import FUNCTIONS, Face, function

_MATRICES = "a : ndarray\n    Matrices of float32 or float64"


def _declare(name: str, operator: str, doc: str) -> None:
    """Add a function that applies an operator to square matrices, and has no other arguments."""
    declared = registry[operator]

    def implementation(face: Face, a: Any) -> Any:
        return face.call(declared, (a,))

    implementation.__doc__ = doc
    function(f"np.linalg.{name}")(implementation)


_declare(
    "cholesky", "_npi_cholesky",
    f"""Return the lower triangular L with L L^T = a.

Parameters
----------
{_MATRICES}, symmetric and positive definite; only their lower triangles are read.

Examples
--------
>>> import glueball as mx
>>> mx.np.linalg.cholesky(mx.np.array([[4, 2], [2, 5]]))
array([[2., 0.],
       [1., 2.]])
""",
)  # fmt: skip
_declare(
    "det", "_linalg_det",
    f"""Return the determinants.

Parameters
----------
{_MATRICES}, square.
""",
)  # fmt: skip
_declare(
    "slogdet", "_linalg_slogdet",
    f"""Return the signs of the determinants, and the logarithms of their absolute values.

Parameters
----------
{_MATRICES}, square.
""",
)  # fmt: skip
_declare(
    "inv", "_linalg_inverse",
    f"""Return the inverse matrices.

Parameters
----------
{_MATRICES}, square and not singular.
""",
)  # fmt: skip
_declare(
    "eigvals", "_npi_eigvals",
    """Return the eigenvalues, which must be real, in no particular order.

Parameters
----------
a : ndarray
    Square matrices; integers count as float64. The gradient is zero.
""",
)  # fmt: skip


@function("np.linalg.eig")
def eig(face: Face, a: Any) -> Any:
    """Return the eigenvalues, in no particular order, and the eigenvectors in columns.

    Parameters
    ----------
    a : ndarray
        Square matrices with real eigenvalues; integers count as float64. The gradient is zero.

    Returns
    -------
    tuple of two ndarrays
        The eigenvalues, and the eigenvectors, of length 1.
    """
    return tuple(face.call(registry["_npi_eig"], (a,)))


def _triangle(name: str, UPLO: Any) -> str:
    if str(UPLO).upper() not in ("L", "U"):
        raise InvalidValueError(f"np.linalg.{name}: UPLO must be 'L' or 'U'; received {UPLO!r}")
    return str(UPLO).upper()


@function("np.linalg.eigh")
def eigh(face: Face, a: Any, UPLO: Any = "L") -> Any:
    """Return the eigenvalues of symmetric matrices, in ascending order, and the eigenvectors in columns.

    Parameters
    ----------
    a : ndarray
        Symmetric matrices; integers count as float64. The gradient is zero.
    UPLO : {'L', 'U'}, default 'L'
        Which triangle is read.

    Returns
    -------
    tuple of two ndarrays
        The eigenvalues, and the eigenvectors, of length 1.
    """
    return tuple(face.call(registry["_npi_eigh"], (a,), (_triangle("eigh", UPLO),)))


@function("np.linalg.eigvalsh")
def eigvalsh(face: Face, a: Any, UPLO: Any = "L") -> Any:
    """Return the eigenvalues of symmetric matrices, in ascending order; the arguments are those of `eigh`."""
    return face.call(registry["_npi_eigvalsh"], (a,), (_triangle("eigvalsh", UPLO),))


@function("np.linalg.svd")
def svd(face: Face, a: Any) -> Any:
    """Return the singular value decomposition of n x m matrices, with k the smaller of both: a = u diag(s) v.

    Parameters
    ----------
    a : ndarray
        Matrices of float32 or float64.

    Returns
    -------
    tuple of three ndarrays
        u, (..., n, k), s, (..., k), in descending order, and v, (..., k, m).
    """
    return tuple(face.call(registry["_npi_svd"], (a,)))


@function("np.linalg.pinv")
def pinv(face: Face, a: Any, rcond: Any = 1e-15, hermitian: bool = False) -> Any:
    """Return the pseudo-inverse of matrices.

    Parameters
    ----------
    a : ndarray
        Matrices of float32 or float64. The gradient is zero.
    rcond : float or ndarray
        Singular values below this part of the largest count as 0; an array has one for each matrix.
    hermitian : bool, default False
        Whether the matrices are symmetric.
    """
    if face.holds(rcond):
        return face.call(registry["_npi_pinv"], (a, rcond), (hermitian,))
    return face.call(registry["_npi_pinv_scalar_rcond"], (a,), (rcond, hermitian))


@function("np.linalg.solve")
def solve(face: Face, a: Any, b: Any) -> Any:
    """Return the x with a x = b.

    Parameters
    ----------
    a : ndarray
        (..., n, n), the matrices. Integers count as float64.
    b : ndarray
        (..., n, k), or (..., n) for a vector for each matrix.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.linalg.solve(mx.np.array([[2, 0], [0, 4]]), mx.np.array([1, 2]))
    array([0.5, 0.5])
    """
    return face.call(registry["_npi_solve"], (a, b))


@function("np.linalg.tensorinv")
def tensorinv(face: Face, a: Any, ind: int = 2) -> Any:
    """Return the inverse of an array that counts as a matrix: its first axes are the rows.

    Parameters
    ----------
    a : ndarray
        The array, of float32 or float64; the first lengths have the same product as the others.
    ind : int, default 2
        How many axes are rows, at least 1.
    """
    return face.call(registry["_npi_tensorinv"], (a,), (ind,))


@function("np.linalg.tensorsolve")
def tensorsolve(face: Face, a: Any, b: Any, axes: Any = None) -> Any:
    """Return the x with tensordot(a, x, x.ndim) = b.

    Parameters
    ----------
    a : ndarray
        The coefficients, of the lengths of `b` and then those of the result. Integers count as float64.
    b : ndarray
        The right side.
    axes : tuple of int, optional
        Axes of `a` that are first moved to its end.
    """
    return face.call(registry["_npi_tensorsolve"], (a, b), (axes,))


@function("np.linalg.norm")
def norm(face: Face, x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """Return norms of vectors, over one axis, or of matrices, over two.

    Parameters
    ----------
    x : ndarray
        Numbers; integers count as float32.
    ord : number or {'fro', 'nuc', 'inf', '-inf'}, optional
        Which norm; by default the root of the sum of the squares. Of vectors any number; of matrices 1, -1, 2, -2,
        inf and -inf, and ``'nuc'``, the sum of the singular values. ``'inf'`` and ``'-inf'`` are the largest and the
        smallest absolute value, whatever the axes.
    axis : int or tuple of int, optional
        The axes. By default all without `ord`, and otherwise the only one, or the last two.
    keepdims : bool, default False
        Whether the axes stay, with length 1.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.linalg.norm(mx.np.array([[3, 4], [6, 8]]), axis=1)
    array([ 5., 10.])
    """
    if ord in ("inf", "-inf"):
        extreme = FUNCTIONS["np.max" if ord == "inf" else "np.min"]
        return extreme(face, FUNCTIONS["np.absolute"](face, x), axis=axis, keepdims=keepdims)
    if isinstance(ord, str) and ord not in ("fro", "nuc"):
        raise InvalidValueError(
            f"np.linalg.norm: ord must be a number, 'fro', 'nuc', 'inf' or '-inf'; received {ord!r}"
        )
    axes = axis if axis is None or isinstance(axis, tuple | list) else (axis,)
    if axes is not None and not all(map(is_int, axes)):
        raise InvalidTypeError(f"np.linalg.norm: axis must be an int or a tuple of ints, or None; received {axis!r}")
    kind, number = _kind_of_norm(ord, axes)
    return face.call(registry["_npi_norm"], (x,), (number, axes, keepdims, kind))


def _kind_of_norm(ord: Any, axes: Any) -> tuple[int, Any]:
    """Return MXNet's ``flag``, which graph files have (`ops/numpy/norm.py`), and the number that goes with it."""
    if ord is None and axes is None:
        return -2, 2
    if ord is None or ord == "fro":
        return 1, 2
    if ord == "nuc":
        return 2, 2
    if axes is not None and len(axes) == 2 and ord in (2, -2):
        return 0, ord
    return -1, 2 if ord == 2 else ord  # 2.0 stands as 2 in MXNet's graph files
