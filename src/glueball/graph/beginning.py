"""Convolutions at the beginning of a graph, which may leave the channels first in the memory, as its inputs have them.

All other kernels have the channels last. Further inside a graph these are the quicker ones: each thread finds the part
of an image that it takes in its own cache, where it has written it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import torch
from torch import fx

from .draft import Draft
from .kernels.compiled import Compiled
from .kernels.elementary import Rearranged
from .kernels.layout import to_channels_last_memory
from .matching import arguments
from .tuning import seconds


def may_begin(node: fx.Node) -> bool:
    """Whether a convolution takes an input of the graph, and nothing else that a kernel has computed."""
    data, _, _, other = arguments(node)
    return data.op == "placeholder" and other is None


def conversion(node: fx.Node) -> float:
    """Return the seconds that it takes to convert the result of a node for those who take it; 0 for an output."""
    if all(user.op == "output" for user in node.users):
        return 0
    shape = node.meta["shape"]
    (time,) = seconds(("channels last", shape), {"": partial(_trial, shape)})
    return time


def convert(draft: Draft) -> None:
    """Convert what kernels with the channels last take of such that have them first."""
    converted: dict[fx.Node, fx.Node] = {}
    for node in list(draft.graph.nodes):
        if not isinstance(node.target, Compiled) or not node.target.takes_last:
            continue
        for place in (0, 3):
            given = node.args[place] if place < len(node.args) else None
            if isinstance(given, fx.Node) and isinstance(given.target, Compiled) and not given.target.gives_last:
                if given not in converted:
                    converted[given] = draft.insert(node, Rearranged(given.target.out_shape), given)
                node.update_arg(place, converted[given])


def _trial(shape: Sequence[int]) -> Callable[[], object]:
    images = torch.ones(shape)
    return lambda: to_channels_last_memory(images)
