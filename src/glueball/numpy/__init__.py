"""``mx.np``: arrays with NumPy's rules, and NumPy's functions on them."""

from __future__ import annotations

from typing import Any

from ..ndarray import numpy as _functions
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
    *fallback.__all__, *utils.__all__, *_functions._group.names(),
]  # fmt: skip


def __getattr__(name: str) -> Any:
    found = globals()[name] = getattr(_functions, name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *dir(_functions)})
