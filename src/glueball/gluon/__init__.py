"""``mx.gluon``: networks as Python objects: blocks, parameters, losses, training and data."""

from __future__ import annotations

from . import contrib, data, nn, utils
from .block import Block
from .constant import Constant
from .hybrid_block import HybridBlock
from .parameter import DeferredInitializationError, Parameter
from .parameter_dict import ParameterDict

__all__ = [
    "Block", "Constant", "DeferredInitializationError", "HybridBlock", "Parameter", "ParameterDict", "contrib", "data",
    "nn", "utils",
]  # fmt: skip
