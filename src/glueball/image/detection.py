"""MXNet's module of this name: augmenters and an iterator for pictures with boxes."""

from .create_det_augmenter import CreateDetAugmenter, CreateMultiRandCropAugmenter
from .det_augmenter import DetAugmenter, DetBorrowAug, DetHorizontalFlipAug, DetRandomSelectAug
from .det_geometry import DetRandomCropAug, DetRandomPadAug
from .image_det_iter import ImageDetIter

__all__ = [
    "CreateDetAugmenter", "CreateMultiRandCropAugmenter", "DetAugmenter", "DetBorrowAug", "DetHorizontalFlipAug",
    "DetRandomCropAug", "DetRandomPadAug", "DetRandomSelectAug", "ImageDetIter",
]  # fmt: skip
