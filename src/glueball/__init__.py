"""Glueball: the Gluon API of Apache MXNet 1.9.1 on PyTorch.

``import glueball as mx`` instead of ``import mxnet as mx``.
"""

from __future__ import annotations

from . import _start  # before everything else

try:
    from . import (
        attribute,
        autograd,
        base,
        callback,
        context,
        contrib,
        engine,
        error,
        executor,
        executor_manager,
        gluon,
        image,
        initializer,
        interop,
        io,
        kvstore,
        libinfo,
        log,
        lr_scheduler,
        metric,
        model,
        module,
        monitor,
        name,
        ndarray,
        numpy,
        numpy_extension,
        onnx,
        operator,
        optimizer,
        profiler,
        random,
        recordio,
        registry,
        rnn,
        runtime,
        symbol,
        test_utils,
        util,
        visualization,
    )  # fmt: skip
    from . import control_flow as _control_flow  # noqa: F401  # nd.contrib and sym.contrib have its functions
    from . import formats as _formats  # noqa: F401  # nd.load and sym.load read the formats that it registers
    from . import image as img
    from . import initializer as init
    from . import kvstore as kv
    from . import module as mod
    from . import monitor as mon
    from . import ndarray as nd
    from . import numpy as np
    from . import numpy_extension as npx
    from . import random as rnd
    from . import symbol as sym
    from . import visualization as viz
    from ._version import __version__
    from .compat import install_as_mxnet
    from .core import known_names as _known_names
    from .core.context import Context, cpu, cpu_pinned, current_context, gpu, gpu_memory_info, num_gpus
    from .core.errors import MXNetError
    from .interop import torch as _interop_torch  # noqa: F401  # so that it is there as glueball.interop.torch
    from .symbol.attribute import AttrScope
    from .util import is_np_array, is_np_shape, set_np_shape
finally:
    _start.end()

__all__ = [
    "AttrScope", "Context", "MXNetError", "__version__", "attribute", "autograd", "base", "callback", "context",
    "contrib", "cpu", "cpu_pinned", "current_context", "engine", "error", "executor", "executor_manager",
    "gluon", "gpu", "gpu_memory_info", "image", "img", "init", "initializer", "install_as_mxnet", "interop",
    "io", "is_np_array", "is_np_shape", "kv", "kvstore", "libinfo", "log", "lr_scheduler", "metric", "mod",
    "model", "module", "mon", "monitor", "name", "nd", "ndarray", "np", "npx", "num_gpus", "numpy",
    "numpy_extension", "onnx", "operator", "optimizer", "profiler", "random", "recordio", "registry", "rnd",
    "rnn", "runtime", "set_np_shape", "sym", "symbol", "test_utils", "util", "visualization", "viz",
]  # fmt: skip

# so that the error for a name that only MXNet has explains what to use instead
_known_names.explain(__name__)
