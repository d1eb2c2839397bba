"""``mx.nd.npx``: the functions of ``mx.npx`` on arrays, as ``F.npx`` in a block that is not hybridized."""

from __future__ import annotations

from typing import Any

from ...np_functions import Group
from ..numpy.face import arrays as _arrays

_group = Group("npx", _arrays, __name__)

random = Group("npx.random", _arrays, f"{__name__}.random").module(f"{__name__}.random", "Random numbers.")
image = Group("npx.image", _arrays, f"{__name__}.image").module(f"{__name__}.image", "Image operators.")


def __getattr__(name: str) -> Any:
    found = _group.find(name)
    if found is None:
        raise AttributeError(name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_group.names()})
