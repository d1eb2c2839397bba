"""``mx.sym.np``: the functions of ``mx.np`` on symbols, as ``F.np`` in a block that is hybridized."""

from __future__ import annotations

from ...core.group_module import on_demand as _on_demand
from ...np_functions import Group as _Group
from ...np_functions.methods import install_methods as _install_methods
from ...np_functions.refused import install_refused as _install_refused
from ...ops.groups import make_group as _make_group
from ..namespace import functions as _functions
from .face import symbols as _symbols
from .symbol import _Symbol

_install_methods(_Symbol, _symbols, in_place=False)
_install_refused(_Symbol, of_arrays=False)

# Operators under their own names, as MXNet has them.
_internal = _make_group(_functions, f"{__name__}._internal", "Operators of mx.np.", "_npi_")
_op = _make_group(_functions, f"{__name__}._op", "Operators of mx.np.", "_np_")
linalg = _Group("np.linalg", _symbols, f"{__name__}.linalg").module(f"{__name__}.linalg", "Linear algebra.")
random = _Group("np.random", _symbols, f"{__name__}.random").module(f"{__name__}.random", "Random numbers.")

_group = _Group("np", _symbols, __name__, _op)

__all__ = ["linalg", "random", *_group.names()]

__getattr__, __dir__ = _on_demand(globals(), _group.find, _group.names)
