"""The functions of ndarray.random.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, overload

from ..core.annotations import ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike, ShapesLike
from .ndarray import NDArray

def exponential(
    scale: NDArray | float = 1,
    shape: ShapeLike = ...,
    dtype: DTypeLike | None = ...,
    ctx: ContextLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from an exponential distribution."""
def exponential_like(data: NDArray, lam: float = 1.0, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Draw numbers from an exponential distribution, in the shape and type of an array."""
def gamma(
    alpha: NDArray | float = 1,
    beta: NDArray | float = 1,
    shape: ShapeLike = ...,
    dtype: DTypeLike | None = ...,
    ctx: ContextLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a gamma distribution."""
def gamma_like(
    data: NDArray,
    alpha: float = 1.0,
    beta: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a gamma distribution, in the shape and type of an array."""
def generalized_negative_binomial(
    mu: NDArray | float = 1,
    alpha: NDArray | float = 1,
    shape: ShapeLike = ...,
    dtype: DTypeLike | None = ...,
    ctx: ContextLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw counts from a negative binomial distribution, given its mean and dispersion."""
def generalized_negative_binomial_like(
    data: NDArray,
    mu: float = 1.0,
    alpha: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw counts from a negative binomial distribution, given its mean and dispersion, in the shape and type of an array."""
@overload
def multinomial(
    data: NDArray,
    shape: ShapeLike = ...,
    get_prob: Literal[False] = False,
    out: NDArray | None = None,
    dtype: DTypeLike | None = ...,
    name: str | None = None,
) -> NDArray:
    """Draw indices of categories."""
@overload
def multinomial(
    data: NDArray,
    shape: ShapeLike = ...,
    *,
    get_prob: Literal[True],
    out: Sequence[NDArray] | None = None,
    dtype: DTypeLike | None = ...,
    name: str | None = None,
) -> list[NDArray]:
    """Draw indices of categories."""
@overload
def multinomial(
    data: NDArray,
    shape: ShapeLike = ...,
    get_prob: bool = False,
    out: NDArray | Sequence[NDArray] | None = None,
    dtype: DTypeLike | None = ...,
    name: str | None = None,
) -> NDArray | list[NDArray]:
    """Draw indices of categories."""
def negative_binomial(
    k: NDArray | float = 1,
    p: NDArray | float = 1,
    shape: ShapeLike = ...,
    dtype: DTypeLike | None = ...,
    ctx: ContextLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers of failures before the k-th success."""
def negative_binomial_like(
    data: NDArray,
    k: int = 1,
    p: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers of failures before the k-th success, in the shape and type of an array."""
def normal(
    loc: NDArray | float = 0,
    scale: NDArray | float = 1,
    shape: ShapeLike = ...,
    dtype: DTypeLike | None = ...,
    ctx: ContextLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a normal (Gaussian) distribution."""
def normal_like(
    data: NDArray,
    loc: float = 0.0,
    scale: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a normal (Gaussian) distribution, in the shape and type of an array."""
def poisson(
    lam: NDArray | float = 1,
    shape: ShapeLike = ...,
    dtype: DTypeLike | None = ...,
    ctx: ContextLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw counts from a Poisson distribution."""
def poisson_like(data: NDArray, lam: float = 1.0, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Draw counts from a Poisson distribution, in the shape and type of an array."""
def randint(
    low: int,
    high: int,
    shape: ShapeLike = ...,
    dtype: DTypeLike | None = ...,
    ctx: ContextLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw whole numbers from `low` to `high` - 1."""
def randn(
    *shape: int,
    loc: NDArray | float = 0,
    scale: NDArray | float = 1,
    dtype: DTypeLike | None = ...,
    ctx: ContextLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers of a normal distribution, with the shape as separate arguments."""
def shuffle(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Return the array with its slices along the first axis in random order; ``out=`` receives the result."""
def uniform(
    low: NDArray | float = 0,
    high: NDArray | float = 1,
    shape: ShapeLike = ...,
    dtype: DTypeLike | None = ...,
    ctx: ContextLike | None = None,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a uniform distribution over [low, high)."""
def uniform_like(
    data: NDArray,
    low: float = 0.0,
    high: float = 1.0,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Draw numbers from a uniform distribution over [low, high), in the shape and type of an array."""
