"""Several compiled kernels in one call, which saves the way through Python between them; see ``sequence.c``."""

from __future__ import annotations

import ctypes
import functools
import threading
import weakref
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ..fused import NotFinite
from .compiled import Compiled, room
from .native import load
from .room import Room

_FIELDS = ("data", "filters", "bias", "other", "out")  # in the order of the arguments of a kernel


class Tensors(list[Tensor]):
    """Tensors that stay the same; other than a tuple, this can have weak references."""


class Operand(NamedTuple):
    """Where an argument of a kernel comes from.

    Attributes
    ----------
    source : {'kept', 'results', 'others'}
        Which of the arguments of the sequence.
    number : int
        Which tensor of it.
    """

    source: str
    number: int


class Together(NamedTuple):
    """Kernels that follow each other and are computed together, a few rows at a time.

    Attributes
    ----------
    kernels : int
        How many there are.
    rows : int
        The rows of the last one's result that are computed at a time.
    """

    kernels: int
    rows: int


class Link(NamedTuple):
    """One kernel of a sequence.

    Attributes
    ----------
    kernel : Compiled
        The kernel.
    operands : sequence of Operand or None
        Data, filters, bias, other array and result.
    together : Together, optional
        With which others it is computed.
    """

    kernel: Compiled
    operands: Sequence[Operand | None]
    together: Together | None = None


class _Call(ctypes.Structure):
    """The structure of the same name in ``sequence.c``."""

    _fields_ = (
        *[(name, ctypes.c_void_p) for name in ("run", "part", "layer", "out", "data", "filters", "bias", "other")],
        *[(name, ctypes.c_void_p) for name in ("zeros", "memory")],
        *[(name, ctypes.c_long) for name in ("needed", "together", "rows", "threads")],
    )


class _Bound(NamedTuple):
    """The calls, with the addresses of what stays where it is from call to call."""

    kept: weakref.ref[Tensors]
    results: weakref.ref[Tensors]
    threads: int
    calls: Any
    addresses: Sequence[ctypes.c_void_p]  # those of the calls that each call of the sequence writes
    memory: ctypes.c_void_p  # the first call's
    run: Callable[[], int]
    room: int
    alive: Sequence[object]  # what the addresses point to


class _Here(threading.local):
    """What belongs to one thread: for each plan the calls, by the identity of what it keeps."""

    def __init__(self) -> None:
        self.bound: dict[int, _Bound] = {}


class KernelSequence:
    """Compiled kernels one after another.

    Parameters
    ----------
    links : sequence of Link
        The kernels.
    """

    __name__ = "kernel_sequence"
    kernel = "sequence of kernels"

    def __init__(self, links: Sequence[Link]) -> None:
        self._links = tuple(links)
        self._here = _Here()
        places = [
            (operand.number, place, field, link.kernel)
            for place, link in enumerate(links)
            for field, operand in zip(_FIELDS, link.operands, strict=True)
            if operand is not None and operand.source == "others"
        ]
        self._offsets = [place * ctypes.sizeof(_Call) + getattr(_Call, field).offset for _, place, field, _ in places]
        self._arguments = [_argument(number, field, kernel) for number, _, field, kernel in places]

    def __call__(self, kept: Tensors, results: Tensors, *others: Tensor) -> None:
        """Run the kernels.

        Raises
        ------
        NotFinite
            One of them has infinite numbers or NaN, which would be in other places than they should be.
        """
        here, threads = self._here.bound, torch.get_num_threads()
        bound = here.get(id(kept))
        if bound is None or bound.kept() is not kept or bound.results() is not results or bound.threads != threads:
            bound = self._bind(kept, results, threads)
            for gone in [key for key, other in here.items() if other.kept() is None]:
                del here[gone]
            here[id(kept)] = bound
        alive = []
        for (number, shape, arranged, into), address in zip(self._arguments, bound.addresses, strict=True):
            tensor = others[number]
            if tensor.shape != shape or tensor.dtype is not torch.float32:  # a kernel would read beyond its end
                raise ValueError(f"{self.kernel}: arrays must have the shapes and types that it was made for")
            if arranged is not None:
                tensor = arranged(tensor, into)
            alive.append(tensor)
            address.value = tensor.data_ptr()
        if bound.room:
            memory = room.of(bound.room)
            first = memory.data_ptr()
            if bound.memory.value != first:
                for call in bound.calls:
                    call.memory = first
        if bound.run():
            raise NotFinite

    def _bind(self, kept: Tensors, results: Tensors, threads: int) -> _Bound:
        sources = {"kept": kept, "results": results}
        calls, alive, most = (_Call * len(self._links))(), list[object](), 0
        for call, (kernel, operands, together) in zip(calls, self._links, strict=True):
            layer, call.needed = kernel.layer(1 if together else threads)
            most = max(most, call.needed)
            call.together, call.rows = together or Together(1, 0)
            call.threads = threads
            call.run, call.part = kernel.addresses
            call.layer, call.zeros = ctypes.addressof(layer), kernel.zeros.data_ptr()
            for field, operand in zip(_FIELDS, operands, strict=True):
                if operand is not None and operand.source != "others":
                    tensor = sources[operand.source][operand.number]
                    if field in ("filters", "bias"):
                        tensor = tensor.contiguous()
                        if tensor is not kept[operand.number]:
                            alive.append(tensor)
                    setattr(call, field, tensor.data_ptr())
        most = max(most, _library().glueball_sequence_memory(calls, len(calls)))
        addresses = [ctypes.c_void_p.from_buffer(calls, offset) for offset in self._offsets]
        memory = ctypes.c_void_p.from_buffer(calls, _Call.memory.offset)
        run = functools.partial(_library().glueball_sequence, calls, len(calls))
        return _Bound(weakref.ref(kept), weakref.ref(results), threads, calls, addresses, memory, run, most, alive)


class _Argument(NamedTuple):
    """What is to be known of an array that a call of the sequence is given."""

    number: int
    shape: Sequence[int]
    arranged: Callable[[Tensor, Room], Tensor] | None
    into: Room


def _argument(number: int, field: str, kernel: Compiled) -> _Argument:
    shape = kernel.shape if field == "data" else kernel.out_shape
    arranged = {"out": None, "data": kernel.arranged}.get(field, kernel.arranged_as_result)
    return _Argument(number, shape, arranged, Room())


@functools.cache
def _library() -> ctypes.CDLL:
    loaded = load("sequence")
    for function in (loaded.glueball_sequence, loaded.glueball_sequence_memory):
        function.argtypes = [ctypes.c_void_p, ctypes.c_long]
    loaded.glueball_sequence_memory.restype = ctypes.c_long
    return loaded
