"""``mx.np``: arrays with NumPy's rules, and NumPy's functions on them."""

from __future__ import annotations

from typing import Any

from ..ndarray import numpy as _functions
from ..ndarray.numpy.np_array import ndarray

__all__ = ["ndarray"]


def __getattr__(name: str) -> Any:
    found = globals()[name] = getattr(_functions, name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *dir(_functions)})
