"""``mx.operator``: operators that a program writes in Python, for ``nd.Custom`` and ``sym.Custom``."""

from __future__ import annotations

from .. import ndarray as _ndarray
from .. import symbol as _symbol
from ..core.group_module import own_names as _own_names
from . import array_function as _array_function
from . import of_numpy as _of_numpy
from . import symbol_function as _symbol_function
from .arguments import OperatorArguments, get_all_registered_operators, get_operator_arguments
from .custom_op import CustomOp, CustomOpProp
from .python_op import NDArrayOp, NumpyOp, PythonOp
from .registered import register

__all__ = [
    "CustomOp", "CustomOpProp", "NDArrayOp", "NumpyOp", "OperatorArguments", "PythonOp",
    "get_all_registered_operators", "get_operator_arguments", "register",
]  # fmt: skip

for _place in (_ndarray, _ndarray.op):
    _own_names(_place)["Custom"] = _array_function.Custom
for _place in (_symbol, _symbol.op):
    _own_names(_place)["Custom"] = _symbol_function.Custom
for _name in _of_numpy.__all__:
    setattr(_symbol.numpy, _name, getattr(_of_numpy, _name))
_symbol.numpy.__all__ += _of_numpy.__all__
