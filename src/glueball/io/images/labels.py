"""Labels of images: those in the records, or those of a list beside them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ...core.errors import MXNetError
from ...recordio import unpack


def labelled(record: bytes) -> tuple[int, np.ndarray, np.ndarray]:
    """Return the number of an image, its labels and the image as it is stored."""
    header, image = unpack(record)
    label = np.atleast_1d(np.asarray(header.label, np.float32))
    return header.id, label, np.frombuffer(image, np.uint8)


class ImageList:
    """The labels in a list of images.

    Parameters
    ----------
    owner : str
        The public name, for messages.
    path : str
        The file: in each line the number of an image, its labels and a path, with tabs between them.
    width : int
        The number of labels of an image; -1 if it varies.
    """

    def __init__(self, owner: str, path: str, width: int) -> None:
        self._owner, self._path = owner, path
        self._labels: dict[int, np.ndarray] = {}
        try:
            lines = Path(path).read_text().splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise MXNetError(f"{owner}: path_imglist must name a text file; received {path}: {error}") from error
        for number, line in enumerate(lines, 1):
            if line.strip():
                self._add(line, number, width)

    def _add(self, line: str, number: int, width: int) -> None:
        fields = line.rstrip("\n").split("\t")
        try:
            label = np.array(fields[1:-1], np.float32)
            if len(label) < 1 or (width > 0 and len(label) != width):
                raise ValueError(f"{len(label)} labels")
            self._labels[int(fields[0])] = label
        except ValueError as error:
            raise MXNetError(
                f"{self._owner}: {self._path}: line {number} must have the number of an image, "
                f"{width if width > 0 else 'its'} label{'s' if width != 1 else ''} and a path, with tabs between them; "
                f"received {line[:80]!r}: {error}"
            ) from error

    def of(self, number: int) -> np.ndarray:
        """Return the labels of the image with a number."""
        found = self._labels.get(number)
        if found is None:
            raise MXNetError(
                f"{self._owner}: path_imglist must have the image of each record; received {self._path}, which lacks "
                f"number {number}"
            )
        return found
