"""Torch's groups of processes: which of them sends a tensor depends on the device that it is on."""

from __future__ import annotations

import threading
import weakref
from datetime import timedelta
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from ..core.errors import MXNetError

if TYPE_CHECKING:
    from torch.distributed import ProcessGroup

_CPU = "cpu"
_PARTING = 2.0  # seconds


_in_use: weakref.WeakSet[Groups] = weakref.WeakSet()


class Groups:
    """What sends tensors between processes.

    Parameters
    ----------
    devices : collection of str, optional
        The types of devices whose tensors `group` sends; by default all.
    group : ProcessGroup, optional
        A group of torch; by default that of all processes.
    of_cpu : ProcessGroup, optional
        Another one, which sends the tensors on the CPU.
    """

    def __init__(
        self,
        devices: frozenset[str] | None = None,
        group: ProcessGroup | None = None,
        of_cpu: ProcessGroup | None = None,
    ) -> None:
        self._devices, self._group, self._of_cpu = devices, group, of_cpu
        _in_use.add(self)

    def another(self, timeout: timedelta | None) -> Groups:
        """Return the same with connections of their own; all processes must call it."""
        group = torch.distributed.new_group(timeout=timeout)
        return Groups(self._devices, group, None if self._of_cpu is None else _group_of_cpu(timeout))

    def of(self, tensor: Tensor) -> ProcessGroup | None:
        """Return the group that sends a tensor; None stands for that of all processes."""
        kind = tensor.device.type
        if kind == _CPU and self._of_cpu is not None:
            return self._of_cpu
        if self._devices is not None and kind not in self._devices:
            raise MXNetError(
                f"kvstore: the processes must be connected by what can send the tensors of each device; received one "
                f"on {tensor.device}, where the program has connected them for {', '.join(sorted(self._devices))} "
                "alone; leave torch.distributed.init_process_group out of the program, or say "
                "backend='cpu:gloo,cuda:nccl'"
            )
        return self._group

    def of_objects(self) -> ProcessGroup | None:
        """Return the group that sends what is no tensor."""
        return self._group if self._of_cpu is None else self._of_cpu


def groups_of_program() -> Groups:
    """Return the groups of the processes that the program has connected; all processes must call it.

    Some numbers are always on the CPU, such as the lengths of what is sent. Where the program has said
    ``backend="nccl"``, which only sends what is on a GPU, they go over Gloo.
    """
    described = torch.distributed.get_backend_config()
    devices = frozenset(each.partition(":")[0] for each in described.split(",") if ":" in each)
    if not devices or _CPU in devices:
        return Groups(devices or None)
    return Groups(devices, of_cpu=_group_of_cpu(None))


def let_go() -> None:
    """Hold no group of torch any more, so that all of them end, and with them their threads.

    A thread of theirs that still drops a tensor when Python has ended would end the process with an error. But what is
    on its way to a process that is gone is waited for until the time is over; then the process ends without them.
    """
    parting = threading.Thread(target=_let_go, name="glueball parting", daemon=True)
    parting.start()
    parting.join(_PARTING)


def _let_go() -> None:
    for groups in list(_in_use):
        groups._group = groups._of_cpu = None


def _group_of_cpu(timeout: timedelta | None) -> ProcessGroup:
    if not torch.distributed.is_gloo_available():
        raise MXNetError(
            "kvstore: the processes must be connected by what can send tensors of the CPU; the program has not, and "
            "this build of torch has no Gloo; install another, or say backend='cpu:mpi,cuda:nccl'"
        )
    group: ProcessGroup = torch.distributed.new_group(backend="gloo", timeout=timeout)
    return group
