"""``mx.sym.npx``: the functions of ``mx.npx`` on symbols, as ``F.npx`` in a block that is hybridized."""

from __future__ import annotations

from ...core.group_module import on_demand as _on_demand
from ...np_functions import Group as _Group
from ...ops.groups import make_group as _make_group
from ..namespace import functions as _functions
from ..numpy.face import symbols as _symbols

random = _Group("npx.random", _symbols, f"{__name__}.random").module(f"{__name__}.random", "Random numbers.")
image = _make_group(_functions, f"{__name__}.image", "Image operators.", "_npx__image_")

# Layers and other operators that mx.nd has, too; npx has them under names of its own.
_op = _make_group(_functions, f"{__name__}._op", "The operators of mx.npx.", "_npx_")

_group = _Group("npx", _symbols, __name__, _op)

__all__ = ["image", "random", *_group.names()]

__getattr__, __dir__ = _on_demand(globals(), _group.find, _group.names)
