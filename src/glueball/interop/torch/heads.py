"""Outputs that are losses in training: what they are in prediction, without the label that only a loss needs."""

from __future__ import annotations

from collections.abc import Callable

from ...ops.declare import registry
from ...symbol.infer import Inferred
from ...symbol.node import Entry, Node, copied, topological_order
from ...symbol.symbol import Symbol


def _copy(node: Node, rank: int) -> Node:
    return Node(registry["_copy"], node.name, {}, node.inputs[:1])


def _sigmoid(node: Node, rank: int) -> Node:
    return Node(registry["sigmoid"], node.name, {}, node.inputs[:1])


def _softmax(node: Node, rank: int) -> Node:
    given = node.applied.attributes
    if given["multi_output"] or given["preserve_shape"] or rank == 2:
        return Node(registry["softmax"], node.name, {"axis": "1" if given["multi_output"] else "-1"}, node.inputs[:1])
    rows = Node(registry["Reshape"], f"{node.name}_rows", {"shape": "(0, -1)"}, node.inputs[:1])
    softmax = Node(registry["softmax"], f"{node.name}_softmax", {"axis": "-1"}, [Entry(rows, 0)])
    return Node(registry["reshape_like"], node.name, {}, [Entry(softmax, 0), node.inputs[0]])


#: What takes the place of an operator with a label.
_IN_PREDICTION: dict[str, Callable[[Node, int], Node]] = {
    "SoftmaxOutput": _softmax,
    "LinearRegressionOutput": _copy,
    "MAERegressionOutput": _copy,
    "SVMOutput": _copy,
    "LogisticRegressionOutput": _sigmoid,
}


def without_labels(symbol: Symbol, known: Inferred) -> Symbol:
    """Return the graph that predicts the same and takes no label; the symbol itself if it takes none.

    Parameters
    ----------
    symbol : Symbol
        The graph.
    known : Inferred
        The shapes of its arrays.
    """
    replaced: dict[Node, Entry] = {}
    for node in topological_order(symbol._entries):
        if node.operator is not None and node.operator.name in _IN_PREDICTION and len(node.inputs) > 1:
            inputs = copied(node.inputs[:1], replaced)
            moved = node.with_inputs((*inputs, *node.inputs[1:]))
            replaced[node] = Entry(
                _IN_PREDICTION[node.operator.name](moved, len(known.shapes[node.inputs[0]] or ())), 0
            )
    return Symbol(copied(symbol._entries, replaced)) if replaced else symbol
