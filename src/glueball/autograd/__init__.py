"""Automatic differentiation: record what is computed, then ask for gradients.

The graph itself is torch's; this package says when it is recorded and where the gradients go.
"""

from __future__ import annotations

from . import methods as _methods  # noqa: F401  (gives NDArray its method)
from .function import Function
from .gradients import backward, grad, mark_variables
from .recorded import get_symbol
from .scopes import (
    is_recording,
    is_training,
    pause,
    predict_mode,
    record,
    set_recording,
    set_training,
    train_mode,
)

__all__ = [
    "Function", "backward", "get_symbol", "grad", "is_recording", "is_training", "mark_variables", "pause",
    "predict_mode", "record", "set_recording", "set_training", "train_mode",
]  # fmt: skip
