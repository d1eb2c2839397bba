"""What MXNet has under this path: `create` and `KVStoreBase`."""

from __future__ import annotations

from .interface import KVStoreBase
from .kvstore import create

__all__ = ["KVStoreBase", "create"]
