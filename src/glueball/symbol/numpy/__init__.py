"""``mx.sym.np``: the functions of ``mx.np`` on symbols, as ``F.np`` in a block that is hybridized."""

from __future__ import annotations

from typing import Any

from ...np_functions import Group
from ...np_functions.methods import install_methods as _install_methods
from ...np_functions.refused import install_refused as _install_refused
from ...ops.groups import make_group as _make_group
from ..namespace import functions as _functions
from .face import symbols as _symbols
from .symbol import _Symbol

_install_methods(_Symbol, _symbols, in_place=False)
_install_refused(_Symbol, of_arrays=False)

_group = Group("np", _symbols, __name__)

# Operators under their own names, as MXNet has them.
_internal = _make_group(_functions, f"{__name__}._internal", "Operators of mx.np.", "_npi_")
_op = _make_group(_functions, f"{__name__}._op", "Operators of mx.np.", "_np_")
linalg = Group("np.linalg", _symbols, f"{__name__}.linalg").module(f"{__name__}.linalg", "Linear algebra.")
random = Group("np.random", _symbols, f"{__name__}.random").module(f"{__name__}.random", "Random numbers.")


def __getattr__(name: str) -> Any:
    found = _group.find(name)
    if found is None:
        raise AttributeError(name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_group.names()})
