"""Labelled images in records: a header of 24 bytes, further labels, and the image as a file of its own."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from struct import Struct
from struct import error as StructError
from typing import Any, NamedTuple

import numpy as np

from ..core.blame import short
from ..core.doors import door
from ..core.errors import InvalidTypeError, InvalidValueError, MXNetError
from ..core.extras import required
from ..core.opencv import checked_text, opencv

_HEADER = Struct("<IfQQ")


class _Header(NamedTuple):
    flag: int
    label: Any
    id: int
    id2: int


class IRHeader(_Header):
    """What a record says of its image.

    Parameters
    ----------
    flag : int
        The number of labels in an array; `pack` sets it. 0 when the label is a number.
    label : float or array
        The label, or several.
    id : int
        The number of the image.
    id2 : int
        Another number; not used by MXNet.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.recordio.IRHeader(0, 4.0, 2574, 0)
    HEADER(flag=0, label=4.0, id=2574, id2=0)
    """

    __slots__ = ()

    def __new__(cls, flag: int, label: Any, id: int, id2: int) -> IRHeader:
        return super().__new__(cls, flag, label, id, id2)


IRHeader.__name__ = "HEADER"  # as MXNet prints it; pickles use the qualified name


@door
def pack(header: Sequence[Any], s: bytes) -> bytes:
    """Return a record of a header and an image.

    Parameters
    ----------
    header : IRHeader
        The header. Its label may be a number or an array.
    s : bytes
        The image as a file of its own, or any bytes.

    Examples
    --------
    >>> import glueball as mx
    >>> record = mx.recordio.pack(mx.recordio.IRHeader(0, [1, 2], 7, 0), b"image")
    >>> len(record)
    37
    """
    header = IRHeader(*header)
    if not isinstance(s, bytes | bytearray | memoryview):
        raise InvalidTypeError(f"pack: s must be bytes; received {type(s).__name__}")
    if isinstance(header.label, numbers.Number):
        header, labels = header._replace(flag=0), b""
    else:
        label = np.asarray(header.label, dtype=np.float32)
        header, labels = header._replace(flag=label.size, label=0), label.tobytes()
    try:
        return _HEADER.pack(*header) + labels + s
    except StructError as error:
        raise InvalidValueError(
            f"pack: header must have a number or an array as its label, and ids from 0 to 2**64 - 1; "
            f"received {header}: {error}"
        ) from error


@door
def unpack(s: bytes) -> tuple[IRHeader, bytes]:
    """Return the header and the image of a record.

    Parameters
    ----------
    s : bytes
        The record.

    Returns
    -------
    header : IRHeader
        Its label is a float, or a float32 array of several.
    s : bytes
        The image.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.recordio.unpack(mx.recordio.pack(mx.recordio.IRHeader(0, 4, 7, 0), b"image"))
    (HEADER(flag=0, label=4.0, id=7, id2=0), b'image')
    """
    if len(s) < _HEADER.size:
        raise InvalidValueError(
            f"unpack: s must begin with a header of {_HEADER.size} bytes; received {len(s)} bytes; "
            "was it made by pack()?"
        )
    header = IRHeader._make(_HEADER.unpack_from(s))
    begin = _HEADER.size + 4 * header.flag
    if header.flag > 0:
        if len(s) < begin:
            raise InvalidValueError(
                f"unpack: s must hold the {header.flag} labels that its header announces; received {len(s)} bytes; "
                "was it made by pack()?"
            )
        header = header._replace(label=np.frombuffer(s, np.float32, header.flag, _HEADER.size))
    return header, s[begin:]


@door
def pack_img(header: Sequence[Any], img: np.ndarray, quality: int = 95, img_fmt: str = ".jpg") -> bytes:
    """Return a record of a header and pixels, which are compressed.

    Parameters
    ----------
    header : IRHeader
        The header. Its label may be a number or an array.
    img : numpy.ndarray
        The pixels, in OpenCV's order: height, width, and blue, green and red.
    quality : int, default 95
        The quality of a JPEG, from 1 to 100, or the compression of a PNG, from 1 to 9.
    img_fmt : str, default '.jpg'
        The ending of such a file: ``.jpg``, ``.png`` or another that OpenCV writes.

    Examples
    --------
    >>> import numpy as np
    >>> import glueball as mx
    >>> record = mx.recordio.pack_img((0, 4, 7, 0), np.zeros((8, 8, 3), np.uint8), img_fmt=".png")
    >>> mx.recordio.unpack_img(record)[1].shape
    (8, 8, 3)
    """
    cv2 = required("cv2", "image", "pack_img")
    kind = checked_text("pack_img", "img_fmt", img_fmt).lower()
    options = []
    if kind in (".jpg", ".jpeg"):
        options = [cv2.IMWRITE_JPEG_QUALITY, quality]
    elif kind == ".png":
        options = [cv2.IMWRITE_PNG_COMPRESSION, min(quality, 9)]  # OpenCV takes 9 for more, with a warning
    with opencv(f"pack_img: OpenCV must be able to write img as {img_fmt!r}"):
        succeeded, data = cv2.imencode(img_fmt, img, options)
    if not succeeded:
        raise MXNetError(f"pack_img: OpenCV must be able to write img; received {img.shape} of {img.dtype}")
    return pack(header, data.tobytes())


@door
def unpack_img(s: bytes, iscolor: int = -1) -> tuple[IRHeader, np.ndarray | None]:
    """Return the header and the pixels of a record.

    Parameters
    ----------
    s : bytes
        The record.
    iscolor : int, default -1
        How OpenCV decodes: -1 as the image is, 0 to one channel, 1 to three.

    Returns
    -------
    header : IRHeader
        The header.
    img : numpy.ndarray or None
        The pixels, in OpenCV's order; None where OpenCV finds no image.

    Examples
    --------
    >>> import numpy as np
    >>> import glueball as mx
    >>> record = mx.recordio.pack_img((0, 4, 7, 0), np.full((8, 8, 3), 90, np.uint8))
    >>> header, img = mx.recordio.unpack_img(record, iscolor=0)
    >>> header.label, img.shape, int(img[0, 0])
    (4.0, (8, 8), 90)
    """
    cv2 = required("cv2", "image", "unpack_img")
    header, image = unpack(s)
    if not image:
        raise InvalidValueError(f"unpack_img: s must hold an image; received a header alone, {header}")
    with opencv(f"unpack_img: s must hold an image that OpenCV can decode with iscolor={short(iscolor)}"):
        return header, cv2.imdecode(np.frombuffer(image, np.uint8), iscolor)
