"""The operators: one declaration each, in one file per family.

Importing this package declares them all. Every other part of the library (nd functions, NDArray methods, graphs, files,
inference, tests) is made from the declarations in `registry`.
"""

from __future__ import annotations

import importlib
import pkgutil

from .declare import Operator, registry

__all__ = ["Operator", "registry"]


def _declare_all() -> None:
    """Import every module below this package, so that a new family needs only a new file."""
    for module in pkgutil.walk_packages(__path__, prefix=f"{__name__}."):
        importlib.import_module(module.name)


_declare_all()
