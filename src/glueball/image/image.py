"""MXNet's module of this name: reading and changing pictures, and iterating over them."""

from .crops import center_crop, fixed_crop, random_crop, random_size_crop
from .reading import imdecode, imread
from .resizing import _get_interp_method, color_normalize, copyMakeBorder, imresize, resize_short, scale_down  # noqa: F401
from .rotation import imrotate, random_rotate

__all__ = [
    "center_crop", "color_normalize", "copyMakeBorder", "fixed_crop", "imdecode", "imread", "imresize", "imrotate",
    "random_crop", "random_rotate", "random_size_crop", "resize_short", "scale_down",
]  # fmt: skip
