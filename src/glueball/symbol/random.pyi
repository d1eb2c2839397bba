"""The functions of symbol.random.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, overload

from ..core.annotations import ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike, ShapesLike
from .symbol import Symbol

def exponential(
    scale: Symbol | float = 1,
    shape: ShapeLike = ...,
    dtype: DTypeLike | None = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from an exponential distribution."""
def exponential_like(
    data: Symbol | None = None,
    lam: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from an exponential distribution, in the shape and type of an array."""
def gamma(
    alpha: Symbol | float = 1,
    beta: Symbol | float = 1,
    shape: ShapeLike = ...,
    dtype: DTypeLike | None = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from a gamma distribution."""
def gamma_like(
    data: Symbol | None = None,
    alpha: float = 1.0,
    beta: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from a gamma distribution, in the shape and type of an array."""
def generalized_negative_binomial(
    mu: Symbol | float = 1,
    alpha: Symbol | float = 1,
    shape: ShapeLike = ...,
    dtype: DTypeLike | None = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw counts from a negative binomial distribution, given its mean and dispersion."""
def generalized_negative_binomial_like(
    data: Symbol | None = None,
    mu: float = 1.0,
    alpha: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw counts from a negative binomial distribution, given its mean and dispersion, in the shape and type of an array."""
def multinomial(
    data: Symbol,
    shape: ShapeLike = ...,
    get_prob: bool = True,
    dtype: DTypeLike | None = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw indices with the probabilities in the last axis of `data`; by default, return log-probabilities too."""
def negative_binomial(
    k: Symbol | float = 1,
    p: Symbol | float = 1,
    shape: ShapeLike = ...,
    dtype: DTypeLike | None = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers of failures before the k-th success."""
def negative_binomial_like(
    data: Symbol | None = None,
    k: int = 1,
    p: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers of failures before the k-th success, in the shape and type of an array."""
def normal(
    loc: Symbol | float = 0,
    scale: Symbol | float = 1,
    shape: ShapeLike = ...,
    dtype: DTypeLike | None = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from a normal (Gaussian) distribution."""
def normal_like(
    data: Symbol | None = None,
    loc: float = 0.0,
    scale: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from a normal (Gaussian) distribution, in the shape and type of an array."""
def poisson(
    lam: Symbol | float = 1,
    shape: ShapeLike = ...,
    dtype: DTypeLike | None = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw counts from a Poisson distribution."""
def poisson_like(
    data: Symbol | None = None,
    lam: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw counts from a Poisson distribution, in the shape and type of an array."""
def randint(
    low: int,
    high: int,
    shape: ShapeLike = ...,
    dtype: DTypeLike | None = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw integers of [low, high)."""
def randn(
    *shape: int,
    loc: Symbol | float = 0,
    scale: Symbol | float = 1,
    dtype: DTypeLike | None = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers of a normal distribution, with the shape as separate arguments."""
def shuffle(data: Symbol, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Shuffle `data` along its first axis."""
def uniform(
    low: Symbol | float = 0,
    high: Symbol | float = 1,
    shape: ShapeLike = ...,
    dtype: DTypeLike | None = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from a uniform distribution over [low, high)."""
def uniform_like(
    data: Symbol | None = None,
    low: float = 0.0,
    high: float = 1.0,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Draw numbers from a uniform distribution over [low, high), in the shape and type of an array."""
