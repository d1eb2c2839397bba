"""Keeps a process from reaching what a drawn call must not: other files, other processes, the network."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path
from typing import Any

_PROCESSES = {
    "subprocess.Popen",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "os.kill",
}
_NETWORK = {"socket.connect", "socket.bind", "socket.getaddrinfo", "urllib.Request"}
_CHANGES = {"os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.truncate", "os.link", "os.symlink", "os.chmod",
            "os.chown", "shutil.rmtree"}  # fmt: skip


class Forbidden(BaseException):
    """A drawn call would have left its sandbox; no error of the library."""


def enter(folder: Path, memory: int) -> None:
    """Confine this process, for good: it writes only into `folder`, starts no process and has so many bytes."""
    os.chdir(folder)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 26, 1 << 26))
    sys.addaudithook(_Hook(folder.resolve()))


class _Hook:
    """Refuses events of Python's audit that lead out of the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _PROCESSES or event in _NETWORK:
            raise Forbidden(event)
        if event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            self._check(arguments[0], event)
        elif event in _CHANGES:
            for path in arguments[: 2 if event in ("os.rename", "os.link") else 1]:
                self._check(path, event)

    def _check(self, path: Any, event: str) -> None:
        if isinstance(path, str | bytes | os.PathLike):
            full = os.path.realpath(os.fsdecode(path))
            if full != "/dev/null" and not full.startswith(self._folder):
                raise Forbidden(f"{event} {full}")
