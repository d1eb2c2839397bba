"""Augmenters that change the colors of pictures, most of them in place, and the type of the pixels.

The amounts are drawn from Python's `random` (those of `LightingAug` from NumPy's global generator), as in MXNet.
"""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np

from .. import ndarray as nd
from ..ndarray import NDArray
from .augmenter import Augmenter, RandomOrderAug
from .resizing import color_normalize

# How much red, green and blue count in gray.
_GRAY = (0.299, 0.587, 0.114)
# From red, green and blue to the brightness and two numbers for the color, and back, as television does it.
_TO_YIQ = np.array([[0.299, 0.587, 0.114], [0.596, -0.274, -0.321], [0.211, -0.523, 0.311]])
_FROM_YIQ = np.array([[1.0, 0.956, 0.621], [1.0, -0.272, -0.647], [1.0, -1.107, 1.705]])


def _factor(amount: float) -> float:
    return 1.0 + random.uniform(-amount, amount)


class BrightnessJitterAug(Augmenter):
    """Multiplies a picture, in place, by a number between 1 - brightness and 1 + brightness.

    Parameters
    ----------
    brightness : float
        The largest change.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.BrightnessJitterAug(0)(mx.nd.ones((1, 1, 3))).asnumpy().tolist()
    [[[1.0, 1.0, 1.0]]]
    """

    def __init__(self, brightness: float) -> None:
        super().__init__(brightness=brightness)
        self.brightness = brightness

    def __call__(self, src: NDArray) -> NDArray:
        src *= _factor(self.brightness)
        return src


class ContrastJitterAug(Augmenter):
    """Mixes a picture, in place, with its mean gray; it keeps between 1 - contrast and 1 + contrast of itself.

    Parameters
    ----------
    contrast : float
        The largest change.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.ContrastJitterAug(0)(mx.nd.ones((1, 1, 3))).asnumpy().tolist()
    [[[1.0, 1.0, 1.0]]]
    """

    def __init__(self, contrast: float) -> None:
        super().__init__(contrast=contrast)
        self.contrast = contrast
        self.coef = nd.array([[_GRAY]])

    def __call__(self, src: NDArray) -> NDArray:
        factor = _factor(self.contrast)
        gray = src * self.coef
        mean = (3.0 * (1.0 - factor) / gray.size) * nd.sum(gray)
        src *= factor
        src += mean
        return src


class SaturationJitterAug(Augmenter):
    """Mixes a picture, in place, with its gray; it keeps between 1 - saturation and 1 + saturation of its colors.

    Parameters
    ----------
    saturation : float
        The largest change.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.SaturationJitterAug(0)(mx.nd.ones((1, 1, 3))).asnumpy().tolist()
    [[[1.0, 1.0, 1.0]]]
    """

    def __init__(self, saturation: float) -> None:
        super().__init__(saturation=saturation)
        self.saturation = saturation
        self.coef = nd.array([[_GRAY]])

    def __call__(self, src: NDArray) -> NDArray:
        factor = _factor(self.saturation)
        gray: Any = nd.sum(src * self.coef, axis=2, keepdims=True)
        gray *= 1.0 - factor
        src *= factor
        src += gray
        return src


class HueJitterAug(Augmenter):
    """Turns the hue of a picture by at most a part of half the color circle.

    Parameters
    ----------
    hue : float
        The largest part, of 1.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.HueJitterAug(0.5)(mx.nd.ones((1, 2, 3))).shape
    (1, 2, 3)
    """

    def __init__(self, hue: float) -> None:
        super().__init__(hue=hue)
        self.hue = hue
        self.tyiq, self.ityiq = _TO_YIQ, _FROM_YIQ

    def __call__(self, src: NDArray) -> NDArray:
        angle = random.uniform(-self.hue, self.hue) * math.pi
        cosine, sine = math.cos(angle), math.sin(angle)
        turn = np.array([[1.0, 0.0, 0.0], [0.0, cosine, -sine], [0.0, sine, cosine]])
        return nd.dot(src, nd.array((self.ityiq @ turn @ self.tyiq).T))


class ColorJitterAug(RandomOrderAug):
    """Changes brightness, contrast and saturation of a picture in random order.

    Parameters
    ----------
    brightness, contrast, saturation : float
        The largest change of each; what is 0 is left alone.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.ColorJitterAug(0.1, 0, 0.2).dumps()
    ['colorjitteraug', ['["brightnessjitteraug", {"brightness": 0.1}]', '["saturationjitteraug", {"saturation": 0.2}]']]
    """

    def __init__(self, brightness: float, contrast: float, saturation: float) -> None:
        changes: list[Augmenter] = []
        if brightness > 0:
            changes.append(BrightnessJitterAug(brightness))
        if contrast > 0:
            changes.append(ContrastJitterAug(contrast))
        if saturation > 0:
            changes.append(SaturationJitterAug(saturation))
        super().__init__(changes)


class LightingAug(Augmenter):
    """Shifts the colors of a picture, in place, along the axes on which those of natural images vary.

    Parameters
    ----------
    alphastd : float
        The standard deviation of the amounts, which are normal.
    eigval, eigvec : numpy.ndarray
        How much colors vary along the axes, and the axes: (3,) and (3, 3).

    Examples
    --------
    >>> import numpy as np
    >>> import glueball as mx
    >>> mx.image.LightingAug(0, np.ones(3), np.eye(3))(mx.nd.ones((1, 1, 3))).asnumpy().tolist()
    [[[1.0, 1.0, 1.0]]]
    """

    def __init__(self, alphastd: float, eigval: Any, eigvec: Any) -> None:
        super().__init__(alphastd=alphastd, eigval=eigval, eigvec=eigvec)
        self.alphastd = alphastd
        self.eigval = eigval
        self.eigvec = eigvec

    def __call__(self, src: NDArray) -> NDArray:
        along = np.random.normal(0, self.alphastd, size=(3,))
        src += nd.array(np.dot(self.eigvec * along, self.eigval))
        return src


class ColorNormalizeAug(Augmenter):
    """Subtracts a mean and divides by a standard deviation, in place; see `color_normalize`.

    Parameters
    ----------
    mean, std : NDArray, array, number or None
        What is subtracted, and by what is divided; None leaves it out.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.ColorNormalizeAug([1, 2, 3], None)(mx.nd.ones((1, 1, 3))).asnumpy().tolist()
    [[[0.0, -1.0, -2.0]]]
    """

    def __init__(self, mean: Any, std: Any) -> None:
        super().__init__(mean=mean, std=std)
        self.mean = mean if mean is None or isinstance(mean, NDArray) else nd.array(mean)
        self.std = std if std is None or isinstance(std, NDArray) else nd.array(std)

    def __call__(self, src: NDArray) -> NDArray:
        return color_normalize(src, self.mean, self.std)


class RandomGrayAug(Augmenter):
    """Turns a picture gray with a given probability; it keeps its three channels.

    Parameters
    ----------
    p : float
        The probability.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.RandomGrayAug(1)(mx.nd.array([[[100, 0, 0]]])).asnumpy().tolist()
    [[[21.0, 21.0, 21.0]]]
    """

    def __init__(self, p: float) -> None:
        super().__init__(p=p)
        self.p = p
        self.mat = nd.array([[0.21] * 3, [0.72] * 3, [0.07] * 3])

    def __call__(self, src: NDArray) -> NDArray:
        return nd.dot(src, self.mat) if random.random() < self.p else src


class CastAug(Augmenter):
    """Converts a picture to another type.

    Parameters
    ----------
    typ : str, default 'float32'
        The type.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.CastAug()(mx.nd.ones((1, 1, 3), dtype="uint8")).dtype
    <class 'numpy.float32'>
    """

    def __init__(self, typ: Any = "float32") -> None:
        super().__init__(type=typ)
        self.typ = typ

    def __call__(self, src: NDArray) -> NDArray:
        return src.astype(self.typ)
