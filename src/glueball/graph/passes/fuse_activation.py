"""Applies an activation function in the layer before it."""

from __future__ import annotations

from ..activations import activation_of
from ..draft import Draft
from ..matching import arguments, attributes, operator_name, unfinished

SAVES_WORK = False

_NAMES = ("Activation", "LeakyReLU", "clip", "hard_sigmoid", "relu", "sigmoid", "tanh")


def rewrite(draft: Draft) -> int:
    """Fuse each activation that takes what a layer alone gives it."""
    count = 0
    for node in draft.calls(*_NAMES):
        layer = arguments(node)[0]
        call = unfinished(layer)
        activation = None if call is None else activation_of(operator_name(node), attributes(node))
        if call is not None and activation is not None:
            draft.replace(node, call.then(activation), *arguments(layer), source=layer)
            draft.graph.erase_node(layer)
            count += 1
    return count
