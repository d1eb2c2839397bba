"""``mx.np.linalg``: linear algebra."""

from __future__ import annotations

from typing import Any

from ..ndarray.numpy.face import arrays as _arrays
from ..np_functions import Group
from . import fallback_linalg
from .fallback_linalg import *  # noqa: F403

_group = Group("np.linalg", _arrays, __name__)

__all__ = [*_group.names(), *fallback_linalg.__all__]


def __getattr__(name: str) -> Any:
    found = _group.find(name)
    if found is None:
        raise AttributeError(name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_group.names()})
