"""Makes a symbol of what is in a file of ONNX, node by node."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ....core.errors import MXNetError
from ....symbol import Group, Symbol, var
from . import rules
from .call import Call
from .document import Document, Node
from .folding import fold
from .loops import LOOPS
from .values import CannotImport, Values

_LISTED = 20  # nodes that an error names

Result = Symbol | np.ndarray


@dataclass(frozen=True)
class Imported:
    """A network from a file.

    Attributes
    ----------
    symbol : Symbol
        The graph.
    arguments, states : dict of str to Tensor
        Its parameters and auxiliary states.
    inputs : tuple of str
        The variables that a user gives.
    computed : dict of str to (Node, Symbol)
        The arrays that the file computes, by their names in it and in its order: by which node, and what they became.
    """

    symbol: Symbol
    arguments: dict[str, Tensor]
    states: dict[str, Tensor]
    inputs: tuple[str, ...]
    computed: dict[str, tuple[Node, Symbol]]


def import_document(document: Document, owner: str) -> Imported:
    """Return the network that is in a file.

    Raises
    ------
    MXNetError
        Some nodes have no counterpart; it names all of them.
    """
    values = Values(document.constants, document.shapes, document.types)
    for port in document.inputs:
        values.set(port.name, var(port.name))
    refused: list[str] = []
    lost: set[str] = set()  # the results of nodes that are refused
    for node in document.nodes:
        if lost.intersection(node.inputs):
            lost.update(node.outputs)
            continue
        try:
            _run(node, values, document.opset)
        except MXNetError as error:
            lost.update(node.outputs)
            refused.append(f"{node}: {error}" if str(error) else str(node))
    if refused:
        more = f"\n... and {len(refused) - _LISTED} more" if len(refused) > _LISTED else ""
        listed = "\n".join(f"  {each}" for each in refused[:_LISTED])
        raise MXNetError(
            f"{owner}: all nodes must have a counterpart among MXNet's operators; these have none:\n{listed}{more}"
        )
    return _imported(document, values)


def _run(node: Node, values: Values, opset: int) -> None:
    if node.operator == "If" and not node.domain and values.constant(node.inputs[0]) is not None:
        _take_branch(node, values, opset)
        return
    results = _computed(node, values, opset)
    for name, result in zip(node.outputs, results, strict=False):
        if name:
            values.set(name, result)
    missing = [name for name in node.outputs[len(results) :] if name]
    if missing:
        raise CannotImport(f"its result {missing[0]!r} has no counterpart")


def _computed(node: Node, values: Values, opset: int) -> Sequence[Result]:
    if node.operator in LOOPS and not node.domain:
        return LOOPS[node.operator](Call(node, values, opset), _run)
    folded = fold(node, values, opset)
    return _applied(node, values, opset) if folded is None else folded


def _take_branch(node: Node, values: Values, opset: int) -> None:
    """Run the graph that a condition chooses, as if its nodes stood in the file."""
    condition = values.constant(node.inputs[0])
    assert condition is not None
    branch = node.attributes["then_branch" if condition.any() else "else_branch"]
    for name, array in branch.constants.items():
        values.set(name, array)
    for each in branch.nodes:
        _run(each, values, opset)
    for name, other in zip(node.outputs, branch.outputs, strict=True):
        values.alias(name, other)


def _applied(node: Node, values: Values, opset: int) -> list[Symbol]:
    rule = None if node.domain else rules.RULES.get(node.operator)
    if rule is None:
        raise CannotImport("there is no such operator in MXNet")
    result = rule(Call(node, values, opset))
    return result if isinstance(result, list) else [result]


def _imported(document: Document, values: Values) -> Imported:
    outputs = [values.symbol(port.name) for port in document.outputs]
    symbol = outputs[0] if len(outputs) == 1 else Group(outputs)
    arguments: dict[str, Tensor] = {}
    states: dict[str, Tensor] = {}
    needed = {*symbol.list_arguments(), *symbol.list_auxiliary_states()}
    auxiliary = set(symbol.list_auxiliary_states())
    for name, array in values.parameters.items():
        if name in needed:
            tensor = torch.from_numpy(np.array(array if array.shape else array.reshape(1)))
            (states if name in auxiliary else arguments)[name] = tensor
    inputs = tuple([port.name for port in document.inputs if port.name in needed])
    named = [(name, node) for node in document.nodes for name in node.outputs if values.is_computed(name)]
    computed = {name: (node, values.symbol(name)) for name, node in named}
    return Imported(symbol, arguments, states, inputs, computed)
