"""``mx.contrib.amp``: mixed precision. Convolutions and dense layers compute in 16 bits, the rest where that is safe.

`init` turns it on for training, `convert_model` and its like convert a network for prediction.
"""

from __future__ import annotations

from . import lists, loss_scaler
from .amp import *  # noqa: F403
from .amp import __all__ as _public

__all__ = ["lists", "loss_scaler", *_public]
