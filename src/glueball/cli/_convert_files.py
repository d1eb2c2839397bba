"""Writes files to a folder beside those that they become, once they are found to be good."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from types import TracebackType
from typing import BinaryIO

from ..core.errors import MXNetError
from ..serialization import write_together


class Staged:
    """A folder for new files, which disappears; `install` puts them in their places, all or none.

    Parameters
    ----------
    path : str
        The main file.
    force : bool
        Whether files that exist are replaced.

    Raises
    ------
    MXNetError
        It exists, or its folder does not.
    """

    def __init__(self, path: str, force: bool) -> None:
        self._path, self._force = path, force
        self._refuse(path)
        self._target = os.path.dirname(os.path.abspath(path))
        if not os.path.isdir(self._target):
            raise MXNetError(f"convert: the folder must exist; received {path!r}; run mkdir -p {self._target}")
        self._folder = tempfile.mkdtemp(prefix=".glueball-convert-", dir=self._target)
        self.path = os.path.join(self._folder, os.path.basename(path))

    def __enter__(self) -> Staged:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def install(self) -> list[str]:
        """Put the files in their places and return their names.

        Raises
        ------
        MXNetError
            One of them exists, or cannot be written.
        """
        folder = os.path.dirname(self._path)
        places = {os.path.join(folder, name): os.path.join(self._folder, name) for name in self._names()}
        for place in places:
            self._refuse(place)
        write_together({place: _copier(source) for place, source in places.items()}, "convert")
        return list(places)

    def _names(self) -> list[str]:
        return sorted(os.listdir(self._folder))

    def _refuse(self, path: str) -> None:
        if os.path.lexists(path) and not self._force:
            raise MXNetError(f"convert: {path} exists; pass --force to replace it, or another name")


def _copier(source: str) -> Callable[[BinaryIO], None]:
    def copy(file: BinaryIO) -> None:
        with open(source, "rb") as content:
            shutil.copyfileobj(content, file, 2**20)

    return copy
