"""How a batch travels from a worker process: pickled, with its arrays in shared memory."""

from __future__ import annotations

import os
import pickle
import sys
import time
from io import BytesIO
from multiprocessing.reduction import ForkingPickler
from typing import Any

import torch
from torch import UntypedStorage
from torch.multiprocessing import reductions

from ...core.errors import MXNetError

if sys.platform != "win32":
    import resource


_SIGNAL_SECONDS = 0.1


class UnpicklableBatchError(MXNetError, TypeError, AttributeError, pickle.PicklingError):
    """A batch cannot be pickled. MXNet raises what pickle does, which is one of these."""


def pack(batch: Any) -> bytes:
    """Pickle a batch, in the worker.

    torch pickles it in a thread of its queue, where an error is printed and the batch is lost.

    Raises
    ------
    UnpicklableBatchError
        It holds what cannot be pickled.
    """
    file = BytesIO()
    pickler = ForkingPickler(file, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = {**pickler.dispatch_table, UntypedStorage: _reduce}
    try:
        pickler.dump(batch)
    except Exception as error:  # objects are pickled by any code
        raise UnpicklableBatchError(
            f"DataLoader: a batch must be picklable to come from a worker process; received {type(batch).__name__}: "
            f"{type(error).__name__}: {error}; let batchify_fn return arrays, or pass thread_pool=True"
        ) from error
    return file.getvalue()


def unpack(raw: bytes) -> Any:
    """Rebuild a batch that `pack` has pickled.

    Raises
    ------
    MXNetError
        It cannot be rebuilt: its worker is dead, or one of its objects refuses.
    RuntimeError
        From torch's handler of the signal that a worker is dead.
    """
    try:
        return pickle.loads(raw)
    except Exception as error:  # objects are rebuilt by any code
        if type(error) is RuntimeError and str(error).startswith("DataLoader"):
            raise
        problem = f"{type(error).__name__}: {error}"
        if isinstance(error, EOFError | OSError):
            time.sleep(_SIGNAL_SECONDS)  # the signal comes just after a dead worker's files are closed
            raise MXNetError(
                f"DataLoader: worker processes must stay alive; one ended before its batch had arrived: {problem}"
            ) from error
        raise MXNetError(
            f"DataLoader: a batch must arrive whole from its worker process; {problem}; let batchify_fn return arrays"
        ) from error


def _reduce(storage: UntypedStorage) -> tuple[Any, ...]:
    """Share memory as torch does; each array takes two file descriptors until the batch has arrived."""
    if storage.device.type == "cpu" and _descriptors_are_scarce():
        return _from_bytes, (torch.empty(0, dtype=torch.uint8).set_(storage).numpy().tobytes(),)
    rebuild, arguments = reductions.reduce_storage(storage)
    if rebuild is reductions.rebuild_storage_fd:
        return _from_descriptor, arguments[1:]
    return rebuild, arguments


def _from_bytes(raw: bytes) -> UntypedStorage:
    return torch.frombuffer(bytearray(raw), dtype=torch.uint8).untyped_storage() if raw else UntypedStorage()


def _from_descriptor(shared: Any, size: int) -> UntypedStorage:
    """Map shared memory, which keeps a file descriptor as long as the array lives; or copy it."""
    descriptor = shared.detach()
    try:
        storage: UntypedStorage = UntypedStorage._new_shared_fd_cpu(descriptor, size)  # type: ignore[attr-defined]
    finally:
        os.close(descriptor)
    return storage.clone() if _descriptors_are_scarce() else storage


def _descriptors_are_scarce() -> bool:
    """Whether half of the file descriptors that this process may have are in use: a program may keep all batches."""
    if sys.platform == "win32":
        return False
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.open(os.devnull, os.O_RDONLY)
    os.close(lowest_free)
    return limit != resource.RLIM_INFINITY and lowest_free > limit // 2
