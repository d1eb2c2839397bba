"""MXNet's module of this name: reading and changing pictures, and iterating over them."""

from .augmenter import Augmenter, RandomOrderAug, SequentialAug
from .color_augmenters import (
    BrightnessJitterAug,
    CastAug,
    ColorJitterAug,
    ColorNormalizeAug,
    ContrastJitterAug,
    HueJitterAug,
    LightingAug,
    RandomGrayAug,
    SaturationJitterAug,
)
from .create_augmenter import CreateAugmenter
from .crops import center_crop, fixed_crop, random_crop, random_size_crop
from .geometric_augmenters import (
    CenterCropAug,
    ForceResizeAug,
    HorizontalFlipAug,
    RandomCropAug,
    RandomSizedCropAug,
    ResizeAug,
)
from .image_iter import ImageIter
from .reading import imdecode, imread
from .resizing import _get_interp_method, color_normalize, copyMakeBorder, imresize, resize_short, scale_down  # noqa: F401
from .rotation import imrotate, random_rotate

__all__ = [
    "Augmenter", "BrightnessJitterAug", "CastAug", "CenterCropAug", "ColorJitterAug", "ColorNormalizeAug",
    "ContrastJitterAug", "CreateAugmenter", "ForceResizeAug", "HorizontalFlipAug", "HueJitterAug", "ImageIter",
    "LightingAug", "RandomCropAug", "RandomGrayAug", "RandomOrderAug", "RandomSizedCropAug", "ResizeAug",
    "SaturationJitterAug", "SequentialAug", "center_crop", "color_normalize", "copyMakeBorder", "fixed_crop",
    "imdecode", "imread", "imresize", "imrotate", "random_crop", "random_rotate", "random_size_crop",
    "resize_short", "scale_down",
]  # fmt: skip
