"""The colors of images: brightness, contrast, saturation, noise along the main directions of color, and hue."""

from __future__ import annotations

from random import Random
from types import ModuleType, SimpleNamespace

import numpy as np

_LEVELS = np.arange(256, dtype=np.float32)

# MXNet weighs the channels of its images, which are blue, green and red, with the weights for red, green and blue.
_GRAY = np.array([0.299, 0.587, 0.114])

# The main directions of the colors of ImageNet, for red, green and blue, and how far they vary.
_DIRECTIONS = np.array([[-0.5675, 0.7192, 0.4009], [-0.5808, -0.0045, -0.8140], [-0.5836, -0.6948, 0.4203]])
_EXTENTS = np.array([55.46, 4.794, 1.148])

_MOST_HUE = 180
_FLAT = 0.8


class Color:
    """Changes the colors of an image of blue, green and red by chance.

    Parameters
    ----------
    options : namespace
        The arguments of `ImageRecordIter`.
    cv2 : module
        OpenCV.
    """

    def __init__(self, options: SimpleNamespace, cv2: ModuleType) -> None:
        self._options, self._cv2 = options, cv2
        self._jitters = [
            (most, change)
            for most, change in (
                (options.brightness, self._brightness),
                (options.contrast, self._contrast),
                (options.saturation, self._saturation),
            )
            if most > 0
        ]
        #: Whether anything is to be done.
        self.changes = bool(
            self._jitters or options.pca_noise > 0 or options.random_h or options.random_s or options.random_l
        )

    def __call__(self, image: np.ndarray, rng: Random) -> np.ndarray:
        """Return the changed image."""
        options = self._options
        for most, change in rng.sample(self._jitters, len(self._jitters)):
            image = change(image, 1 + rng.uniform(-most, most))
        if options.pca_noise > 0:
            noise = np.array([rng.gauss(0, options.pca_noise) for _ in _EXTENTS])
            shift = (_DIRECTIONS @ (noise * _EXTENTS))[::-1]
            table = np.trunc((_LEVELS[:, None] + shift).clip(0, 255)).astype(np.uint8)
            image = self._cv2.LUT(image, table[None])
        if options.random_h or options.random_s or options.random_l:
            image = self._hue(image, rng)
        return image

    def _brightness(self, image: np.ndarray, factor: float) -> np.ndarray:
        return self._by_level(image, _LEVELS * factor)

    def _contrast(self, image: np.ndarray, factor: float) -> np.ndarray:
        gray = self._cv2.cvtColor(image, self._cv2.COLOR_RGB2GRAY).mean()
        return self._by_level(image, _LEVELS * factor + (1 - factor) * gray)

    def _saturation(self, image: np.ndarray, factor: float) -> np.ndarray:
        matrix = np.eye(3) * factor + (1 - factor) * _GRAY
        changed: np.ndarray = self._cv2.transform(image, matrix)
        return changed

    def _by_level(self, image: np.ndarray, levels: np.ndarray) -> np.ndarray:
        changed: np.ndarray = self._cv2.LUT(image, np.rint(levels.clip(0, 255)).astype(np.uint8))
        return changed

    def _hue(self, image: np.ndarray, rng: Random) -> np.ndarray:
        options, cv2 = self._options, self._cv2
        # MXNet's draws are not uniform: small shifts are as frequent as each other, large ones rarer.
        shift = [
            int(most * (rng.uniform(-_FLAT, _FLAT) + rng.uniform(_FLAT - 1, 1 - _FLAT)))
            for most in (options.random_h, options.random_l, options.random_s)
        ]
        levels = _LEVELS[:, None] + np.array(shift)
        table = levels.clip(0, [_MOST_HUE, 255, 255]).astype(np.uint8)
        changed = cv2.LUT(cv2.cvtColor(image, cv2.COLOR_BGR2HLS), table[None])
        result: np.ndarray = cv2.cvtColor(changed, cv2.COLOR_HLS2BGR)
        return result
