"""The libraries that are measured, and the processes in which they wait for their turn."""

from __future__ import annotations

import os
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.workloads import Workload
from tests.oracle import wire

ROOT = Path(__file__).resolve().parents[1]
_IMPORT = "import time; begin = time.perf_counter(); import {}; print(time.perf_counter() - begin)"


class Process:
    """A process for one or more libraries; see `benchmarks.worker`.

    Glueball and PyTorch share one: a difference of microseconds between two processes can come from where
    their memory happens to lie.

    Parameters
    ----------
    python
        The Python that has the libraries.
    libraries
        What they are imported as.
    threads
        How many threads they may compute with.
    """

    def __init__(self, python: str | Path, libraries: list[str], threads: int) -> None:
        self.python = str(python)
        self.environment = _environment(libraries, threads)
        self._process = subprocess.Popen(
            [self.python, "-m", "benchmarks.worker", *libraries],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.contestants = [Contestant(library, version, self) for library, version in self._receive().items()]

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


@dataclass(frozen=True)
class Contestant:
    """One library, in a process that it may share."""

    library: str
    version: str
    process: Process

    def build(self, workload: Workload) -> list[list[np.ndarray]]:
        """Build a workload; returns what its first runs computed, so that it can be compared."""
        fields = asdict(workload)  # type: ignore[call-overload]
        return self.process.ask(library=self.library, kind=type(workload).__name__, fields=fields)["results"]

    def seconds_per_call(self, warm_up: float, duration: float) -> float:
        """Run the workload that was built last, for so many seconds; the median time of one call."""
        return self.process.ask(library=self.library, warm_up=warm_up, duration=duration)["seconds"]

    def seconds_to_import(self) -> float:
        """Import the library in a fresh process."""
        command = [self.process.python, "-W", "ignore", "-c", _IMPORT.format(self.library)]
        return float(subprocess.check_output(command, cwd=ROOT, env=self.process.environment))


def _environment(libraries: list[str], threads: int) -> dict[str, str]:
    # Without compiled files beside the sources an import would compile them each time.
    left_out = ("MXNET_", "PYTHON" if "mxnet" in libraries else "PYTHONDONTWRITEBYTECODE")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return {**environment, "MXNET_SUBGRAPH_BACKEND": "NONE", "OMP_NUM_THREADS": str(threads)}
