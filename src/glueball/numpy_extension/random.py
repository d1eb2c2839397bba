"""``mx.npx.random``: random numbers that NumPy's module of this name has not."""

from __future__ import annotations

from ..core.annotations import ContextLike
from ..core.group_module import on_demand as _on_demand
from ..core.rng import seed as _seed
from ..ndarray.numpy.face import arrays as _arrays
from ..np_functions import Group as _Group

_group = _Group("npx.random", _arrays, __name__)


def seed(seed: int, ctx: ContextLike = "all") -> None:
    """Seed the generators of random numbers; see `glueball.random.seed`."""
    _seed(seed, ctx)


__all__ = ["seed", *_group.names()]

__getattr__, __dir__ = _on_demand(globals(), _group.find, _group.names)
