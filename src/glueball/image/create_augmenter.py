"""CreateAugmenter: the usual list of augmenters."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import ndarray as nd
from ..core.doors import door
from ..core.errors import RefusedError
from ..ndarray import NDArray
from .augmenter import Augmenter
from .color_augmenters import (
    CastAug,
    ColorJitterAug,
    ColorNormalizeAug,
    HueJitterAug,
    LightingAug,
    RandomGrayAug,
)
from .geometric_augmenters import CenterCropAug, HorizontalFlipAug, RandomCropAug, RandomSizedCropAug, ResizeAug

#: The statistics of ImageNet's colors: mean, standard deviation, and the axes along which they vary.
MEAN = (123.68, 116.28, 103.53)
STD = (58.395, 57.12, 57.375)
_EIGVAL = np.array([55.46, 4.794, 1.148])
_EIGVEC = np.array([[-0.5675, 0.7192, 0.4009], [-0.5808, -0.0045, -0.8140], [-0.5836, -0.6948, 0.4203]])


def color_changes(
    brightness: float, contrast: float, saturation: float, hue: float, pca_noise: float, rand_gray: float
) -> list[Augmenter]:
    """Return the augmenters of colors that are asked for."""
    changes: list[Augmenter] = []
    if brightness or contrast or saturation:
        changes.append(ColorJitterAug(brightness, contrast, saturation))
    if hue:
        changes.append(HueJitterAug(hue))
    if pca_noise > 0:
        changes.append(LightingAug(pca_noise, _EIGVAL, _EIGVEC))
    if rand_gray > 0:
        changes.append(RandomGrayAug(rand_gray))
    return changes


def statistic(owner: str, name: str, given: Any, usual: Any) -> Any:
    """Return a mean or a standard deviation for each channel, where True stands for that of ImageNet."""
    if given is True:
        return usual
    if given is None:
        return None
    if not isinstance(given, np.ndarray | NDArray) or not given.shape or given.shape[0] not in (1, 3):
        raise RefusedError(
            f"{owner}: {name} must be True, None, or an array of 1 or 3 elements; received {given!r}; "
            f"write {name}=np.array([...])"
        )
    return given


@door
def CreateAugmenter(
    data_shape: tuple[int, int, int], resize: int = 0, rand_crop: bool = False, rand_resize: bool = False,
    rand_mirror: bool = False, mean: Any = None, std: Any = None, brightness: float = 0, contrast: float = 0,
    saturation: float = 0, hue: float = 0, pca_noise: float = 0, rand_gray: float = 0, inter_method: int = 2,
) -> list[Augmenter]:  # fmt: skip
    """Return a list of augmenters, in the usual order.

    Parameters
    ----------
    data_shape : tuple of int
        (channels, height, width) of the result.
    resize : int, default 0
        The length to which the shorter side is resized first; 0 for none.
    rand_crop : bool, default False
        Whether to crop at a random place, or else in the middle.
    rand_resize : bool, default False
        Whether a random crop is of random size and shape, too.
    rand_mirror : bool, default False
        Whether to exchange left and right of half of the pictures.
    mean, std : array or True, optional
        What is subtracted at the end, and by what is divided, for each channel; True for that of ImageNet.
    brightness, contrast, saturation, hue : float, default 0
        The largest change of each.
    pca_noise : float, default 0
        The standard deviation of the noise of `LightingAug`.
    rand_gray : float, default 0
        The part of the pictures that turn gray.
    inter_method : int, default 2
        How to interpolate, as in `resize_short`.

    Returns
    -------
    list of Augmenter
        The augmenters.

    Examples
    --------
    >>> import glueball as mx
    >>> [type(each).__name__ for each in mx.image.CreateAugmenter((3, 32, 32), resize=40, rand_mirror=True, mean=True)]
    ['ResizeAug', 'CenterCropAug', 'HorizontalFlipAug', 'CastAug', 'ColorNormalizeAug']
    """
    made: list[Augmenter] = [ResizeAug(resize, inter_method)] if resize > 0 else []
    size = (data_shape[2], data_shape[1])
    if rand_resize:
        if not rand_crop:
            raise RefusedError("CreateAugmenter: rand_resize must come with rand_crop; pass rand_crop=True")
        made.append(RandomSizedCropAug(size, 0.08, (3.0 / 4.0, 4.0 / 3.0), inter_method))
    else:
        made.append((RandomCropAug if rand_crop else CenterCropAug)(size, inter_method))
    if rand_mirror:
        made.append(HorizontalFlipAug(0.5))
    made.append(CastAug())
    made += color_changes(brightness, contrast, saturation, hue, pca_noise, rand_gray)
    mean = statistic("CreateAugmenter", "mean", mean, nd.array(MEAN))
    std = statistic("CreateAugmenter", "std", std, nd.array(STD))
    if mean is not None or std is not None:
        made.append(ColorNormalizeAug(mean, std))
    return made
