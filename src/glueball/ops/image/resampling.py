"""Pictures of another size, pixel for pixel as MXNet 1.9.1 computes them.

OpenCV has the same results for all methods but the cubic one of bytes, where its releases since then round otherwise
in up to 4 of 100 pixels. That one is here: whole numbers across, with weights of 11 bits, then float32 down.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ...core.errors import MXNetError
from ...core.extras import required

CUBIC = 2
METHODS = range(6)  # nearest, linear, cubic, area, Lanczos, and the exact linear one

_TYPES = ("uint8", "float32", "float64")
_SCALE = 2048  # of the whole weights, in each direction
_LANES = 8  # bytes that MXNet computes at once; the last ones of a row, which are fewer, in whole numbers


def resized(picture: np.ndarray, width: int, height: int, method: int, owner: str) -> np.ndarray:
    """Return a picture (height, width, channels) in another size.

    Parameters
    ----------
    picture : numpy.ndarray
        Of uint8, float32 or float64.
    width, height : int
        The new size.
    method : int
        OpenCV's number of the method, one of `METHODS`.
    owner : str
        The public name of the caller, for messages.
    """
    if picture.dtype not in _TYPES:
        raise MXNetError(f"{owner}: the image must be of {', '.join(_TYPES)}; received {picture.dtype}; cast it")
    if method not in METHODS:
        raise MXNetError(
            f"{owner}: interp must be 0 (nearest), 1 (linear), 2 (cubic), 3 (area), 4 (Lanczos) or 5 (exact linear); "
            f"received {method}"
        )
    if (height, width) == picture.shape[:2]:
        return picture.copy()
    if method == CUBIC and picture.dtype == np.uint8:
        return _cubic(picture, width, height)
    cv2 = required("cv2", "image", owner)
    result: np.ndarray = cv2.resize(picture, (width, height), interpolation=method)
    return result.reshape(height, width, picture.shape[2])


@lru_cache(256)
def _taps(new: int, old: int) -> tuple[np.ndarray, np.ndarray]:
    """Return which four places each new one is made of, and their weights, both (4, new)."""
    at = ((np.arange(new) + 0.5) * (1 / (new / old)) - 0.5).astype(np.float32)
    first = np.floor(at)
    part = at - first
    places = np.clip(first.astype(np.int64) + np.arange(-1, 3)[:, None], 0, old - 1)
    weights = np.empty((4, new), np.float32)
    for tap, distance in ((1, part), (2, 1 - part)):
        weights[tap] = (np.float32(1.25) * distance - np.float32(2.25)) * distance * distance + 1
    away, sharp = part + 1, np.float32(-0.75)
    weights[0] = ((sharp * away - 5 * sharp) * away + 8 * sharp) * away - 4 * sharp
    weights[3] = 1 - weights[0] - weights[1] - weights[2]
    return places, np.rint(weights * _SCALE)


def _cubic(picture: np.ndarray, width: int, height: int) -> np.ndarray:
    columns, across = _taps(width, picture.shape[1])
    rows, down = _taps(height, picture.shape[0])
    used, rows = np.unique(rows, return_inverse=True)
    rows = rows.reshape(4, height)
    # Whole numbers below 2**24, which float32 holds exactly.
    pixels = np.zeros((len(used), width, picture.shape[2]), np.float32)
    lines = picture if len(used) == len(picture) else picture[used]
    for places, weights in zip(columns, across, strict=True):
        pixels += lines.take(places, axis=1) * weights[:, None]
    wide = pixels.reshape(len(used), -1)
    total = np.zeros((height, wide.shape[1]), np.float32)
    for places, weights in zip(rows, down / np.float32(_SCALE**2), strict=True):
        total += wide.take(places, axis=0) * weights[:, None]
    result = np.clip(np.rint(total, out=total), 0, 255, out=total).astype(np.uint8)
    tail = wide.shape[1] // _LANES * _LANES
    if tail < wide.shape[1]:
        result[:, tail:] = _in_whole_numbers(wide[:, tail:].astype(np.int64), rows, down.astype(np.int64))
    return result.reshape(height, width, picture.shape[2])


def _in_whole_numbers(wide: np.ndarray, rows: np.ndarray, down: np.ndarray) -> np.ndarray:
    total = (wide[rows] * down[..., None]).sum(axis=0)
    clipped: np.ndarray = np.clip((total + _SCALE**2 // 2) // _SCALE**2, 0, 255)
    return clipped
