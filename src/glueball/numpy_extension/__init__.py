"""``mx.npx``: what ``mx.np`` needs beyond NumPy, such as layers, contexts and files."""

from __future__ import annotations

from typing import Any

from ..core.class_property import classproperty
from ..core.context import Context, cpu, cpu_pinned, current_context, gpu, gpu_memory_info, num_gpus
from ..ndarray import numpy_extension as _functions
from ..ndarray.creation import waitall
from ..numpy_mode import is_np_array, is_np_shape, reset_np, set_np, use_np, use_np_array, use_np_shape
from ..util import get_cuda_compute_capability
from . import image, random, utils
from .utils import load, save

__all__ = [
    "Context", "classproperty", "cpu", "cpu_pinned", "current_context", "get_cuda_compute_capability", "gpu",
    "gpu_memory_info", "image", "is_np_array", "is_np_shape", "load", "num_gpus", "random", "reset_np", "save",
    "set_np", "use_np", "use_np_array", "use_np_shape", "utils", "waitall",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    found = globals()[name] = getattr(_functions, name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *dir(_functions)})
