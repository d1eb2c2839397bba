"""Random numbers that NumPy's module of this name has not.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, NoReturn, overload

from glueball.core.annotations import (
    ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike, ShapesLike,
)
from glueball.ndarray.numpy.np_array import ndarray as ndarray

def bernoulli(
    prob: Any = None,
    logit: Any = None,
    size: ShapeLike | None = None,
    dtype: DTypeLike | None = None,
    ctx: ContextLike | None = None,
    out: ndarray | None = None,
) -> ndarray:
    """Draw 1 with a probability, and otherwise 0."""
def normal_n(
    loc: Any = 0.0,
    scale: Any = 1.0,
    batch_shape: ShapeLike | None = None,
    dtype: DTypeLike | None = None,
    ctx: ContextLike | None = None,
) -> ndarray:
    """Draw numbers from a normal (Gaussian) distribution."""
def seed(seed: int, ctx: ContextLike = "all") -> None:
    """Seed the generators of random numbers; see `glueball.random.seed`."""
def uniform_n(
    low: Any = 0.0,
    high: Any = 1.0,
    batch_shape: ShapeLike | None = None,
    dtype: DTypeLike | None = None,
    ctx: ContextLike | None = None,
) -> ndarray:
    """Draw numbers from a uniform distribution over [low, high)."""
