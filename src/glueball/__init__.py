"""Glueball: the Gluon API of Apache MXNet 1.9.1 on PyTorch.

``import glueball as mx`` instead of ``import mxnet as mx``.
"""

from __future__ import annotations

from . import autograd, context, gluon, initializer, lr_scheduler, metric, name, ndarray, optimizer, random
from . import initializer as init
from . import ndarray as nd
from ._version import __version__
from .context import Context, cpu, cpu_pinned, current_context, gpu, gpu_memory_info, num_gpus
from .errors import MXNetError

__all__ = [
    "Context", "MXNetError", "__version__", "autograd", "context", "cpu", "cpu_pinned", "current_context", "gluon",
    "gpu", "gpu_memory_info", "init", "initializer", "lr_scheduler", "metric", "name", "nd", "ndarray", "num_gpus",
    "optimizer", "random",
]  # fmt: skip
