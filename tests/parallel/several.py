"""Runs functions in several processes that train together, and returns what each of them has found."""

from __future__ import annotations

import importlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import glueball as mx

ROOT = Path(__file__).parents[2]


class Ended(NamedTuple):
    """A process that has ended: what its function returned, or what it printed."""

    status: int
    found: Any
    printed: str


class Started:
    """A process. What it prints and returns goes to files, so that none waits until another has been read."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._printed, self._found = (tempfile.NamedTemporaryFile("r") for _ in range(2))  # noqa: SIM115
        with open(self._printed.name, "w") as printed:
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdout=printed, stderr=printed, env={**environment, "RESULT": self._found.name}
            )

    def finish(self, until: float) -> Ended:
        """Wait for it, or kill it when the time is over."""
        try:
            status = self.process.wait(max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        found = json.loads(self._found.read()) if status == 0 else None
        return Ended(status, found, self._printed.read())


def run(function: Callable[..., Any], count: int, *arguments: Any, seconds: float = 300) -> list[Any]:
    """The results of ``function(*arguments)`` in each of `count` processes, as JSON has them; none may fail."""
    ended = finish(start(function, count, *arguments), seconds)
    for each in ended:
        assert each.status == 0, each.printed
    return [each.found for each in ended]


def refused(call: Callable[[], object]) -> str:
    """What the MXNetError of a call, or its UserWarning, says; for functions that processes run."""
    try:
        call()
    except (mx.MXNetError, UserWarning) as error:
        return str(error)
    return "nothing was refused"


def start(function: Callable[..., Any], count: int, *arguments: Any, **environment: str) -> list[Started]:
    """Processes that run ``function(*arguments)``, a function of a module of the tests."""
    place = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port()), "WORLD_SIZE": str(count)}
    command = [sys.executable, "-m", __name__, function.__module__, function.__name__, json.dumps(arguments)]
    shared = {**os.environ, "OMP_NUM_THREADS": "1", **place, **environment}
    return [Started(command, {**shared, "RANK": str(rank)}) for rank in range(count)]


def finish(processes: list[Started], seconds: float) -> list[Ended]:
    """What became of processes; those that do not end in time are killed, with the status of that."""
    until = time.monotonic() + seconds
    return [process.finish(until) for process in processes]


def free_port() -> int:
    """A port that nobody uses at the moment."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


if __name__ == "__main__":
    module, name, given = sys.argv[1:]
    result = getattr(importlib.import_module(module), name)(*json.loads(given))
    Path(os.environ["RESULT"]).write_text(json.dumps(result))
