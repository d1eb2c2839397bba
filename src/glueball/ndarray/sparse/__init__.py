"""``mx.nd.sparse``: arrays with csr and row_sparse storage, and the operators that MXNet shows there.

`base.py` and `arrays.py` have the classes, `creation.py` the functions that make them, `invoke.py` how operators run on
them, and `tape.py` how that is recorded. What an operator does with sparse inputs is a fact of its declaration
(`glueball.ops.sparse`).
"""

from __future__ import annotations

from typing import Any

from ...ops.declare import registry as _registry
from ..namespace import functions as _functions
from . import invoke as _invoke  # noqa: F401  (from then on, operators run on sparse arrays)
from .arithmetic import add, divide, multiply, subtract
from .arrays import CSRNDArray, RowSparseNDArray
from .base import BaseSparseNDArray
from .creation import array, csr_matrix, empty, row_sparse_array, zeros

__all__ = [
    "BaseSparseNDArray", "CSRNDArray", "RowSparseNDArray", "add", "array", "csr_matrix", "divide", "empty", "multiply",
    "row_sparse_array", "subtract", "zeros",
]  # fmt: skip

_PREFIX = "_sparse_"
_made = [name.removeprefix(_PREFIX) for name in _registry.names() if name.startswith(_PREFIX)]
__all__ += sorted(name for name in _made if not name.startswith("_"))


def __getattr__(name: str) -> Any:
    if _PREFIX + name in _registry:
        function = globals()[name] = _functions[_PREFIX + name]
        return function
    raise AttributeError(name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_made})
