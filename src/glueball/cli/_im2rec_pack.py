"""Packs the images of a list into a file of records, in threads, and goes on where an earlier run stopped."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO, NamedTuple, TextIO

import numpy as np

from ..core.errors import MXNetError
from ..core.extras import required
from ..core.opencv import opencv
from ..recordio import pack, pack_img
from ..recordio.records import encoded
from ._progress import Progress

_OWNER = "im2rec"
_KINDS = ("rec", "idx")


class Packing(NamedTuple):
    """How images are packed: the options of the sub-command."""

    root: str
    pass_through: bool
    resize: int
    center_crop: bool
    quality: int
    num_thread: int
    color: int
    encoding: str
    pack_label: bool


class Result(NamedTuple):
    """What has become of a list."""

    path: str
    packed: int
    skipped: int


class _Line(NamedTuple):
    number: int
    labels: list[float]
    path: str


def pack_list(path: str, how: Packing, messages: TextIO) -> Result:
    """Pack the images of a list; their files get their names when they are whole.

    Parameters
    ----------
    path : str
        The list. The files beside it are called alike, with the endings ``.rec`` and ``.idx``.
    how : Packing
        The options.
    messages : file
        Gets the progress, and a line for each image that is skipped.
    """
    name = path.removesuffix(".lst")
    lines = _read(path)
    cv2 = None if how.pass_through else required("cv2", "image", _OWNER)
    journal = _Journal(name, path, how)
    done, skipped = journal.resume(), 0
    with Progress(os.path.basename(name), len(lines), messages) as progress, contextlib.closing(journal):
        progress.advance(done)
        for line, record in _in_order(lines[done:], how, cv2):
            if isinstance(record, bytes):
                journal.add(line.number, record)
            else:
                skipped += 1
                progress.say(f"{line.path}: skipped: {record}")
                journal.skip()
            progress.advance()
    packed = journal.finish()
    return Result(f"{name}.rec", packed, len(lines) - packed)


def _read(path: str) -> list[_Line]:
    found = []
    for number, text in enumerate(Path(path).read_text().splitlines(), 1):
        fields = [field.strip() for field in text.split("\t")]
        if not text.strip():
            continue
        try:
            found.append(_Line(int(fields[0]), [*map(float, fields[1:-1])], fields[-1]))
            if len(fields) < 3:
                raise ValueError
        except ValueError as error:
            raise MXNetError(
                f"{path}: line {number} must have the number of an image, its labels and a path, with tabs between "
                f"them; received {text[:80]!r}"
            ) from error
    return found


def _in_order(lines: list[_Line], how: Packing, cv2: ModuleType | None) -> Iterator[tuple[_Line, bytes | Exception]]:
    """Yield each line with its record, or with what is wrong with its image."""
    waiting: deque[tuple[_Line, Future[bytes]]] = deque()
    with ThreadPoolExecutor(how.num_thread, thread_name_prefix=_OWNER) as pool:
        rest = iter(lines)
        while True:
            for line in rest:
                waiting.append((line, pool.submit(_packed, line, how, cv2)))
                if len(waiting) >= 8 * how.num_thread:
                    break
            if not waiting:
                return
            line, work = waiting.popleft()
            error = work.exception()
            if error is not None and not isinstance(error, MXNetError | OSError):
                raise error
            yield line, work.result() if error is None else error


def _packed(line: _Line, how: Packing, cv2: ModuleType | None) -> bytes:
    label: Any = line.labels if how.pack_label and len(line.labels) > 1 else line.labels[0]
    header = (0, label, line.number, 0)
    contents = Path(how.root, line.path).read_bytes()
    if cv2 is None:
        return pack(header, contents)
    with opencv("it must hold an image that OpenCV can decode"):
        image = cv2.imdecode(np.frombuffer(contents, np.uint8), how.color) if contents else None
    if image is None:
        raise MXNetError("OpenCV finds no image in it")
    if how.center_crop:
        image = _square(image)
    height, width = image.shape[:2]
    if how.resize:
        across = height > width
        size = (how.resize, how.resize * height // width) if across else (how.resize * width // height, how.resize)
        image = cv2.resize(image, size)
    return pack_img(header, image, how.quality, how.encoding)


def _square(image: np.ndarray) -> np.ndarray:
    height, width = image.shape[:2]
    margin = abs(height - width) // 2
    return image[margin : margin + width] if height > width else image[:, margin : margin + height]


class _Journal:
    """The files while they are written, and how far they are."""

    def __init__(self, name: str, list_path: str, how: Packing) -> None:
        self._name = name
        self._state = f"{name}.part.json"
        contents = Path(list_path).read_bytes()
        self._key = [hashlib.sha256(contents).hexdigest(), *how._replace(num_thread=1)]
        self._lines = self._packed = 0
        self._rec: BinaryIO | None = None
        self._idx: BinaryIO | None = None

    def resume(self) -> int:
        """Open the files; return how many lines an earlier run with the same list and options has done."""
        sizes = [0, 0]
        try:
            state = json.loads(Path(self._state).read_text())
            if state["key"] == self._key:
                self._lines, self._packed, *sizes = state["at"]
                for kind, size in zip(_KINDS, sizes, strict=True):
                    if os.path.getsize(f"{self._name}.{kind}.part") < size:
                        raise ValueError
        except (OSError, ValueError, KeyError):
            self._lines, self._packed, sizes = 0, 0, [0, 0]
        self._rec, self._idx = (self._opened(kind, size) for kind, size in zip(_KINDS, sizes, strict=True))
        self._save()
        return self._lines

    def _opened(self, kind: str, size: int) -> BinaryIO:
        path = f"{self._name}.{kind}.part"
        file = open(path, "r+b" if os.path.exists(path) else "w+b")  # noqa: SIM115
        file.truncate(size)
        file.seek(size)
        return file

    def add(self, number: int, record: bytes) -> None:
        """Append a record and its line of the index."""
        assert self._rec is not None and self._idx is not None
        self._idx.write(b"%d\t%d\n" % (number, self._rec.tell()))
        self._rec.write(encoded(record, _OWNER))
        self._packed += 1
        self.skip()

    def skip(self) -> None:
        """Count a line."""
        self._lines += 1
        if self._lines % 100 == 0:
            self._save()

    def _save(self) -> None:
        assert self._rec is not None and self._idx is not None
        self._rec.flush()
        self._idx.flush()
        state = {"key": self._key, "at": [self._lines, self._packed, self._rec.tell(), self._idx.tell()]}
        Path(f"{self._state}.new").write_text(json.dumps(state))
        os.replace(f"{self._state}.new", self._state)

    def close(self) -> None:
        """Close the files, as far as they are."""
        if self._rec is not None and self._idx is not None:
            self._save()
            self._rec.close()
            self._idx.close()

    def finish(self) -> int:
        """Give the files their names, and return the number of records."""
        for kind in _KINDS:
            os.replace(f"{self._name}.{kind}.part", f"{self._name}.{kind}")
        os.remove(self._state)
        return self._packed
