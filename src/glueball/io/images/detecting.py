"""From a record with boxes to its place in a batch."""

from __future__ import annotations

from random import Random
from types import ModuleType, SimpleNamespace

import numpy as np

from ...core.errors import MXNetError
from .boxes import RandomCrop, Scene, mirrored, padded
from .decoding import decoded
from .geometry import method_for
from .labels import ImageList, labelled
from .normalizing import Normalizer
from .pipeline import Places

_LEVELS = np.arange(256, dtype=np.float32)
_MOST_HUE = 180

#: What stands before the labels of an image in a batch: channels, height, width, and how many labels follow.
BEFORE = 4


class Detected:
    """Decodes images with any number of boxes.

    Parameters
    ----------
    owner : str
        The public name, for messages.
    options : namespace
        The arguments of `ImageDetRecordIter`.
    cv2 : module
        OpenCV.
    normalizer : Normalizer
        Writes the pixels.
    """

    def __init__(self, owner: str, options: SimpleNamespace, cv2: ModuleType, normalizer: Normalizer) -> None:
        self._owner, self._options, self._cv2, self._normalizer = owner, options, cv2, normalizer
        self._channels, self._height, self._width = options.data_shape
        self._list = ImageList(owner, options.path_imglist, options.label_width) if options.path_imglist else None
        self._crop = RandomCrop(owner, options)

    def labels(self, record: bytes) -> tuple[int, np.ndarray, np.ndarray]:
        """Return the number of an image, its labels and the image as it is stored."""
        number, labels, image = labelled(record)
        labels = labels if self._list is None else self._list.of(number)
        expected = self._options.label_width
        if 0 < expected != len(labels):
            raise MXNetError(
                f"{self._owner}: label_width must be the number of labels of each image; received {expected}, and "
                f"image {number} has {len(labels)}; leave it out"
            )
        before, width = (int(labels[0]), int(labels[1])) if len(labels) > 1 else (0, 0)
        if before < 2 or width < 5 or len(labels) < before + width or (len(labels) - before) % width:
            raise MXNetError(
                f"{self._owner}: the labels of image {number} must begin with the number of labels before the boxes, 2 "
                "or more, and that of a box, 5 or more: a class, left, top, right and bottom; received "
                f"{labels[:12].tolist()}"
            )
        return number, labels, image

    def __call__(self, record: bytes, rng: Random, places: Places) -> None:
        """Decode a record into the places of its sample."""
        options, cv2 = self._options, self._cv2
        number, labels, stored = self.labels(record)
        before = int(labels[0])
        image = decoded(self._owner, cv2, stored, number, self._channels)
        scene = Scene(image, labels[before:].reshape(-1, int(labels[1])))
        if options.resize > 0:
            scene = scene._replace(image=self._shorter_edge(scene.image, rng))
        scene = scene._replace(image=self._colored(scene.image, rng))
        if rng.random() < options.rand_mirror_prob:
            scene = mirrored(cv2, scene)
        if rng.random() < options.rand_pad_prob and options.max_pad_scale > 1:
            scene = padded(cv2, scene, rng.uniform(1, options.max_pad_scale), options.fill_value, rng)
        if rng.random() < options.rand_crop_prob:
            scene = self._crop(scene, rng)
        image = self._fitted(scene.image, rng)
        height, width = image.shape[:2]
        room = (0, self._height - height, 0, self._width - width)
        image = cv2.copyMakeBorder(image, *room, cv2.BORDER_CONSTANT, value=(0,) * 4) if any(room) else image
        self._normalizer(image, rng, places.data)
        places.index[0] = number
        found = [self._channels, height, width, before + scene.boxes.size, *labels[:before], *scene.boxes.ravel()]
        places.label[0, : len(found)] = found

    def _resized(self, image: np.ndarray, size: tuple[int, int], rng: Random) -> np.ndarray:
        method = method_for(self._options.inter_method, image.shape[1::-1], size, rng)
        resized: np.ndarray = self._cv2.resize(image, size, interpolation=method)
        return resized

    def _shorter_edge(self, image: np.ndarray, rng: Random) -> np.ndarray:
        height, width = image.shape[:2]
        size = self._options.resize
        return self._resized(
            image, (size, size * height // width) if height > width else (size * width // height, size), rng
        )

    def _fitted(self, image: np.ndarray, rng: Random) -> np.ndarray:
        height, width = image.shape[:2]
        size = (self._width, self._height)
        if self._options.resize_mode != "force":
            scale = min(self._width / width, self._height / height)
            if self._options.resize_mode == "shrink":
                scale = min(1.0, scale)
            size = (int(width * scale), int(height * scale))
        return image if size == (width, height) else self._resized(image, size, rng)

    def _colored(self, image: np.ndarray, rng: Random) -> np.ndarray:
        options, cv2 = self._options, self._cv2
        shifts = [
            rng.randint(-abs(most), abs(most)) if rng.random() < chance else 0
            for most, chance in (
                (options.max_random_hue, options.random_hue_prob),
                (options.max_random_illumination, options.random_illumination_prob),
                (options.max_random_saturation, options.random_saturation_prob),
            )
        ]
        factor = 1.0
        if rng.random() < options.random_contrast_prob:
            factor += rng.uniform(-options.max_random_contrast, options.max_random_contrast)
        if any(shifts):
            table = (_LEVELS[:, None] + np.array(shifts)).clip(0, [_MOST_HUE, 255, 255]).astype(np.uint8)
            image = cv2.cvtColor(cv2.LUT(cv2.cvtColor(image, cv2.COLOR_BGR2HLS), table[None]), cv2.COLOR_HLS2BGR)
        if factor != 1:
            image = cv2.LUT(image, np.rint((_LEVELS * factor).clip(0, 255)).astype(np.uint8))
        return image
