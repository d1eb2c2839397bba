"""The storage types of a bound graph: of its arguments, and of their gradients."""

from __future__ import annotations

from collections.abc import Mapping

from ..core.sparse_forms import STORAGE_NUMBERS
from ..symbol.node import Node, topological_order
from ..symbol.symbol import Symbol

_NAMES = {str(number): name for name, number in STORAGE_NUMBERS.items()}


def storage_types(symbol: Symbol, given: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the storage types of the variables, and those of their gradients, by name; what is missing is dense.

    A gradient is row_sparse for a row_sparse argument, and where an operator's rule computes the gradient of a dense
    one by rows.
    """
    nodes = topological_order(symbol._entries)
    stypes = {
        node.name: given.get(node.name) or _NAMES.get(node.attributes.get("__storage_type__", "0"), "default")
        for node in nodes
        if node.is_variable
    }
    gradients = {name: stype for name, stype in stypes.items() if stype == "row_sparse"}
    users: dict[str, list[bool]] = {}
    for node in nodes:
        if not node.is_variable:
            for position, entry in enumerate(node.arguments()):
                if entry is not None and entry.node.is_variable:
                    users.setdefault(entry.node.name, []).append(_by_rows(node, position, stypes))
    gradients.update({name: "row_sparse" for name, by_rows in users.items() if all(by_rows)})
    return stypes, gradients


def _by_rows(node: Node, position: int, stypes: Mapping[str, str]) -> bool:
    """Whether an operator computes the gradient of an input by rows."""
    rule = node.applied.operator.sparse
    if rule is None or rule.by_rows is None:
        return False
    of_inputs = [
        stypes.get(entry.node.name, "default") if entry is not None and entry.node.is_variable else "default"
        for entry in node.arguments()
    ]
    return position in rule.by_rows(node.applied.attributes, of_inputs)
