"""Contestants: a library in one of its modes; and the processes in which the libraries wait for their turn."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.workloads import Workload
from tests.oracle import wire

ROOT = Path(__file__).resolve().parents[1]
_IMPORT = "import time; begin = time.perf_counter(); import {}; print(time.perf_counter() - begin)"
_ENDED = "a process of the benchmark ended; its last words are above"
_NAMES = {"graph": "{} graph", "compiled": "{} compiled"}


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

    def __init__(self, python: str | Path, libraries: Sequence[str], threads: int) -> None:
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

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *error: object) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._process.communicate()
        self._process.wait()

    def ask(self, **request: Any) -> dict[str, Any]:
        """Send a request and wait for the answer."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(wire.frame(wire.dumps(request)))
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise RuntimeError(_ENDED) from error
        answer = self._receive()
        if "error" in answer:
            raise RuntimeError(f"the libraries cannot do {request}:\n{answer['error']}")
        return answer

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        data = wire.receive(self._process.stdout)
        if data is None:
            raise RuntimeError(_ENDED)
        return wire.loads(data)


@dataclass(frozen=True)
class Contestant:
    """One library in one of its modes, in a process that may be shared.

    Parameters
    ----------
    library, way, process
        The import name, one of `benchmarks.workloads.WAYS`, and the process.
    backend
        What runs the graphs, if not the library's default.
    export
        Writes the network of a workload to a file and returns its path, for a runtime that reads files.
    largest_batch
        The largest batch that it can run, if there is one.
    """

    library: str
    way: str
    process: Process
    backend: str | None = None
    export: Callable[[Workload], Path] | None = None
    largest_batch: int | None = None

    @property
    def name(self) -> str:
        """Its name in the table."""
        return f"{self.library} {self.backend}" if self.backend else _NAMES.get(self.way, "{}").format(self.library)

    def takes(self, workload: Workload) -> bool:
        """Whether the workload is written for its mode, and it is able to do it.

        MXNet's backend is for prediction.
        """
        if self.way not in workload.ways() or (self.backend and not workload.backends):
            return False
        if self.library == "mxnet" and self.backend and workload.trains:
            return False
        return self.largest_batch is None or workload.shape[0] <= self.largest_batch  # type: ignore[attr-defined]

    def build(self, workload: Workload) -> list[list[np.ndarray]]:
        """Build a workload; returns the results of its first runs, for comparison."""
        return self._build(self.process, workload)["results"]

    def seconds_per_call(self, warm_up: float, duration: float) -> float:
        """Run the last built workload for the given number of seconds; returns the median time of one call."""
        return self._ask(self.process, {}, warm_up=warm_up, duration=duration)["seconds"]

    def seconds_of_first_call(self, workload: Workload) -> float:
        """Build a workload in a fresh process and run it once."""
        with Process(self.process.python, [self.library], self.process.threads) as process:
            return self._build(process, workload)["seconds"]

    def seconds_to_import(self) -> float:
        """Import the library in a fresh process."""
        command = [self.process.python, "-W", "ignore", "-c", _IMPORT.format(self.library)]
        return float(subprocess.check_output(command, cwd=ROOT, env=self.process.environment))

    def _build(self, process: Process, workload: Workload) -> dict[str, Any]:
        options = {"path": str(self.export(workload))} if self.export else {}
        return self._ask(process, options, **as_request(workload))

    def _ask(self, process: Process, options: dict[str, str], **request: Any) -> dict[str, Any]:
        options = {**options, "backend": self.backend} if self.backend else options
        return process.ask(library=self.library, way=self.way, options=options, **request)


def as_request(workload: Workload) -> dict[str, Any]:
    """The part of a request that names a workload."""
    return {"kind": type(workload).__name__, "fields": asdict(workload)}  # type: ignore[call-overload]


def _environment(libraries: Sequence[str], threads: int) -> dict[str, str]:
    # Without .pyc files, each import would compile the sources.
    left_out = ("MXNET_", "PYTHON" if "mxnet" in libraries else "PYTHONDONTWRITEBYTECODE")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    alone = {"TORCHINDUCTOR_COMPILE_THREADS": "1"}  # the processes that help torch.compile may outlast it
    return {**environment, **alone, "MXNET_SUBGRAPH_BACKEND": "NONE", "OMP_NUM_THREADS": str(threads)}
