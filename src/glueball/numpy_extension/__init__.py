"""``mx.npx``: what ``mx.np`` needs beyond NumPy, such as layers, contexts and files."""

from __future__ import annotations

from typing import Any

from ..core.context import Context, cpu, cpu_pinned, current_context, gpu, num_gpus
from ..ndarray import numpy_extension as _functions
from ..ndarray.creation import waitall
from ..numpy_mode import is_np_array, is_np_shape, reset_np, set_np, use_np, use_np_array, use_np_shape

__all__ = [
    "Context", "cpu", "cpu_pinned", "current_context", "gpu", "is_np_array", "is_np_shape", "num_gpus", "reset_np",
    "set_np", "use_np", "use_np_array", "use_np_shape", "waitall",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    found = globals()[name] = getattr(_functions, name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *dir(_functions)})
