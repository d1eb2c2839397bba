"""A process in which libraries are measured: ``python -m benchmarks.worker LIBRARY...``, started by `contestant`.

It answers requests from stdin until stdin ends. The first answer says which versions they are.
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
from typing import Any

from benchmarks.workloads import KINDS, Run, numbers
from tests.oracle import wire

_COMPARED_RUNS = 2  # a step of training must also leave the same network behind
_LEAST_CALLS = 5


def main(libraries: list[str]) -> None:
    """Import the libraries, then build and time what is asked for."""
    requests = sys.stdin.buffer
    # What a library prints goes to stderr; the answers go where it cannot reach them.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    modules = {library: importlib.import_module(library) for library in libraries}
    runs: dict[str, Run] = {}
    answer: dict[str, Any] = {library: str(module.__version__) for library, module in modules.items()}
    while True:
        answers.write(wire.frame(wire.dumps(answer)))
        answers.flush()
        data = wire.receive(requests)
        if data is None:
            os._exit(0)  # MXNet's own shutdown may wait for threads
        try:
            answer = _answer(modules, runs, **wire.loads(data))
        except Exception:
            answer = {"error": traceback.format_exc()}


def _answer(modules: dict[str, Any], runs: dict[str, Run], library: str, **request: Any) -> dict[str, Any]:
    if "kind" in request:
        run = runs[library] = build(library, modules[library], request["kind"], request["fields"])
        return {"results": [[numbers(array) for array in run()] for _ in range(_COMPARED_RUNS)]}
    return {"seconds": seconds_per_call(runs[library], request["warm_up"], request["duration"])}


def build(library: str, module: Any, kind: str, fields: dict[str, Any]) -> Run:
    """Build a workload with a library."""
    workload = KINDS[kind](**fields)
    return workload.torch(module) if library == "torch" else workload.gluon(module)


def seconds_per_call(run: Run, warm_up: float, duration: float) -> float:
    """Call again and again, first without looking and then with a clock; the median time of one call."""
    _call_for(run, warm_up)
    gc.collect()
    gc.disable()
    try:
        return statistics.median(_call_for(run, duration))
    finally:
        gc.enable()


def _call_for(run: Run, duration: float) -> list[float]:
    clock, times = time.perf_counter, []
    end = clock() + duration
    while True:
        begin = clock()
        run()
        now = clock()
        times.append(now - begin)
        if now > end and len(times) >= _LEAST_CALLS:
            return times


if __name__ == "__main__":
    main(sys.argv[1:])
