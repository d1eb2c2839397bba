"""What programs call ``hvd``: the processes, sums and copies of arrays, and a trainer and an optimizer that use them.

The names and the meaning of the arguments are Horovod's. One process without others is a world of its own, as there.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import torch

from ...core.errors import InvalidTypeError, InvalidValueError, MXNetError
from ...gluon.parameter import Parameter, ParameterDict
from ...ndarray import NDArray, array
from ...parallel import ProcessCollectives, Processes, connected
from .built import (
    ccl_built,
    cuda_built,
    ddl_built,
    gloo_built,
    gloo_enabled,
    mpi_built,
    mpi_enabled,
    mpi_threads_supported,
    nccl_built,
    rocm_built,
    start_timeline,
    stop_timeline,
)
from .compression import Compression
from .training import DistributedOptimizer, DistributedTrainer

__all__ = [
    "Compression", "DistributedOptimizer", "DistributedTrainer", "allgather", "allgather_object",
    "allreduce", "allreduce_", "alltoall", "broadcast", "broadcast_", "broadcast_object", "broadcast_parameters",
    "ccl_built", "cross_rank", "cross_size", "cuda_built", "ddl_built", "gloo_built", "gloo_enabled",
    "grouped_allreduce", "grouped_allreduce_", "init", "is_homogeneous", "is_initialized", "local_rank",
    "local_size", "mpi_built", "mpi_enabled", "mpi_threads_supported", "nccl_built", "rank", "rocm_built",
    "shutdown", "size", "start_timeline", "stop_timeline",
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


def is_homogeneous() -> bool:
    """Whether all machines have as many processes, as the launcher wants it."""
    return size() % local_size() == 0


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
    collectives = ProcessCollectives(_processes())
    for tensor in tensors:
        _require_array("hvd.allreduce", tensor)
    collectives.require_same("hvd.allreduce", [(tensor.shape, str(tensor._kind)) for tensor in tensors])
    given = [[tensor * prescale_factor if prescale_factor != 1 else tensor] for tensor in tensors]
    sums = collectives.reduce(given)
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
    processes, values = _processes(), _values("hvd.allgather", tensor)
    ProcessCollectives(processes).require_same("hvd.allgather", (tensor.shape[1:], str(tensor._kind)))
    lengths = [int(length) for (length,) in processes.agree([len(values)])]
    padded = values.new_zeros(max(lengths), *values.shape[1:])
    padded[: len(values)] = values
    parts = [part[:length] for part, length in zip(processes.gather(padded), lengths, strict=True)]
    return tensor._face(torch.cat(parts), tensor.context)


def broadcast(tensor: NDArray, root_rank: int, name: str | None = None, priority: int = 0) -> NDArray:
    """Return the array of one of the processes."""
    processes, values = _processes(), _values("hvd.broadcast", tensor).clone()
    if not 0 <= root_rank < processes.size:
        raise MXNetError(
            f"hvd.broadcast: root_rank must be the number of a process, below {processes.size}; received {root_rank}"
        )
    ProcessCollectives(processes).require_same("hvd.broadcast", (tensor.shape, str(tensor._kind), root_rank))
    processes.copy_from(root_rank, values)
    return tensor._face(values, tensor.context)


def alltoall(tensor: NDArray, splits: Any = None, name: str | None = None, priority: int = 0) -> Any:
    """Send each process a part of the first axis; return what all have sent to this one, in their order.

    Parameters
    ----------
    tensor : NDArray
        The array; only the length of its first axis may differ between the processes.
    splits : NDArray or sequence of int, optional
        The length of the part of each process. Then an array of the lengths received is returned, too. By default all
        parts have one length.
    name, priority
        Have no effect: calls are matched by their order.
    """
    processes, values = _processes(), _values("hvd.alltoall", tensor)
    count = processes.size
    lengths = [len(values) // count] * count if splits is None else [int(each) for each in splits]
    if len(lengths) != count or sum(lengths) != len(values) or min(lengths) < 0:
        raise MXNetError(
            f"hvd.alltoall: splits must have the length of a part for each of {count} processes, {len(values)} "
            f"together; received {lengths}"
        )
    everybody = [[int(length) for length in each] for each in processes.agree(lengths)]
    parts, rank = allgather(tensor)._data.split([length for each in everybody for length in each]), processes.rank
    found = tensor._face(torch.cat(parts[rank::count]), tensor.context)
    received = array([each[rank] for each in everybody], dtype="int32")
    return found if splits is None else (found, received)


def _values(owner: str, tensor: Any) -> torch.Tensor:
    """Return the values of an array that has a first axis to be sent along, or all of them."""
    _require_array(owner, tensor)
    values: torch.Tensor = tensor._strided()._data
    return values


def _require_array(owner: str, tensor: Any) -> None:
    if not isinstance(tensor, NDArray):
        raise InvalidTypeError(f"{owner}: tensor must be an NDArray; received {type(tensor).__name__}")


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
    if not isinstance(params, Mapping | ParameterDict):
        raise InvalidValueError(
            "hvd.broadcast_parameters: params must be what collect_params() returns, or a dict of arrays; received "
            f"{type(params).__name__}"
        )
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
        for each in parameter.list_data():
            broadcast_(each, root_rank)

    parameter._init_impl = initialize_and_broadcast


def broadcast_object(obj: Any, root_rank: int = 0, name: str | None = None) -> Any:
    """Return a Python object of one of the processes, which is pickled."""
    return _processes().gather_objects(obj if rank() == root_rank else None)[root_rank]


def allgather_object(obj: Any, name: str | None = None) -> list[Any]:
    """Return the Python objects of all processes, which are pickled."""
    return _processes().gather_objects(obj)
