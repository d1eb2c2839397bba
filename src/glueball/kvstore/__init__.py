"""``mx.kvstore``: named arrays that several contexts add to and read from, within one process."""

from __future__ import annotations

from . import base, kvstore
from .kvstore import KVStore, create

__all__ = ["KVStore", "base", "create", "kvstore"]

_INSTEAD = {
    "KVStoreBase": "make a store with mx.kv.create('local')",
    "KVStoreServer": "stores that span processes are not provided",
}
