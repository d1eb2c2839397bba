"""Heads whose gradients need those of other heads: the losses of contexts that share a batch normalization.

Programs call ``loss.backward()`` for one context after another, and MXNet's engine lets the first wait for the last.
Here the first are kept, and the call for the last differentiates all.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, NamedTuple

from torch import Tensor

from ..ndarray.ndarray import NDArray


class Heads(NamedTuple):
    """What one call of backward differentiates: arrays, their tensors, and the gradients to start with."""

    arrays: list[NDArray]
    tapes: list[Tensor]
    starts: list[Tensor | None]


class _Kept(threading.local):
    """The heads of a thread that wait for others, and the nodes that do: which of their outputs have a gradient."""

    def __init__(self) -> None:
        self.heads: list[Heads] = []
        self.nodes: dict[Any, set[int]] = {}


_kept = _Kept()


def completed(heads: Heads) -> Heads | None:
    """Return the heads and those that have waited for them; None if they wait for others themselves."""
    nodes = _joint_nodes(heads.tapes)
    if not nodes:
        return heads
    if not any(node in _kept.nodes for node in nodes):  # those kept are of a step that was left
        _kept.heads, _kept.nodes = [], {}
    for node, outputs in _kept.nodes.items():
        nodes.setdefault(node, set()).update(outputs)
    together = [*_kept.heads, heads]
    if any(len(outputs) < node.joint_outputs for node, outputs in nodes.items()):
        _kept.heads, _kept.nodes = together, nodes
        return None
    _kept.heads, _kept.nodes = [], {}
    return Heads(*[[each for part in parts for each in part] for parts in zip(*together, strict=True)])


def _joint_nodes(tapes: Sequence[Tensor]) -> dict[Any, set[int]]:
    """Return the nodes of the graph that need the gradients of all their outputs, and the outputs that are used."""
    found: dict[Any, set[int]] = {}
    seen: set[Any] = set()
    waiting = [tape.grad_fn for tape in tapes]
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        for earlier, output in node.next_functions:
            if getattr(earlier, "joint_outputs", 0):
                found.setdefault(earlier, set()).add(output)
            waiting.append(earlier)
    return found
