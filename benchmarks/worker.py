"""The process of one library: ``python -m benchmarks.worker LIBRARY``, started by `benchmarks.contestant`.

It answers requests from stdin until stdin ends. The first answer says who it is.
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


def main(library: str) -> None:
    """Say hello, then build and time what is asked for."""
    requests = sys.stdin.buffer
    # What a library prints goes to stderr; the answers go where it cannot reach them.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    module = importlib.import_module(library)
    answer: dict[str, Any] = {"version": str(module.__version__), "python": sys.version.split()[0]}
    run: Run | None = None
    while True:
        answers.write(wire.frame(wire.dumps(answer)))
        answers.flush()
        data = wire.receive(requests)
        if data is None:
            os._exit(0)  # MXNet's own shutdown may wait for threads
        request = wire.loads(data)
        try:
            if "kind" in request:
                run = build(library, module, request["kind"], request["fields"])
                answer = {"results": [[numbers(array) for array in run()] for _ in range(_COMPARED_RUNS)]}
            else:
                assert run is not None
                answer = {"seconds": seconds_per_call(run, request["warm_up"], request["duration"])}
        except Exception:
            answer = {"error": traceback.format_exc()}


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
    main(sys.argv[1])
