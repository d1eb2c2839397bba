"""``mx.attribute``: attributes for all nodes made within a scope."""

from __future__ import annotations

from .symbol.attribute import AttrScope

__all__ = ["AttrScope"]
