"""The names of stores, and what else a user may say of one."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping
from typing import Any

from ..core.errors import MXNetError, nearest

#: MXNet's stores within one process; all do the same here.
_STORES = ("local", "device", "nccl", "local_update_cpu", "local_allreduce_cpu", "local_allreduce_device")

#: Those of several processes. They do the same, but for the last two, which leave the update to the program.
_OF_PROCESSES = ("dist", "dist_sync", "dist_device_sync", "dist_sync_device", "horovod", "byteps")
WITHOUT_OPTIMIZER = ("horovod", "byteps")


def spans_processes(name: Any) -> bool:
    """Whether it is the name of a store of several processes."""
    return isinstance(name, str) and name.lower() in _OF_PROCESSES


def bucket_size(owner: str, bucket_cap_mb: Any) -> int | None:
    """Return how many bytes are sent at a time, or None if nothing was said."""
    if bucket_cap_mb is None:
        return None
    is_number = isinstance(bucket_cap_mb, numbers.Real) and not isinstance(bucket_cap_mb, bool)
    if not (is_number and 0 < float(bucket_cap_mb) < math.inf):
        raise MXNetError(f"{owner}: bucket_cap_mb must be a positive number of MiB; received {bucket_cap_mb!r}")
    return max(int(float(bucket_cap_mb) * 2**20), 1)


def checked_name(argument: str, name: Any, types: str) -> str:
    """Return the name of a store in lower case, or refuse it."""
    if not isinstance(name, str):
        raise TypeError(f"{argument} must be {types}; received {type(name).__name__}")
    if name.lower() in ("dist_async", "p3", "dist_sync_p3"):
        raise MXNetError(
            f"{argument} must be a store without servers; received {name!r}; use 'dist_sync', in which all processes "
            "update the same parameters together"
        )
    known = (*_STORES, *_OF_PROCESSES)
    if name.lower() not in known:
        raise MXNetError(f"{argument} must be one of {', '.join(known)}; received {name!r}{nearest(name, known)}")
    return name.lower()


def refuse_within_one(owner: str, spans: bool, arguments: Mapping[str, Any]) -> None:
    """Refuse arguments for stores of several processes where `spans` says that it is not one."""
    for name, value in arguments.items():
        if value is not None and not spans:
            raise MXNetError(
                f"{owner}: {name} must be None; received {value!r}; it is for stores of several processes: leave it "
                "out, or say 'dist_sync'"
            )
