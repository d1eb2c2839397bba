"""The processes that train together: torch.distributed, started by torchrun or ``glueball launch``."""

from __future__ import annotations

import atexit
import os
import weakref
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import torch
from torch import Tensor

from ..core.errors import MXNetError, OtherProcessError
from ..core.locks import process_lock
from .groups import Groups, groups_of_program, let_go
from .heartbeat import Heartbeat
from .interface import choose_interface
from .meeting import meet
from .reach import network_fault

if TYPE_CHECKING:
    from torch.distributed import Work

_T = TypeVar("_T")
_connecting = process_lock()
_ours: Processes | None = None  # those that are connected here, not by the program
_theirs: tuple[weakref.ref[Any], Processes] | None = None  # those of the program, by torch's group of them

#: After how many seconds a process that does not answer is given up; the environment variable of this name has others.
TIMEOUT = "GLUEBALL_DISTRIBUTED_TIMEOUT"
_SECONDS = 600.0

# What MXNet's launchers set, and what torch reads in its place.
_OF_MXNET = {
    "MASTER_ADDR": "DMLC_PS_ROOT_URI",
    "MASTER_PORT": "DMLC_PS_ROOT_PORT",
    "WORLD_SIZE": "DMLC_NUM_WORKER",
    "RANK": "DMLC_WORKER_ID",
}


class Processes:
    """The processes that train together, seen from one of them.

    Parameters
    ----------
    rank : int
        The number of the one.
    size : int
        How many there are.
    heartbeat : Heartbeat, optional
        Knows which of them still run; there is none if a program has connected them by itself.
    timeout : timedelta, optional
        How long connections of their own wait for another process; by default as long as torch says.
    groups : Groups, optional
        What sends the tensors; by default torch's group of all processes.

    Notes
    -----
    All processes must call the same methods in the same order. What fails, fails with an MXNetError that names the
    processes that are gone, or that are behind.
    """

    def __init__(
        self,
        rank: int = 0,
        size: int = 1,
        heartbeat: Heartbeat | None = None,
        timeout: timedelta | None = None,
        groups: Groups | None = None,
    ) -> None:
        self.rank, self.size = rank, size
        self._heartbeat, self._timeout = heartbeat, timeout
        self._groups = Groups() if groups is None else groups

    def branch(self) -> Processes:
        """Return the same processes with a connection of their own, whose order of calls is independent of others."""
        if self.size == 1:
            return Processes(self.rank, self.size, self._heartbeat, self._timeout)
        groups = self._guarded("connect", lambda: self._groups.another(self._timeout))
        return Processes(self.rank, self.size, self._heartbeat, self._timeout, groups)

    def start_sum(self, tensor: Tensor) -> Callable[[], None]:
        """Begin to replace a tensor by its sum over all processes; the result waits for the end."""
        if self.size == 1:
            return lambda: None
        work = self._guarded("sum", lambda: self._sum(tensor, later=True))
        return lambda: self._finish("sum", work)

    def _finish(self, what: str, work: Work) -> None:
        self._guarded(what, work.wait)

    def sum(self, tensor: Tensor, who: str = "sum") -> None:
        """Replace a tensor by its sum over all processes; `who` asks for it, for messages."""
        if self.size > 1:
            self._guarded(who, lambda: self._sum(tensor, later=False))

    def _sum(self, tensor: Tensor, later: bool) -> Work:
        work: Work = torch.distributed.all_reduce(tensor, group=self._groups.of(tensor), async_op=later)
        return work

    def copy_from(self, rank: int, tensor: Tensor) -> None:
        """Replace a tensor by that of a process."""
        if self.size > 1:
            self._guarded("broadcast", lambda: torch.distributed.broadcast(tensor, rank, group=self._groups.of(tensor)))

    def start_copy_from(self, rank: int, tensor: Tensor) -> Callable[[], None]:
        """Begin to replace a tensor by that of a process; the result waits for the end."""
        if self.size == 1:
            return lambda: None
        work: Work = self._guarded(
            "broadcast", lambda: torch.distributed.broadcast(tensor, rank, group=self._groups.of(tensor), async_op=True)
        )
        return lambda: self._finish("broadcast", work)

    def collect_at(self, root: int, rank: int, tensor: Tensor, length: int) -> Tensor | None:
        """Return, in process `root`, the tensor of process `rank`, which has so many numbers; in the others, None."""
        if rank == root or self.rank not in (root, rank):
            return tensor if self.rank == root else None
        if self.rank == rank:
            self._guarded("gather", lambda: torch.distributed.send(tensor, root, group=self._groups.of(tensor)))
            return None
        found = tensor.new_empty(length)
        self._guarded("gather", lambda: torch.distributed.recv(found, rank, group=self._groups.of(tensor)))
        return found

    def copy_bytes(self, root: int, data: bytes | None) -> bytes:
        """Return the bytes that process `root` has."""
        if self.size == 1:
            return data or b""
        lengths = self.agree([len(data or b"")])
        tensor = torch.frombuffer(bytearray(data), dtype=torch.uint8) if data else torch.empty(0, dtype=torch.uint8)
        if self.rank != root:
            tensor = torch.empty(int(lengths[root][0]), dtype=torch.uint8)
        self.copy_from(root, tensor)
        return tensor.numpy().tobytes()

    def gather(self, tensor: Tensor, who: str = "gather") -> list[Tensor]:
        """Return the tensors of all processes, which have one shape; `who` asks for them, for messages."""
        if self.size == 1:
            return [tensor]
        found = [torch.empty_like(tensor) for _ in range(self.size)]
        self._guarded(who, lambda: torch.distributed.all_gather(found, tensor, group=self._groups.of(tensor)))
        return found

    def agree(self, numbers: Sequence[float]) -> list[list[float]]:
        """Return the numbers that each process has, in the order of the processes."""
        return [each.tolist() for each in self.gather(torch.tensor(numbers, dtype=torch.float64))]

    def gather_objects(self, value: _T) -> list[_T]:
        """Return what each process has, such as a description of its parameters; it is pickled."""
        if self.size == 1:
            return [value]
        found: list[Any] = [None] * self.size
        self._guarded(
            "compare", lambda: torch.distributed.all_gather_object(found, value, group=self._groups.of_objects())
        )
        return found

    def count_gone(self) -> int:
        """Return how many of the others give no sign of life."""
        return 0 if self._heartbeat is None else len(self._heartbeat.gone()[0])

    def barrier(self) -> None:
        """Wait until all processes are here."""
        self.sum(torch.zeros(1))

    def _guarded(self, what: str, call: Callable[[], _T]) -> _T:
        """Call, and say of a failure which processes it comes from."""
        if self._heartbeat is not None:
            self._heartbeat.step()
        try:
            return call()
        except MXNetError:
            raise
        except RuntimeError as error:
            who = "" if self._heartbeat is None else self._heartbeat.missing()
            raise OtherProcessError(
                f"process {self.rank} of {self.size}: {what}: all processes must take part; {who or 'one failed'}; "
                f"look at what they print, and start all again, from the last checkpoint ({_first_line(error)})"
            ) from error


def connected() -> Processes:
    """Return the processes that train together, connected when they are first asked for; one if there are no others.

    Raises
    ------
    MXNetError
        The environment says that there are others, but is incomplete, or they cannot be reached.
    """
    with _connecting:
        distributed = torch.distributed
        if distributed.is_available() and distributed.is_initialized():  # also where the program has done it
            return _ours or _of_program()
        found = described(os.environ)
        if found is None:
            return Processes()
        if not distributed.is_available():
            raise MXNetError(
                "kvstore: this build of torch has no torch.distributed, which several processes need; install another"
            )
        place = f"{found['MASTER_ADDR']}:{found['MASTER_PORT']}"
        return _connect(place, int(found["RANK"]), int(found["WORLD_SIZE"]), timedelta(seconds=_timeout()))


def place() -> tuple[int, int]:
    """Return the number of this process, and how many train together, without connecting them."""
    if torch.distributed.is_available() and torch.distributed.is_initialized():
        return torch.distributed.get_rank(), torch.distributed.get_world_size()
    found = described(os.environ)
    return (0, 1) if found is None else (int(found["RANK"]), int(found["WORLD_SIZE"]))


def _of_program() -> Processes:
    """Return the processes that the program has connected by itself."""
    global _theirs
    distributed = torch.distributed
    world: Any = distributed.group.WORLD
    if _theirs is None or _theirs[0]() is not world:
        rank, size = distributed.get_rank(), distributed.get_world_size()
        _theirs = weakref.ref(world), Processes(rank, size, groups=groups_of_program() if size > 1 else None)
    return _theirs[1]


def described(environment: Mapping[str, str]) -> dict[str, str] | None:
    """Return what torch must read of the environment; None if it names no other processes.

    Raises
    ------
    MXNetError
        Something is missing, or this process is one of MXNet's servers.
    """
    role = environment.get("DMLC_ROLE", "worker")
    found = {name: environment.get(name) or environment.get(other, "") for name, other in _OF_MXNET.items()}
    if not any(found[name] for name in ("RANK", "WORLD_SIZE")):
        return None
    if role != "worker":
        raise MXNetError(
            f"kvstore: this process must be a worker; received DMLC_ROLE={role!r}; there are no servers and no "
            "scheduler here: start the workers alone, with 'glueball launch -n 4 SCRIPT' or torchrun"
        )
    missing = [name for name, value in found.items() if not value]
    if missing:
        raise MXNetError(
            f"kvstore: the environment must have RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT; it lacks "
            f"{', '.join(missing)}; start the program with 'glueball launch -n 4 SCRIPT' or torchrun"
        )
    return found


def _connect(place: str, rank: int, size: int, timeout: timedelta) -> Processes:
    from torch._C._distributed_c10d import PrefixStore  # not in every build of torch
    from torch.distributed.rendezvous import rendezvous

    backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
    try:
        store, _, _ = next(rendezvous(f"tcp://{place}", rank, size, timeout=timeout))
        store = PrefixStore(meet(store, rank, size, timeout.total_seconds()), store)
        fault = network_fault(store, rank, size, *choose_interface(place.rpartition(":")[0]))
        if not fault:
            torch.distributed.init_process_group(backend, store=store, rank=rank, world_size=size, timeout=timeout)
    except (RuntimeError, ValueError, OSError) as error:
        raise MXNetError(
            f"kvstore: process {rank} of {size} must reach the others at {place} within {timeout.total_seconds():g} s "
            f"({_first_line(error)}); are all of them running, and is the port free?"
        ) from error
    if fault:
        raise MXNetError(f"kvstore: {fault}")
    heartbeat = Heartbeat(store, rank, size) if size > 1 else None
    atexit.register(_disconnect, heartbeat)
    global _ours
    _ours = Processes(rank, size, heartbeat, timeout)
    return _ours


def _disconnect(heartbeat: Heartbeat | None) -> None:
    """End what runs beside the program: a thread that is left would end the process with an error."""
    if heartbeat is not None:
        heartbeat.end()
    let_go()
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()


def _timeout() -> float:
    given = os.environ.get(TIMEOUT, "")
    try:
        seconds = float(given or _SECONDS)
    except ValueError:
        seconds = 0
    if not seconds > 0:
        raise MXNetError(f"{TIMEOUT} must be a positive number of seconds; received {given!r}")
    return seconds


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0][:200]
