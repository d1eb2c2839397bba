"""Pictures of another size, borders around them, and their normalization."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from ..core.doors import door
from ..core.errors import InvalidValueError, RefusedError
from ..core.pictures import method_by_size
from ..ndarray import NDArray
from ..ndarray.invoke import Result, invoke
from ..ops.attrs import Null
from ..ops.declare import registry

Size = tuple[int, int]

_ENLARGING = 2  # the method for interp=9 where no sizes say otherwise: cubic
_BY_SIZE, _RANDOM = 9, 10


@door
def imresize(src: NDArray, w: int, h: int, interp: int = 1, out: NDArray | None = None) -> Result:
    """Resize a picture.

    Parameters
    ----------
    src : NDArray
        The picture (height, width, channels), of uint8, float32 or float64.
    w, h : int
        The new width and height.
    interp : int, default 1
        0 takes the nearest pixel, 1 is linear, 2 cubic, 3 takes the mean of an area, 4 is Lanczos.
    out : NDArray, optional
        An array to write into.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.imresize(mx.nd.zeros((8, 6, 3), dtype="uint8"), 3, 4, interp=2).shape
    (4, 3, 3)
    """
    return invoke(registry["_cvimresize"], (src,), (w, h, interp), out)


@door
def copyMakeBorder(
    src: NDArray, top: int, bot: int, left: int, right: int, type: int = 0, value: float = 0.0,
    values: Sequence[float] = (), out: NDArray | None = None,
) -> Result:  # fmt: skip
    """Put a border around a picture.

    Parameters
    ----------
    src : NDArray
        The picture (height, width, channels).
    top, bot, left, right : int
        How wide the border is on each side.
    type : int, default 0
        What it shows: 0 a constant, 1 the edge pixel, 2 the picture mirrored, 3 the picture from its other side, 4 the
        picture mirrored without its edge pixel.
    value : float, default 0
        The constant.
    values : tuple of float, optional
        The constant for each channel, in place of `value`.
    out : NDArray, optional
        An array to write into.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.copyMakeBorder(mx.nd.ones((1, 2, 1)), 0, 0, 1, 2, value=7).asnumpy().ravel().tolist()
    [7.0, 1.0, 1.0, 7.0, 7.0]
    """
    return invoke(registry["_cvcopyMakeBorder"], (src,), (top, bot, left, right, type, value, values or Null), out)


@door
def scale_down(src_size: Size, size: Size) -> Size:
    """Return the size of a crop that keeps its shape and fits into a picture.

    Parameters
    ----------
    src_size : tuple of int
        (width, height) of the picture.
    size : tuple of int
        (width, height) of the crop.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.scale_down((640, 480), (720, 120))
    (640, 106)
    """
    width, height = map(float, size)
    source_width, source_height = src_size
    if source_height < height:
        width, height = width * source_height / height, source_height
    if source_width < width:
        width, height = source_width, height * source_width / width
    return int(width), int(height)


def _get_interp_method(interp: int, sizes: Sequence[int] = ()) -> int:
    """Return the method for `interp`, which may leave the choice: to the sizes, old and new, or to chance.

    Parameters
    ----------
    interp : int
        The method, or 9 to choose by size, or 10 at random.
    sizes : tuple of int, optional
        (old height, old width, new height, new width).
    """
    if interp == _BY_SIZE:
        if not sizes:
            return _ENLARGING
        if len(sizes) != 4:
            raise RefusedError(
                f"interp: sizes must be (old height, old width, new height, new width); received {sizes}"
            )
        return method_by_size(sizes[:2], sizes[2:])
    if interp == _RANDOM:
        return random.randint(0, 4)
    if interp not in range(5):
        raise InvalidValueError(
            f"interp must be 0 to 4, 9 to choose the method by size, or 10 to choose it at random; received {interp}"
        )
    return interp


def to_size(src: NDArray, width: int, height: int, interp: int) -> NDArray:
    """Resize a picture by a method that may be left to its size or to chance."""
    sizes = (src.shape[0], src.shape[1], height, width)
    made: Any = imresize(src, width, height, interp=_get_interp_method(interp, sizes))
    return made  # type: ignore[no-any-return]


def picture_size(owner: str, src: NDArray) -> Size:
    """Return the (width, height) of a picture, and refuse what is none."""
    if src.ndim != 3:
        raise InvalidValueError(f"{owner}: src must have shape (height, width, channels); received {src.shape}")
    return src.shape[1], src.shape[0]


@door
def resize_short(src: NDArray, size: int, interp: int = 2) -> NDArray:
    """Resize a picture so that its shorter side has a given length.

    Parameters
    ----------
    src : NDArray
        The picture (height, width, channels).
    size : int
        The new length of the shorter side.
    interp : int, default 2
        As in `imresize`; 9 chooses by size, 10 at random.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.resize_short(mx.nd.zeros((40, 60, 3), dtype="uint8"), 20).shape
    (20, 30, 3)
    """
    width, height = picture_size("resize_short", src)
    if height > width:
        return to_size(src, size, size * height // width, interp)
    return to_size(src, size * width // height, size, interp)


@door
def color_normalize(src: NDArray, mean: Any, std: Any = None) -> NDArray:
    """Subtract a mean and divide by a standard deviation, in place.

    Parameters
    ----------
    src : NDArray
        The picture, which is changed.
    mean, std : NDArray, float or None
        What is subtracted, and by what is divided; None leaves it out.

    Returns
    -------
    NDArray
        `src`.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.color_normalize(mx.nd.array([[[4, 6, 8]]]), mx.nd.array([4, 4, 4]), 2).asnumpy().ravel().tolist()
    [0.0, 1.0, 2.0]
    """
    if mean is not None:
        src -= mean
    if std is not None:
        src /= std
    return src
