"""``mx.npx.random``: random numbers that NumPy's module of this name has not."""

from __future__ import annotations

from typing import Any

from ..core.rng import seed
from ..ndarray.numpy.face import arrays as _arrays
from ..np_functions import Group

_group = Group("npx.random", _arrays, __name__)

__all__ = ["seed", *_group.names()]


def __getattr__(name: str) -> Any:
    found = _group.find(name)
    if found is None:
        raise AttributeError(name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_group.names()})
