"""Random numbers.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, NoReturn, overload

from glueball.core.annotations import (
    ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike, ShapesLike,
)
from glueball.ndarray.numpy.np_array import ndarray as ndarray

def beta(
    a: Any,
    b: Any,
    size: ShapeLike | None = None,
    dtype: DTypeLike | None = None,
    ctx: ContextLike | None = None,
) -> ndarray:
    """Draw numbers from a beta distribution."""
def chisquare(
    df: Any,
    size: ShapeLike | None = None,
    dtype: DTypeLike | None = None,
    ctx: ContextLike | None = None,
) -> ndarray:
    """Draw numbers from a chi-square distribution."""
def choice(
    a: Any,
    size: ShapeLike | None = None,
    replace: bool = True,
    p: Any = None,
    ctx: ContextLike | None = None,
    out: ndarray | None = None,
) -> ndarray:
    """Draw elements of an array, or numbers below a bound."""
def exponential(
    scale: Any = 1.0,
    size: ShapeLike | None = None,
    ctx: ContextLike | None = None,
    out: ndarray | None = None,
) -> ndarray:
    """Draw numbers from an exponential distribution."""
def gamma(
    shape: Any,
    scale: Any = 1.0,
    size: ShapeLike | None = None,
    dtype: DTypeLike | None = None,
    ctx: ContextLike | None = None,
    out: ndarray | None = None,
) -> ndarray:
    """Draw numbers from a gamma distribution, whose mean is shape times scale."""
def gumbel(
    loc: Any = 0.0,
    scale: Any = 1.0,
    size: ShapeLike | None = None,
    ctx: ContextLike | None = None,
    out: ndarray | None = None,
) -> ndarray:
    """Draw numbers from a Gumbel distribution."""
def logistic(
    loc: Any = 0.0,
    scale: Any = 1.0,
    size: ShapeLike | None = None,
    ctx: ContextLike | None = None,
    out: ndarray | None = None,
) -> ndarray:
    """Draw numbers from a logistic distribution."""
def lognormal(
    mean: Any = 0.0,
    sigma: Any = 1.0,
    size: ShapeLike | None = None,
    dtype: DTypeLike | None = None,
    ctx: ContextLike | None = None,
    out: ndarray | None = None,
) -> ndarray:
    """Draw numbers whose logarithms have a normal distribution."""
def multinomial(n: int, pvals: Any, size: ShapeLike | None = None, **kwargs: Any) -> ndarray:
    """Count how often each result comes in a number of trials."""
def multivariate_normal(
    mean: Any,
    cov: Any,
    size: ShapeLike | None = None,
    check_valid: Any = None,
    tol: Any = None,
) -> ndarray:
    """Draw vectors from a normal (Gaussian) distribution."""
def normal(
    loc: Any = 0.0,
    scale: Any = 1.0,
    size: ShapeLike | None = None,
    dtype: DTypeLike | None = None,
    ctx: ContextLike | None = None,
    out: ndarray | None = None,
) -> ndarray:
    """Draw numbers from a normal (Gaussian) distribution; they have a gradient with respect to its parameters."""
def pareto(
    a: Any,
    size: ShapeLike | None = None,
    ctx: ContextLike | None = None,
    out: ndarray | None = None,
) -> ndarray:
    """Draw numbers from a Pareto II (Lomax) distribution, which begins at 0."""
def power(a: Any, size: ShapeLike | None = None) -> ndarray:
    """Draw numbers from a power distribution over [0, 1], with density a x^(a-1)."""
def rand(*size: int, **kwargs: Any) -> ndarray:
    """Draw numbers from a uniform distribution over [0, 1), with the shape as separate arguments."""
def randint(
    low: Any,
    high: Any = None,
    size: ShapeLike | None = None,
    dtype: DTypeLike | None = None,
    ctx: ContextLike | None = None,
    out: ndarray | None = None,
) -> ndarray:
    """Draw integers, each equally likely."""
def randn(*size: int, **kwargs: Any) -> ndarray:
    """Draw numbers from the standard normal distribution, with the shape as separate arguments."""
def rayleigh(
    scale: Any = 1.0,
    size: ShapeLike | None = None,
    ctx: ContextLike | None = None,
    out: ndarray | None = None,
) -> ndarray:
    """Draw numbers from a Rayleigh distribution."""
def shuffle(x: Any) -> None:
    """Shuffle an array in place, along its first axis."""
def uniform(
    low: Any = 0.0,
    high: Any = 1.0,
    size: ShapeLike | None = None,
    dtype: DTypeLike | None = None,
    ctx: ContextLike | None = None,
    out: ndarray | None = None,
) -> ndarray:
    """Draw numbers from a uniform distribution over [low, high)."""
def weibull(
    a: Any,
    size: ShapeLike | None = None,
    ctx: ContextLike | None = None,
    out: ndarray | None = None,
) -> ndarray:
    """Draw numbers from a Weibull distribution with scale 1."""
