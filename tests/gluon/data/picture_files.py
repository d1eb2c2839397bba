"""Pictures for tests, written without any package, so that MXNet's side has the same files."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np


def png(pixels: np.ndarray) -> bytes:
    """Return the file of a picture of (height, width, 3)."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    height, width, _ = pixels.shape
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + row.tobytes() for row in pixels.astype(np.uint8))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def picture(number: int, height: int = 6, width: int = 8) -> np.ndarray:
    """Return a picture, another one for each number."""
    return np.random.default_rng(number).integers(0, 256, (height, width, 3)).astype(np.uint8)


def write_folders(root: Path, classes: tuple[str, ...] = ("ant", "bee", "cat"), count: int = 3, **size: int) -> None:
    """Write a folder for each class, with some pictures."""
    for label, name in enumerate(classes):
        (root / name).mkdir(parents=True)
        for number in range(count):
            (root / name / f"{number}.png").write_bytes(png(picture(100 * label + number, **size)))
