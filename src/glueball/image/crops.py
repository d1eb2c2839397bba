"""Parts of pictures."""

from __future__ import annotations

import math
import random
import warnings
from numbers import Real
from typing import Any

from ..core.doors import door
from ..core.errors import MXNetError, RefusedError
from ..ndarray import NDArray
from .resizing import Size, _get_interp_method, imresize, picture_size, scale_down

Box = tuple[int, int, int, int]

_ATTEMPTS = 10  # to find a crop that fits, before the middle is taken


@door
def fixed_crop(src: NDArray, x0: int, y0: int, w: int, h: int, size: Size | None = None, interp: int = 2) -> NDArray:
    """Cut a rectangle out of a picture, and resize it if a size is given.

    Parameters
    ----------
    src : NDArray
        The picture (height, width, channels).
    x0, y0 : int
        The left and the upper edge.
    w, h : int
        Width and height of the rectangle.
    size : tuple of int, optional
        The new (width, height).
    interp : int, default 2
        As in `resize_short`.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.fixed_crop(mx.nd.zeros((40, 60, 3), dtype="uint8"), 10, 5, 20, 30, size=(8, 9)).shape
    (9, 8, 3)
    """
    cut: NDArray = src[y0 : y0 + h, x0 : x0 + w]
    if not cut.size:
        raise MXNetError(
            f"fixed_crop: the rectangle must have a pixel in common with the picture, which has height and width "
            f"{src.shape[:2]}; received x0={x0}, y0={y0}, w={w}, h={h}"
        )
    if size is None or (w, h) == size:
        return cut
    width, height = size
    return imresize(cut, width, height, interp=_get_interp_method(interp, (h, w, height, width)))  # type: ignore[return-value]


@door
def random_crop(src: NDArray, size: Size, interp: int = 2) -> tuple[NDArray, Box]:
    """Cut a rectangle out of a picture at a random place, smaller and enlarged if it does not fit.

    The place is drawn from Python's `random`, as in MXNet: the same seed gives the same place.

    Parameters
    ----------
    src : NDArray
        The picture (height, width, channels).
    size : tuple of int
        (width, height) of the result.
    interp : int, default 2
        As in `resize_short`.

    Returns
    -------
    NDArray
        The part.
    tuple of int
        Where it is: (x0, y0, width, height).

    Examples
    --------
    >>> import glueball as mx
    >>> part, (x, y, width, height) = mx.image.random_crop(mx.nd.zeros((40, 60, 3), dtype="uint8"), (30, 20))
    >>> part.shape, width, height
    ((20, 30, 3), 30, 20)
    """
    width, height = picture_size("random_crop", src)
    new_width, new_height = scale_down((width, height), size)
    x0 = random.randint(0, width - new_width)
    y0 = random.randint(0, height - new_height)
    return fixed_crop(src, x0, y0, new_width, new_height, size, interp), (x0, y0, new_width, new_height)


@door
def center_crop(src: NDArray, size: Size, interp: int = 2) -> tuple[NDArray, Box]:
    """Cut the middle out of a picture, smaller and enlarged if it does not fit.

    Parameters
    ----------
    src, size, interp
        As in `random_crop`.

    Returns
    -------
    NDArray
        The part.
    tuple of int
        Where it is: (x0, y0, width, height).

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.center_crop(mx.nd.zeros((40, 60, 3), dtype="uint8"), (30, 20))[1]
    (15, 10, 30, 20)
    """
    width, height = picture_size("center_crop", src)
    new_width, new_height = scale_down((width, height), size)
    x0, y0 = (width - new_width) // 2, (height - new_height) // 2
    return fixed_crop(src, x0, y0, new_width, new_height, size, interp), (x0, y0, new_width, new_height)


@door
def random_size_crop(
    src: NDArray, size: Size, area: float | tuple[float, float], ratio: tuple[float, float], interp: int = 2,
    **kwargs: Any,
) -> tuple[NDArray, Box]:  # fmt: skip
    """Cut a rectangle of random place, size and shape out of a picture, and resize it.

    It is drawn from Python's `random`, as in MXNet.

    Parameters
    ----------
    src : NDArray
        The picture (height, width, channels).
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

    Returns
    -------
    NDArray
        The part.
    tuple of int
        Where it is: (x0, y0, width, height).

    Examples
    --------
    >>> import glueball as mx
    >>> picture = mx.nd.zeros((40, 60, 3), dtype="uint8")
    >>> mx.image.random_size_crop(picture, (32, 32), (0.1, 0.5), (3 / 4, 4 / 3))[0].shape
    (32, 32, 3)
    """
    width, height = picture_size("random_size_crop", src)
    if "min_area" in kwargs:
        warnings.warn("random_size_crop: min_area is now called area", DeprecationWarning, stacklevel=2)
        area = kwargs.pop("min_area")
    if kwargs:
        raise RefusedError(f"random_size_crop: a keyword must be one of its arguments; received {sorted(kwargs)}")
    smallest, largest = (area, 1.0) if isinstance(area, Real) else area  # type: ignore[misc]
    for _ in range(_ATTEMPTS):
        target = random.uniform(smallest, largest) * width * height
        shape = math.exp(random.uniform(math.log(ratio[0]), math.log(ratio[1])))
        new_width, new_height = round(math.sqrt(target * shape)), round(math.sqrt(target / shape))
        if new_width <= width and new_height <= height:
            x0 = random.randint(0, width - new_width)
            y0 = random.randint(0, height - new_height)
            return fixed_crop(src, x0, y0, new_width, new_height, size, interp), (x0, y0, new_width, new_height)
    return center_crop(src, size, interp)
