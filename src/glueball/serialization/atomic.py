"""Write a file so that at every moment its path holds either the complete old content or the complete new one."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from ..core.errors import MXNetError, file_error
from .path import as_path
from .replacement import Direct, Replacement

Path = str | os.PathLike[str]


@contextlib.contextmanager
def atomic_write(path: Path, owner: str = "save") -> Iterator[BinaryIO]:
    """Open a file for writing that replaces `path` only when the block ends without an exception.

    The bytes go to a temporary file in the same directory, are flushed to disk, and then replace the target
    in one step. A symbolic link stays a link and its target is replaced. Owner and permissions are those that
    ``open(path, "wb")`` would leave behind. A process killed midway leaves the old file intact, and a
    file ``.glueball.<random>.tmp`` beside it, which the next save in that directory removes (except on Windows).

    Some files cannot be replaced: a device or a pipe, which is written directly, and a file with several hard links or
    with an owner that this process cannot give to a new file. The last two are overwritten once the new content is
    complete on disk; only a process killed at that very moment leaves them damaged.

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
    name = as_path(owner, path)
    with _explained(owner, path), contextlib.closing(_begin(name)) as new:
        yield new.file
        new.complete()
        new.commit()


def write_together(writers: Mapping[Path, Callable[[BinaryIO], object]], owner: str) -> None:
    """Write several files that belong together, all or none; each as `atomic_write` does.

    Parameters
    ----------
    writers : mapping of path to callable
        For each file, a function that writes it to the open file that it is given.
    owner : str
        The caller's name; error messages begin with it.

    Raises
    ------
    TypeError
        Something is not a path.
    MXNetError
        A file cannot be written. All old files are unchanged.
    Exception
        Whatever a function raises; all old files are unchanged then too.

    Examples
    --------
    >>> import os, tempfile
    >>> from glueball.serialization import write_together
    >>> folder = tempfile.mkdtemp()
    >>> names = [os.path.join(folder, name) for name in ("a", "b")]
    >>> write_together({name: lambda file: file.write(b"hello") for name in names}, "example")
    >>> sorted(os.listdir(folder))
    ['a', 'b']
    """
    with contextlib.ExitStack() as stack:
        complete: list[tuple[Path, Replacement | Direct]] = []
        for path, write in writers.items():
            with _explained(owner, path):
                new = stack.enter_context(contextlib.closing(_begin(as_path(owner, path))))
                write(new.file)
                new.complete()
                complete.append((path, new))
        with contextlib.ExitStack() as undoing:
            for path, new in complete:
                with _explained(owner, path):
                    new.keep_old()
                    undoing.callback(new.undo)
                    new.commit()
            undoing.pop_all()


def _begin(name: str) -> Replacement | Direct:
    try:
        status: os.stat_result | None = os.stat(name)
    except FileNotFoundError:
        status = None
    if status is None:
        return Replacement(os.path.realpath(name), None)
    if not stat.S_ISREG(status.st_mode):
        return Direct(name)
    if not os.access(name, os.W_OK):
        raise PermissionError(13, "the existing file is not writable", name)
    return Replacement(os.path.realpath(name), status)


@contextlib.contextmanager
def _explained(owner: str, path: Path) -> Iterator[None]:
    try:
        yield
    except MXNetError:  # what is written was refused, which may be an OSError too
        raise
    except OSError as error:
        raise file_error(
            f"{owner}: the file must be writable; received {os.fspath(path)!r}: {error.strerror or error}; "
            f"check the directory, its permissions and the free space",
            error,
        ) from error
