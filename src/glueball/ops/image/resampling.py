"""Pictures of another size, pixel for pixel as MXNet 1.9.1 computes them.

OpenCV has the same results for most methods and types. Its releases since then round the cubic one of bytes otherwise,
in up to 4 of 100 pixels, and the linear and cubic ones of real numbers in most. Those are here.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ...core.errors import MXNetError
from ...core.extras import required
from ...core.opencv import opencv

_LINEAR, _CUBIC, _AREA = 1, 2, 3
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
    if method == _CUBIC and picture.dtype == np.uint8:
        return _cubic_bytes(picture, width, height)
    if method == _LINEAR and picture.shape[:2] == (2 * height, 2 * width):
        method = _AREA  # which is the same at half the size
    if method in _TAPS and picture.dtype != np.uint8:
        return _real(picture, width, height, method)
    cv2 = required("cv2", "image", owner)
    with opencv(f"{owner}: OpenCV must be able to resize an image of shape {picture.shape}"):
        result: np.ndarray = cv2.resize(picture, (width, height), interpolation=method)
    return result.reshape(height, width, picture.shape[2])


def _linear(part: np.ndarray) -> np.ndarray:
    return np.stack([1 - part, part])


def _cubic(part: np.ndarray) -> np.ndarray:
    weights = np.empty((4, len(part)), np.float32)
    for tap, distance in ((1, part), (2, 1 - part)):
        weights[tap] = (np.float32(1.25) * distance - np.float32(2.25)) * distance * distance + 1
    away, sharp = part + 1, np.float32(-0.75)
    weights[0] = ((sharp * away - 5 * sharp) * away + 8 * sharp) * away - 4 * sharp
    weights[3] = 1 - weights[0] - weights[1] - weights[2]
    return weights


# By method: the weights of neighboring pixels, given how far the place is behind one of them.
_TAPS = {_LINEAR: _linear, _CUBIC: _cubic}


@lru_cache(256)
def _taps(new: int, old: int, method: int, downwards: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return which places each new one is made of, and their weights in float32, both (taps, new).

    Outside of a column an edge pixel is mixed with itself, which rounds; outside of a row it is taken as it is.
    """
    at = ((np.arange(new) + 0.5) * (1 / (new / old)) - 0.5).astype(np.float32)
    if method == _LINEAR and not downwards:
        at = at.clip(0, old - 1)
    first = np.floor(at)
    weights = _TAPS[method](at - first)
    beside = np.arange(len(weights))[:, None] - (len(weights) // 2 - 1)
    return np.clip(first.astype(np.int64) + beside, 0, old - 1), weights


def _real(picture: np.ndarray, width: int, height: int, method: int) -> np.ndarray:
    wide = _across(picture, *_taps(width, picture.shape[1], method, False))
    rows, down = _taps(height, picture.shape[0], method, True)
    return _weighted(wide, rows, down[..., None], 0).reshape(height, width, picture.shape[2])


def _across(picture: np.ndarray, columns: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the rows in their new width, with the channels side by side: (height, width * channels)."""
    height, _, channels = picture.shape
    places = (columns[..., None] * channels + np.arange(channels)).reshape(len(columns), -1)
    return _weighted(picture.reshape(height, -1), places, np.repeat(weights, channels, axis=1), 1)


def _weighted(pixels: np.ndarray, places: np.ndarray, weights: np.ndarray, axis: int) -> np.ndarray:
    """Add up the pixels at the places of each tap, in order: another one rounds otherwise."""
    total: np.ndarray = pixels.take(places[0], axis)
    total *= weights[0]
    part = np.empty_like(total)
    for taken, weight in zip(places[1:], weights[1:], strict=True):
        pixels.take(taken, axis, out=part, mode="clip")  # in the mode "raise" it would be copied once more
        part *= weight
        total += part
    return total


def _cubic_bytes(picture: np.ndarray, width: int, height: int) -> np.ndarray:
    """Resize with weights of 11 bits: in whole numbers across, and in float32 down."""
    columns, across = _taps(width, picture.shape[1], _CUBIC, False)
    rows, down = _taps(height, picture.shape[0], _CUBIC, True)
    down = np.rint(down * _SCALE)
    used, rows = np.unique(rows, return_inverse=True)
    rows = rows.reshape(4, height)
    lines = picture if len(used) == len(picture) else picture[used]
    # Whole numbers below 2**24, which float32 holds exactly.
    wide = _across(lines.astype(np.float32), columns, np.rint(across * _SCALE))
    total = _weighted(wide, rows, (down / np.float32(_SCALE**2))[..., None], 0)
    result = np.clip(np.rint(total, out=total), 0, 255, out=total).astype(np.uint8)
    tail = wide.shape[1] // _LANES * _LANES
    if tail < wide.shape[1]:
        result[:, tail:] = _in_whole_numbers(wide[:, tail:].astype(np.int64), rows, down.astype(np.int64))
    return result.reshape(height, width, picture.shape[2])


def _in_whole_numbers(wide: np.ndarray, rows: np.ndarray, down: np.ndarray) -> np.ndarray:
    total = (wide[rows] * down[..., None]).sum(axis=0)
    clipped: np.ndarray = np.clip((total + _SCALE**2 // 2) // _SCALE**2, 0, 255)
    return clipped
