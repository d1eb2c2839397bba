"""What passes ask of the nodes of a graph."""

from __future__ import annotations

import operator as python_operator
from collections.abc import Mapping
from typing import Any

from torch import fx

from ..ops.weighted import Weighted
from .fused import FusedLayer


def operator_name(node: Any) -> str:
    """Return MXNet's name of the operator that a node calls, or ''."""
    applied = node.meta.get("applied") if isinstance(node, fx.Node) else None
    return "" if applied is None else applied.operator.name


def attributes(node: fx.Node) -> Mapping[str, Any]:
    """Return the attributes of the operator that a node calls."""
    found: Mapping[str, Any] = node.meta["applied"].attributes
    return found


def hands_on(node: fx.Node) -> bool:
    """Whether a node calls an operator that returns its first input, unchanged, in prediction."""
    applied = node.meta.get("applied")
    if applied is None:
        return False
    fact = applied.operator.hands_on
    return bool(fact(applied.attributes) if callable(fact) else fact)


def arguments(node: fx.Node) -> tuple[Any, ...]:
    """Return the arguments of a call."""
    return node.args


def is_used_once(node: fx.Node) -> bool:
    """Whether one other node takes the result, once."""
    users = list(node.users)
    return len(users) == 1 and users[0].op != "output" and users[0].all_input_nodes.count(node) == 1


def first_output(node: fx.Node) -> fx.Node | None:
    """Return the node of the first of several results, if no other is used."""
    items = list(node.users)
    if len(items) == 1 and items[0].target is python_operator.getitem and items[0].args[1] == 0:
        return items[0]
    return None


def weighted(node: fx.Node) -> Weighted | None:
    """Return what is known of the weight of the operator that a node calls, if it is a layer that has one."""
    applied = node.meta.get("applied")
    return None if applied is None else applied.operator.weighted


def unfinished(node: Any) -> FusedLayer | None:
    """Return the fused layer that a node calls, if one node alone takes its result and may become part of it."""
    call = node.target if isinstance(node, fx.Node) else None
    return call if isinstance(call, FusedLayer) and call.activation is None and is_used_once(node) else None
