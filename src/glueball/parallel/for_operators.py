"""What operators compute over all processes, such as the statistics of a batch: over a connection of their own.

Gradients leave while backward() runs, so that the order of their messages and of those of operators is not known. Each
of the two connections has an order of its own, which all processes keep.
"""

from __future__ import annotations

import weakref
import zlib
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from ..core.errors import OtherProcessError
from ..core.world import World
from .processes import Processes, connected, place

#: The numbers of the first message. It always has as many, since processes that send others do not survive it.
_FIRST = 512


class OperatorWorld(World):
    """`World` over a connection that nobody else uses."""

    def __init__(self) -> None:
        self._processes = Processes()
        self._group: Callable[[], object] = lambda: None  # torch's, of whose processes these are

    def size(self) -> int:
        _, size = place()
        return size

    def gather(self, who: str, tensor: Tensor) -> Sequence[Tensor]:
        processes = self._connected()
        found, rest = _begin(processes, who, tensor)
        if len(rest):
            found = [torch.cat(parts) for parts in zip(found, processes.gather(rest, who), strict=True)]
        return [each.to(tensor.dtype) for each in found]

    def sum(self, who: str, tensor: Tensor) -> Tensor:
        processes = self._connected()
        found, rest = _begin(processes, who, tensor)
        if len(rest):
            processes.sum(rest, who)
        return torch.cat([torch.stack(found).sum(0), rest]).to(tensor.dtype)

    def _connected(self) -> Processes:
        processes = connected()
        group = torch.distributed.group.WORLD if processes.size > 1 else None
        if group is not self._group():
            self._processes = processes.branch()
            self._group = (lambda: None) if group is None else weakref.ref(group)
        return self._processes


def _begin(processes: Processes, who: str, tensor: Tensor) -> tuple[list[Tensor], Tensor]:
    """Gather the first numbers of a vector; return those of each process, and what is left of one's own.

    Raises
    ------
    MXNetError
        Other processes compute something else. All of them learn of it here.
    """
    numbers = tensor.to(torch.float64)
    first = numbers.new_zeros(_FIRST)
    first[0] = zlib.crc32(f"{who} {len(tensor)}".encode())
    length = min(len(numbers), _FIRST - 1)
    first[1 : length + 1] = numbers[:length]
    found = processes.gather(first, who)
    if len({each[0].item() for each in found}) > 1:
        others = processes.gather_objects(f"{who} ({len(tensor)} numbers)")
        said = "; ".join(f"process {rank} is at {what}" for rank, what in enumerate(others))
        raise OtherProcessError(f"{who}: all processes must run the same layers, in the same order; {said}")
    return [each[1 : length + 1] for each in found], numbers[length:].clone()
