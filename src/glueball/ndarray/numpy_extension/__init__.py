"""``mx.nd.npx``: the functions of ``mx.npx`` on arrays, as ``F.npx`` in a block that is not hybridized."""

from __future__ import annotations

from ...core.group_module import on_demand as _on_demand
from ...core.rng import seed as _seed
from ...np_functions import Group as _Group
from ...ops.groups import make_group as _make_group
from ..namespace import functions as _functions
from ..numpy.face import arrays as _arrays

random = _Group("npx.random", _arrays, f"{__name__}.random").module(f"{__name__}.random", "Random numbers.")
random.seed = _seed  # type: ignore[attr-defined]
image = _make_group(_functions, f"{__name__}.image", "Image operators.", "_npx__image_")

# Layers and other operators that mx.nd has, too; npx has them under names of its own.
_op = _make_group(_functions, f"{__name__}._op", "The operators of mx.npx.", "_npx_")

_group = _Group("npx", _arrays, __name__, _op)

__all__ = ["image", "random", *_group.names()]

__getattr__, __dir__ = _on_demand(globals(), _group.find, _group.names)
