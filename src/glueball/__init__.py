"""Glueball: the Gluon API of Apache MXNet 1.9.1 on PyTorch.

``import glueball as mx`` instead of ``import mxnet as mx``.
"""

from __future__ import annotations

from . import autograd, context, ndarray
from . import ndarray as nd
from .context import Context, cpu, cpu_pinned, current_context, gpu, gpu_memory_info, num_gpus
from .errors import MXNetError
