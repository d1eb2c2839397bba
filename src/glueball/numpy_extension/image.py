"""``mx.npx.image``: the operators on images, and everything that ``mx.image`` has."""

from __future__ import annotations

from typing import Any

from .. import image as _image
from ..ndarray.numpy_extension import image as _operators


def __getattr__(name: str) -> Any:
    try:
        found = getattr(_operators, name)
    except AttributeError:
        found = getattr(_image, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *dir(_operators), *dir(_image)})
