"""Bad calls of everything public in ``mx.np`` and ``mx.npx``: the class of the error is MXNet's, and MXNetError."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import glueball as mx
from tests.numpy.calls import compare
from tests.oracle.client import Oracle

MODULES = {"np": mx.np, "np.random": mx.np.random, "np.linalg": mx.np.linalg, "npx": mx.npx}

#: Functions that are called elsewhere: they change the process, read files, or are NumPy's own, which has releases.
ELSEWHERE = {
    *mx.np.fallback.__all__, *mx.np.fallback_linalg.__all__, "genfromtxt", "set_printoptions", "load", "save", "set_np",
    "reset_np", "use_np", "use_np_array", "use_np_shape", "waitall", "gpu_memory_info", "is_np_array", "is_np_shape",
    "num_gpus", "get_cuda_compute_capability", "current_context", "cpu", "gpu", "cpu_pinned", "array", "shuffle",
    "deg2rad", "rad2deg",  # MXNet's fail of themselves
    "einsum",  # its first argument is text
}  # fmt: skip

#: Calls that MXNet takes, ignoring what it is given; and two that it refuses for other reasons of its own.
TAKEN = {
    "np.random.choice(x, out='a')", "np.vstack(x, out='a')", "np.zeros_like(x, out='a')", "np.nan_to_num(x, out='a')",
    "np.histogram('a')", "np.random.gamma(x, out='a')",
}  # fmt: skip


def _names(module: str) -> list[str]:
    public = MODULES[module].__all__
    functions = [name for name in public if inspect.isfunction(getattr(MODULES[module], name))]
    return sorted(set(functions) - ELSEWHERE)


def _calls(module: str) -> Iterator[str]:
    """Of each function: a first argument of a wrong type, an axis that there is not, and results of a wrong kind."""
    for name in _names(module):
        parameters = inspect.signature(getattr(MODULES[module], name)).parameters
        yield f"{module}.{name}('a')"
        if "axis" in parameters:
            yield from (f"{module}.{name}(x, axis={axis})" for axis in ("7", "'a'"))
        if "out" in parameters:
            yield f"{module}.{name}(x, out='a')"
        if "size" in parameters:
            yield from (f"{module}.{name}(1.0, size={size})" for size in ("'a'", "(2, -1)", "x"))
            yield f"{module}.{name}(x, size=(7, 7))" if name != "choice" else "np.random.choice(x, size=-1)"
        if list(parameters)[:2] == ["x1", "x2"]:
            yield from (f"{module}.{name}(x, {other})" for other in ("c", "'a'", "[1]", "None"))


@pytest.mark.parametrize("module", MODULES)
def test_bad_calls(oracle: Oracle, module: str) -> None:
    texts = [text for text in _calls(module) if text not in TAKEN]
    assert len(texts) > 15
    compare(oracle, texts, gradient=False)


@pytest.mark.parametrize("module", MODULES)
def test_what_is_raised_is_an_mxnet_error(module: str) -> None:
    scope: dict[str, Any] = {"np": mx.np, "npx": mx.npx, "x": mx.np.ones((2, 3)), "c": mx.np.ones((4, 5))}
    for text in _calls(module):
        try:
            eval(text, scope)
        except TypeError as error:
            # Functions that run in microseconds leave it to Python to count their arguments.
            assert isinstance(error, mx.MXNetError) or "positional argument" in str(error), text
        except Exception as error:
            assert isinstance(error, mx.MXNetError), text


def test_numpys_own_errors_keep_their_classes() -> None:
    x = mx.np.ones((2, 3))
    for kind in (IndexError, ValueError):
        with pytest.raises(kind, match="axis 7 is out of bounds"):
            mx.np.nanmax(x, axis=7)
    with pytest.raises(np.linalg.LinAlgError, match="square"):
        mx.np.linalg.matrix_power(x, 2)
