"""Diagonals and triangles of matrices."""

from __future__ import annotations

from typing import Any

from ..ops.declare import registry
from .face import Face, function
from .shaping import or_null

_DIAG, _DIAGFLAT, _DIAGONAL = registry["_np_diag"], registry["_np_diagflat"], registry["_np_diagonal"]
_TRACE, _TRIL, _DIAG_INDICES = registry["_np_trace"], registry["_npi_tril"], registry["_npi_diag_indices_from"]


@function("np.diag")
def diag(face: Face, array: Any, k: int = 0) -> Any:
    """Make a matrix with the given diagonal, or read a diagonal of a matrix.

    Parameters
    ----------
    array : ndarray
        One axis: the diagonal; the rest is 0. Two axes: the matrix.
    k : int, default 0
        Which diagonal: above the main one when positive, below it when negative.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.diag(mx.np.array([1, 2]))
    array([[1., 0.],
           [0., 2.]])
    """
    return face.call(_DIAG, (array,), (or_null(k, 0),))


@function("np.diagflat")
def diagflat(face: Face, array: Any, k: int = 0) -> Any:
    """Make a matrix with all the elements of an array on a diagonal.

    Parameters
    ----------
    array : ndarray
        Any shape.
    k : int, default 0
        Which diagonal.
    """
    return face.call(_DIAGFLAT, (array,), (or_null(k, 0),))


@function("np.diagonal")
def diagonal(face: Face, a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """Read the diagonals of the matrices that two axes span; they become the last axis.

    Parameters
    ----------
    a : ndarray
        At least two axes.
    offset : int, default 0
        Which diagonal.
    axis1, axis2 : int, default 0 and 1
        The rows and the columns.
    """
    return face.call(_DIAGONAL, (a,), (or_null(offset, 0), or_null(axis1, 0), or_null(axis2, 1)))


@function("np.trace")
def trace(face: Face, a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, out: Any = None) -> Any:
    """Sum the diagonals of the matrices that two axes span.

    Parameters
    ----------
    a, offset, axis1, axis2
        As in `diagonal`.
    out : ndarray, optional
        Where to write the result.
    """
    return face.call(_TRACE, (a,), (or_null(offset, 0), or_null(axis1, 0), or_null(axis2, 1)), out)


@function("np.tril")
def tril(face: Face, m: Any, k: int = 0) -> Any:
    """Set what lies above a diagonal to 0.

    Parameters
    ----------
    m : ndarray
        Matrices in the last two axes; one axis stands for the rows of a square matrix.
    k : int, default 0
        The diagonal: above the main one when positive, below it when negative.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.tril(mx.np.ones((2, 2)))
    array([[1., 0.],
           [1., 1.]])
    """
    return face.call(_TRIL, (m,), (k,))


@function("np.diag_indices_from")
def diag_indices_from(face: Face, arr: Any) -> Any:
    """Return the indices of the main diagonal.

    Parameters
    ----------
    arr : ndarray
        At least two axes, all of one length.

    Returns
    -------
    tuple of ndarray
        The indices along each axis, which select the diagonal; of a symbol, one symbol with a row for each axis.

    Raises
    ------
    ValueError
        The lengths differ, or there are fewer than two axes.
    """
    rows = face.call(_DIAG_INDICES, (arr,))
    return rows if not face.has_values else tuple(rows)
