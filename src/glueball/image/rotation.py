"""Pictures turned around their middle."""

from __future__ import annotations

from numbers import Real
from typing import Any

import numpy as np

from .. import ndarray as nd
from ..core.doors import door
from ..core.errors import InvalidTypeError, InvalidValueError
from ..ndarray import NDArray


@door
def imrotate(src: NDArray, rotation_degrees: float | NDArray, zoom_in: bool = False, zoom_out: bool = False) -> NDArray:
    """Rotate images by angles; what comes from outside of an image is 0.

    Parameters
    ----------
    src : NDArray
        An image (channels, height, width) or a batch of them, of float32.
    rotation_degrees : float or NDArray
        The angle in degrees, or one for each image of a batch.
    zoom_in : bool, default False
        Whether to enlarge the image until nothing from outside is seen.
    zoom_out : bool, default False
        Whether to shrink the image until all of it is seen.

    Returns
    -------
    NDArray
        The images, in the shape of `src`.

    Raises
    ------
    TypeError
        `src` is not of float32, or there are several angles for one image.
    ValueError
        Both zooms are asked for; `src` has neither 3 nor 4 axes; or the angles are not as many as the images.

    Examples
    --------
    >>> import glueball as mx
    >>> image = mx.nd.array([[[1, 2, 3], [4, 5, 6], [7, 8, 9]]])
    >>> mx.image.imrotate(image, 90).round().asnumpy()[0].tolist()
    [[3.0, 6.0, 9.0], [2.0, 5.0, 8.0], [1.0, 4.0, 7.0]]
    """
    if zoom_in and zoom_out:
        raise InvalidValueError("imrotate: zoom_in and zoom_out must not both be True; leave one of them out")
    if src.dtype is not np.float32:
        raise InvalidTypeError(f"imrotate: src must be of float32; received {np.dtype(src.dtype).name}; cast it")
    images, degrees = src, rotation_degrees
    if src.ndim == 3:
        if not isinstance(rotation_degrees, Real):
            raise InvalidTypeError(
                f"imrotate: rotation_degrees must be a number for one image; received {rotation_degrees!r}"
            )
        images = src.expand_dims(axis=0)
    elif src.ndim != 4:
        raise InvalidValueError(
            f"imrotate: src must have shape (channels, height, width), or that of a batch; received {src.shape}"
        )
    if not isinstance(degrees, NDArray):
        degrees = nd.full((len(images),), degrees)
    if len(degrees) != len(images):
        raise InvalidValueError(
            f"imrotate: rotation_degrees must have one angle for each of {len(images)} images; received {len(degrees)}"
        )
    rotated: Any = nd.BilinearSampler(images, _places(images, degrees.as_in_context(src.context), zoom_in, zoom_out))
    return rotated if src.ndim == 4 else rotated[0]  # type: ignore[no-any-return]


def _places(images: NDArray, degrees: NDArray, zoom_in: bool, zoom_out: bool) -> NDArray:
    """Return where each pixel comes from: (N, 2, height, width), from -1 to 1 in x and y."""
    height, width = images.shape[2:]
    angles = (np.pi * degrees / 180).reshape((-1, 1, 1))
    half_height, half_width = (height - 1) / 2, (width - 1) / 2
    y = (nd.arange(height, ctx=images.context) - half_height).reshape((1, -1, 1))
    x = (nd.arange(width, ctx=images.context) - half_width).reshape((1, 1, -1))
    cosine, sine = nd.cos(angles), nd.sin(angles)
    turned_x = nd.broadcast_sub(x * cosine, y * sine) / half_width
    turned_y = nd.broadcast_add(x * sine, y * cosine) / half_height
    grid: NDArray = nd.stack(turned_x, turned_y, axis=1)
    if not (zoom_in or zoom_out):
        return grid
    diagonal, corner = np.hypot(height, width), np.arctan(height / width)
    around, back = corner + angles.abs(), corner - angles.abs()
    # How far the corners of the turned image are from its middle, in units of the image.
    wide = diagonal * nd.maximum(nd.cos(around).abs(), nd.cos(back).abs()) / width
    high = diagonal * nd.maximum(nd.sin(around).abs(), nd.sin(back).abs()) / height
    scale = nd.maximum(wide, high) if zoom_out else nd.minimum(1 / wide, 1 / high)
    return grid * scale.expand_dims(axis=3)  # type: ignore[no-any-return]


@door
def random_rotate(
    src: NDArray, angle_limits: tuple[float, float], zoom_in: bool = False, zoom_out: bool = False
) -> NDArray:
    """Rotate images by random angles, drawn uniformly from NumPy's global generator, as in MXNet.

    Parameters
    ----------
    src : NDArray
        An image (channels, height, width) or a batch of them, of float32.
    angle_limits : tuple of float
        The smallest and the largest angle in degrees.
    zoom_in, zoom_out
        As in `imrotate`.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.random_rotate(mx.nd.ones((2, 3, 8, 8)), (-10, 10)).shape
    (2, 3, 8, 8)
    """
    if src.ndim == 3:
        return imrotate(src, np.random.uniform(*angle_limits), zoom_in, zoom_out)
    angles = nd.array(np.random.uniform(*angle_limits, size=len(src)))
    return imrotate(src, angles, zoom_in, zoom_out)
