"""Transforms of the shape of pictures: parts of them, other sizes, mirrors, and turns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..... import image
from .....core.errors import InvalidTypeError, InvalidValueError
from .....ndarray import NDArray
from ....core.block import Block
from ....core.hybrid_block import HybridBlock

__all__ = [
    "CenterCrop", "CropResize", "RandomFlipLeftRight", "RandomFlipTopBottom", "RandomResizedCrop", "RandomRotation",
    "Resize", "Rotate",
]  # fmt: skip

Size = int | Sequence[int]


class Resize(HybridBlock):
    """Another size; the input is an image with channels last, (height, width, channels), or a batch of them.

    Parameters
    ----------
    size : int or tuple of int
        The new (width, height); one number is for both.
    keep_ratio : bool, default False
        Whether one number is the length of the shorter side alone, and the other follows.
    interpolation : int, default 1
        0 takes the nearest pixel, 1 is linear, 2 cubic, 3 takes the mean of an area, 4 is Lanczos.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.data.vision import transforms
    >>> transforms.Resize((5, 6))(nd.zeros((9, 12, 3), dtype="uint8")).shape
    (6, 5, 3)
    >>> transforms.Resize(3, keep_ratio=True)(nd.zeros((9, 12, 3), dtype="uint8")).shape
    (3, 4, 3)
    """

    def __init__(self, size: Size, keep_ratio: bool = False, interpolation: int = 1) -> None:
        super().__init__()
        self._keep = keep_ratio
        self._size = size
        self._interpolation = interpolation

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.image.resize(x, self._size, self._keep, self._interpolation)


class CropResize(HybridBlock):
    """A rectangle of an image with channels last, or of each of a batch, and another size for it.

    Parameters
    ----------
    x, y : int
        The left and the upper edge.
    width, height : int
        The size of the rectangle.
    size : int or tuple of int, optional
        The size that it gets, as in `Resize`.
    interpolation : int, optional
        As in `Resize`; needed with `size`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.data.vision import transforms
    >>> transforms.CropResize(0, 1, 6, 8, (3, 4), 1)(nd.zeros((9, 12, 3), dtype="uint8")).shape
    (4, 3, 3)
    """

    def __init__(
        self, x: int, y: int, width: int, height: int, size: Size | None = None, interpolation: int | None = None
    ) -> None:
        super().__init__()
        self._x, self._y, self._width, self._height = x, y, width, height
        self._size = size
        self._interpolation = interpolation

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        part = F.image.crop(x, self._x, self._y, self._width, self._height)
        return F.image.resize(part, self._size, False, self._interpolation) if self._size else part


class CenterCrop(Block):
    """The middle of an image with channels last, scaled up first if it is smaller than that.

    Parameters
    ----------
    size : int or tuple of int
        The (width, height) of the part; one number is for both.
    interpolation : int, default 1
        As in `Resize`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.data.vision import transforms
    >>> transforms.CenterCrop((4, 6))(nd.zeros((9, 12, 3), dtype="uint8")).shape
    (6, 4, 3)
    """

    def __init__(self, size: Size, interpolation: int = 1) -> None:
        super().__init__()
        self._args = (_pair(size), interpolation)

    def forward(self, x: NDArray) -> NDArray:
        return image.center_crop(x, *self._args)[0]


class RandomResizedCrop(Block):
    """A random part of an image with channels last, which gets a fixed size.

    Area and aspect ratio are drawn from NumPy's and Python's generators, as in `mx.image.random_size_crop`.

    Parameters
    ----------
    size : int or tuple of int
        The (width, height) of the result; one number is for both.
    scale : tuple of float, default (0.08, 1.0)
        The least and the largest share of the area.
    ratio : tuple of float, default (3 / 4, 4 / 3)
        The least and the largest aspect ratio.
    interpolation : int, default 1
        As in `Resize`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.data.vision import transforms
    >>> transforms.RandomResizedCrop((4, 6))(nd.zeros((9, 12, 3), dtype="uint8")).shape
    (6, 4, 3)
    """

    def __init__(
        self, size: Size, scale: tuple[float, float] = (0.08, 1.0), ratio: tuple[float, float] = (3.0 / 4.0, 4.0 / 3.0),
        interpolation: int = 1,
    ) -> None:  # fmt: skip
        super().__init__()
        self._args = (_pair(size), scale, ratio, interpolation)

    def forward(self, x: NDArray) -> NDArray:
        return image.random_size_crop(x, *self._args)[0]


class RandomFlipLeftRight(HybridBlock):
    """Exchange left and right of an image with probability 1/2.

    The input is an image with channels last: (height, width, channels). Differs from MXNet: one of an odd length is
    mirrored too, where MXNet returns other pixels.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.data.vision import transforms
    >>> transforms.RandomFlipLeftRight()(nd.zeros((4, 5, 3), dtype="uint8")).shape
    (4, 5, 3)
    """

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.image.random_flip_left_right(x)


class RandomFlipTopBottom(HybridBlock):
    """Exchange top and bottom of an image with probability 1/2.

    The input is an image with channels last: (height, width, channels). Differs from MXNet: one of an odd length is
    mirrored too, where MXNet returns other pixels.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.data.vision import transforms
    >>> transforms.RandomFlipTopBottom()(nd.zeros((4, 5, 3), dtype="uint8")).shape
    (4, 5, 3)
    """

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.image.random_flip_top_bottom(x)


class Rotate(Block):
    """Turn images with channels first, of float32, about their middle: use it after `ToTensor`.

    Parameters
    ----------
    rotation_degrees : float or NDArray
        The angle; of a batch, one for all or an array with one for each.
    zoom_in : bool, default False
        Enlarge, so that there are no corners without pixels, which are 0.
    zoom_out : bool, default False
        Shrink, so that the whole image stays visible.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.data.vision import transforms
    >>> transforms.Rotate(30)(nd.zeros((3, 6, 8))).shape
    (3, 6, 8)
    """

    def __init__(self, rotation_degrees: Any, zoom_in: bool = False, zoom_out: bool = False) -> None:
        super().__init__()
        self._args = (rotation_degrees, zoom_in, zoom_out)

    def forward(self, x: NDArray) -> NDArray:
        _require_float32(self, x)
        return image.imrotate(x, *self._args)


class RandomRotation(Block):
    """Turn images with channels first, of float32, by a random angle: use it after `ToTensor`.

    It draws from NumPy's generator: ``numpy.random.seed`` seeds it.

    Parameters
    ----------
    angle_limits : tuple of 2 float
        The least and the largest angle, in degrees.
    zoom_in, zoom_out : bool, default False
        As in `Rotate`.
    rotate_with_proba : float, default 1.0
        The probability; otherwise the images stay as they are.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.data.vision import transforms
    >>> transforms.RandomRotation((-10, 10))(nd.zeros((3, 6, 8))).shape
    (3, 6, 8)
    """

    def __init__(
        self, angle_limits: tuple[float, float], zoom_in: bool = False, zoom_out: bool = False,
        rotate_with_proba: float = 1.0,
    ) -> None:  # fmt: skip
        super().__init__()
        lower, upper = angle_limits
        if lower >= upper:
            raise InvalidValueError(
                f"RandomRotation: angle_limits must be a smaller and a larger angle; received {angle_limits!r}"
            )
        if not 0 <= rotate_with_proba <= 1:
            raise InvalidValueError(
                f"RandomRotation: rotate_with_proba must be from 0 to 1; received {rotate_with_proba!r}"
            )
        self._args = (angle_limits, zoom_in, zoom_out)
        self._rotate_with_proba = rotate_with_proba

    def forward(self, x: NDArray) -> NDArray:
        if np.random.random() > self._rotate_with_proba:
            return x
        _require_float32(self, x)
        return image.random_rotate(x, *self._args)


def _pair(size: Size) -> Any:
    return (size, size) if isinstance(size, int) else size


def _require_float32(transform: Block, x: NDArray) -> None:
    if x.dtype is not np.float32:
        raise InvalidTypeError(
            f"{type(transform).__name__}: it turns arrays of float32 with channels first; received "
            f"{np.dtype(x.dtype).name}; put it behind ToTensor"
        )
