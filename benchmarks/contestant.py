"""Contestants: a library in one of its modes; and the processes in which the libraries wait for their turn."""

from __future__ import annotations

import os
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.workloads import WAYS, Workload
from tests.oracle import wire

ROOT = Path(__file__).resolve().parents[1]
_IMPORT = "import time; begin = time.perf_counter(); import {}; print(time.perf_counter() - begin)"


class Process:
    """A process for one or more libraries; see `benchmarks.worker`.

    Glueball and PyTorch share one, since memory placement alone can cause differences of microseconds between two
    processes.

    Parameters
    ----------
    python
        The Python that has the libraries.
    libraries
        Their import names.
    threads
        Number of threads they may use.
    """

    def __init__(self, python: str | Path, libraries: list[str], threads: int) -> None:
        self.python = str(python)
        self.threads = threads
        self.environment = _environment(libraries, threads)
        self._process = subprocess.Popen(
            [self.python, "-m", "benchmarks.worker", *libraries],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.versions: dict[str, str] = self._receive()
        self.contestants = [Contestant(library, way, self) for library in self.versions for way in _ways(library)]

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.communicate()

    def ask(self, **request: Any) -> dict[str, Any]:
        """Send a request and wait for the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(wire.frame(wire.dumps(request)))
        self._process.stdin.flush()
        answer = self._receive()
        if "error" in answer:
            raise RuntimeError(f"the libraries cannot do {request}:\n{answer['error']}")
        return answer

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        data = wire.receive(self._process.stdout)
        if data is None:
            raise RuntimeError("a process of the benchmark ended; its last words are above")
        return wire.loads(data)


def _ways(library: str) -> list[str]:
    return ["torch"] if library == "torch" else [way for way in WAYS if way != "torch"]


@dataclass(frozen=True)
class Contestant:
    """One library in one of its modes, in a process that may be shared."""

    library: str
    way: str
    process: Process

    @property
    def name(self) -> str:
        """Its name in the table."""
        return f"{self.library} graph" if self.way == "graph" else self.library

    def build(self, workload: Workload) -> list[list[np.ndarray]]:
        """Build a workload; returns the results of its first runs, for comparison."""
        return self._build(self.process, workload)["results"]

    def seconds_per_call(self, warm_up: float, duration: float) -> float:
        """Run the last built workload for the given number of seconds; returns the median time of one call."""
        return self.process.ask(library=self.library, way=self.way, warm_up=warm_up, duration=duration)["seconds"]

    def seconds_of_first_call(self, workload: Workload) -> float:
        """Build a workload in a fresh process and run it once."""
        with Process(self.process.python, [self.library], self.process.threads) as process:
            return self._build(process, workload)["seconds"]

    def _build(self, process: Process, workload: Workload) -> dict[str, Any]:
        fields = asdict(workload)  # type: ignore[call-overload]
        return process.ask(library=self.library, way=self.way, kind=type(workload).__name__, fields=fields)

    def seconds_to_import(self) -> float:
        """Import the library in a fresh process."""
        command = [self.process.python, "-W", "ignore", "-c", _IMPORT.format(self.library)]
        return float(subprocess.check_output(command, cwd=ROOT, env=self.process.environment))


def _environment(libraries: list[str], threads: int) -> dict[str, str]:
    # Without .pyc files, each import would compile the sources.
    left_out = ("MXNET_", "PYTHON" if "mxnet" in libraries else "PYTHONDONTWRITEBYTECODE")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return {**environment, "MXNET_SUBGRAPH_BACKEND": "NONE", "OMP_NUM_THREADS": str(threads)}
