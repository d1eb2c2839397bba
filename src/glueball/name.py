"""``mx.name``: automatic names."""

from __future__ import annotations

from .core.naming import NameManager, Prefix

__all__ = ["NameManager", "Prefix"]
