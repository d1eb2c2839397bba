"""Pixels become the numbers of a batch: channel by channel, with mean, scale and deviation."""

from __future__ import annotations

from random import Random
from types import ModuleType, SimpleNamespace

import numpy as np

from ...core.errors import MXNetError

_LEVELS = np.arange(256, dtype=np.float32)

#: The channels of an image in the order in which they lie in a batch: red, green and blue, and what covers them.
_ORDER = {1: (0,), 3: (2, 1, 0), 4: (2, 1, 0, 3)}


class Normalizer:
    """Writes an image into its place in a batch.

    A pixel has one of 256 levels, so that a table for each channel has the result of all arithmetic.

    Parameters
    ----------
    owner : str
        The public name, for messages.
    options : namespace
        The arguments of `ImageRecordIter`.
    dtype : numpy.dtype
        The type of the batch: float32, int8 or uint8.
    order : {'at once', 'scale first', 'deviation first'}
        Whether values are multiplied by ``scale`` divided by the deviation, or by one after the other: iterators differ
        in the last bit.
    cv2 : module
        OpenCV.
    mean : numpy.ndarray, optional
        The mean image, of the shape of the data, instead of a mean for each channel.
    """

    def __init__(
        self, owner: str, options: SimpleNamespace, dtype: np.dtype, order: str, cv2: ModuleType,
        mean: np.ndarray | None,
    ) -> None:  # fmt: skip
        channels = options.data_shape[0]
        if channels not in _ORDER:
            raise MXNetError(f"{owner}: data_shape must begin with 1, 3 or 4 channels; received {options.data_shape}")
        if mean is not None and mean.shape != tuple(options.data_shape):
            raise MXNetError(
                f"{owner}: mean_img must have the shape of the data, {tuple(options.data_shape)}; received "
                f"{mean.shape} from {options.mean_img}"
            )
        self._options, self._dtype, self._arithmetic, self._cv2 = options, dtype, order, cv2
        self._order = _ORDER[channels]
        self._mean = mean
        names = "rgba"[:channels]
        self._means = [np.float32(getattr(options, f"mean_{name}")) for name in names]
        self._deviations = [np.float32(getattr(options, f"std_{name}")) for name in names]
        if any(deviation == 0 for deviation in self._deviations):
            raise MXNetError(f"{owner}: std_r, std_g, std_b and std_a must not be 0; received {self._deviations}")
        self._varies = options.max_random_contrast > 0 or options.max_random_illumination > 0
        self._tables = [self._table(channel, 1.0, 0.0) for channel in range(channels)]

    def __call__(self, image: np.ndarray, rng: Random, place: np.ndarray) -> None:
        """Write an image of height, width and channels to an array of channels, height and width."""
        options = self._options
        contrast, illumination = 1.0, 0.0
        mirrors = options.mirror or (options.rand_mirror and rng.random() < 0.5)
        if self._varies and self._dtype == np.float32:
            contrast += rng.uniform(-options.max_random_contrast, options.max_random_contrast)
            illumination = rng.uniform(-options.max_random_illumination, options.max_random_illumination)
        planes = [image] if image.ndim == 2 else self._cv2.split(image)
        if self._mean is not None and self._dtype == np.float32:
            self._with_mean_image(planes, mirrors, contrast, illumination, place)
            return
        for channel, source in enumerate(self._order):
            plane = self._cv2.flip(planes[source], 1) if mirrors else planes[source]
            if self._dtype == np.uint8:
                place[channel] = plane
                continue
            table = self._table(channel, contrast, illumination) if self._varies else self._tables[channel]
            self._cv2.LUT(plane, table, place[channel])

    def _with_mean_image(
        self, planes: list[np.ndarray], mirrors: bool, contrast: float, illumination: float, place: np.ndarray
    ) -> None:
        assert self._mean is not None
        for channel, source in enumerate(self._order):
            values = self._scaled(planes[source] - self._mean[channel], channel, contrast, illumination)
            place[channel] = values[:, ::-1] if mirrors else values

    def _table(self, channel: int, contrast: float, illumination: float) -> np.ndarray:
        if self._dtype == np.int8:
            # MXNet rounds the mean, not the difference.
            levels: np.ndarray = _LEVELS - np.floor(self._means[channel] + 0.5)
            return levels.clip(-128, 127).astype(np.int8)
        return self._scaled(_LEVELS - self._means[channel], channel, contrast, illumination)

    def _scaled(self, values: np.ndarray, channel: int, contrast: float, illumination: float) -> np.ndarray:
        scale, deviation = np.float32(self._options.scale), self._deviations[channel]
        values = values * np.float32(contrast) + np.float32(illumination)
        if self._arithmetic == "scale first":
            return values * scale / deviation
        if self._arithmetic == "deviation first":
            return values / deviation * scale
        return values * (scale / deviation)
