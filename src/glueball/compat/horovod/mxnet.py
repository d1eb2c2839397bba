"""What programs call ``hvd``: the processes, sums and copies of arrays, and a trainer and an optimizer that use them.

The names and the meaning of the arguments are Horovod's. One process without others is a world of its own, as there.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import torch

from ...core.errors import MXNetError
from ...gluon.parameter import Parameter
from ...ndarray import NDArray
from ...parallel import ProcessCollectives, Processes, connected
from .compression import Compression
from .training import DistributedOptimizer, DistributedTrainer

__all__ = [
    "Compression", "DistributedOptimizer", "DistributedTrainer", "allgather", "allgather_object",
    "allreduce", "allreduce_", "broadcast", "broadcast_", "broadcast_object", "broadcast_parameters", "cross_rank",
    "cross_size", "gloo_built", "grouped_allreduce", "grouped_allreduce_", "init", "is_initialized", "local_rank",
    "local_size", "mpi_built", "mpi_enabled", "mpi_threads_supported", "nccl_built", "rank", "shutdown", "size",
]  # fmt: skip

_state: dict[str, Processes] = {}


def init(*args: Any, **kwargs: Any) -> None:
    """Connect the processes that ``glueball launch`` or torchrun has started."""
    if args or kwargs:
        raise MXNetError("hvd.init: it takes no arguments here: all processes take part; leave them out")
    _state["processes"] = connected()


def shutdown() -> None:
    """Forget the processes; they stay connected for stores."""
    _state.clear()


def is_initialized() -> bool:
    """Whether `init` has been called."""
    return bool(_state)


def _processes() -> Processes:
    if not _state:
        raise ValueError("Horovod has not been initialized; use hvd.init().")
    return _state["processes"]


def rank() -> int:
    """The number of this process."""
    return _processes().rank


def size() -> int:
    """How many processes there are."""
    return _processes().size


def local_rank() -> int:
    """The number of this process on its machine."""
    _processes()
    return int(os.environ.get("LOCAL_RANK", "0"))


def local_size() -> int:
    """How many processes are on this machine."""
    _processes()
    return int(os.environ.get("LOCAL_WORLD_SIZE", "1"))


def cross_rank() -> int:
    """The number of this machine."""
    return rank() // local_size()


def cross_size() -> int:
    """How many machines there are."""
    return size() // local_size()


def mpi_threads_supported() -> bool:
    """Whether MPI is used, which it is not."""
    return False


def mpi_enabled() -> bool:
    """Whether MPI is used, which it is not."""
    return False


def mpi_built() -> bool:
    """Whether MPI is used, which it is not."""
    return False


def gloo_built() -> bool:
    """Whether torch has Gloo."""
    return torch.distributed.is_available() and torch.distributed.is_gloo_available()


def nccl_built() -> int:
    """Whether torch has NCCL."""
    return int(torch.distributed.is_available() and torch.distributed.is_nccl_available())


def allreduce(
    tensor: NDArray, average: bool = True, name: str | None = None, priority: int = 0, prescale_factor: float = 1.0,
    postscale_factor: float = 1.0,
) -> NDArray:  # fmt: skip
    """Return the mean or the sum of an array over all processes.

    Parameters
    ----------
    tensor : NDArray
        The array, of one shape everywhere.
    average : bool, default True
        Whether it is the mean.
    name, priority
        Have no effect: calls are matched by their order.
    prescale_factor, postscale_factor : float, default 1.0
        What is multiplied before and after.
    """
    return grouped_allreduce([tensor], average, name, priority, prescale_factor, postscale_factor)[0]


def allreduce_(
    tensor: NDArray, average: bool = True, name: str | None = None, priority: int = 0, prescale_factor: float = 1.0,
    postscale_factor: float = 1.0,
) -> NDArray:  # fmt: skip
    """Write what `allreduce` returns into the array."""
    tensor[:] = allreduce(tensor, average, name, priority, prescale_factor, postscale_factor)
    return tensor


def grouped_allreduce(
    tensors: Sequence[NDArray], average: bool = True, name: str | None = None, priority: int = 0,
    prescale_factor: float = 1.0, postscale_factor: float = 1.0,
) -> list[NDArray]:  # fmt: skip
    """Return the means or sums of several arrays, which are sent together."""
    given = [[tensor * prescale_factor if prescale_factor != 1 else tensor] for tensor in tensors]
    sums = ProcessCollectives(_processes()).reduce(given)
    factor = postscale_factor / (size() if average else 1)
    return [total * factor if factor != 1 else total for total in sums]


def grouped_allreduce_(
    tensors: Sequence[NDArray], average: bool = True, name: str | None = None, priority: int = 0,
    prescale_factor: float = 1.0, postscale_factor: float = 1.0,
) -> list[NDArray]:  # fmt: skip
    """Write what `grouped_allreduce` returns into the arrays."""
    found = grouped_allreduce(tensors, average, name, priority, prescale_factor, postscale_factor)
    for tensor, total in zip(tensors, found, strict=True):
        tensor[:] = total
    return list(tensors)


def allgather(tensor: NDArray, name: str | None = None, priority: int = 0) -> NDArray:
    """Return the arrays of all processes, one behind the other along the first axis, of which each has its length."""
    processes, values = _processes(), tensor._strided()._data
    lengths = [int(length) for (length,) in processes.agree([len(values)])]
    padded = values.new_zeros(max(lengths), *values.shape[1:])
    padded[: len(values)] = values
    parts = [part[:length] for part, length in zip(processes.gather(padded), lengths, strict=True)]
    return tensor._face(torch.cat(parts), tensor.context)


def broadcast(tensor: NDArray, root_rank: int, name: str | None = None, priority: int = 0) -> NDArray:
    """Return the array of one of the processes."""
    values = tensor._strided()._data.clone()
    _processes().copy_from(root_rank, values)
    return tensor._face(values, tensor.context)


def broadcast_(tensor: NDArray, root_rank: int, name: str | None = None, priority: int = 0) -> NDArray:
    """Write the array of one of the processes into that of each."""
    tensor._overwrite(broadcast(tensor, root_rank, name, priority))
    return tensor


def broadcast_parameters(params: Mapping[str, Any], root_rank: int = 0, prefix: str | None = None) -> None:
    """Give all processes the parameters of one.

    Parameters
    ----------
    params : ParameterDict, or dict of str to NDArray
        The parameters. Those whose shape is not known yet follow when they are initialized.
    root_rank : int, default 0
        The number of the process.
    prefix : str, optional
        Has no effect: calls are matched by their order.
    """
    for _, each in sorted(params.items()):
        if isinstance(each, Parameter):
            if each._deferred_init:
                _broadcast_later(each, root_rank)
                continue
            arrays = each.list_data()
        else:
            arrays = [each]
        broadcast_(arrays[0], root_rank)
        for other in arrays[1:]:
            other._overwrite(arrays[0])


def _broadcast_later(parameter: Any, root_rank: int) -> None:
    initialize = parameter._init_impl

    def initialize_and_broadcast(*args: Any) -> None:
        initialize(*args)
        del parameter._init_impl
        for array in parameter.list_data():
            broadcast_(array, root_rank)

    parameter._init_impl = initialize_and_broadcast


def broadcast_object(obj: Any, root_rank: int = 0, name: str | None = None) -> Any:
    """Return a Python object of one of the processes, which is pickled."""
    return _processes().gather_objects(obj if rank() == root_rank else None)[root_rank]


def allgather_object(obj: Any, name: str | None = None) -> list[Any]:
    """Return the Python objects of all processes, which are pickled."""
    return _processes().gather_objects(obj)
