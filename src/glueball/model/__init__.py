"""``mx.model``: checkpoints, and how parameters are updated with a store."""

from __future__ import annotations

from .checkpoint import BatchEndParam, load_checkpoint, load_params, save_checkpoint
from .update import (
    _create_kvstore,  # noqa: F401  (programs that train by themselves import them)
    _create_sparse_kvstore,  # noqa: F401
    _initialize_kvstore,  # noqa: F401
    _multiple_callbacks,  # noqa: F401
    _update_params,  # noqa: F401
    _update_params_on_kvstore,  # noqa: F401
)

__all__ = ["BatchEndParam", "load_checkpoint", "load_params", "save_checkpoint"]

#: Other names of MXNet's module, and what to use instead.
_INSTEAD = {
    "FeedForward": "MXNet deprecated it; use mx.mod.Module, whose fit, predict and score do the same",
    "DataParallelExecutorManager": "mx.mod.Module splits a batch over several contexts itself",
}
