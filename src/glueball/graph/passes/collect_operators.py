"""Calls the other layers that have weights in the form to which later passes add; their operators compute them."""

from __future__ import annotations

import torch
from torch import fx

from ...ops.operator import Applied
from ...ops.shape_rule import is_known
from ...ops.weighted import Weighted
from ..draft import Draft
from ..fused import FusedOperator
from ..matching import arguments, weighted

SAVES_WORK = False

_TYPES = (torch.float32, torch.float64, torch.bfloat16)


def rewrite(draft: Draft) -> int:
    """Replace each such layer that has parameters for weight and bias, of a type that is not float16."""
    count, constants = 0, draft.constants()
    for node in list(draft.graph.nodes):
        fact = weighted(node)
        if fact is None or not is_known(node.meta.get("shape")):
            continue
        data, weight, bias = arguments(node)
        if constants.issuperset({weight, bias} - {None}) and weight.meta["type"] in _TYPES:
            draft.replace(node, _call(node, fact), data, weight, bias, None, source=node)
            count += 1
    return count


def _call(node: fx.Node, fact: Weighted) -> FusedOperator:
    applied: Applied = node.meta["applied"]
    without, with_bias = (
        applied.operator.applied_named({**applied.attributes, "no_bias": no_bias}) for no_bias in (True, False)
    )
    return FusedOperator(without_bias=without, with_bias=with_bias, fact=fact, shape=node.meta["shape"])
