"""``mx.nd.np``: the functions of ``mx.np`` on arrays, as ``F.np`` in a block that is not hybridized."""

from __future__ import annotations

from ...core.group_module import on_demand as _on_demand
from ...np_functions import Group as _Group
from ...np_functions.methods import install_methods as _install_methods
from ...np_functions.refused import install_refused as _install_refused
from ...ops.groups import make_group as _make_group
from ..namespace import functions as _functions
from . import conversion, copies, division, protocols  # noqa: F401  (they give arrays methods)
from .face import arrays as _arrays
from .face import operators as _op
from .np_array import ndarray as _ndarray
from .searching import nonzero
from .shaping import broadcast_arrays, empty, empty_like, meshgrid, resize, shape, unravel_index
from .sources import array

_install_methods(_ndarray, _arrays, in_place=True)
_install_refused(_ndarray, of_arrays=True)

# Operators under their own names, as MXNet has them.
_internal = _make_group(_functions, f"{__name__}._internal", "Operators of mx.np.", "_npi_")
linalg = _Group("np.linalg", _arrays, f"{__name__}.linalg").module(f"{__name__}.linalg", "Linear algebra.")
random = _Group("np.random", _arrays, f"{__name__}.random").module(f"{__name__}.random", "Random numbers.")

_group = _Group("np", _arrays, __name__, _op)

__all__ = [
    "array", "broadcast_arrays", "empty", "empty_like", "linalg", "meshgrid", "nonzero", "random", "resize", "shape",
    "unravel_index", *_group.names(),
]  # fmt: skip

__getattr__, __dir__ = _on_demand(globals(), _group.find, _group.names)
