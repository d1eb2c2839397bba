"""Boxes of objects in an image, and how they change with it: mirrored, padded and cropped.

The boxes are rows of a class, left, top, right and bottom, as parts of the width and the height, and further numbers.
"""

from __future__ import annotations

import math
from random import Random
from types import ModuleType, SimpleNamespace
from typing import NamedTuple

import numpy as np

from ...core.errors import MXNetError

_EVERYTHING = (0.0, 1.0)
_LIMITS = ("overlaps", "sample_coverages", "object_coverages")


class Scene(NamedTuple):
    """An image and the boxes in it."""

    image: np.ndarray
    boxes: np.ndarray


class _Sampler(NamedTuple):
    """What a random crop must be like."""

    scale: tuple[float, float]
    ratio: tuple[float, float]
    overlap: tuple[float, float]
    sample_coverage: tuple[float, float]
    object_coverage: tuple[float, float]
    trials: int


def mirrored(cv2: ModuleType, scene: Scene) -> Scene:
    """Return a scene as in a mirror."""
    boxes = scene.boxes.copy()
    boxes[:, 1], boxes[:, 3] = 1 - scene.boxes[:, 3], 1 - scene.boxes[:, 1]
    return Scene(cv2.flip(scene.image, 1), boxes)


def padded(cv2: ModuleType, scene: Scene, scale: float, fill: int, rng: Random) -> Scene:
    """Return a scene within a border, so that it is larger by a factor."""
    height, width = scene.image.shape[:2]
    down, right = int(height * scale) - height, int(width * scale) - width
    if down <= 0 and right <= 0:
        return scene
    top, left = rng.randint(0, down), rng.randint(0, right)
    image = cv2.copyMakeBorder(
        scene.image, top, down - top, left, right - left, cv2.BORDER_CONSTANT, value=(fill,) * 4
    )  # fmt: skip
    boxes = scene.boxes.copy()
    boxes[:, 1:5:2] = (boxes[:, 1:5:2] * width + left) / (width + right)
    boxes[:, 2:5:2] = (boxes[:, 2:5:2] * height + top) / (height + down)
    return Scene(image, boxes)


class RandomCrop:
    """Crops images so that objects stay in them.

    Parameters
    ----------
    owner : str
        The public name, for messages.
    options : namespace
        The arguments of `ImageDetRecordIter`.
    """

    def __init__(self, owner: str, options: SimpleNamespace) -> None:
        self._by_center = options.crop_emit_mode == "center"
        self._least = options.emit_overlap_thresh
        self._samplers = _samplers(owner, options)

    def __call__(self, scene: Scene, rng: Random) -> Scene:
        """Return a part of the image with the boxes that remain; the whole where no try succeeds."""
        height, width = scene.image.shape[:2]
        for sampler in rng.sample(self._samplers, len(self._samplers)):
            for _ in range(sampler.trials):
                region = _drawn(sampler, width / height, rng)
                if not _is_fit(sampler, region, scene.boxes):
                    continue
                boxes = self._remaining(region, scene.boxes)
                if len(boxes):
                    left, top, right, bottom = region
                    x, y = int(left * width), int(top * height)
                    wide, high = int((right - left) * width), int((bottom - top) * height)
                    if wide > 0 and high > 0:
                        return Scene(scene.image[y : y + high, x : x + wide], boxes)
        return scene

    def _remaining(self, region: np.ndarray, boxes: np.ndarray) -> np.ndarray:
        if self._by_center:
            x, y = (boxes[:, 1] + boxes[:, 3]) / 2, (boxes[:, 2] + boxes[:, 4]) / 2
            stays = (x >= region[0]) & (x <= region[2]) & (y >= region[1]) & (y <= region[3])
        else:
            stays = _shared(region, boxes) > self._least * _areas(boxes)
        kept: np.ndarray = boxes[stays].copy()
        size = np.array([region[2] - region[0], region[3] - region[1]] * 2)
        kept[:, 1:5] = ((kept[:, 1:5] - np.tile(region[:2], 2)) / size).clip(0, 1)
        return kept


def _drawn(sampler: _Sampler, aspect: float, rng: Random) -> np.ndarray:
    """Return left, top, right and bottom of a region, as parts of the image."""
    scale = rng.uniform(*sampler.scale)
    least = max(sampler.ratio[0] / aspect, scale * scale)
    most = min(sampler.ratio[1] / aspect, 1 / (scale * scale) if scale else math.inf)
    root = math.sqrt(rng.uniform(least, most))
    wide, high = min(1.0, scale * root), min(1.0, scale / root)
    left, top = rng.uniform(0, 1 - wide), rng.uniform(0, 1 - high)
    return np.array([left, top, left + wide, top + high])


def _is_fit(sampler: _Sampler, region: np.ndarray, boxes: np.ndarray) -> bool:
    """Whether a region has what is asked for of one of the boxes."""
    limits = (sampler.overlap, sampler.sample_coverage, sampler.object_coverage)
    if all(limit == _EVERYTHING for limit in limits):
        return True
    shared, own = _shared(region, boxes), _areas(boxes)
    area = (region[2] - region[0]) * (region[3] - region[1])
    found = (shared / (own + area - shared), shared / area, shared / np.maximum(own, 1e-12))
    fits = [(limit[0] <= one) & (one <= limit[1]) for limit, one in zip(limits, found, strict=True)]
    return bool(np.logical_and.reduce(fits).any())


def _shared(region: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    sides = np.minimum(boxes[:, 3:5], region[2:]) - np.maximum(boxes[:, 1:3], region[:2])
    shared: np.ndarray = sides.clip(0).prod(axis=1)
    return shared


def _areas(boxes: np.ndarray) -> np.ndarray:
    areas: np.ndarray = (boxes[:, 3:5] - boxes[:, 1:3]).clip(0).prod(axis=1)
    return areas


def _samplers(owner: str, options: SimpleNamespace) -> list[_Sampler]:
    count = options.num_crop_sampler
    if not count:
        return []
    names = [f"{end}_crop_{kind}" for kind in ("scales", "aspect_ratios", *_LIMITS) for end in ("min", "max")]
    columns = [list(getattr(options, name)) for name in (*names, "max_crop_trials")]
    for name, column in zip((*names, "max_crop_trials"), columns, strict=True):
        if len(column) == 1:  # MXNet's defaults are of one sampler
            column *= count
        if len(column) != count:
            raise MXNetError(
                f"{owner}: {name} must have a value for each of num_crop_sampler={count} samplers; received {column}"
            )
    for low, high, least, most in zip(names[::2], names[1::2], columns[:-1:2], columns[1:-1:2], strict=True):
        if any(one > other for one, other in zip(least, most, strict=True)):
            raise MXNetError(f"{owner}: {low} must be at most {high}; received {least} and {most}")
    *ranges, trials = columns
    pairs = [list(zip(least, most, strict=True)) for least, most in zip(ranges[::2], ranges[1::2], strict=True)]
    return [_Sampler._make((*limits, int(count))) for *limits, count in zip(*pairs, trials, strict=True)]
