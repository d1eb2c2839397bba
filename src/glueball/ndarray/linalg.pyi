"""The functions of ndarray.linalg.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, overload

from ..core.annotations import ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike
from .ndarray import NDArray

def gemm2(
    A: NDArray,
    B: NDArray,
    transpose_a: bool = False,
    transpose_b: bool = False,
    alpha: float = 1.0,
    axis: int = -2,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Multiply pairs of matrices, and the result by a number."""
