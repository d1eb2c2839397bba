"""``mx.np.random``: random numbers, which ``mx.random.seed`` seeds."""

from __future__ import annotations

from ..core.group_module import on_demand as _on_demand
from ..ndarray.numpy.face import arrays as _arrays
from ..np_functions import Group as _Group

_group = _Group("np.random", _arrays, __name__)

__all__ = _group.names()

__getattr__, __dir__ = _on_demand(globals(), _group.find, _group.names)
