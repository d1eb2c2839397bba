"""Memory for what the kernels of a graph compute in between, planned beforehand and kept between calls.

A call would otherwise ask the system for new memory again and again, which takes longer than many a kernel.
"""

from __future__ import annotations

import operator as python_operator
import threading
from collections.abc import Callable, Sequence
from functools import partial
from math import prod
from typing import NamedTuple

import torch
from torch import Tensor, fx

from .bands import ends
from .fused import FusedLayer
from .kernels.compiled import Compiled
from .kernels.packed import Converted, Packed
from .kernels.sequence import Tensors
from .lower import copy

RESULTS = "results"  # the name of the placeholder

_ALIGNMENT = 16  # numbers; a line of a cache
_MOST_KEPT = 2**26  # numbers, in a thread
_WITH_MEMORY = 5  # arguments of a compiled kernel: data, filters, bias, other array, memory for the result


class Slot(NamedTuple):
    """Where a result lies.

    Attributes
    ----------
    shape : tuple of int
        Its shape, channels first.
    offset : int
        The numbers before it.
    is_last : bool
        Whether it has its channels last in the memory.
    """

    shape: tuple[int, ...]
    offset: int
    is_last: bool

    @property
    def end(self) -> int:
        """The numbers before what follows it."""
        return self.offset + -(-prod(self.shape) // _ALIGNMENT) * _ALIGNMENT

    def of(self, memory: Tensor) -> Tensor:
        """Return the result in the memory of all."""
        part = memory[self.offset : self.offset + prod(self.shape)]
        if not self.is_last:
            return part.view(self.shape)
        images, channels, height, width = self.shape
        return part.view(images, height, width, channels).permute(0, 3, 1, 2)


class Workspace:
    """The memory, of each thread its own.

    Parameters
    ----------
    slots : sequence of Slot
        The results.
    """

    def __init__(self, slots: Sequence[Slot]) -> None:
        self._slots = tuple(slots)
        self._size = max([slot.end for slot in slots], default=0)
        self._threads = threading.local()

    def make(self) -> Tensors:
        """Return new memory for all results."""
        memory = torch.empty(self._size)
        return Tensors([slot.of(memory) for slot in self._slots])

    def around(self, run: Callable[..., tuple[Tensor, ...]]) -> Callable[..., tuple[Tensor, ...]]:
        """Return a function that calls another with its own arguments and the memory.

        While a call has the memory, another one of the same thread, in a signal handler for example, gets new memory.
        """
        if not self._slots:
            return partial(run, results=Tensors())
        threads, is_kept = self._threads, self._size <= _MOST_KEPT

        def with_memory(*arguments: object) -> tuple[Tensor, ...]:
            kept = vars(threads)
            results = kept.pop("results", None) or self.make()
            try:
                return run(*arguments, results)
            finally:
                if is_kept:
                    kept["results"] = results

        return with_memory


def sharing(graph: fx.Graph) -> set[fx.Node]:
    """Return the nodes whose results are or may lie in the memory of a workspace."""
    found: set[fx.Node] = set()
    for node in graph.nodes:
        if node.op == "call_function" and (
            _is_compiled(node) or (_may_alias(node) and found & {*node.all_input_nodes})
        ):
            found.add(node)
    return found


def assign(graph: fx.Graph) -> Workspace:
    """Give the calls of compiled kernels memory for their results, which are the items of a placeholder.

    What is in use at the same time lies side by side. The largest are placed first, each where it fits. A call that has
    memory already keeps it.
    """
    nodes = list(graph.nodes)
    numbers = {node: number for number, node in enumerate(nodes)}
    last: dict[fx.Node, int] = {}
    end = ends(graph)

    def read(node: fx.Node, user: fx.Node) -> int:
        """Return when a node has been read by another one: what is computed together reads until its end."""
        return numbers[user if end.get(node) is end.get(user) else end.get(user, user)]

    for node in reversed(nodes):
        uses = [last[user] if _may_alias(user) else read(node, user) for user in node.users]
        last[node] = max(uses, default=numbers[node])
    calls = [node for node in nodes if _is_compiled(node) and len(node.args) < _WITH_MEMORY]
    owners = {node: node for node in calls}
    for node in calls:
        if node.target.continues and len(node.args) > 3 and node.args[3] is not None:
            owners[node] = owners[node.args[3]]
    placed: dict[fx.Node, Slot] = {}
    for node in sorted(dict.fromkeys(owners.values()), key=lambda node: -prod(node.target.out_shape)):
        others = [
            slot for other, slot in placed.items() if numbers[other] <= last[node] and numbers[node] <= last[other]
        ]
        placed[node] = _fitted(node.target, others)
    results = next(node for node in nodes if node.target == RESULTS)
    with graph.inserting_after(results):
        for number, node in reversed(list(enumerate(calls))):
            slot = graph.call_function(python_operator.getitem, (results, number))
            give(node, slot)
    return Workspace([placed[owners[node]] for node in calls])


def give(node: fx.Node, memory: fx.Node) -> None:
    """Let the call of a compiled kernel write its result into some memory."""
    node.args = (*node.args, *[None] * (_WITH_MEMORY - 1 - len(node.args)), memory)


def _fitted(kernel: Compiled, others: Sequence[Slot]) -> Slot:
    """Return the lowest place that is free of others."""
    slot = Slot(kernel.out_shape, 0, kernel.gives_last)
    for other in sorted(others, key=lambda other: other.offset):
        if slot.end <= other.offset:
            break
        slot = slot._replace(offset=max(slot.offset, other.end))
    return slot


def _is_compiled(node: fx.Node) -> bool:
    return isinstance(node.target, Compiled)


def _may_alias(node: fx.Node) -> bool:
    """Whether what a node returns may lie in the memory of what it takes."""
    applied = node.meta.get("applied")
    if applied is not None:
        return bool(applied.operator.may_alias)
    if isinstance(node.target, Compiled):
        return node.target.continues
    return node.target is not copy and not isinstance(node.target, FusedLayer | Packed | Converted)
