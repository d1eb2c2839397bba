"""Products of matrices and vectors."""

from __future__ import annotations

from typing import Any

from ..ops.declare import registry
from .elementwise import check_options
from .face import Face, function

_DOT, _MATMUL = registry["_np_dot"], registry["_npi_matmul"]


@function("np.dot")
def dot(face: Face, a: Any, b: Any, out: Any = None) -> Any:
    """Return the product of two arrays, summed over the last axis of `a` and the last axis but one of `b`.

    Parameters
    ----------
    a, b : ndarray
        Floating-point numbers of one type; an array without axes multiplies.
    out : ndarray, optional
        Where to write the result.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.dot(mx.np.ones((2, 3)), mx.np.ones((3,)))
    array([3., 3.])
    """
    return face.call(_DOT, (a, b), (), out)


@function("np.ndarray.dot")
def dot_of(face: Face, self: Any, b: Any, out: Any = None) -> Any:
    """Return `glueball.np.dot` of the array and another."""
    return dot(face, self, b, out)


@function("np.matmul")
def matmul(face: Face, a: Any, b: Any, out: Any = None, **kwargs: Any) -> Any:
    """Return the product of two matrices, or of stacks of matrices whose other axes broadcast.

    Parameters
    ----------
    a, b : ndarray
        Floating-point numbers of one type; an array with one axis is a vector.
    out : ndarray, optional
        Where to write the result.
    **kwargs
        NumPy's options at their defaults.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.matmul(mx.np.ones((4, 2, 3)), mx.np.ones((3, 5))).shape
    (4, 2, 5)
    """
    check_options("matmul", kwargs)
    return face.call(_MATMUL, (a, b), (), out)
