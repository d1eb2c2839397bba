"""Pictures as OpenCV decodes them, from bytes and from files."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from .errors import MXNetError
from .extras import required
from .opencv import opencv

_JPEG = b"\xff\xd8"
_END_OF_JPEG = np.array([0xFF, 0xD9], np.uint8)


def decoded(buffer: np.ndarray, flag: int, to_rgb: bool, owner: str, source: str) -> np.ndarray:
    """Return the picture in a buffer of bytes: (H, W, 3), or (H, W, 1) with flag=0.

    Parameters
    ----------
    buffer : numpy.ndarray
        The bytes of the file.
    flag : int
        1 for color, 0 for gray.
    to_rgb : bool
        Whether red comes first, or else blue.
    owner, source : str
        The public name of the caller, and where the bytes are from, for messages.
    """
    if flag not in (0, 1):
        raise MXNetError(f"{owner}: flag must be 0 (gray) or 1 (color); received {flag}")
    if not buffer.size:
        raise MXNetError(f"{owner}: the picture must have bytes; received none, from {source}")
    cv2 = required("cv2", "image", owner)
    with opencv(f"{owner}: {source} must hold a picture that OpenCV can decode"):
        picture: np.ndarray | None = cv2.imdecode(buffer, flag)
        if picture is None and buffer[: len(_JPEG)].tobytes() == _JPEG:
            # One that was cut off, which MXNet decodes as far as it goes; with an end mark the rest of it is gray.
            picture = cv2.imdecode(np.append(buffer, _END_OF_JPEG), flag)
    if picture is None:
        raise MXNetError(
            f"{owner}: {source} must hold a picture that OpenCV can decode, such as a JPEG or PNG; received "
            f"{buffer.size} bytes that begin with {buffer[:8].tobytes()!r}"
        )
    if flag == 0:
        return picture[..., None]
    if to_rgb:
        cv2.cvtColor(picture, cv2.COLOR_BGR2RGB, dst=picture)
    return picture


def read(filename: str | os.PathLike[str], flag: int, to_rgb: bool, owner: str) -> np.ndarray:
    """Return the picture in a file; see `decoded`."""
    filename = os.fspath(filename)
    try:
        buffer = np.fromfile(filename, np.uint8)
    except OSError as error:
        raise MXNetError(f"{owner}: the file {filename!r} cannot be read: {error.strerror or error}") from error
    return decoded(buffer, flag, to_rgb, owner, f"the file {filename!r}")


def method_by_size(before: Sequence[float], after: Sequence[float]) -> int:
    """Return OpenCV's method for bringing a picture from one size to another: cubic, area, or else linear.

    Parameters
    ----------
    before, after : pair of float
        The two lengths, old and new.
    """
    if after[0] > before[0] and after[1] > before[1]:
        return 2
    return 3 if after[0] < before[0] and after[1] < before[1] else 1
