"""Applies an activation function in the convolution before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from ..draft import Draft
from ..fused import Activation
from ..matching import arguments, attributes, operator_name, unfinished_convolution

SAVES_WORK = False

_BY_NAME = {
    "relu": Activation("", torch.relu_, limits=(0.0, None)),
    "sigmoid": Activation("sigmoid", torch.sigmoid_),
    "tanh": Activation("tanh", torch.tanh_),
}


def rewrite(draft: Draft) -> int:
    """Fuse each activation that takes what a convolution alone gives it."""
    count = 0
    for node in draft.calls("Activation", "clip", *_BY_NAME):
        (convolution,) = arguments(node)
        call, activation = unfinished_convolution(convolution), _activation(operator_name(node), attributes(node))
        if call is not None and activation is not None:
            draft.replace(node, call.then(activation), *arguments(convolution), source=convolution)
            draft.graph.erase_node(convolution)
            count += 1
    return count


def _activation(name: str, how: Mapping[str, Any]) -> Activation | None:
    if name == "clip":
        low, high = how["a_min"], how["a_max"]
        return (
            Activation("", torch.clamp_, (low, high), (low, high)) if low <= high else None
        )  # the operator knows crossed limits
    return _BY_NAME.get(how["act_type"] if name == "Activation" else name)
