"""How a store is made by its name."""

from __future__ import annotations

from typing import Any

from ..core.doors import door
from ..core.strangers import call
from ..parallel import ProcessCollectives, connected
from ..parallel.buckets import SIZE
from .given import require_processes
from .interface import KVStoreBase
from .kinds import bucket_size, checked_name, spans_processes
from .kvstore import KVStore

__all__ = ["KVStoreBase", "create"]


@door
def create(name: str = "local", *, bucket_cap_mb: float | None = None) -> Any:
    """Make a store.

    Parameters
    ----------
    name : {'local', 'device', 'nccl', 'local_update_cpu', 'local_allreduce_cpu', 'local_allreduce_device', 'dist', \
'dist_sync', 'dist_device_sync', 'dist_sync_device', 'horovod', 'byteps'}
        The kind, by default 'local'. In MXNet the first six differ in where values are summed; here they do not. The
        others span the processes that ``glueball launch`` or torchrun has started. Or the name of a class that
        `KVStoreBase.register` was given.
    bucket_cap_mb : float, optional
        How many MiB a store of several processes sends at a time, by default 25; also for the `Trainer` or `Module`
        that is given the store.

    Raises
    ------
    TypeError
        `name` is not a str.
    MXNetError
        `name` is none of these, or the other processes cannot be reached.

    Differs from MXNet
    ------------------
    An unknown name is refused; MXNet makes a 'local' store.
    """
    require_processes("kvstore.create", name, {"bucket_cap_mb": bucket_cap_mb})
    if isinstance(name, str) and name.lower() in KVStoreBase.kv_registry:
        return call(KVStoreBase.kv_registry[name.lower()])
    kind = checked_name("kvstore.create: name", name, "a str")
    if not spans_processes(kind):
        return KVStore(kind)
    size = bucket_size("kvstore.create", bucket_cap_mb)
    return KVStore(kind, ProcessCollectives(connected(), SIZE if size is None else size))
