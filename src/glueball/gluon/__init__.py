"""``mx.gluon``: networks as Python objects: blocks, parameters, losses, training and data."""

from __future__ import annotations

from . import contrib, data, loss, model_zoo, nn, utils
from .block import Block
from .constant import Constant
from .hybrid_block import HybridBlock
from .parameter import DeferredInitializationError, Parameter
from .parameter_dict import ParameterDict
from .symbol_block import SymbolBlock
from .trainer import Trainer

__all__ = [
    "Block", "Constant", "DeferredInitializationError", "HybridBlock", "Parameter", "ParameterDict", "SymbolBlock",
    "Trainer", "contrib", "data", "loss", "model_zoo", "nn", "utils",
]  # fmt: skip
