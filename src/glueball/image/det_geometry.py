"""Augmenters for detection that cut a part out of a picture, or put it somewhere into a larger one."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np

from ..core.errors import InvalidTypeError, RefusedError
from ..ndarray import NDArray
from .crops import fixed_crop
from .det_augmenter import DetAugmenter, Pair
from .resizing import copyMakeBorder

Range = tuple[float, float]

_SMALLEST = 2  # pixels of what counts as an object, or as a part of a picture
_NEARLY_HALF = 0.4999999  # what is added to a length rounds to that length
_ISOLATED = 16  # OpenCV's constant border


def _as_range(owner: str, name: str, given: float | Range) -> Range:
    if isinstance(given, Real):
        return given, given
    if not isinstance(given, tuple | list):
        raise RefusedError(f"{owner}: {name} must be a number or two; received {given!r}")
    return given


def _check(owner: str, name: str, given: Range, fits: bool, rule: str) -> None:
    if not fits or given[0] > given[1]:
        raise InvalidTypeError(f"{owner}: {name} must be two numbers, the smaller first, {rule}; received {given}")


class DetRandomCropAug(DetAugmenter):
    """Cuts a random part out of a picture, that shows enough of the objects, and leaves out those hardly seen.

    Random numbers come from Python's `random`, as in MXNet. Where no part is found, the picture stays as it is.

    Parameters
    ----------
    min_object_covered : float, default 0.1
        How much at least is seen of each object that is seen at all.
    aspect_ratio_range : float or tuple of float
        The smallest and the largest quotient of width and height.
    area_range : float or tuple of float
        The smallest and the largest part of the area.
    min_eject_coverage : float, default 0.3
        Objects of which no more than this is seen are left out.
    max_attempts : int, default 50
        How many parts are tried.

    Examples
    --------
    >>> import numpy as np
    >>> import glueball as mx
    >>> crop = mx.image.DetRandomCropAug(area_range=(0.5, 0.9))
    >>> src, label = crop(mx.nd.ones((40, 40, 3)), np.array([[0, 0.25, 0.25, 0.75, 0.75]]))
    >>> label.shape
    (1, 5)
    """

    def __init__(
        self, min_object_covered: float = 0.1, aspect_ratio_range: float | Range = (0.75, 1.33),
        area_range: float | Range = (0.05, 1.0), min_eject_coverage: float = 0.3, max_attempts: int = 50,
    ) -> None:  # fmt: skip
        owner = type(self).__name__
        aspect_ratio_range = _as_range(owner, "aspect_ratio_range", aspect_ratio_range)
        area_range = _as_range(owner, "area_range", area_range)
        super().__init__(
            min_object_covered=min_object_covered, aspect_ratio_range=aspect_ratio_range, area_range=area_range,
            min_eject_coverage=min_eject_coverage, max_attempts=max_attempts,
        )  # fmt: skip
        _check(owner, "area_range", area_range, area_range[1] > 0, "above 0")
        _check(owner, "aspect_ratio_range", aspect_ratio_range, aspect_ratio_range[0] > 0, "above 0")
        self.min_object_covered = min_object_covered
        self.min_eject_coverage = min_eject_coverage
        self.max_attempts = max_attempts
        self.aspect_ratio_range = aspect_ratio_range
        self.area_range = area_range
        self.enabled = True

    def __call__(self, src: NDArray, label: np.ndarray) -> Pair:
        found = self._random_crop_proposal(label, src.shape[0], src.shape[1])
        if not found:
            return src, label
        x, y, width, height, label = found
        return fixed_crop(src, x, y, width, height, None), label

    def _calculate_areas(self, label: np.ndarray) -> np.ndarray:
        """Return the areas of boxes, (N, 4)."""
        sides: np.ndarray = np.maximum(0, label[:, 2:4] - label[:, :2])
        areas: np.ndarray = sides[:, 0] * sides[:, 1]
        return areas

    def _intersect(self, label: np.ndarray, xmin: float, ymin: float, xmax: float, ymax: float) -> np.ndarray:
        """Return the parts of boxes that lie in another one; zeros where there is none."""
        begin = np.maximum(label[:, :2], (xmin, ymin))
        end = np.minimum(label[:, 2:4], (xmax, ymax))
        parts = np.concatenate([begin, end, label[:, 4:]], axis=1)
        parts[(begin >= end).any(axis=1)] = 0
        return parts

    def _check_satisfy_constraints(
        self, label: np.ndarray, xmin: float, ymin: float, xmax: float, ymax: float, width: int, height: int
    ) -> bool:
        """Return whether a part of a picture shows an object, and enough of each that it shows."""
        if (xmax - xmin) * (ymax - ymin) < _SMALLEST:
            return False
        boxes = label[:, 1:]
        areas = self._calculate_areas(boxes)
        large = areas * width * height > _SMALLEST
        if not large.any():
            return False
        seen = self._intersect(boxes[large], xmin / width, ymin / height, xmax / width, ymax / height)
        covered = self._calculate_areas(seen) / areas[large]
        covered = covered[covered > 0]
        return bool(covered.size and covered.min() > self.min_object_covered)

    def _update_labels(self, label: np.ndarray, crop_box: Sequence[int], height: int, width: int) -> np.ndarray | None:
        """Return the label of a part (x, y, width, height) of a picture, or None if no object is left."""
        x, y, w, h = crop_box[0] / width, crop_box[1] / height, crop_box[2] / width, crop_box[3] / height
        moved = label.copy()
        moved[:, (1, 3)] = (moved[:, (1, 3)] - x) / w
        moved[:, (2, 4)] = (moved[:, (2, 4)] - y) / h
        moved[:, 1:5] = np.clip(moved[:, 1:5], 0, 1)
        covered = self._calculate_areas(moved[:, 1:]) * w * h / self._calculate_areas(label[:, 1:])
        kept = (moved[:, 3] > moved[:, 1]) & (moved[:, 4] > moved[:, 2]) & (covered > self.min_eject_coverage)
        return moved[kept] if kept.any() else None

    def _random_crop_proposal(self, label: np.ndarray, height: int, width: int) -> tuple[Any, ...]:
        """Return (x, y, width, height, label) of a random part; () if none was found."""
        if not self.enabled or height <= 0 or width <= 0:
            return ()
        smallest, largest = (part * height * width for part in self.area_range)
        for _ in range(self.max_attempts):
            shape = random.uniform(*self.aspect_ratio_range)
            if shape <= 0:
                continue
            w, h = self._glueball_random_size(shape, smallest, largest, height, width)
            if not (smallest <= w * h <= largest and 0 <= w <= width and 0 <= h <= height):
                continue
            y = random.randint(0, max(0, height - h))
            x = random.randint(0, max(0, width - w))
            if self._check_satisfy_constraints(label, x, y, x + w, y + h, width, height):
                changed = self._update_labels(label, (x, y, w, h), height, width)
                if changed is not None:
                    return x, y, w, h, changed
        return ()

    @staticmethod
    def _glueball_random_size(
        shape: float, smallest: float, largest: float, height: int, width: int
    ) -> tuple[int, int]:
        """Return a random width and height of a given quotient, where the picture and the areas allow it."""
        highest = round(math.sqrt(largest / shape))
        if round(highest * shape) > width:
            highest = int((width + _NEARLY_HALF) / shape)
        highest = min(highest, height)
        h = min(round(math.sqrt(smallest / shape)), highest)
        if h < highest:
            h = random.randint(h, highest)
        w = round(h * shape)
        if w * h < smallest:
            h += 1
            w = round(h * shape)
        if w * h > largest:
            h -= 1
            w = round(h * shape)
        return w, h


class DetRandomPadAug(DetAugmenter):
    """Puts a picture at a random place into a larger one of one color.

    Random numbers come from Python's `random`, as in MXNet. Where no size is found, the picture stays as it is.

    Parameters
    ----------
    aspect_ratio_range : float or tuple of float
        The smallest and the largest quotient of width and height of the larger picture.
    area_range : float or tuple of float
        The smallest and the largest area of it, in areas of the picture.
    max_attempts : int, default 50
        How many sizes are tried.
    pad_val : number or tuple of number
        The color, for each channel.

    Examples
    --------
    >>> import numpy as np
    >>> import glueball as mx
    >>> pad = mx.image.DetRandomPadAug(area_range=(4, 4), aspect_ratio_range=1)
    >>> src, label = pad(mx.nd.ones((40, 40, 3)), np.array([[0, 0, 0, 1, 1.0]]))
    >>> src.shape, round(float(label[0, 3] - label[0, 1]), 3)
    ((80, 80, 3), 0.5)
    """

    def __init__(
        self, aspect_ratio_range: float | Range = (0.75, 1.33), area_range: float | Range = (1.0, 3.0),
        max_attempts: int = 50, pad_val: Any = (128, 128, 128),
    ) -> None:  # fmt: skip
        owner = type(self).__name__
        if not isinstance(pad_val, Real | list | tuple):
            raise RefusedError(f"{owner}: pad_val must be a number, or one for each channel; received {pad_val!r}")
        aspect_ratio_range = _as_range(owner, "aspect_ratio_range", aspect_ratio_range)
        area_range = _as_range(owner, "area_range", area_range)
        super().__init__(
            aspect_ratio_range=aspect_ratio_range, area_range=area_range, max_attempts=max_attempts, pad_val=pad_val
        )
        _check(owner, "area_range", area_range, area_range[1] > 1, "the larger above 1")
        _check(owner, "aspect_ratio_range", aspect_ratio_range, aspect_ratio_range[0] > 0, "above 0")
        self.pad_val = pad_val
        self.aspect_ratio_range = aspect_ratio_range
        self.area_range = area_range
        self.max_attempts = max_attempts
        self.enabled = True

    def __call__(self, src: NDArray, label: np.ndarray) -> Pair:
        rows, columns = src.shape[:2]
        found = self._random_pad_proposal(label, rows, columns)
        if not found:
            return src, label
        x, y, width, height, label = found
        values: Any = (self.pad_val,) * src.shape[2] if isinstance(self.pad_val, Real) else self.pad_val
        padded: Any = copyMakeBorder(src, y, height - y - rows, x, width - x - columns, _ISOLATED, values=values)
        return padded, label

    def _update_labels(self, label: np.ndarray, pad_box: Sequence[int], height: int, width: int) -> np.ndarray:
        """Return the label of a picture that lies in a larger one: (x, y, width, height of the larger one)."""
        moved = label.copy()
        moved[:, (1, 3)] = (moved[:, (1, 3)] * width + pad_box[0]) / pad_box[2]
        moved[:, (2, 4)] = (moved[:, (2, 4)] * height + pad_box[1]) / pad_box[3]
        return moved

    def _random_pad_proposal(self, label: np.ndarray, height: int, width: int) -> tuple[Any, ...]:
        """Return (x, y, width, height, label) of a random larger picture; () if none was found."""
        if not self.enabled or height <= 0 or width <= 0:
            return ()
        smallest, largest = (part * height * width for part in self.area_range)
        for _ in range(self.max_attempts):
            shape = random.uniform(*self.aspect_ratio_range)
            if shape <= 0:
                continue
            highest = round(math.sqrt(largest / shape))
            h = round(math.sqrt(smallest / shape))
            if round(h * shape) < width:
                h = int((width + _NEARLY_HALF) / shape)
            h = min(max(h, height), highest)
            if h < highest:
                h = random.randint(h, highest)
            w = round(h * shape)
            if h - height < _SMALLEST or w - width < _SMALLEST:
                continue
            y = random.randint(0, max(0, h - height))
            x = random.randint(0, max(0, w - width))
            return x, y, w, h, self._update_labels(label, (x, y, w, h), height, width)
        return ()
