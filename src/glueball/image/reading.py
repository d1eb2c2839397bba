"""Pictures from files and from bytes."""

from __future__ import annotations

import os

import numpy as np
import torch

from ..core.context import cpu
from ..core.doors import door
from ..core.errors import InvalidValueError
from ..core.pictures import decoded, read
from ..ndarray import NDArray
from ..ndarray.faces import current_face


@door
def imread(filename: str | os.PathLike[str], flag: int = 1, to_rgb: bool = True, out: NDArray | None = None) -> NDArray:
    """Read a picture from a file.

    It needs OpenCV: ``pip install 'glueball[image]'``.

    Parameters
    ----------
    filename : str or os.PathLike
        The file: a JPEG, a PNG, or another kind that OpenCV reads.
    flag : {0, 1}, default 1
        1 for color, 0 for gray.
    to_rgb : bool, default True
        Whether red comes first, or else blue, as in OpenCV.
    out : NDArray, optional
        An array of uint8 and of the picture's shape to write into.

    Returns
    -------
    NDArray
        The picture, of uint8: (height, width, 3), or (height, width, 1) in gray.

    Raises
    ------
    MXNetError
        The file is missing, or is no picture.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.imread("missing.jpg")
    Traceback (most recent call last):
        ...
    glueball.base.MXNetError: imread: the file 'missing.jpg' cannot be read: No such file or directory
    """
    return _array(read(filename, flag, to_rgb, "imread"), out)


@door
def imdecode(
    buf: bytes | bytearray | np.ndarray | NDArray, flag: int = 1, to_rgb: bool = True, out: NDArray | None = None
) -> NDArray:
    """Decode a picture from the bytes of a file.

    It needs OpenCV: ``pip install 'glueball[image]'``.

    Parameters
    ----------
    buf : bytes, bytearray, numpy.ndarray or NDArray
        The bytes of the file.
    flag, to_rgb, out
        As in `imread`.

    Returns
    -------
    NDArray
        The picture, as from `imread`.

    Raises
    ------
    ValueError
        `buf` is of another type.
    MXNetError
        The bytes are no picture.

    Examples
    --------
    >>> import cv2
    >>> import numpy as np
    >>> import glueball as mx
    >>> png = cv2.imencode(".png", np.full((2, 3, 3), (255, 0, 9), np.uint8))[1].tobytes()
    >>> picture = mx.image.imdecode(png)
    >>> picture.shape, picture[0, 0].asnumpy().tolist()
    ((2, 3, 3), [9, 0, 255])
    """
    if isinstance(buf, NDArray):
        buf = buf.asnumpy()
    if isinstance(buf, np.ndarray):
        data = np.ascontiguousarray(buf).view(np.uint8).ravel()
    elif isinstance(buf, bytes | bytearray):
        data = np.frombuffer(buf, np.uint8)
    else:
        raise InvalidValueError(
            "imdecode: buf must be bytes, a bytearray, a numpy.ndarray or an NDArray; "
            f"received {type(buf).__name__}; read the file in binary mode"
        )
    return _array(decoded(data, flag, to_rgb, "imdecode", "buf"), out)


def _array(picture: np.ndarray, out: NDArray | None) -> NDArray:
    array = current_face()(torch.from_numpy(picture), cpu())
    if out is None:
        return array
    out[:] = array
    return out
