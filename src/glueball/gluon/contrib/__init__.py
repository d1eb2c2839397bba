"""``gluon.contrib``: experimental parts, which MXNet keeps outside the main API."""

from __future__ import annotations

from . import cnn, data, nn, rnn

__all__ = ["cnn", "data", "nn", "rnn"]
