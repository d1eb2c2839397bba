"""From a record to its place in a batch."""

from __future__ import annotations

from random import Random
from types import ModuleType, SimpleNamespace

import numpy as np

from ...core.errors import MXNetError
from ...core.opencv import opencv
from .color import Color
from .geometry import Geometry
from .labels import ImageList, labelled
from .normalizing import Normalizer
from .pipeline import Places


def decoded(owner: str, cv2: ModuleType, image: np.ndarray, number: int, channels: int) -> np.ndarray:
    """Return the pixels of an image: gray, or blue, green and red, with what covers them as a fourth channel."""
    how = {1: cv2.IMREAD_GRAYSCALE, 3: cv2.IMREAD_COLOR}.get(channels, cv2.IMREAD_UNCHANGED)
    with opencv(f"{owner}: the record of image {number} must hold an image that OpenCV can decode"):
        pixels: np.ndarray | None = cv2.imdecode(image, how) if len(image) else None
    if pixels is None:
        raise MXNetError(
            f"{owner}: the record of image {number} must hold an image that OpenCV can decode; received "
            f"{len(image)} bytes that are none; pack it anew, or leave it out"
        )
    if channels == 4 and (pixels.ndim < 3 or pixels.shape[2] != 4):
        raise MXNetError(
            f"{owner}: image {number} must have 4 channels for this data_shape; received "
            f"{1 if pixels.ndim < 3 else pixels.shape[2]} channels; use a data_shape with 3"
        )
    return pixels


class Classified:
    """Decodes images with labels of one width.

    Parameters
    ----------
    owner : str
        The public name, for messages.
    options : namespace
        The arguments of `ImageRecordIter`.
    cv2 : module
        OpenCV.
    normalizer : Normalizer
        Writes the pixels.
    numbers : bool
        Whether a batch gets the numbers of its images, as in older iterators; others say 0.
    """

    def __init__(
        self, owner: str, options: SimpleNamespace, cv2: ModuleType, normalizer: Normalizer, numbers: bool
    ) -> None:
        self._owner, self._cv2, self._numbers = owner, cv2, numbers
        self._channels, self._width = options.data_shape[0], options.label_width
        self._list = ImageList(owner, options.path_imglist, options.label_width) if options.path_imglist else None
        self._geometry = Geometry(owner, options, cv2)
        self._color = Color(options, cv2)
        if self._color.changes and self._channels != 3:
            raise MXNetError(
                f"{owner}: colors can be changed of images with 3 channels only; received data_shape "
                f"{tuple(options.data_shape)}; leave out brightness, contrast, saturation, pca_noise, random_h, "
                "random_s and random_l"
            )
        self._normalizer = normalizer

    def __call__(self, record: bytes, rng: Random, places: Places) -> None:
        """Decode a record into the places of its sample."""
        number, labels, image = labelled(record)
        labels = labels if self._list is None else self._list.of(number)
        if len(labels) != self._width:
            raise MXNetError(
                f"{self._owner}: label_width must be the number of labels of each image; received {self._width}, and "
                f"image {number} has {len(labels)}"
            )
        if self._numbers:
            places.index[0] = number
        places.label[0] = labels if self._width > 1 else labels[0]
        pixels = decoded(self._owner, self._cv2, image, number, self._channels)
        pixels = self._geometry(pixels, rng)
        if self._color.changes:
            pixels = self._color(pixels, rng)
        self._normalizer(pixels, rng, places.data)
