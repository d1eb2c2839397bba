"""``gluon.block``: the block classes, and the other names that this module has in MXNet."""

from __future__ import annotations

from ..core.errors import MXNetError
from ..ndarray import NDArray
from ..symbol import Symbol, load_json
from .core.block import Block
from .core.flat import _common_prefix, _flatten, _gather_type_ctx_info, _regroup  # noqa: F401  (MXNet's are here too)
from .core.hybrid_block import HybridBlock
from .core.parameter import DeferredInitializationError, Parameter
from .core.parameter_dict import ParameterDict
from .core.symbol_block import SymbolBlock
from .utils import HookHandle

__all__ = [
    "Block", "DeferredInitializationError", "HookHandle", "HybridBlock", "MXNetError", "NDArray", "Parameter",
    "ParameterDict", "Symbol", "SymbolBlock", "load_json",
]  # fmt: skip
