"""The array and the functions of ``mx.np``, under the name of MXNet's file of them."""

from __future__ import annotations

import sys
from typing import Any

from ..ndarray.exchange import from_numpy
from ..ndarray.numpy.np_array import ndarray

__all__ = ["from_numpy", "ndarray"]


def __getattr__(name: str) -> Any:
    found = globals()[name] = getattr(sys.modules[__package__], name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *dir(sys.modules[__package__])})
