"""How much memory the results of a graph's operators need."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import torch

from ..ops.shape_rule import is_known
from ..symbol.infer import Inferred
from ..symbol.node import Entry, Node, topological_order


def allocated(heads: Sequence[Entry], inferred: Inferred, keeps_all: bool) -> int:
    """Return the bytes of the results that are there at the same time, at most.

    Parameters
    ----------
    heads : sequence of Entry
        The outputs of the graph.
    inferred : Inferred
        The shapes and types. A result whose length only its values say counts nothing.
    keeps_all : bool
        Whether all results stay until gradients have been computed; else each stays until the last node has read it.
    """
    nodes = [node for node in topological_order(heads) if not node.is_variable]
    sizes = dict.fromkeys(nodes, 0)
    for entry, shape in inferred.shapes.items():
        if entry.node in sizes and shape is not None and is_known(shape):
            sizes[entry.node] += prod(shape) * (inferred.types.get(entry) or torch.float32).itemsize
    if keeps_all:
        return sum(sizes.values())
    last: dict[Node, int] = {}
    for number, node in enumerate(nodes):
        last.update(dict.fromkeys([node, *[entry.node for entry in node.inputs]], number))
    last.update(dict.fromkeys([entry.node for entry in heads], len(nodes)))
    now = most = 0
    for number, node in enumerate(nodes):
        now += sizes[node]
        most = max(most, now)
        read = {node, *[entry.node for entry in node.inputs]} & sizes.keys()
        now -= sum(sizes[each] for each in read if last[each] == number)
    return most
