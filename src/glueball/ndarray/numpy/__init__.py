"""``mx.nd.np``: the functions of ``mx.np`` on arrays, as ``F.np`` in a block that is not hybridized."""

from __future__ import annotations

from typing import Any

from ...np_functions import Group
from ...np_functions.methods import install_methods as _install_methods
from ...np_functions.refused import install_refused as _install_refused
from ...ops.groups import make_group as _make_group
from ..namespace import functions as _functions
from . import conversion, copies, division, protocols  # noqa: F401  (they give arrays methods)
from .face import arrays as _arrays
from .np_array import ndarray as _ndarray
from .searching import nonzero  # noqa: F401
from .shaping import (  # noqa: F401
    broadcast_arrays,
    empty,
    empty_like,
    meshgrid,
    resize,
    shape,
    unravel_index,
)
from .sources import array  # noqa: F401

_install_methods(_ndarray, _arrays, in_place=True)
_install_refused(_ndarray, of_arrays=True)

_group = Group("np", _arrays, __name__)

# Operators under their own names, as MXNet has them.
_internal = _make_group(_functions, f"{__name__}._internal", "Operators of mx.np.", "_npi_")
_op = _make_group(_functions, f"{__name__}._op", "Operators of mx.np.", "_np_")
linalg = Group("np.linalg", _arrays, f"{__name__}.linalg").module(f"{__name__}.linalg", "Linear algebra.")
random = Group("np.random", _arrays, f"{__name__}.random").module(f"{__name__}.random", "Random numbers.")


def __getattr__(name: str) -> Any:
    found = _group.find(name)
    if found is None:
        raise AttributeError(name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_group.names()})
