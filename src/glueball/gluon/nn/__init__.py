"""``gluon.nn``: layers. Each file of layers says in its ``__all__`` what it adds."""

from __future__ import annotations

from ..block import Block, HybridBlock, SymbolBlock
from ..containers import HybridLambda, HybridSequential, Lambda, Sequential
from . import (
    activations,
    basic_layers,
    conv_layers,
    conv_transpose_layers,
    norm_layers,
    padding_layers,
    pooling_layers,
)  # fmt: skip
from .activations import *  # noqa: F403
from .basic_layers import *  # noqa: F403
from .conv_layers import *  # noqa: F403
from .conv_transpose_layers import *  # noqa: F403
from .norm_layers import *  # noqa: F403
from .padding_layers import *  # noqa: F403
from .pooling_layers import *  # noqa: F403

__all__ = ["Block", "HybridBlock", "HybridLambda", "HybridSequential", "Lambda", "Sequential", "SymbolBlock"]
__all__ += activations.__all__
__all__ += basic_layers.__all__
__all__ += conv_layers.__all__
__all__ += conv_transpose_layers.__all__
__all__ += norm_layers.__all__
__all__ += padding_layers.__all__
__all__ += pooling_layers.__all__
