"""Names of files, as users give them."""

from __future__ import annotations

import os
from typing import Any


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
