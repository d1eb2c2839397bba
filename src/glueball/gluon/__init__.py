"""``mx.gluon``: networks as Python objects: blocks, parameters, losses, training and data."""

from __future__ import annotations

from . import nn, utils
from .block import Block
from .hybrid_block import HybridBlock
from .parameter import Constant, DeferredInitializationError, Parameter
from .parameter_dict import ParameterDict

__all__ = [
    "Block", "Constant", "DeferredInitializationError", "HybridBlock", "Parameter", "ParameterDict", "nn", "utils",
]  # fmt: skip
