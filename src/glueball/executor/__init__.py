"""``mx.executor``: symbols that are bound to arrays and run."""

from __future__ import annotations

from .executor import Executor

__all__ = ["Executor"]
