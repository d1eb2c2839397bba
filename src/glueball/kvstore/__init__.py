"""``mx.kvstore``: named arrays that several contexts add to and read from, within one process."""

from __future__ import annotations

from . import base, kvstore
from .interface import KVStoreBase
from .kvstore import KVStore, create

__all__ = ["KVStore", "KVStoreBase", "base", "create", "kvstore"]

_INSTEAD = {
    "KVStoreServer": "stores that span processes are not provided",
}
