"""``gluon.contrib.nn``: blocks that run side by side."""

from __future__ import annotations

from .concurrent import Concurrent, HybridConcurrent, Identity

__all__ = ["Concurrent", "HybridConcurrent", "Identity"]
