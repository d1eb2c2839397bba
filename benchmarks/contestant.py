"""One library in a process of its own, which waits until it is its turn."""

from __future__ import annotations

import os
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.workloads import Workload
from tests.oracle import wire

ROOT = Path(__file__).resolve().parents[1]
_IMPORT = "import time; begin = time.perf_counter(); import {}; print(time.perf_counter() - begin)"


class Contestant:
    """A library that is measured.

    Parameters
    ----------
    library
        What it is imported as: glueball, torch or mxnet.
    python
        The Python that has it.
    threads
        How many threads it may compute with.
    """

    def __init__(self, library: str, python: str | Path, threads: int) -> None:
        self.library = library
        self._python = str(python)
        self._environment = _environment(library, threads)
        self._process = subprocess.Popen(
            [self._python, "-m", "benchmarks.worker", library],
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        hello = self._receive()
        self.version = f"{library} {hello['version']} on Python {hello['python']}"

    def __enter__(self) -> Contestant:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def build(self, workload: Workload) -> list[list[np.ndarray]]:
        """Build a workload; returns what its first runs computed, so that it can be compared."""
        request = {"kind": type(workload).__name__, "fields": asdict(workload)}  # type: ignore[call-overload]
        return self._ask(request)["results"]

    def seconds_per_call(self, warm_up: float, duration: float) -> float:
        """Run the workload that was built last, for so many seconds; the median time of one call."""
        return self._ask({"warm_up": warm_up, "duration": duration})["seconds"]

    def seconds_to_import(self) -> float:
        """Import the library in a fresh process."""
        code = _IMPORT.format(self.library)
        output = subprocess.check_output([self._python, "-W", "ignore", "-c", code], cwd=ROOT, env=self._environment)
        return float(output)

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(wire.frame(wire.dumps(request)))
        self._process.stdin.flush()
        answer = self._receive()
        if "error" in answer:
            raise RuntimeError(f"{self.library} cannot do {request}:\n{answer['error']}")
        return answer

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        data = wire.receive(self._process.stdout)
        if data is None:
            raise RuntimeError(f"the process of {self.library} ended; its last words are above")
        return wire.loads(data)


def _environment(library: str, threads: int) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MXNET_")}
    if library == "mxnet":
        environment = {name: value for name, value in environment.items() if not name.startswith("PYTHON")}
        environment["MXNET_SUBGRAPH_BACKEND"] = "NONE"
    return {**environment, "OMP_NUM_THREADS": str(threads)}
