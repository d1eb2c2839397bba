"""Glueball: the Gluon API of Apache MXNet 1.9.1 on PyTorch.

``import glueball as mx`` instead of ``import mxnet as mx``.
"""

from __future__ import annotations

from . import (
    autograd,
    context,
    executor,
    gluon,
    initializer,
    io,
    lr_scheduler,
    metric,
    name,
    ndarray,
    optimizer,
    random,
    symbol,
)  # fmt: skip
from . import initializer as init
from . import known_names as _known_names
from . import ndarray as nd
from . import symbol as sym
from ._version import __version__
from .compat import install_as_mxnet
from .context import Context, cpu, cpu_pinned, current_context, gpu, gpu_memory_info, num_gpus
from .errors import MXNetError
from .symbol import attribute
from .symbol.attribute import AttrScope

__all__ = [
    "AttrScope", "Context", "MXNetError", "__version__", "attribute", "autograd", "context", "cpu", "cpu_pinned",
    "current_context", "executor", "gluon", "gpu", "gpu_memory_info", "init", "initializer", "install_as_mxnet", "io",
    "lr_scheduler", "metric", "name", "nd", "ndarray", "num_gpus", "optimizer", "random", "sym", "symbol",
]  # fmt: skip

# a module that lacks a name of MXNet says so
_known_names.explain(__name__)
