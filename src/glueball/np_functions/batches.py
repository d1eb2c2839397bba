"""Random numbers in front of their parameters: as many draws as asked for, for each element; and vectors."""

from __future__ import annotations

from typing import Any

from ..core.errors import InvalidValueError
from ..ops.declare import registry
from .drawing import documented, draw
from .face import FUNCTIONS, Face, function


@function("npx.random.uniform_n")
def uniform_n(
    face: Face, low: Any = 0.0, high: Any = 1.0, batch_shape: Any = None, dtype: Any = None, ctx: Any = None
) -> Any:
    return draw(face, "_npi_uniform_n", (low, high), batch_shape, dtype=dtype, ctx=ctx)


@function("npx.random.normal_n")
def normal_n(
    face: Face, loc: Any = 0.0, scale: Any = 1.0, batch_shape: Any = None, dtype: Any = None, ctx: Any = None
) -> Any:
    return draw(face, "_npi_normal_n", (loc, scale), batch_shape, dtype=dtype, ctx=ctx)


documented(
    uniform_n, "numbers from a uniform distribution over [low, high)", "low, high : float or ndarray\n    The range.",
    "batch_shape", "dtype", "ctx",
)  # fmt: skip
documented(
    normal_n, "numbers from a normal (Gaussian) distribution", "loc, scale : float or ndarray\n    The mean and the "
    "standard deviation.", "batch_shape", "dtype", "ctx",
)  # fmt: skip


@function("np.random.multivariate_normal")
def multivariate_normal(
    face: Face, mean: Any, cov: Any, size: Any = None, check_valid: Any = None, tol: Any = None
) -> Any:
    """Draw vectors from a normal (Gaussian) distribution.

    Parameters
    ----------
    mean : ndarray
        (..., n), the means.
    cov : ndarray
        (..., n, n), the covariances, positive definite; these axes broadcast against those of `mean`.
    size : int or tuple of int, optional
        How many vectors for each mean; these axes come first.
    check_valid : {'warn', 'raise', 'ignore'}, optional
        Without effect: covariances are always checked, and only their lower triangles are read.
    tol : float, optional
        Without effect, too.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.random.multivariate_normal(mx.np.zeros((2,)), mx.np.eye(2), size=(3, 4)).shape
    (3, 4, 2)
    """
    if check_valid not in (None, "warn", "raise", "ignore"):
        raise InvalidValueError(
            f"np.random.multivariate_normal: check_valid must be 'warn', 'raise' or 'ignore'; received {check_valid!r}"
        )
    add, expand = registry["_npi_add"], registry["expand_dims"]
    root = FUNCTIONS["np.linalg.cholesky"](face, cov)
    # Zeros of the shape of a vector for each mean and covariance, whose shapes a graph does not know.
    zeros = FUNCTIONS["np.multiply"](face, face.call(add, (mean, FUNCTIONS["np.sum"](face, cov, axis=-1))), 0)
    standard = face.call(add, (zeros, normal_n(face, zeros, 1, size)))  # of the type of the parameters
    spread = FUNCTIONS["np.matmul"](face, root, face.call(expand, (standard,), (-1,)))
    return face.call(add, (mean, FUNCTIONS["np.sum"](face, spread, axis=-1)))
