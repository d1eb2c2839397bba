"""The functions of ndarray.image.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, overload

from ..core.annotations import ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike
from .ndarray import NDArray

def flip_left_right(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Exchange left and right of an image."""
def flip_top_bottom(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Exchange top and bottom of an image."""
def normalize(
    data: NDArray,
    mean: FloatsLike = (0.0, 0.0, 0.0, 0.0),
    std: FloatsLike = (1.0, 1.0, 1.0, 1.0),
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Subtract a mean from each channel and divide by a standard deviation."""
def random_flip_left_right(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Exchange left and right of an image, with probability 1/2."""
def random_flip_top_bottom(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Exchange top and bottom of an image, with probability 1/2."""
def to_tensor(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Convert images with channels last to float32 arrays with channels first, divided by 255."""
