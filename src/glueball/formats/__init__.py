"""The file formats: one module each, which registers a `glueball.serialization.formats.Format`.

Importing this package registers them all: a new format is a new file here, and nothing else.
"""

from __future__ import annotations

import importlib
import pkgutil


def discover() -> None:
    """Import every module of this package; one that is imported already is left alone."""
    for module in pkgutil.iter_modules(__path__, prefix=f"{__name__}."):
        importlib.import_module(module.name)


discover()
