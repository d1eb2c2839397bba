"""``mx.np.linalg``: linear algebra."""

from __future__ import annotations

from ..core.group_module import on_demand as _on_demand
from ..ndarray.numpy.face import arrays as _arrays
from ..np_functions import Group as _Group
from . import fallback_linalg
from .fallback_linalg import *  # noqa: F403

_group = _Group("np.linalg", _arrays, __name__)

__all__ = ["fallback_linalg", *_group.names(), *fallback_linalg.__all__]

__getattr__, __dir__ = _on_demand(globals(), _group.find, _group.names)
