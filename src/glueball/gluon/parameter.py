"""``gluon.parameter``: weights and constants, and the other names that this module has in MXNet."""

from __future__ import annotations

from ..core.context import Context, cpu
from ..core.errors import MXNetError
from ..ndarray import NDArray
from ..symbol import Symbol
from .core.constant import Constant
from .core.parameter import DeferredInitializationError, Parameter
from .core.parameter_dict import ParameterDict
from .utils import shape_is_known

__all__ = [
    "Constant", "Context", "DeferredInitializationError", "MXNetError", "Parameter", "ParameterDict", "cpu",
    "shape_is_known", "tensor_types",
]  # fmt: skip

#: The classes of what blocks compute with.
tensor_types = (Symbol, NDArray)
