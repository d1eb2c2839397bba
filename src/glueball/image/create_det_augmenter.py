"""CreateDetAugmenter and CreateMultiRandCropAugmenter: the usual lists of augmenters for detection."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.doors import door
from ..core.errors import RefusedError
from .augmenter import Augmenter
from .color_augmenters import CastAug, ColorNormalizeAug
from .create_augmenter import MEAN, STD, color_changes, statistic
from .det_augmenter import DetAugmenter, DetBorrowAug, DetHorizontalFlipAug, DetRandomSelectAug
from .det_geometry import DetRandomCropAug, DetRandomPadAug
from .geometric_augmenters import ForceResizeAug, ResizeAug


@door
def CreateMultiRandCropAugmenter(
    min_object_covered: Any = 0.1, aspect_ratio_range: Any = (0.75, 1.33), area_range: Any = (0.05, 1.0),
    min_eject_coverage: Any = 0.3, max_attempts: Any = 50, skip_prob: float = 0,
) -> DetRandomSelectAug:  # fmt: skip
    """Return an augmenter that chooses one of several `DetRandomCropAug` at random.

    Parameters
    ----------
    min_object_covered, aspect_ratio_range, area_range, min_eject_coverage, max_attempts
        As in `DetRandomCropAug`; or a list of such, one for each augmenter. What is no list is the same for all.
    skip_prob : float, default 0
        The probability of none.

    Examples
    --------
    >>> import glueball as mx
    >>> several = mx.image.CreateMultiRandCropAugmenter(min_object_covered=[0.1, 0.3, 0.5])
    >>> [each.min_object_covered for each in several.aug_list]
    [0.1, 0.3, 0.5]
    """
    given = {
        "min_object_covered": min_object_covered, "aspect_ratio_range": aspect_ratio_range, "area_range": area_range,
        "min_eject_coverage": min_eject_coverage, "max_attempts": max_attempts,
    }  # fmt: skip
    lists = {name: value if isinstance(value, list) else [value] for name, value in given.items()}
    count = max(map(len, lists.values()))
    for name, values in lists.items():
        if len(values) not in (1, count):
            raise RefusedError(
                f"CreateMultiRandCropAugmenter: {name} must be one setting or a list of {count}, as the longest is; "
                f"received {len(values)}"
            )
    settings = [
        {name: values[number % len(values)] for name, values in lists.items()} for number in range(count)
    ]  # fmt: skip
    return DetRandomSelectAug([DetRandomCropAug(**each) for each in settings], skip_prob=skip_prob)


@door
def CreateDetAugmenter(
    data_shape: tuple[int, int, int], resize: int = 0, rand_crop: float = 0, rand_pad: float = 0,
    rand_gray: float = 0, rand_mirror: bool = False, mean: Any = None, std: Any = None, brightness: float = 0,
    contrast: float = 0, saturation: float = 0, pca_noise: float = 0, hue: float = 0, inter_method: int = 2,
    min_object_covered: Any = 0.1, aspect_ratio_range: Any = (0.75, 1.33), area_range: Any = (0.05, 3.0),
    min_eject_coverage: Any = 0.3, max_attempts: Any = 50, pad_val: Any = (127, 127, 127),
) -> list[DetAugmenter]:  # fmt: skip
    """Return a list of augmenters for detection, in the usual order.

    Parameters
    ----------
    data_shape : tuple of int
        (channels, height, width) of the result.
    resize : int, default 0
        The length to which the shorter side is resized first; 0 for none.
    rand_crop, rand_pad : float, default 0
        The parts of the pictures that are cropped, and that are put into larger ones.
    rand_gray : float, default 0
        The part of the pictures that turn gray.
    rand_mirror : bool, default False
        Whether to exchange left and right of half of the pictures.
    mean, std, brightness, contrast, saturation, pca_noise, hue, inter_method
        As in `CreateAugmenter`.
    min_object_covered, aspect_ratio_range, area_range, min_eject_coverage, max_attempts
        As in `CreateMultiRandCropAugmenter`. The upper end of `area_range` is also that of larger pictures.
    pad_val : number or tuple of number
        The color around the pictures in larger ones.

    Returns
    -------
    list of DetAugmenter
        The augmenters.

    Examples
    --------
    >>> import glueball as mx
    >>> [type(each).__name__ for each in mx.image.CreateDetAugmenter((3, 300, 300), rand_crop=0.5, rand_mirror=True)]
    ['DetRandomSelectAug', 'DetHorizontalFlipAug', 'DetBorrowAug', 'DetBorrowAug']
    """
    made: list[DetAugmenter] = [DetBorrowAug(ResizeAug(resize, inter_method))] if resize > 0 else []
    if rand_crop > 0:
        made.append(
            CreateMultiRandCropAugmenter(
                min_object_covered, aspect_ratio_range, area_range, min_eject_coverage, max_attempts,
                skip_prob=1 - rand_crop,
            )
        )  # fmt: skip
    if rand_mirror:
        made.append(DetHorizontalFlipAug(0.5))
    if rand_pad > 0:
        pad = DetRandomPadAug(aspect_ratio_range, (1.0, area_range[1]), max_attempts, pad_val)
        made.append(DetRandomSelectAug([pad], 1 - rand_pad))
    still: list[Augmenter] = [ForceResizeAug((data_shape[2], data_shape[1]), inter_method), CastAug()]
    still += color_changes(brightness, contrast, saturation, hue, pca_noise, rand_gray)
    mean = statistic("CreateDetAugmenter", "mean", mean, np.array(MEAN))
    std = statistic("CreateDetAugmenter", "std", std, np.array(STD))
    if mean is not None or std is not None:
        still.append(ColorNormalizeAug(mean, std))
    return [*made, *[DetBorrowAug(each) for each in still]]
