"""The shape of images: resizing, turning, padding and cropping, in MXNet's order and with its pixels."""

from __future__ import annotations

import math
from random import Random
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from ...core.errors import MXNetError
from ...core.pictures import method_by_size

_AUTO, _RANDOM = 9, 10
_METHODS = (0, 1, 2, 3, 4, _AUTO, _RANDOM)
_NO_LIMIT = 1e10
_TRIES = 10

# A warped position is a whole pixel and 32nds of one, from coordinates in 1024ths.
_FINE, _COARSE = 10, 5


class Geometry:
    """Brings an image to the height and width of the data.

    Parameters
    ----------
    owner : str
        The public name, for messages.
    options : namespace
        The arguments of `ImageRecordIter`.
    cv2 : module
        OpenCV.
    """

    def __init__(self, owner: str, options: SimpleNamespace, cv2: ModuleType) -> None:
        self._owner, self._options, self._cv2 = owner, options, cv2
        self._height, self._width = options.data_shape[1:]
        self._ratios = _ratios(options)
        _check(owner, options, self._ratios)
        warped = (
            options.max_rotate_angle > 0 or options.rotate > 0 or options.max_shear_ratio > 0
            or options.min_random_scale != 1 or options.max_random_scale != 1
            or options.min_img_size != 0 or options.max_img_size != _NO_LIMIT
        )  # fmt: skip
        reshaped = options.max_aspect_ratio != 0 or options.min_aspect_ratio is not None
        self._most_angle = max(0, options.max_rotate_angle)
        self._is_warped = warped or (reshaped and not options.random_resized_crop)
        if self._is_warped and options.inter_method == 0:
            raise MXNetError(
                f"{owner}: inter_method must not be 0 where images are rotated, sheared or scaled; received 0; use 1"
            )

    def __call__(self, image: np.ndarray, rng: Random) -> np.ndarray:
        """Return the image of the right height and width."""
        options = self._options
        if options.resize > 0:
            image = self._shorter_edge(image, options.resize, rng)
        if self._is_warped:
            image = self._warped(image, rng)
        if options.pad > 0:
            color = (options.fill_value,) * 4
            edge = (options.pad,) * 4
            image = self._cv2.copyMakeBorder(image, *edge, self._cv2.BORDER_CONSTANT, value=color)
        if options.random_resized_crop:
            found = self._random_resized_crop(image, rng)
            if found is not None:
                return found
        if options.max_crop_size > 0:
            size = rng.randint(options.min_crop_size, options.max_crop_size)
            return self._resized(self._cropped(image, size, size, rng), self._width, self._height, rng)
        image = self._at_least(image, rng)
        return self._cropped(image, self._width, self._height, rng)

    def _resized(self, image: np.ndarray, width: int, height: int, rng: Random) -> np.ndarray:
        before = image.shape[1::-1]
        if before == (width, height):
            return image
        method = method_for(self._options.inter_method, before, (width, height), rng)
        resized: np.ndarray = self._cv2.resize(image, (width, height), interpolation=method)
        return resized

    def _shorter_edge(self, image: np.ndarray, size: int, rng: Random) -> np.ndarray:
        height, width = image.shape[:2]
        if height > width:
            return self._resized(image, size, size * height // width, rng)
        return self._resized(image, size * width // height, size, rng)

    def _at_least(self, image: np.ndarray, rng: Random) -> np.ndarray:
        """Return the image, enlarged if it is smaller than the data: for its height first, then for its width."""
        height, width = image.shape[:2]
        if height < self._height:
            image = self._resized(image, self._height * width // height, self._height, rng)
        height, width = image.shape[:2]
        if width < self._width:
            image = self._resized(image, self._width, self._width * height // width, rng)
        return image

    def _cropped(self, image: np.ndarray, width: int, height: int, rng: Random) -> np.ndarray:
        down, right = image.shape[0] - height, image.shape[1] - width
        if down < 0 or right < 0:
            raise MXNetError(
                f"{self._owner}: max_crop_size must be at most the height and width of an image; received "
                f"{self._options.max_crop_size} for {image.shape[0]} x {image.shape[1]}"
            )
        if self._options.rand_crop:
            down, right = rng.randint(0, down), rng.randint(0, right)
        else:
            down, right = down // 2, right // 2
        return image[down : down + height, right : right + width]

    def _random_resized_crop(self, image: np.ndarray, rng: Random) -> np.ndarray | None:
        height, width = image.shape[:2]
        for _ in range(_TRIES):
            area = rng.uniform(self._options.min_random_area, self._options.max_random_area) * height * width
            ratio = rng.uniform(*self._ratios)
            wide, high = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if rng.random() < 0.5:
                wide, high = high, wide
            if 0 < wide <= width and 0 < high <= height:
                down, right = rng.randint(0, height - high), rng.randint(0, width - wide)
                part = image[down : down + high, right : right + wide]
                return self._resized(part, self._width, self._height, rng)
        return None

    def _warped(self, image: np.ndarray, rng: Random) -> np.ndarray:
        """Return the image rotated, sheared and scaled around its center."""
        options = self._options
        shear = rng.uniform(-options.max_shear_ratio, options.max_shear_ratio)
        angle = options.rotate if options.rotate > 0 else rng.randint(-self._most_angle, self._most_angle)
        a, b = math.cos(angle / 180 * math.pi), math.sin(angle / 180 * math.pi)
        scale = rng.uniform(options.min_random_scale, options.max_random_scale)
        ratio = 1.0 if options.random_resized_crop else rng.uniform(*self._ratios)
        high = 2 * scale / (1 + ratio)
        wide = ratio * high
        height, width = image.shape[:2]
        new_width, new_height = (
            max(options.min_img_size, min(options.max_img_size, scale * edge)) for edge in (width, height)
        )
        matrix = np.zeros((2, 3), np.float32)
        matrix[:, :2] = [[high * a - shear * b * wide, high * b + shear * a * wide], [-b * wide, a * wide]]
        # In single precision, step by step, as MXNet does; else some pixels differ by one level.
        center = matrix[:, 0] * np.float32(width) + matrix[:, 1] * np.float32(height)
        matrix[:, 2] = (np.array([new_width, new_height], np.float32) - center) / 2
        method = method_for(options.inter_method, (width, height), (new_width, new_height), rng)
        size = max(1, int(new_width)), max(1, int(new_height))
        return warped(self._cv2, image, matrix, size, method, options.fill_value)


def method_for(method: int, before: tuple[Any, ...], after: tuple[Any, ...], rng: Random) -> int:
    """Return OpenCV's number of an interpolation method, chosen by the sizes or by chance where it is 9 or 10."""
    if method == _AUTO:
        return method_by_size(before, after)
    return rng.randint(0, 4) if method == _RANDOM else method


def warped(
    cv2: ModuleType, image: np.ndarray, matrix: np.ndarray, size: tuple[int, int], method: int, fill: int
) -> np.ndarray:
    """Return an image under an affine map, with the positions rounded as the OpenCV of MXNet's time rounds them."""
    width, height = size
    ((a, b, c), (d, e, f)) = matrix.astype(np.float64).tolist()
    determinant = a * e - b * d
    factor = 1 / determinant if determinant else 0.0
    a, b, d, e = e * factor, -b * factor, -d * factor, a * factor
    c, f = -a * c - b * f, -d * c - e * f
    x, y = np.arange(width), np.arange(height)[:, None]
    one, half = 1 << _FINE, 1 << (_FINE - _COARSE - 1)
    across = _rounded((b * y + c) * one) + half + _rounded(a * x * one)
    along = _rounded((e * y + f) * one) + half + _rounded(d * x * one)
    across >>= _FINE - _COARSE
    along >>= _FINE - _COARSE
    whole = np.stack([across >> _COARSE, along >> _COARSE], 2).clip(-(2**15), 2**15 - 1).astype(np.int16)
    low = (1 << _COARSE) - 1
    part = ((along & low) << _COARSE | across & low).astype(np.uint16)
    method = cv2.INTER_LINEAR if method == cv2.INTER_AREA else method
    edge = {"borderMode": cv2.BORDER_CONSTANT, "borderValue": (fill,) * 4}
    result: np.ndarray = cv2.remap(image, whole, part, method, **edge)
    return result


def _rounded(values: np.ndarray) -> np.ndarray:
    whole: np.ndarray = np.rint(values).astype(np.int64)
    return whole


def _ratios(options: SimpleNamespace) -> tuple[float, float]:
    most = options.max_aspect_ratio
    return (1 - abs(most), 1 + abs(most)) if options.min_aspect_ratio is None else (options.min_aspect_ratio, most)


def _check(owner: str, options: SimpleNamespace, ratios: tuple[float, float]) -> None:
    if options.inter_method not in _METHODS:
        raise MXNetError(
            f"{owner}: inter_method must be one of {', '.join(map(str, _METHODS))}; received {options.inter_method}"
        )
    if options.resize == 0:
        raise MXNetError(f"{owner}: resize must be a size, or -1 for none; received 0")
    if min(options.min_random_scale, options.max_random_scale) < 0:
        raise MXNetError(
            f"{owner}: min_random_scale and max_random_scale must be at least 0; received {options.min_random_scale} "
            f"and {options.max_random_scale}"
        )
    if not 0 < ratios[0] <= ratios[1]:
        raise MXNetError(
            f"{owner}: aspect ratios must be more than 0 and in ascending order; received those from {ratios[0]} to "
            f"{ratios[1]}: min_aspect_ratio is {options.min_aspect_ratio}, max_aspect_ratio {options.max_aspect_ratio}"
        )
    sizes = (options.min_crop_size, options.max_crop_size)
    if sizes != (-1, -1) and not 0 < sizes[0] <= sizes[1]:
        raise MXNetError(
            f"{owner}: min_crop_size and max_crop_size must be given together, in ascending order; received {sizes}"
        )
    if options.random_resized_crop:
        scales = (options.min_random_scale, options.max_random_scale)
        if options.rand_crop or sizes != (-1, -1) or scales != (1, 1):
            raise MXNetError(
                f"{owner}: random_resized_crop must be used without rand_crop, crop sizes and random scales; received "
                f"rand_crop={options.rand_crop}, crop sizes {sizes} and random scales {scales}"
            )
        if options.min_random_area > options.max_random_area:
            raise MXNetError(
                f"{owner}: min_random_area must be at most max_random_area; received {options.min_random_area} and "
                f"{options.max_random_area}"
            )
