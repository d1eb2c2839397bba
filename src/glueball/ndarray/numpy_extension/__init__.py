"""``mx.nd.npx``: the functions of ``mx.npx`` on arrays, as ``F.npx`` in a block that is not hybridized."""

from __future__ import annotations

from typing import Any

from ...core.rng import seed as _seed
from ...np_functions import Group
from ...ops.groups import make_group as _make_group
from ..namespace import functions as _functions
from ..numpy.face import arrays as _arrays

_group = Group("npx", _arrays, __name__)

random = Group("npx.random", _arrays, f"{__name__}.random").module(f"{__name__}.random", "Random numbers.")
random.seed = _seed  # type: ignore[attr-defined]
image = _make_group(_functions, f"{__name__}.image", "Image operators.", "_npx__image_")

# Layers and other operators that mx.nd has, too; npx has them under names of its own.
_op = _make_group(_functions, f"{__name__}._op", "The operators of mx.npx.", "_npx_")


def __getattr__(name: str) -> Any:
    found = _group.find(name)
    found = globals()[name] = getattr(_op, name) if found is None else found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_group.names(), *dir(_op)})
