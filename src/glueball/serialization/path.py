"""Reads file paths given by users, and opens files."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from io import BufferedReader
from typing import Any

from ..core.errors import MXNetError


def as_path(owner: str, path: Any) -> str:
    """Return the text of a path.

    Raises
    ------
    TypeError
        It is not a path; the message begins with `owner`.
    """
    if not isinstance(path, str | bytes | os.PathLike):
        raise TypeError(f"{owner}: the file must be given as a path; received {path!r}")
    return os.fsdecode(path)


@contextlib.contextmanager
def opened(name: str, what: str = "the file") -> Iterator[BufferedReader]:
    """Open a file for reading; an OSError, also within the block, becomes an MXNetError about `what`."""
    try:
        with open(name, "rb") as file:
            yield file
    except OSError as error:
        raise MXNetError(
            f"{name}: {what} must be readable; received {error.strerror or error}; check the path"
        ) from error
