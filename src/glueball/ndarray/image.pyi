"""The functions of ndarray.image.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, overload

from ..core.annotations import ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike, ShapesLike
from .ndarray import NDArray

def adjust_lighting(data: NDArray, alpha: FloatsLike, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Shift the colors of an image along the axes on which those of natural images vary."""
def crop(
    data: NDArray,
    x: int,
    y: int,
    width: int,
    height: int,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Cut a rectangle out of an image."""
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
def random_brightness(
    data: NDArray,
    min_factor: float,
    max_factor: float,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Multiply an image by a random factor."""
def random_color_jitter(
    data: NDArray,
    brightness: float,
    contrast: float,
    saturation: float,
    hue: float,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Change brightness, contrast, saturation and hue of an image by random amounts, in random order."""
def random_contrast(
    data: NDArray,
    min_factor: float,
    max_factor: float,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Mix an image with its mean gray: it keeps a random factor of its contrast."""
def random_flip_left_right(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Exchange left and right of an image, with probability 1/2."""
def random_flip_top_bottom(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Exchange top and bottom of an image, with probability 1/2."""
def random_hue(
    data: NDArray,
    min_factor: float,
    max_factor: float,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Turn the hue of an image by a random part of the color circle."""
def random_lighting(
    data: NDArray,
    alpha_std: float = 0.05,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Shift the colors of an image by random amounts along the axes of `adjust_lighting`."""
def random_saturation(
    data: NDArray,
    min_factor: float,
    max_factor: float,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Mix an image with gray: it keeps a random factor of its colors."""
def resize(
    data: NDArray,
    size: ShapeLike = (),
    keep_ratio: bool = False,
    interp: int = 1,
    out: NDArray | None = None,
    name: str | None = None,
) -> NDArray:
    """Resize an image, with channels last."""
def to_tensor(data: NDArray, out: NDArray | None = None, name: str | None = None) -> NDArray:
    """Convert images with channels last to float32 arrays with channels first, divided by 255."""
