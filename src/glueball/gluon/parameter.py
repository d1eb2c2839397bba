"""``gluon.parameter``: weights and constants, and the other names that this module has in MXNet."""

from __future__ import annotations

from ..core.context import Context, cpu
from ..core.errors import MXNetError
from .core.constant import Constant
from .core.parameter import DeferredInitializationError, Parameter
from .core.parameter_dict import ParameterDict
from .utils import shape_is_known

__all__ = [
    "Constant", "Context", "DeferredInitializationError", "MXNetError", "Parameter", "ParameterDict", "cpu",
    "shape_is_known",
]  # fmt: skip
