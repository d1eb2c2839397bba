"""``mx.contrib.amp.amp``: what MXNet has in this module; ``mx.contrib.amp`` shows it too."""

from __future__ import annotations

from typing import Any

from ...core.dtype import bfloat16  # noqa: F401  (MXNet's is here too)
from .converting import convert_hybrid_block, convert_model, convert_symbol
from .converting_buckets import convert_bucketing_module  # noqa: F401  (only this module has it, as in MXNet)
from .listing import (
    list_conditional_fp32_ops,
    list_fp32_ops,
    list_loss_output_functions,
    list_lp16_fp32_ops,
    list_lp16_ops,
    list_lp16_use_fp32_params,
    list_widest_type_cast,
)
from .loss_scaler import LossScaler  # noqa: F401  (MXNet's is here too)
from .mode import current, init
from .training import init_trainer, scale_loss, unscale

__all__ = [
    "convert_hybrid_block", "convert_model", "convert_symbol", "init", "init_trainer", "list_conditional_fp32_ops",
    "list_fp32_ops", "list_loss_output_functions", "list_lp16_fp32_ops", "list_lp16_ops", "list_lp16_use_fp32_params",
    "list_widest_type_cast", "scale_loss", "unscale",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Say whether `init` has been called, as the layers of some packages ask."""
    if name == "_amp_initialized":
        return current() is not None
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
