"""Programs in separate processes: under plain Python, under Glueball and under real MXNet."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).resolve().parents[2] / "src"

#: The parts of the package that the runner needs.
_RUNNER = ("__main__.py", "_version.py", "cli", "compat", "core")


class Ended(NamedTuple):
    """How a process ended."""

    status: int
    stdout: str
    stderr: str


def run(
    command: Sequence[object],
    folder: Path,
    stdin: str = "",
    path: Sequence[object] = (),
    **variables: str,
) -> Ended:
    """Run a command in a folder; `path` is its PYTHONPATH."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MXNET_", "GLUEBALL_"))
    }
    environment.update(OMP_NUM_THREADS="1", PYTHONPATH=os.pathsep.join(map(str, path)), **variables)
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def plain(
    arguments: Sequence[object], folder: Path, stdin: str = "", flags: Sequence[str] = (), source: Path = SOURCE
) -> Ended:
    """Run a program as ``python ARGUMENTS``."""
    return run([sys.executable, *flags, *arguments], folder, stdin, [source])


def glueball(
    arguments: Sequence[object], folder: Path, stdin: str = "", flags: Sequence[str] = (), source: Path = SOURCE
) -> Ended:
    """Run a program as ``python -m glueball ARGUMENTS``; `source` is the folder that the package is in."""
    return run([sys.executable, *flags, "-m", "glueball", *arguments], folder, stdin, [source])


def runner_alone(folder: Path) -> Path:
    """Make a package of only the runner's files in a folder. Without arrays it starts twenty times faster."""
    package = folder / "glueball"
    package.mkdir()
    (package / "__init__.py").write_text("")
    for name in _RUNNER:
        (package / name).symlink_to(SOURCE / "glueball" / name)
    return folder


def mxnet(python: object, arguments: Sequence[object], folder: Path) -> Ended:
    """Run a program with real MXNet."""
    ended = run([python, *arguments], folder, MXNET_SUBGRAPH_BACKEND="NONE")
    # MXNet's log, whose lines begin with the time
    lines = ended.stderr.splitlines(keepends=True)
    return ended._replace(stderr="".join(line for line in lines if not re.match(r"\[\d\d:\d\d:\d\d\] ", line)))
