"""Runs functions in several processes that train together, and returns what each of them has found."""

from __future__ import annotations

import importlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]


class Ended(NamedTuple):
    """A process that has ended: what its function returned, or what it printed."""

    status: int
    found: Any
    printed: str


def run(
    function: Callable[..., Any], count: int, *arguments: Any, seconds: float = 120, **environment: str
) -> list[Any]:
    """The results of ``function(*arguments)`` in each of `count` processes, as JSON has them; none may fail."""
    ended = finish(start(function, count, *arguments, **environment), seconds)
    for each in ended:
        assert each.status == 0, each.printed
    return [each.found for each in ended]


def start(function: Callable[..., Any], count: int, *arguments: Any, **environment: str) -> list[subprocess.Popen[str]]:
    """Processes that run ``function(*arguments)``, a function of a module of the tests."""
    place = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port()), "WORLD_SIZE": str(count)}
    command = [sys.executable, "-m", __name__, function.__module__, function.__name__, json.dumps(arguments)]
    return [
        subprocess.Popen(
            command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, "OMP_NUM_THREADS": "1", **place, "RANK": str(rank), **environment},
        )
        for rank in range(count)
    ]  # fmt: skip


def finish(processes: list[subprocess.Popen[str]], seconds: float = 120) -> list[Ended]:
    """What became of processes; those that do not end in time are killed, with the status of that."""
    until, ended = time.monotonic() + seconds, []
    for process in processes:
        try:
            printed, _ = process.communicate(timeout=max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            process.kill()
            printed, _ = process.communicate()
        *_, last = ["", *printed.splitlines()]
        found = json.loads(last) if process.returncode == 0 else None
        ended.append(Ended(process.returncode, found, printed))
    return ended


def free_port() -> int:
    """A port that nobody uses at the moment."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


if __name__ == "__main__":
    module, name, given = sys.argv[1:]
    result = getattr(importlib.import_module(module), name)(*json.loads(given))
    print(json.dumps(result), flush=True)
