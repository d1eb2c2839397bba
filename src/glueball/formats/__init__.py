"""The file formats: one module each, which registers a `glueball.serialization.formats.Format`.

Importing this package registers them all, so a new format needs only a new file here.
"""

from __future__ import annotations

import importlib
import pkgutil


def discover() -> None:
    """Import every module of this package that has not been imported yet."""
    for module in pkgutil.iter_modules(__path__, prefix=f"{__name__}."):
        importlib.import_module(module.name)


discover()
