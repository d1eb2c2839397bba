"""``mx.npx``: what ``mx.np`` needs beyond NumPy, such as layers, contexts and files."""

from __future__ import annotations

from typing import Any

from ..core.class_property import classproperty
from ..core.context import Context, cpu, cpu_pinned, current_context, gpu, gpu_memory_info, num_gpus
from ..core.group_module import on_demand as _on_demand
from ..ndarray import numpy_extension as _functions
from ..ndarray.creation import waitall
from ..ndarray.numpy.face import arrays as _arrays
from ..np_functions import Group as _Group
from ..numpy_mode import is_np_array, is_np_shape, reset_np, set_np, use_np, use_np_array, use_np_shape
from ..util import get_cuda_compute_capability
from . import image, random, utils
from .utils import load, save

_group = _Group("npx", _arrays, __name__, _functions._op, documented=True)

__all__ = [
    "Context", "classproperty", "cpu", "cpu_pinned", "current_context", "get_cuda_compute_capability", "gpu",
    "gpu_memory_info", "image", "is_np_array", "is_np_shape", "load", "num_gpus", "random", "reset_np", "save",
    "set_np", "use_np", "use_np_array", "use_np_shape", "utils", "waitall",
]  # fmt: skip
__all__ += sorted({*_functions.__all__}.difference(__all__))


def _find(name: str) -> Any:
    found = _group.find(name)
    return getattr(_functions, name, None) if found is None else found


__getattr__, __dir__ = _on_demand(globals(), _find, lambda: _functions.__all__)
