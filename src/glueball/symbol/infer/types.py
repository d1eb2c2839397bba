"""Infers the types of the arrays of a graph from the operators' type rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch

from ...core import dtype as dtypes
from ...core.errors import MXNetError
from ...ops.explain import input_names
from ...ops.type_rule import Conflict, PartialType, name_of
from ..node import Entry, Node
from .propagate import Propagation


def infer_types(
    nodes: Sequence[Node],
    given: Mapping[str, torch.dtype],
    default: PartialType = None,
    expected: Mapping[Entry, PartialType] | None = None,
) -> dict[Entry, PartialType]:
    """Find the types that follow from those of some variables.

    Parameters
    ----------
    nodes : sequence of Node
        All nodes, in topological order.
    given : mapping of str to torch.dtype
        Types by name of variable; they override the variables' own.
    default : torch.dtype, optional
        The type of variables that nothing else determines; None leaves them unknown.
    expected : mapping of Entry to torch.dtype, optional
        Types of results that are known beforehand.
    """
    propagation = Propagation(nodes, _follow, _merge, lambda kind: True, name_of)
    for node in nodes:
        if node.is_variable:
            propagation.known[Entry(node, 0)] = given.get(node.name) or carried_type(node)
    propagation.known.update(expected or {})
    propagation.settle()
    _prefer(nodes, propagation)
    for node in nodes:
        if default is not None and node.is_variable and propagation.known[Entry(node, 0)] is None:
            propagation.add(Entry(node, 0), default)
    return propagation.known


def carried_type(node: Node) -> PartialType:
    """Return the type in the variable's attributes."""
    text = node.attributes.get("__dtype__")
    if text is None or text in ("None", "-1"):
        return None
    try:
        return dtypes.FLAG_TO_TORCH[int(text)]
    except (ValueError, KeyError):
        raise MXNetError(
            f"{node.name}: __dtype__ must be one of MXNet's type codes {sorted(dtypes.FLAG_TO_TORCH)}; "
            f"received {text!r}"
        ) from None


def _follow(
    node: Node, inputs: list[PartialType], outputs: list[PartialType], default: bool = False
) -> tuple[list[PartialType], list[PartialType]]:
    assert node.operator is not None
    try:
        return node.applied.types.complete(inputs, outputs, node.applied.attributes, default=default)
    except Conflict as conflict:
        expected, received = map(name_of, conflict.args)
        names = input_names(node.operator, len(inputs))
        known = ", ".join(f"{name} {name_of(kind)}" for name, kind in zip(names, inputs, strict=True) if kind)
        raise MXNetError(
            f"{node.name}: the inputs and outputs of {node.operator.name} must agree in type; received {expected} and "
            f"{received} ({known}); convert one with cast"
        ) from None


def _merge(one: torch.dtype, other: torch.dtype) -> torch.dtype:
    if one != other:
        raise Conflict(other, one)
    return one


def _prefer(nodes: Sequence[Node], propagation: Propagation[torch.dtype]) -> None:
    """Resolve remaining unknown types by the defaults in the operators' rules."""
    for node in nodes:
        if node.is_variable:
            continue
        arguments = node.arguments()
        if propagation.complete(arguments):
            continue
        known = propagation.facts(arguments)
        outputs = propagation.facts([Entry(node, index) for index in range(node.output_count)])
        for entry, kind in zip(arguments, _follow(node, known, outputs, default=True)[0], strict=True):
            if entry is not None and kind is not None and propagation.known[entry] is None:
                propagation.add(entry, kind)
