"""Real MXNet in several processes: a scheduler, a server and workers, as its own launcher starts them."""

from __future__ import annotations

import contextlib
import inspect
import json
import os
import subprocess
import textwrap
from collections.abc import Callable
from typing import Any

import pytest

from tests.parallel.several import free_port

_TRIES, _SECONDS = 3, 60


@pytest.fixture
def mxnet_processes(oracle) -> Callable[..., list[Any]]:
    """``run(function, count, *arguments)``: the results of ``function(mx, *arguments)`` in each worker.

    Now and then MXNet's processes do not find each other, and wait for ever: then others are started.
    """

    def run(function: Callable[..., Any], count: int, *arguments: Any) -> list[Any]:
        for _ in range(_TRIES - 1):
            with contextlib.suppress(subprocess.TimeoutExpired):
                return once(function, count, *arguments)
        return once(function, count, *arguments)

    def once(function: Callable[..., Any], count: int, *arguments: Any) -> list[Any]:
        code = "\n".join([
            "import json, sys", "import mxnet as mx", "import numpy as np",
            textwrap.dedent(inspect.getsource(function)),
            f"print(json.dumps({function.__name__}(mx, *json.loads(sys.argv[1]))), flush=True)",
        ])  # fmt: skip
        shared = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
            "DMLC_PS_ROOT_URI": "127.0.0.1", "DMLC_PS_ROOT_PORT": str(free_port()), "DMLC_NUM_SERVER": "1",
            "DMLC_NUM_WORKER": str(count), "OMP_NUM_THREADS": "1",
        }  # fmt: skip
        start = lambda role, *words: subprocess.Popen(  # noqa: E731
            [oracle.python, "-c", *words], env={**shared, "DMLC_ROLE": role}, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        others = [start(role, "import mxnet") for role in ("scheduler", "server")]
        workers = [start("worker", code, json.dumps(arguments)) for _ in range(count)]
        try:
            printed = [worker.communicate(timeout=_SECONDS)[0] for worker in workers]
        finally:
            for process in (*workers, *others):
                process.kill()
                process.communicate()
        return [json.loads(text.splitlines()[-1]) for text in printed]

    return run
