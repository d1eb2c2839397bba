"""Runs functions in several processes that train together, and returns what each of them has found.

The processes are forked from one that has imported the package: else most of a test's time would go into imports. What
programs do from their first line to their end, `test_hosts.py`, `test_resuming.py` and the examples try.
"""

from __future__ import annotations

import atexit
import faulthandler
import importlib
import json
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import glueball as mx

ROOT = Path(__file__).parents[2]

# Forking what macOS's libraries have started is not safe.
_PROCESSES = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
if sys.platform == "linux":
    _PROCESSES.set_forkserver_preload([__name__, "pytest", "torch.distributed"])


class Ended(NamedTuple):
    """A process that has ended: what its function returned, or what it printed."""

    status: int
    found: Any
    printed: str


class Started:
    """A process. What it prints and returns goes to files, so that none waits until another has been read."""

    def __init__(self, module: str, name: str, given: str, environment: dict[str, str]) -> None:
        self._printed, self._found = (tempfile.NamedTemporaryFile("r") for _ in range(2))  # noqa: SIM115
        places = self._printed.name, self._found.name
        self.process = _PROCESSES.Process(target=_work, args=(module, name, given, environment, *places))
        self.process.start()

    def send_signal(self, number: int) -> None:
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    def finish(self, until: float) -> Ended:
        """Wait for it, or kill it when the time is over."""
        self.process.join(max(until - time.monotonic(), 0.1))
        if self.process.exitcode is None:
            self.process.kill()
            self.process.join()
        status = self.process.exitcode
        assert status is not None
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
    shared = {**os.environ, "OMP_NUM_THREADS": "1", **place, **environment}
    given = json.dumps(arguments)
    return [
        Started(function.__module__, function.__name__, given, {**shared, "RANK": str(rank)}) for rank in range(count)
    ]


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


def _work(module: str, name: str, given: str, environment: dict[str, str], printed: str, found: str) -> None:
    """What a process does, from its first line to its end, as a program that is started does it."""
    with open(printed, "w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the process that forks ignores it
    faulthandler.enable()
    status = 0
    try:
        result = getattr(importlib.import_module(module), name)(*json.loads(given))
        Path(found).write_text(json.dumps(result))
    except BaseException:
        traceback.print_exc()
        status = 1
    # Such a process would end without the functions that a program calls at its end.
    atexit._run_exitfuncs()
    sys.exit(status)
