"""Names of files as users give them, and opening them."""

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
        It is none; the message begins with `owner`.
    """
    if not isinstance(path, str | bytes | os.PathLike):
        raise TypeError(f"{owner}: a file must be named by a path; received {path!r}")
    return os.fsdecode(path)


@contextlib.contextmanager
def opened(name: str, what: str = "the file") -> Iterator[BufferedReader]:
    """Open a file for reading; an OSError then or in the block becomes an MXNetError about `what`."""
    try:
        with open(name, "rb") as file:
            yield file
    except OSError as error:
        raise MXNetError(
            f"{name}: {what} must be readable; received {error.strerror or error}; check the path"
        ) from error
