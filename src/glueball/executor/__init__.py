"""``mx.executor``: symbols bound to arrays, ready to run."""

from __future__ import annotations

from . import cached_op as _cached_op  # noqa: F401  (gives nd CachedOp)
from . import methods as _methods  # noqa: F401  (gives Symbol its methods)
from .executor import Executor

__all__ = ["Executor"]
