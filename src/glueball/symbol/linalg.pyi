"""The functions of symbol.linalg.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, overload

from ..core.annotations import ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike
from .symbol import Symbol

def gemm2(
    A: Symbol | None = None,
    B: Symbol | None = None,
    transpose_a: bool = False,
    transpose_b: bool = False,
    alpha: float = 1.0,
    axis: int = -2,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Multiply pairs of matrices, and the result by a number."""
