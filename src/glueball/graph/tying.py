"""Graphs that are one step of a recording: whoever differentiates one of their outputs reaches all of their inputs.

Inputs on which that output does not depend get a gradient of zero, as from MXNet's graphs, so that a step of a trainer
finds every parameter with a gradient. torch would leave them without.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from ..symbol.node import Entry, Node, topological_order


def apart(heads: Sequence[Entry], variables: Sequence[Node]) -> list[int]:
    """Return the numbers of the variables on which not all of several heads depend."""
    if len(heads) == 1:
        return []
    reached: dict[Node, int] = {}  # by node: a bit for each head that depends on it
    for number, head in enumerate(heads):
        reached[head.node] = reached.get(head.node, 0) | 1 << number
    for node in reversed(topological_order(heads)):
        for entry in node.inputs:
            reached[entry.node] = reached.get(entry.node, 0) | reached[node]
    everything = (1 << len(heads)) - 1
    return [number for number, node in enumerate(variables) if reached.get(node, everything) != everything]


def tie(results: Sequence[Tensor], others: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """Return results whose gradients bring zeros to the others, too."""
    tied = [number for number, result in enumerate(results) if _is_plain(result)]
    reached = [tensor for tensor in others if _is_plain(tensor)]
    made = list(results)
    if tied and reached:
        passed: Any = _Tied.apply(len(tied), *[results[n] for n in tied], *reached)  # type: ignore[no-untyped-call]
        for number, result in zip(tied, passed, strict=True):
            made[number] = result
    return tuple(made)


def _is_plain(tensor: Tensor) -> bool:
    """Whether gradients flow through a tensor; those of integers flow beside it."""
    return tensor.requires_grad and tensor.is_floating_point()


class _Tied(torch.autograd.Function):
    """Passes results through. Its backward sends zeros to further inputs."""

    @staticmethod
    def forward(ctx: Any, count: int, *tensors: Tensor) -> tuple[Tensor, ...]:
        ctx.set_materialize_grads(False)
        ctx.zeros = [tensor.new_zeros(()).expand_as(tensor) for tensor in tensors[count:]]
        return tensors[:count]

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[Tensor | None, ...]:
        return (None, *gradients, *ctx.zeros)
