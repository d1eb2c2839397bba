"""The storage types of a bound graph: of its arguments, and of their gradients."""

from __future__ import annotations

from collections.abc import Mapping

from ..core.sparse_forms import STORAGE_NUMBERS
from ..symbol.node import Node, topological_order
from ..symbol.symbol import Symbol

_NAMES = {str(number): name for name, number in STORAGE_NUMBERS.items()}


def storage_types(symbol: Symbol, given: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the storage types of the variables, and those of their gradients, by name; what is missing is dense.

    A gradient is row_sparse for a row_sparse argument, and sparse where the rules of all operators that take the
    argument say so.
    """
    nodes = topological_order(symbol._entries)
    stypes = {
        node.name: given.get(node.name) or _NAMES.get(node.attributes.get("__storage_type__", "0"), "default")
        for node in nodes
        if node.is_variable
    }
    gradients = {name: stype for name, stype in stypes.items() if stype == "row_sparse"}
    users: dict[str, list[str]] = {}
    for node in nodes:
        if not node.is_variable:
            for position, entry in enumerate(node.arguments()):
                if entry is not None and entry.node.is_variable:
                    users.setdefault(entry.node.name, []).append(_of_gradient(node, position, stypes))
    agreed = {name: said[0] for name, said in users.items() if set(said) == {said[0]}}
    gradients.update({name: stype for name, stype in agreed.items() if stype != "default"})
    return stypes, gradients


def _of_gradient(node: Node, position: int, stypes: Mapping[str, str]) -> str:
    """Return the storage type that an operator's rule says for the gradient of an input, or 'default'."""
    rule = node.applied.operator.sparse
    if rule is None or rule.gradient_stypes is None:
        return "default"
    of_inputs = [
        stypes.get(entry.node.name, "default") if entry is not None and entry.node.is_variable else "default"
        for entry in node.arguments()
    ]
    return rule.gradient_stypes(node.applied.attributes, of_inputs).get(position, "default")
