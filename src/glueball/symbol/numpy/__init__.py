"""``mx.sym.np``: the functions of ``mx.np`` on symbols, as ``F.np`` in a block that is hybridized."""

from __future__ import annotations

from typing import Any

from ...np_functions import Group
from ...np_functions.methods import install_methods as _install_methods
from ...np_functions.refused import install_refused as _install_refused
from .face import symbols as _symbols
from .symbol import _Symbol

_install_methods(_Symbol, _symbols, in_place=False)
_install_refused(_Symbol, of_arrays=False)

_group = Group("np", _symbols, __name__)

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
