"""``gluon.model_zoo``: well-known networks, to train or to load with published weights."""

from __future__ import annotations

from . import model_store, vision

__all__ = ["model_store", "vision"]
