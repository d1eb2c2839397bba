"""Files of records with an index, which are read in any order."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from ..core import strangers
from ..core.errors import InvalidValueError, MissingNameError, MXNetError, RefusedError
from .files import MXRecordIO


class MXIndexedRecordIO(MXRecordIO):
    """Read records by their keys, or write records with keys.

    Several threads may call `read_idx` of one object. A forked process that does opens the file for itself.

    Parameters
    ----------
    idx_path : path
        The index: a line for each record, with its key and its position.
    uri : path
        The file of records.
    flag : {'r', 'w'}
        Read both files, or write new ones.
    key_type : callable, default int
        Makes a key of its text.

    Raises
    ------
    MXNetError
        A file cannot be opened, or a line of the index is not a key and a position. A FileNotFoundError or ValueError
        too, as in MXNet.

    Examples
    --------
    >>> import os, tempfile
    >>> import glueball as mx
    >>> idx, rec = [os.path.join(tempfile.mkdtemp(), name) for name in ("some.idx", "some.rec")]
    >>> record = mx.recordio.MXIndexedRecordIO(idx, rec, "w")
    >>> for number in range(3):
    ...     record.write_idx(number, b"record %d" % number)
    >>> record.close()
    >>> record = mx.recordio.MXIndexedRecordIO(idx, rec, "r")
    >>> record.keys, record.read_idx(2)
    ([0, 1, 2], b'record 2')
    """

    def __init__(
        self,
        idx_path: str | os.PathLike[str],
        uri: str | os.PathLike[str],
        flag: str,
        key_type: Callable[[Any], Any] = int,
    ) -> None:
        self.idx_path = idx_path
        #: The position of each record.
        self.idx: dict[Any, int] = {}
        #: The keys, in the order of the index.
        self.keys: list[Any] = []
        self.key_type = key_type
        self.fidx: Any = None
        super().__init__(uri, flag)

    def open(self) -> None:
        """Open both files, at their beginning; those that are written are emptied."""
        super().open()
        self.idx, self.keys = {}, []
        try:
            if self.writable:
                # Whole lines are written at once, so that a process that ends leaves no half of one.
                self.fidx = open(self.idx_path, "w", buffering=1)  # noqa: SIM115
            else:
                with open(self.idx_path) as lines:
                    for number, line in enumerate(lines, 1):
                        self._glueball_add(line, number)
        except (OSError, UnicodeDecodeError) as error:
            kind: Any = _MissingIndexError if isinstance(error, FileNotFoundError) else MXNetError
            raise kind(
                f"{type(self).__name__}: {self.idx_path}: the index must be {'writable' if self.writable else 'text'}; "
                f"received {getattr(error, 'strerror', None) or error}; check the path"
            ) from error

    def _glueball_add(self, line: str, number: int) -> None:
        fields = line.strip().split("\t")
        try:
            key, position = self.key_type(fields[0]), int(fields[1])
        except (ValueError, IndexError) as error:
            raise InvalidValueError(
                f"{type(self).__name__}: {self.idx_path}: line {number} must be a key and a position, with a tab "
                f"between them; received {line.strip()[:80]!r} for key_type={self.key_type!r}"
            ) from error
        self.keys.append(key)
        self.idx[key] = position

    def close(self) -> None:
        """Close both files."""
        if self.is_open and self.fidx is not None:
            self.fidx.close()
        super().close()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name != "fidx"}

    def __setstate__(self, d: dict[str, Any]) -> None:
        self.fidx = None
        super().__setstate__(d)

    def seek(self, idx: Any) -> None:
        """Go to the record with a key, which `read` returns next."""
        if self.writable:
            raise RefusedError(f"{type(self).__name__}.seek: flag must be 'r'; received 'w' for {self.uri}")
        self._check_pid(allow_reset=True)
        if idx not in self.idx:
            raise MissingNameError(
                f"{type(self).__name__}: the index {self.idx_path} must have the key; received {idx!r} "
                f"of type {type(idx).__name__}, and {len(self.idx)} other keys are there"
            )
        self.handle.seek(self.idx[idx])

    def tell(self) -> int:
        """Return the position at which the next record will be written."""
        if not self.writable:
            raise RefusedError(f"{type(self).__name__}.tell: flag must be 'w'; received 'r' for {self.uri}")
        self._check_pid()
        position: int = self.handle.tell()
        return position

    def read_idx(self, idx: Any) -> bytes | None:
        """Return the record with a key, as bytes.

        Parameters
        ----------
        idx : object
            The key, of the type that `key_type` makes.
        """
        self._check_pid(allow_reset=True)
        with self._lock:
            self.seek(idx)
            return self.read()

    def write_idx(self, idx: Any, buf: bytes) -> None:
        """Append a record with a key.

        Parameters
        ----------
        idx : object
            The key; `key_type` is applied to it.
        buf : bytes
            The record.
        """
        key = strangers.call(self.key_type, idx)
        with self._lock:
            position = self.tell()
            self.write(buf)
            self.fidx.write(f"{key}\t{position}\n")
            self.idx[key] = position
            self.keys.append(key)


class _MissingIndexError(MXNetError, FileNotFoundError):
    """There is no index where MXNet raises FileNotFoundError."""
