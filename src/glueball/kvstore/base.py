"""What MXNet has under this path: `create`."""

from __future__ import annotations

from .kvstore import create

__all__ = ["create"]

_INSTEAD = {
    "KVStoreBase": "make a store with mx.kv.create('local')",
}
