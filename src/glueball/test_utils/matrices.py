"""Random matrices with properties that decompositions need."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ..core.doors import door


@door
def new_orthonormal_matrix_2d(n: int) -> np.ndarray:
    """Return a random matrix whose rows are orthogonal and of length 1, from NumPy's generator.

    Parameters
    ----------
    n : int
        The number of rows and columns.
    """
    factor: np.ndarray = np.linalg.qr(np.random.randn(n, n))[0]
    return factor


@door
def new_matrix_with_real_eigvals_2d(n: int) -> np.ndarray:
    """Return a random matrix whose eigenvalues are real and distinct, from NumPy's generator.

    Parameters
    ----------
    n : int
        The number of rows and columns.

    Examples
    --------
    >>> import numpy as np
    >>> import glueball as mx
    >>> bool(np.isreal(np.linalg.eigvals(mx.test_utils.new_matrix_with_real_eigvals_2d(4))).all())
    True
    """
    # a shear of an orthonormal matrix, so that the result is not symmetric and its inverse is exact enough
    vectors = new_orthonormal_matrix_2d(n) @ (np.identity(n) + np.triu(np.random.uniform(-1, 1, (n, n)), 1) / n)
    found: np.ndarray = vectors @ np.diag(_eigenvalues(n)) @ np.linalg.inv(vectors)
    return found


@door
def new_sym_matrix_with_real_eigvals_2d(n: int) -> np.ndarray:
    """Return a random symmetric matrix with distinct eigenvalues, from NumPy's generator.

    Parameters
    ----------
    n : int
        The number of rows and columns.
    """
    vectors = new_orthonormal_matrix_2d(n)
    half = vectors @ np.diag(_eigenvalues(n)) @ vectors.T / 2
    found: np.ndarray = half + half.T
    return found


def _eigenvalues(n: int) -> np.ndarray:
    """Return numbers that are at least 0.5 apart."""
    return np.random.permutation(np.arange(n) - n / 2 + np.random.uniform(0, 0.5, n))


@door
def new_matrix_with_real_eigvals_nd(shape: tuple[int, ...]) -> np.ndarray:
    """Return random matrices whose eigenvalues are real and distinct, from NumPy's generator.

    Parameters
    ----------
    shape : tuple of int
        The shape; the last two axes are those of a matrix, and of one length.
    """
    return _batch(shape, new_matrix_with_real_eigvals_2d)


@door
def new_sym_matrix_with_real_eigvals_nd(shape: tuple[int, ...]) -> np.ndarray:
    """Return random symmetric matrices with distinct eigenvalues, from NumPy's generator.

    Parameters
    ----------
    shape : tuple of int
        The shape; the last two axes are those of a matrix, and of one length.
    """
    return _batch(shape, new_sym_matrix_with_real_eigvals_2d)


def _batch(shape: tuple[int, ...], make: Callable[[int], np.ndarray]) -> np.ndarray:
    return np.array([make(shape[-1]) for _ in range(math.prod(shape[:-2]))]).reshape(shape)
