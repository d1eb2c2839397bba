"""``mx.kvstore``: named arrays that several contexts add to and read from, in one process or in several."""

from __future__ import annotations

from . import base, kvstore
from .base import create
from .interface import KVStoreBase
from .kvstore import KVStore

__all__ = ["KVStore", "KVStoreBase", "base", "create", "kvstore"]

_INSTEAD = {
    "KVStoreServer": "there are no servers: the processes send each other what they sum",
}
