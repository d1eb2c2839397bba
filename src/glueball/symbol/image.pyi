"""The functions of symbol.image.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, overload

from ..core.annotations import ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike, ShapesLike
from .symbol import Symbol

def adjust_lighting(
    data: Symbol | None = None,
    alpha: FloatsLike = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Shift the colors of an image along the axes on which those of natural images vary."""
def crop(
    data: Symbol | None = None,
    x: int = ...,
    y: int = ...,
    width: int = ...,
    height: int = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Cut a rectangle out of an image."""
def flip_left_right(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Exchange left and right of an image."""
def flip_top_bottom(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Exchange top and bottom of an image."""
def normalize(
    data: Symbol | None = None,
    mean: FloatsLike = (0.0, 0.0, 0.0, 0.0),
    std: FloatsLike = (1.0, 1.0, 1.0, 1.0),
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Subtract a mean from each channel and divide by a standard deviation."""
def random_brightness(
    data: Symbol | None = None,
    min_factor: float = ...,
    max_factor: float = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Multiply an image by a random factor."""
def random_color_jitter(
    data: Symbol | None = None,
    brightness: float = ...,
    contrast: float = ...,
    saturation: float = ...,
    hue: float = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Change brightness, contrast, saturation and hue of an image by random amounts, in random order."""
def random_contrast(
    data: Symbol | None = None,
    min_factor: float = ...,
    max_factor: float = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Mix an image with its mean gray: it keeps a random factor of its contrast."""
def random_flip_left_right(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Exchange left and right of an image, with probability 1/2."""
def random_flip_top_bottom(
    data: Symbol | None = None,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Exchange top and bottom of an image, with probability 1/2."""
def random_hue(
    data: Symbol | None = None,
    min_factor: float = ...,
    max_factor: float = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Turn the hue of an image by a random part of the color circle."""
def random_lighting(
    data: Symbol | None = None,
    alpha_std: float = 0.05,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Shift the colors of an image by random amounts along the axes of `adjust_lighting`."""
def random_saturation(
    data: Symbol | None = None,
    min_factor: float = ...,
    max_factor: float = ...,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Mix an image with gray: it keeps a random factor of its colors."""
def resize(
    data: Symbol | None = None,
    size: ShapeLike = (),
    keep_ratio: bool = False,
    interp: int = 1,
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Resize an image, with channels last."""
def to_tensor(data: Symbol | None = None, name: str | None = None, attr: Mapping[str, str] | None = None) -> Symbol:
    """Convert images with channels last to float32 arrays with channels first, divided by 255."""
