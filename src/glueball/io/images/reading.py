"""Which records an epoch has, and in which order: MXNet's, for the same seed."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import BinaryIO, NamedTuple

import numpy as np

from ...core.errors import MXNetError
from ...recordio.records import MAGIC, read_record
from .shuffling import Shuffler

_PIECE_ORDER_SEED = 666
_WINDOW = 8 << 20  # a shuffled order is one of the records that lie in so many bytes
_MEGABYTE = 1_000_000
_LEAST_CHUNK = 4  # megabytes; smaller pieces are not mixed


class _File(NamedTuple):
    path: str
    begin: int  # in all files together
    end: int


class Records:
    """The records of one part of some files, epoch by epoch.

    Parameters
    ----------
    owner : str
        The public name, for messages.
    options : namespace
        ``path_imgrec``, ``path_imgidx``, ``num_parts``, ``part_index``, ``shuffle``, ``seed``, ``shuffle_chunk_size``
        and ``shuffle_chunk_seed``.
    first_seed : int
        Which seed of the order the seed 0 stands for.
    """

    def __init__(self, owner: str, options: SimpleNamespace, first_seed: int) -> None:
        if not options.path_imgrec:
            raise MXNetError(f"{owner}: path_imgrec must name a file of records; it is missing")
        if not 0 <= options.part_index < options.num_parts:
            raise MXNetError(
                f"{owner}: part_index must be from 0 to num_parts - 1; received {options.part_index} of "
                f"{options.num_parts}"
            )
        self._owner, self._options = owner, options
        self._files = _files(owner, options.path_imgrec)
        self._size = self._files[-1].end
        self._shuffler = Shuffler(first_seed + options.seed)
        self._spans = self._indexed() if options.path_imgidx else []
        pieces = 1
        if options.shuffle_chunk_size >= _LEAST_CHUNK:
            pieces = -(-self._size // (options.shuffle_chunk_size * _MEGABYTE * options.num_parts))
        self._pieces = list(range(options.part_index * pieces, (options.part_index + 1) * pieces))
        self._parts = options.num_parts * pieces
        seed = options.part_index + options.num_parts + pieces + options.shuffle_chunk_seed
        self._piece_shuffler = Shuffler(_PIECE_ORDER_SEED + seed)

    def epoch(self) -> Iterator[bytes]:
        """Yield the records of the next epoch."""
        with contextlib.ExitStack() as stack:
            handles = [stack.enter_context(open(file.path, "rb")) for file in self._files]
            if self._spans:
                spans = list(self._spans)
                if self._options.shuffle:
                    self._shuffler.shuffle(spans)
                for span in spans:
                    yield from (record for _, record in self._located(handles, *span))
                return
            if len(self._pieces) > 1:
                self._piece_shuffler.shuffle(self._pieces)
            for number in list(self._pieces):
                begin, end = self._part(handles, number)
                records = self._located(handles, begin, end)
                yield from self._shuffled(records, end) if self._options.shuffle else (data for _, data in records)

    def _indexed(self) -> list[tuple[int, int]]:
        """Where the records of this part begin and end, by the index; records that it leaves out follow others."""
        path, options = self._options.path_imgidx, self._options
        try:
            positions = sorted({int(line.split("\t")[1]) for line in Path(path).read_text().splitlines()})
        except (OSError, ValueError, IndexError) as error:
            raise MXNetError(
                f"{self._owner}: path_imgidx must name an index, with a key, a tab and a position in each line; "
                f"received {path}: {error}"
            ) from error
        spans = list(zip(positions, [*positions[1:], self._size], strict=True))
        count = -(-len(spans) // options.num_parts)
        return spans[count * options.part_index : count * (options.part_index + 1)]

    def _part(self, handles: Sequence[BinaryIO], number: int) -> tuple[int, int]:
        """Return where one of equal parts begins and ends: with the first record at or after each border."""
        step = -(-self._size // self._parts)
        step += -step % 4
        begin, end = (self._record_from(handles, min(step * each, self._size)) for each in (number, number + 1))
        return begin, end

    def _record_from(self, handles: Sequence[BinaryIO], position: int) -> int:
        for (_, begin, end), handle in zip(self._files, handles, strict=True):
            if begin < position < end:
                return begin + _next_record(handle, position - begin, end - begin)
        return position

    def _located(self, handles: Sequence[BinaryIO], begin: int, end: int) -> Iterator[tuple[int, bytes]]:
        """Yield records with their positions."""
        for (path, first, last), handle in zip(self._files, handles, strict=True):
            if first < end and begin < last:
                position = handle.seek(max(begin, first) - first)
                while position < min(end, last) - first:
                    record = read_record(handle, path)
                    if record is None:
                        break
                    yield first + position, record
                    position = handle.tell()

    def _shuffled(self, records: Iterator[tuple[int, bytes]], end: int) -> Iterator[bytes]:
        """Yield records in the order that MXNet has for those that it reads together."""
        waiting: list[tuple[int, bytes]] = []
        width = _WINDOW
        for position, record in itertools.chain(records, [(end, b"")]):
            while waiting and position >= waiting[0][0] + width:
                # The last record that begins in the window is read again, with those that follow.
                together, waiting = waiting[:-1], waiting[-1:]
                width = _WINDOW if together else width * 2
                yield from self._mixed(together)
            waiting.append((position, record))
        yield from self._mixed(waiting[:-1])

    def _mixed(self, records: list[tuple[int, bytes]]) -> list[bytes]:
        self._shuffler.shuffle(records)
        return [record for _, record in records]


def _files(owner: str, paths: str) -> list[_File]:
    """Return the files of a list with semicolons, or of folders, one behind the other."""
    found: list[_File] = []
    for path in filter(None, paths.split(";")):
        names = [path]
        if os.path.isdir(path):
            names = sorted(name for name in map(str, Path(path).iterdir()) if os.path.isfile(name))
        for name in names:
            try:
                size = os.path.getsize(name)
            except OSError as error:
                raise MXNetError(
                    f"{owner}: path_imgrec must name a file of records; received {name}: {error.strerror}"
                ) from error
            if size % 4:
                raise MXNetError(
                    f"{owner}: {name}: a file of records has a multiple of 4 bytes; received {size} bytes; the file is "
                    "truncated or of another kind: take another copy"
                )
            begin = found[-1].end if found else 0
            if size:
                found.append(_File(name, begin, begin + size))
    if not found:
        raise MXNetError(f"{owner}: path_imgrec must name files with records; received {paths!r}, which has none")
    return found


def _next_record(file: BinaryIO, position: int, end: int) -> int:
    """Return where the first record at or after a position begins."""
    position += -position % 4
    while position < end:
        file.seek(position)
        words = np.frombuffer(file.read(_WINDOW + 4), np.uint32)
        magic = int.from_bytes(MAGIC, "little")
        # A part of kind 0 or 1 begins a record; two words may look like one only at a record.
        here = np.flatnonzero((words[:-1] == magic) & (words[1:] >> 29 <= 1))
        if len(here):
            return position + 4 * int(here[0])
        position += _WINDOW
    return end
