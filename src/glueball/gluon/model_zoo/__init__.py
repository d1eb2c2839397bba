"""``gluon.model_zoo``: well-known networks, ready to be trained or filled with the weights of a file."""

from __future__ import annotations

from . import model_store, vision

__all__ = ["model_store", "vision"]
