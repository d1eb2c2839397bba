"""What a user gives where a store is asked for: a store, the name of one, or None."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..parallel import Collectives
from .kinds import checked_name, refuse_within_one, spans_processes
from .kvstore import KVStore


def collectives_of(store: Any, bucket: int | None = None) -> Collectives:
    """Return what sums parameters as a store does its own arrays; in this process if it is a store of a program.

    It sends so many bytes at a time, or as many as the store.
    """
    return store._glueball_collectives.another(bucket) if isinstance(store, KVStore) else Collectives()


def require_processes(owner: str, kvstore: Any, arguments: Mapping[str, Any]) -> None:
    """Refuse arguments that only make sense where there may be other processes."""
    spans = spans_processes(kvstore) or collectives_of(kvstore).is_distributed
    refuse_within_one(owner, spans, arguments)


def require_store(owner: str, kvstore: Any) -> None:
    """Refuse what is not a store, the name of one, or None."""
    if kvstore is not None and not isinstance(kvstore, KVStore):
        checked_name(f"{owner}: kvstore", kvstore, "a str, a KVStore or None")
