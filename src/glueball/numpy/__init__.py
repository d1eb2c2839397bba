"""``mx.np``: arrays with NumPy's rules, and NumPy's functions on them."""

from __future__ import annotations

from typing import Any

from ..core.group_module import on_demand as _on_demand
from ..ndarray import numpy as _functions
from ..ndarray.numpy.face import documented as _group
from ..ndarray.numpy.np_array import ndarray
from . import (
    arrayprint,
    fallback,
    fallback_linalg,
    function_base,
    io,
    linalg,
    multiarray,
    random,
    stride_tricks,
    utils,
)  # fmt: skip
from .arrayprint import set_printoptions
from .fallback import *  # noqa: F403
from .io import genfromtxt
from .utils import *  # noqa: F403

__all__ = [
    "arrayprint", "fallback", "fallback_linalg", "function_base", "genfromtxt", "io", "linalg", "multiarray", "ndarray",
    "random", "set_printoptions", "stride_tricks", "utils",
    *fallback.__all__, *utils.__all__,
]  # fmt: skip
__all__ += sorted({*_functions.__all__}.difference(__all__))


def _find(name: str) -> Any:
    found = _group.find(name)
    return getattr(_functions, name, None) if found is None else found


__getattr__, __dir__ = _on_demand(globals(), _find, lambda: _functions.__all__)
