"""``gluon.contrib``: experimental parts, which MXNet keeps outside the main API."""

from __future__ import annotations

from . import cnn, data, estimator, nn, rnn

__all__ = ["cnn", "data", "estimator", "nn", "rnn"]
