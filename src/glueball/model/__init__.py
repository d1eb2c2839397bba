"""``mx.model``: checkpoints, FeedForward, and how parameters are updated with a store."""

from __future__ import annotations

from ..executor_manager import DataParallelExecutorManager
from .checkpoint import BatchEndParam, load_checkpoint, load_params, save_checkpoint
from .feed_forward import FeedForward
from .update import (
    _create_kvstore,  # noqa: F401  (programs that train by themselves import them)
    _create_sparse_kvstore,  # noqa: F401
    _initialize_kvstore,  # noqa: F401
    _multiple_callbacks,  # noqa: F401
    _update_params,  # noqa: F401
    _update_params_on_kvstore,  # noqa: F401
)

__all__ = [
    "BatchEndParam", "DataParallelExecutorManager", "FeedForward", "load_checkpoint", "load_params", "save_checkpoint",
]  # fmt: skip
