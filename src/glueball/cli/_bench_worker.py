"""A process that runs a network with one engine when it is told to, so that engines are not in each other's way."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

from ..core.errors import MXNetError
from ..ndarray import NDArray, save
from ._model_files import load

try:
    import resource
except ImportError:  # there is none on Windows
    resource = None  # type: ignore[assignment]


def serve() -> None:
    """Answer the questions on standard input, each a line of JSON, until it ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what engines print is no answer
    _forget_peak()
    before = _peak()
    run: Callable[[], Any] | None = None
    for line in sys.stdin:
        question = json.loads(line)
        try:
            if run is None:
                run, answer = _prepared(question)
            else:
                answer = {"seconds": _turn(run, question["seconds"])}
        except MXNetError as error:
            answer = {"error": " ".join(str(error).split())}
        answer["memory"] = None if before is None else (_peak() or 0) - before
        print(json.dumps(answer), file=answers, flush=True)


def _prepared(question: dict[str, Any]) -> tuple[Callable[[], Any], dict[str, Any]]:
    """Return what is to be timed, and how long its first call took."""
    warnings.simplefilter("ignore")
    model = load("bench", question["model"], question["params"])
    sized = model.sized("bench", {name: tuple(shape) for name, shape in question["shapes"].items()})
    block, inputs = sized.block(), list(sized.sample().values())
    block.hybridize(backend=question["engine"], strict=True)

    def run() -> list[NDArray]:
        results = block(*inputs)
        outputs = results if isinstance(results, list) else [results]
        for output in outputs:
            output.wait_to_read()
        return outputs

    begin = time.perf_counter()
    outputs = run()
    first = time.perf_counter() - begin
    save(question["outputs"], outputs, format="npz")
    run()  # engines that wait whether parameters change make their plans now
    return run, {"first": first}


def _turn(run: Callable[[], Any], seconds: float) -> list[float]:
    """Return how long each call took, for some seconds; the first one, which finds cold caches, does not count."""
    run()
    taken: list[float] = []
    end = time.perf_counter() + seconds
    while not taken or time.perf_counter() < end:
        begin = time.perf_counter()
        run()
        taken.append(time.perf_counter() - begin)
    return taken


def _forget_peak() -> None:
    """Let the peak begin anew, where the system can: importing has one of its own."""
    with contextlib.suppress(OSError), open("/proc/self/clear_refs", "w") as file:
        file.write("5")


def _peak() -> int | None:
    """Return the most memory that the process has had so far, in bytes."""
    with contextlib.suppress(OSError), open("/proc/self/status") as file:
        return 1024 * next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
    if resource is None:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
