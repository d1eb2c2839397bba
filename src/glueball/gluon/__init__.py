"""``mx.gluon``: blocks, parameters, losses, training and data."""

from __future__ import annotations

from . import contrib, data, loss, model_zoo, nn, rnn, utils
from . import summary as _summary  # noqa: F401  (gives Block a method)
from .block import Block, HybridBlock, SymbolBlock
from .core import explaining as _explaining  # noqa: F401  (gives HybridBlock a method)
from .core import exporting as _exporting  # noqa: F401  (another one)
from .core import giving_way as _giving_way  # noqa: F401  (unless a program has its own)
from .parameter import Constant, DeferredInitializationError, Parameter, ParameterDict
from .trainer import Trainer

__all__ = [
    "Block", "Constant", "DeferredInitializationError", "HybridBlock", "Parameter", "ParameterDict", "SymbolBlock",
    "Trainer", "contrib", "data", "loss", "model_zoo", "nn", "rnn",
    "utils",
]  # fmt: skip
