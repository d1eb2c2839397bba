"""A file that is being written, and the steps that put it into the place of another."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import shutil
import stat
import sys
from collections.abc import Iterator
from typing import BinaryIO

if sys.platform != "win32":
    import fcntl

_TEMPORARY = re.compile(r"\.glueball\.[0-9a-f]{16}\.tmp")


class Direct:
    """A device or a pipe: it cannot be replaced, so it is written as it is."""

    def __init__(self, path: str) -> None:
        self.file: BinaryIO = open(path, "wb")  # noqa: SIM115  (closed by `close`)

    def complete(self) -> None:
        """Make sure that all bytes are written."""
        self.file.close()

    def keep_old(self) -> None:
        """Nothing can be kept: what is written is gone."""

    def commit(self) -> None:
        """Nothing is left to do."""

    def undo(self) -> None:
        """Nothing can be undone."""

    def close(self) -> None:
        """Close it."""
        self.file.close()


class Replacement:
    """The new content of a regular file, in a temporary file beside it until `commit`.

    The temporary file is locked while it is in use. A process that is killed loses its locks, so one without a lock is
    known to be left over, and the next save in the folder removes it.

    Parameters
    ----------
    target : str
        The file to create or replace, without symbolic links.
    status : os.stat_result, optional
        That of the file that is there already.
    """

    def __init__(self, target: str, status: os.stat_result | None) -> None:
        self._target = target
        self._directory = os.path.dirname(target)
        _remove_stale(self._directory)
        descriptor, self._temporary = _create(self._directory)
        self.file: BinaryIO = open(descriptor, "w+b")  # noqa: SIM115  (closed by `close`)
        self._old = ""
        self._exists = status is not None
        try:
            self._in_place = status is not None and not _take_over(descriptor, target, status)
        except BaseException:
            self.close()
            raise

    def complete(self) -> None:
        """Bring all bytes to the disk, so that little is left that can fail."""
        self.file.flush()
        os.fsync(self.file.fileno())

    def keep_old(self) -> None:
        """Keep the old file for `undo`, where the file system has hard links."""
        if self._exists and not self._in_place:
            name = _temporary_name(self._directory)
            with contextlib.suppress(OSError):
                os.link(self._target, name)
                self._old = name

    def commit(self) -> None:
        """Put the new content into place."""
        if self._in_place:
            _overwrite(self._target, self.file)
            return
        if os.name != "posix":
            self.file.close()  # Windows does not rename an open file; elsewhere its lock protects it until the end
        os.replace(self._temporary, self._target)
        _sync_directory(self._directory)

    def undo(self) -> None:
        """Take back a `commit` before which `keep_old` was called."""
        with contextlib.suppress(OSError):
            if self._old:
                os.replace(self._old, self._target)
            elif not self._exists:
                os.unlink(self._target)

    def close(self) -> None:
        """Remove what is temporary."""
        with contextlib.suppress(OSError):  # a full disk has been reported; closing would flush again
            self.file.close()
        for name in filter(None, (self._temporary, self._old)):
            with contextlib.suppress(OSError):
                os.unlink(name)


def _temporary_name(directory: str) -> str:
    return os.path.join(directory, f".glueball.{secrets.token_hex(8)}.tmp")


def _create(directory: str) -> tuple[int, str]:
    """Create a temporary file and lock it; return its descriptor and its name."""
    while True:
        name = _temporary_name(directory)
        # os.open applies the umask, which a program with threads cannot read safely
        descriptor = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        if _lock(descriptor) is not False and os.fstat(descriptor).st_nlink:
            return descriptor, name
        os.close(descriptor)  # another process found it before it was locked, and has removed it


def _lock(descriptor: int) -> bool | None:
    """Lock an open file without waiting: False if another has the lock, None where there are no locks."""
    if sys.platform == "win32":
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno == errno.EWOULDBLOCK else None
    return True


def _remove_stale(directory: str) -> None:
    """Remove the temporary files of processes that were killed while they saved."""
    for name in _temporary_files(directory):
        with contextlib.suppress(OSError):
            descriptor = os.open(name, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
            try:
                if _lock(descriptor):
                    os.unlink(name)
            finally:
                os.close(descriptor)


def _temporary_files(directory: str) -> Iterator[str]:
    with contextlib.suppress(OSError), os.scandir(directory) as entries:
        for entry in entries:
            if _TEMPORARY.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                yield entry.path


def _take_over(descriptor: int, target: str, status: os.stat_result) -> bool:
    """Give a new file the owner and the permissions of the old; False if only the old file itself can have them."""
    new = os.fstat(descriptor)
    if status.st_nlink > 1 or not _own(descriptor, new, status):
        if os.name == "posix":
            os.fchmod(descriptor, 0o600)  # nobody reads from the temporary file what the old one kept from them
        return False
    if os.name == "posix" and stat.S_IMODE(new.st_mode) != stat.S_IMODE(status.st_mode):
        os.fchmod(descriptor, stat.S_IMODE(status.st_mode))
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            for name in os.listxattr(target):
                if name == "system.posix_acl_access" or name.startswith("user."):
                    os.setxattr(descriptor, name, os.getxattr(target, name))
    return True


def _own(descriptor: int, new: os.stat_result, old: os.stat_result) -> bool:
    if (new.st_uid, new.st_gid) == (old.st_uid, old.st_gid):
        return True
    try:
        os.chown(descriptor, old.st_uid, old.st_gid)
    except OSError:  # only root gives files away
        return False
    return True


def _overwrite(target: str, source: BinaryIO) -> None:
    """Copy a file over another one, which stays the same file."""
    with open(target, "r+b") as file:
        size, before = source.seek(0, os.SEEK_END), file.seek(0, os.SEEK_END)
        if size > before and hasattr(os, "posix_fallocate"):
            try:
                os.posix_fallocate(file.fileno(), before, size - before)
            except OSError as error:
                file.truncate(before)
                if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):  # the old content is still whole
                    raise
        source.seek(0)
        file.seek(0)
        shutil.copyfileobj(source, file, 2**20)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())


def _sync_directory(directory: str) -> None:
    """Make the new name survive a power failure, where the platform can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
