"""``mx.sym.npx``: the functions of ``mx.npx`` on symbols, as ``F.npx`` in a block that is hybridized."""

from __future__ import annotations

from typing import Any

from ...np_functions import Group
from ..numpy.face import symbols as _symbols

_group = Group("npx", _symbols, __name__)

random = Group("npx.random", _symbols, f"{__name__}.random").module(f"{__name__}.random", "Random numbers.")
image = Group("npx.image", _symbols, f"{__name__}.image").module(f"{__name__}.image", "Image operators.")


def __getattr__(name: str) -> Any:
    found = _group.find(name)
    if found is None:
        raise AttributeError(name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_group.names()})
