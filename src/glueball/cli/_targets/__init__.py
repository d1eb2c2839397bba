"""The targets of ``glueball convert``: one module each, discovered automatically."""

from __future__ import annotations

import importlib
import pkgutil


def discover() -> None:
    """Import every module of this package."""
    for module in pkgutil.iter_modules(__path__, prefix=f"{__name__}."):
        importlib.import_module(module.name)


discover()
