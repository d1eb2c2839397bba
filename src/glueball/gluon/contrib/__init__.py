"""``gluon.contrib``: experimental parts, which MXNet keeps outside the main API."""

from __future__ import annotations

from . import data, nn

__all__ = ["data", "nn"]
