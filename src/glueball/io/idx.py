"""Reads the idx format of MNIST: a 4-byte magic, the dimensions as big-endian u32, then the bytes."""

from __future__ import annotations

import gzip
import math
import os
import struct
import zlib
from typing import BinaryIO, NoReturn

import numpy as np

from ..core.errors import MXNetError

_UNSIGNED_BYTE = 0x08
_MOST_FROM_ONE_BYTE = 1032  # the maximum that one byte of a gzip file can expand to


def read_idx(path: str, dimensions: int) -> np.ndarray:
    """Read an array of unsigned bytes.

    Parameters
    ----------
    path : str
        The file; decompressed if its name ends in ``.gz``.
    dimensions : int
        The number of dimensions: 3 for images, 1 for labels.

    Raises
    ------
    MXNetError
        The file is truncated, damaged, longer than its header says, or of another kind.
    """
    compressed = path.endswith(".gz")
    try:
        with open(path, "rb") as raw:
            size = os.fstat(raw.fileno()).st_size
            if not compressed:
                return _read(raw, path, dimensions, size)
            with gzip.open(raw) as file:
                return _read(file, path, dimensions, size * _MOST_FROM_ONE_BYTE)  # type: ignore[arg-type]
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        _fail(path, "a gzip file must be complete", error)
    except OSError as error:
        raise MXNetError(
            f"{path}: an idx file must be readable; received {error.strerror or error}; check the path"
        ) from error


def _read(file: BinaryIO, path: str, dimensions: int, at_most: int) -> np.ndarray:
    header = file.read(4 + 4 * dimensions)
    if len(header) < 4 + 4 * dimensions:
        _fail(path, f"an idx file begins with {4 + 4 * dimensions} bytes", f"{len(header)} bytes")
    magic = bytes((0, 0, _UNSIGNED_BYTE, dimensions))
    if header[:4] != magic:
        _fail(path, f"an idx file of {dimensions} dimensions begins with {magic.hex()}", header[:4].hex())
    shape = struct.unpack(f">{dimensions}I", header[4:])
    count = math.prod(shape)
    if count > at_most:  # before any memory is allocated
        _fail(path, f"an array of shape {shape} must lie inside the file", "a file too small for it")
    array = np.empty(count, np.uint8)
    filled = 0
    while filled < count:
        got = file.readinto(array[filled:].data)  # type: ignore[attr-defined]
        if not got:
            _fail(path, f"{count} bytes must follow for shape {shape}", f"{filled} bytes")
        filled += got
    if file.read(1):
        _fail(path, f"the file must end after {count} bytes for shape {shape}", "more bytes")
    return array.reshape(shape)


def _fail(path: str, rule: str, received: object) -> NoReturn:
    raise MXNetError(f"{path}: {rule}; received {received}; the file is damaged or of another kind: take another copy")
