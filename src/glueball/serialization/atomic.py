"""Write a file so that at every moment its path holds either the complete old content or the complete new one."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from typing import BinaryIO

from ..core.errors import MXNetError
from .path import as_path


@contextlib.contextmanager
def atomic_write(path: str | os.PathLike[str], owner: str = "save") -> Iterator[BinaryIO]:
    """Open a file for writing that replaces `path` only when the block ends without an exception.

    The bytes go to a temporary file in the same directory, are flushed to disk, and then replace the target
    in one step. A symbolic link stays a link and its target is replaced. Permissions are those that
    ``open(path, "wb")`` would leave behind. A process killed midway leaves the old file intact, and a
    file ``.glueball.<random>.tmp`` beside it that may be deleted. A device or a pipe cannot be replaced; it
    is written directly.

    Parameters
    ----------
    path : str or path-like
        The file to create or replace.
    owner : str
        The caller's name; error messages begin with it.

    Yields
    ------
    binary file
        Open for writing, buffered.

    Raises
    ------
    TypeError
        `path` is not a path.
    MXNetError
        The file cannot be written: no such directory, no permission, no space. The old file is unchanged.

    Examples
    --------
    >>> import os, tempfile
    >>> from glueball.serialization import atomic_write
    >>> path = os.path.join(tempfile.mkdtemp(), "greeting")
    >>> with atomic_write(path) as file:
    ...     _ = file.write(b"hello")
    >>> with open(path, "rb") as file:
    ...     print(file.read())
    b'hello'
    """
    target = os.path.realpath(as_path(owner, path))
    try:
        mode = os.stat(target).st_mode if os.path.exists(target) else None
        if mode is not None and not stat.S_ISREG(mode):
            with open(target, "wb") as file:
                yield file
            return
        if mode is not None and not os.access(target, os.W_OK):
            raise PermissionError(13, "the existing file is not writable", target)
        with _replacing(target, mode) as file:
            yield file
    except OSError as error:
        raise MXNetError(
            f"{owner}: the file must be writable; received {os.fspath(path)!r}: {error.strerror or error}; "
            f"check the directory, its permissions and the free space"
        ) from error


@contextlib.contextmanager
def _replacing(target: str, mode: int | None) -> Iterator[BinaryIO]:
    directory = os.path.dirname(target)
    temporary = os.path.join(directory, f".glueball.{secrets.token_hex(8)}.tmp")
    # os.open applies the umask, which a program with threads cannot read safely
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with open(descriptor, "wb") as file:
            if mode is not None:
                os.chmod(temporary, stat.S_IMODE(mode))
            yield file
            file.flush()
            os.fsync(descriptor)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_directory(directory)


def _sync_directory(directory: str) -> None:
    """Make the new name survive a power failure, where the platform can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
