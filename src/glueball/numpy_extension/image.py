"""``mx.npx.image``: the operators on images, and everything that ``mx.image`` has."""

from __future__ import annotations

from typing import Any

from .. import image as _image
from ..core.group_module import on_demand as _on_demand
from ..ndarray.numpy_extension import image as _operators


def _find(name: str) -> Any:
    return getattr(_operators, name, None) or getattr(_image, name, None)


def _names() -> list[str]:
    return [*dir(_operators), *_image.__all__]


__getattr__, __dir__ = _on_demand(globals(), _find, _names)
