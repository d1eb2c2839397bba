"""Files of records, in sequence."""

from __future__ import annotations

import os
import threading
from io import BufferedReader, FileIO
from typing import Any

from ..core.doors import guard
from ..core.errors import InvalidTypeError, InvalidValueError, MXNetError, RefusedError
from .records import encoded, read_record


@guard
class MXRecordIO:
    """Read or write a file of records, one after the other.

    A record is any bytes. What is written is in the file when `write` returns. An object that reads can be pickled,
    which is how it gets into worker processes; there it begins at the first record.

    Parameters
    ----------
    uri : path
        The file.
    flag : {'r', 'w'}
        Read the file, or write a new one.

    Raises
    ------
    MXNetError
        The file cannot be opened; reading, it is damaged or truncated. A ValueError too: `flag` is another one.

    Differs from MXNet
    ------------------
    ``uri`` is a str. An object that writes cannot be pickled: unpickled, MXNet's truncates the file.
    A record whose last parts are missing is an error, not the end of the file. After the end of the file another record
    can be read without a `reset`. Pickling an object does not close it.

    Examples
    --------
    >>> import os, tempfile
    >>> import glueball as mx
    >>> path = os.path.join(tempfile.mkdtemp(), "some.rec")
    >>> record = mx.recordio.MXRecordIO(path, "w")
    >>> for number in range(3):
    ...     record.write(b"record %d" % number)
    >>> record.close()
    >>> record = mx.recordio.MXRecordIO(path, "r")
    >>> record.read(), record.read(), record.read(), record.read()
    (b'record 0', b'record 1', b'record 2', None)
    """

    uri: str
    flag: str
    #: The process that opened the file; None when it is closed.
    pid: int | None

    def __init__(self, uri: str | os.PathLike[str], flag: str) -> None:
        self.is_open = False
        if not isinstance(uri, str | os.PathLike):
            raise InvalidTypeError(f"{type(self).__name__}: uri must be a path; received {uri!r}")
        self.uri = os.fspath(uri)
        self.flag = flag
        self.open()

    def open(self) -> None:
        """Open the file, at its beginning; one that is written is emptied."""
        if self.flag not in ("r", "w"):
            raise InvalidValueError(f"{type(self).__name__}: flag must be 'r' or 'w'; received {self.flag!r}")
        self.writable = self.flag == "w"
        try:
            # A write has no buffer of its own: a forked process would write what is in it once more.
            raw = FileIO(self.uri, "w" if self.writable else "r")
        except OSError as error:
            raise MXNetError(
                f"{type(self).__name__}: {self.uri}: the file must be {'writable' if self.writable else 'readable'}; "
                f"received {error.strerror or error}; check the path"
            ) from error
        self.handle: Any = raw if self.writable else BufferedReader(raw)
        self.pid = os.getpid()
        self._lock = threading.RLock()
        self.is_open = True

    def close(self) -> None:
        """Close the file."""
        if self.is_open:
            self.handle.close()
            self.is_open = False
            self.pid = None

    def __del__(self) -> None:
        if getattr(self, "is_open", False):
            self.close()

    def __getstate__(self) -> dict[str, Any]:
        if self.is_open and self.writable:
            raise MXNetError(
                f"{type(self).__name__}: an object that is pickled must read its file; received one that writes "
                f"{self.uri}; close it first, and open the file with flag='r'"
            )
        return {name: value for name, value in vars(self).items() if name not in ("handle", "pid", "_lock")}

    def __setstate__(self, d: dict[str, Any]) -> None:
        was_open = d["is_open"]
        vars(self).update(d, is_open=False, pid=None)
        if was_open:
            self.open()

    def _check_pid(self, allow_reset: bool = False) -> None:
        """Make sure that this process opened the file; with `allow_reset` open it anew."""
        if self.pid == os.getpid():
            return
        if not allow_reset:
            raise MXNetError(
                f"{type(self).__name__}: {self.uri}: the file must be open in this process; received one that "
                f"{f'process {self.pid} opened' if self.is_open else 'is closed'}; call reset() first"
            )
        self.reset()

    def reset(self) -> None:
        """Restart at the first record; a file that is written is emptied."""
        self.close()
        self.open()

    def write(self, buf: bytes) -> None:
        """Append a record.

        Parameters
        ----------
        buf : bytes
            The record.
        """
        if not self.writable:
            raise RefusedError(f"{type(self).__name__}.write: flag must be 'w'; received 'r' for {self.uri}")
        self._check_pid()
        if not isinstance(buf, bytes):
            raise InvalidTypeError(f"{type(self).__name__}.write: buf must be bytes; received {type(buf).__name__}")
        left = memoryview(encoded(buf, f"{type(self).__name__}.write"))
        with self._lock:
            try:
                while left:  # the system may take less than all of it
                    left = left[self.handle.write(left) :]
            except OSError as error:
                raise MXNetError(
                    f"{type(self).__name__}.write: {self.uri}: the file must be writable; "
                    f"received {error.strerror or error}"
                ) from error

    def read(self) -> bytes | None:
        """Return the next record, as bytes; None at the end of the file."""
        if self.writable:
            raise RefusedError(f"{type(self).__name__}.read: flag must be 'r'; received 'w' for {self.uri}")
        self._check_pid()
        with self._lock:
            return read_record(self.handle, self.uri)
