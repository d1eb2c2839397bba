"""Augmenters that resize, crop and mirror pictures."""

from __future__ import annotations

import random
import warnings
from typing import Any

from .. import ndarray as nd
from ..core.errors import RefusedError
from ..ndarray import NDArray
from .augmenter import Augmenter
from .crops import center_crop, random_crop, random_size_crop
from .resizing import Size, resize_short, to_size


class ResizeAug(Augmenter):
    """Resizes a picture so that its shorter side has a given length.

    Parameters
    ----------
    size : int
        The new length of the shorter side.
    interp : int, default 2
        As in `resize_short`.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.ResizeAug(20)(mx.nd.zeros((40, 60, 3), dtype="uint8")).shape
    (20, 30, 3)
    """

    def __init__(self, size: int, interp: int = 2) -> None:
        super().__init__(size=size, interp=interp)
        self.size = size
        self.interp = interp

    def __call__(self, src: NDArray) -> NDArray:
        return resize_short(src, self.size, self.interp)


class ForceResizeAug(Augmenter):
    """Resizes a picture to a given size, whatever its shape is.

    Parameters
    ----------
    size : tuple of int
        The new (width, height).
    interp : int, default 2
        As in `resize_short`.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.ForceResizeAug((20, 25))(mx.nd.zeros((40, 60, 3), dtype="uint8")).shape
    (25, 20, 3)
    """

    def __init__(self, size: Size, interp: int = 2) -> None:
        super().__init__(size=size, interp=interp)
        self.size = size
        self.interp = interp

    def __call__(self, src: NDArray) -> NDArray:
        return to_size(src, *self.size, self.interp)


class RandomCropAug(Augmenter):
    """Cuts a rectangle out of a picture at a random place; see `random_crop`.

    Parameters
    ----------
    size : tuple of int
        (width, height) of the result.
    interp : int, default 2
        As in `resize_short`.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.RandomCropAug((30, 20))(mx.nd.zeros((40, 60, 3), dtype="uint8")).shape
    (20, 30, 3)
    """

    def __init__(self, size: Size, interp: int = 2) -> None:
        super().__init__(size=size, interp=interp)
        self.size = size
        self.interp = interp

    def __call__(self, src: NDArray) -> NDArray:
        return random_crop(src, self.size, self.interp)[0]


class RandomSizedCropAug(Augmenter):
    """Cuts a rectangle of random place, size and shape out of a picture, and resizes it; see `random_size_crop`.

    Parameters
    ----------
    size : tuple of int
        (width, height) of the result.
    area : float or tuple of float
        The smallest and the largest part of the area; one number is the smallest, and the largest is 1.
    ratio : tuple of float
        The smallest and the largest quotient of width and height.
    interp : int, default 2
        As in `resize_short`.
    **kwargs
        ``min_area``, an older name of `area`.

    Examples
    --------
    >>> import glueball as mx
    >>> crop = mx.image.RandomSizedCropAug((32, 32), 0.08, (3 / 4, 4 / 3))
    >>> crop(mx.nd.zeros((40, 60, 3), dtype="uint8")).shape
    (32, 32, 3)
    """

    def __init__(
        self, size: Size, area: float | tuple[float, float], ratio: tuple[float, float], interp: int = 2, **kwargs: Any
    ) -> None:
        super().__init__(size=size, area=area, ratio=ratio, interp=interp)
        self.size = size
        if "min_area" in kwargs:
            warnings.warn("RandomSizedCropAug: min_area is now called area", DeprecationWarning, stacklevel=3)
            area = kwargs.pop("min_area")
        if kwargs:
            raise RefusedError(f"RandomSizedCropAug: a keyword must be one of its arguments; received {sorted(kwargs)}")
        self.area = area
        self.ratio = ratio
        self.interp = interp

    def __call__(self, src: NDArray) -> NDArray:
        return random_size_crop(src, self.size, self.area, self.ratio, self.interp)[0]


class CenterCropAug(Augmenter):
    """Cuts the middle out of a picture; see `center_crop`.

    Parameters
    ----------
    size : tuple of int
        (width, height) of the result.
    interp : int, default 2
        As in `resize_short`.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.CenterCropAug((30, 20))(mx.nd.zeros((40, 60, 3), dtype="uint8")).shape
    (20, 30, 3)
    """

    def __init__(self, size: Size, interp: int = 2) -> None:
        super().__init__(size=size, interp=interp)
        self.size = size
        self.interp = interp

    def __call__(self, src: NDArray) -> NDArray:
        return center_crop(src, self.size, self.interp)[0]


class HorizontalFlipAug(Augmenter):
    """Exchanges left and right of a picture with a given probability.

    Parameters
    ----------
    p : float
        The probability.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.HorizontalFlipAug(1)(mx.nd.array([[[1], [2], [3]]])).asnumpy().ravel().tolist()
    [3.0, 2.0, 1.0]
    """

    def __init__(self, p: float) -> None:
        super().__init__(p=p)
        self.p = p

    def __call__(self, src: NDArray) -> NDArray:
        return nd.flip(src, axis=1) if random.random() < self.p else src
