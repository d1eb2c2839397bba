"""``mx.np.random``: random numbers, which ``mx.random.seed`` seeds."""

from __future__ import annotations

from typing import Any

from ..ndarray.numpy.face import arrays as _arrays
from ..np_functions import Group

_group = Group("np.random", _arrays, __name__)

__all__ = _group.names()


def __getattr__(name: str) -> Any:
    found = _group.find(name)
    if found is None:
        raise AttributeError(name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_group.names()})
