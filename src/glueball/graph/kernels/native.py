"""Compiles the C files of this folder with the machine's own compiler, once for each machine, and loads them."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import platform
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import torch

_COMPILERS = ("cc", "gcc", "clang")
_FLAGS = ("-O3", "-fopenmp", "-shared", "-fPIC", "-mcpu=native" if platform.machine() == "aarch64" else "-march=native")
_LONGEST = 60  # in seconds


class CannotCompile(Exception):
    """Says why there is no compiled code, in a sentence."""


def load(name: str) -> ctypes.CDLL:
    """Return the library of ``<name>.c``, compiled if that was not done before.

    The result is kept in the folder ``glueball`` of the user's cache (``$XDG_CACHE_HOME``, or ``~/.cache``) under a
    name that depends on the source, the compiler and the processor.

    Raises
    ------
    CannotCompile
        There is no compiler, it fails, or this is not Linux.
    """
    if not sys.platform.startswith("linux"):
        raise CannotCompile(f"compiled kernels need Linux; this is {sys.platform}")
    source, command_of, threads = Path(__file__).with_name(f"{name}.c"), compiler(), _threads_of_torch()
    command = [*command_of, *_FLAGS, str(source), threads]
    texts = [file.read_text() for file in (source, *sorted(source.parent.glob("*.h")))]
    key = hashlib.sha256("\n".join([*texts, *command, _version(command_of), processor()]).encode())
    try:
        folder = _cache()
    except OSError:  # no home, or one that cannot be written to
        with tempfile.TemporaryDirectory() as folder_of_this_process:
            return _load(_compiled(Path(folder_of_this_process) / f"{name}.so", command))
    path = folder / f"{name}-{key.hexdigest()[:20]}.so"
    if path.exists():
        with contextlib.suppress(CannotCompile):  # the disk was full, for example
            return _load(path)
    return _load(_compiled(path, command))


def _load(path: Path) -> ctypes.CDLL:
    try:
        return ctypes.CDLL(str(path))
    except OSError as error:
        raise CannotCompile(f"the compiled kernels cannot be loaded; {error}") from error


def compiler() -> list[str]:
    """Return the command of the C compiler: the environment variable CC, or the first that is found."""
    given = os.environ.get("CC", "").split()
    for name in (given[0],) if given else _COMPILERS:
        path = shutil.which(name)
        if path:
            return [path, *given[1:]]
    raise CannotCompile("there is no C compiler; install gcc or clang, or name one in the environment variable CC")


def _compiled(path: Path, command: list[str]) -> Path:
    """Compile, and let the file appear when it is whole: another process may wait for it."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        result = Path(folder) / path.name
        run = [*command, "-o", str(result)]
        try:
            done = subprocess.run(run, capture_output=True, text=True, timeout=_LONGEST, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CannotCompile(f"the compiler {command[0]} fails; {error}") from error
        if done.returncode:
            raise CannotCompile(f"the compiler {command[0]} fails; {' '.join(done.stderr.split())[:500]}")
        result.replace(path)
    return path


def _cache() -> Path:
    """Return the folder for compiled code, to which nobody else may write."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = Path(home) / "glueball"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.stat()
    if found.st_uid != os.getuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH) or not os.access(folder, os.W_OK):
        raise PermissionError(f"{folder} must belong to the user alone")
    return folder


def _threads_of_torch() -> str:
    """Return the file of torch's OpenMP: with another one, the threads of both would be in each other's way."""
    home = str(Path(torch.__file__).resolve().parent)  # the system names files without symbolic links
    for line in Path("/proc/self/maps").read_text().splitlines():
        path = line.split(maxsplit=5)[-1]
        if path.startswith(home) and Path(path).name.startswith(("libgomp", "libiomp", "libomp")):
            return path
    raise CannotCompile("torch's OpenMP library is not where it is in torch's own packages")


def _version(command: list[str]) -> str:
    found = os.stat(os.path.realpath(command[0]))
    return f"{found.st_size} {found.st_mtime_ns}"


def processor() -> str:
    """Describe the instructions that the processor has: a home may be shared by several machines."""
    described: list[str] = []
    with contextlib.suppress(OSError):  # there is no such file but on Linux
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        described = [line for line in lines if line.startswith(("model name", "flags", "Features", "CPU part"))]
    return "\n".join([platform.machine(), platform.processor(), *dict.fromkeys(described)])
