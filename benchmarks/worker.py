"""The process in which libraries are measured: ``python -m benchmarks.worker LIBRARY...``, started by `contestant`.

It answers requests from stdin until stdin ends. The first answer has their versions.
"""

from __future__ import annotations

import gc
import importlib
import os
import statistics
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.workloads import KINDS, Run, numbers
from tests.oracle import wire

_COMPARED_RUNS = 2  # a training step must also result in the same network
_Key = tuple[str, str, str | None]  # library, way, backend


def main(libraries: list[str]) -> None:
    """Import the libraries, then build and time the requested workloads."""
    requests = sys.stdin.buffer
    # What a library prints goes to stderr; answers go to a descriptor that it cannot reach.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    gc.disable()  # its pauses would distort whichever time is being measured
    sys.modules["openvino_telemetry"] = None  # OpenVINO would fork a process that may hang, with our files open
    modules = {library: importlib.import_module(library) for library in libraries}
    runs: dict[_Key, Run] = {}
    answer: dict[str, Any] = {library: str(module.__version__) for library, module in modules.items()}
    while True:
        answers.write(wire.frame(wire.dumps(answer)))
        answers.flush()
        data = wire.receive(requests)
        if data is None:
            runs.clear()  # and the files that they created
            gc.collect()
            os._exit(0)  # MXNet's own shutdown may wait for threads
        try:
            answer = _answer(modules, runs, **wire.loads(data))
        except Exception:
            answer = {"error": traceback.format_exc()}


def _answer(modules: dict[str, Any], runs: dict[_Key, Run], library: str, way: str, **request: Any) -> dict[str, Any]:
    if way == "export":
        KINDS[request["kind"]](**request["fields"]).export(modules[library], request["path"])
        return {}
    key = (library, way, request.get("options", {}).get("backend"))
    if "kind" not in request:
        return {"seconds": seconds_per_call(runs[key], request["warm_up"], request["duration"])}
    runs.pop(key, None)
    gc.collect()
    run = runs[key] = build(library, way, modules[library], **request)
    begin = time.perf_counter()
    first = run()
    seconds = time.perf_counter() - begin
    results = [[numbers(array) for array in first]]
    results += [[numbers(array) for array in run()] for _ in range(_COMPARED_RUNS - 1)]
    return {"results": results, "seconds": seconds}


def build(library: str, way: str, module: Any, kind: str, fields: dict[str, Any], options: dict[str, Any]) -> Run:
    """Build a workload with a library, in one of its modes; `options` has a graph's backend, or a file's path."""
    workload = KINDS[kind](**fields)
    if way == "file":
        load = importlib.import_module(f"benchmarks.peers.{library}").load
        threads = int(os.environ["OMP_NUM_THREADS"])
        return workload.file(lambda data: load(module, options["path"], data, threads))
    run = getattr(workload, way)(module, **options)
    return _waited_for(run, module.nd.waitall) if library == "mxnet" else run


def _waited_for(run: Run, wait: Callable[[], None]) -> Run:
    """Wait for MXNet, which computes asynchronously; on a CPU the others return when the work is done."""

    def finished() -> Sequence[Any]:
        results = run()
        wait()
        return results

    return finished


def seconds_per_call(run: Run, warm_up: float, duration: float) -> float:
    """Call repeatedly, first to warm up and then timed; returns the median time of one call."""
    _call_for(run, warm_up)
    return statistics.median(_call_for(run, duration))


def _call_for(run: Run, duration: float) -> list[float]:
    clock, times = time.perf_counter, []
    end = clock() + duration
    while True:
        begin = clock()
        run()
        now = clock()
        times.append(now - begin)
        if now > end:
            return times


if __name__ == "__main__":
    main(sys.argv[1:])
