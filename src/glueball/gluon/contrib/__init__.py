"""``gluon.contrib``: what MXNet keeps apart from the main interface."""

from __future__ import annotations

from . import data, nn

__all__ = ["data", "nn"]
