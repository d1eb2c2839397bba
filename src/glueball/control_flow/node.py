"""Makes the node that holds graphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..core import naming
from ..symbol import Symbol
from ..symbol import attribute as attributes
from ..symbol.node import Entry, Node
from .graph_operator import GraphOperator
from .scope import Cut


def make(
    kind: type[GraphOperator], graphs: Sequence[Cut], inputs: Sequence[Entry], texts: Mapping[str, str]
) -> list[Symbol]:
    """Return the outputs of a new node.

    Parameters
    ----------
    kind : type
        The operator.
    graphs : sequence of Cut
        Its graphs.
    inputs : sequence of Entry
        What it takes.
    texts : mapping of str to str
        Its attributes, but for ``num_args``.
    """
    heads = [graph.heads for graph in graphs]
    own = {attributes.stored(key): str(value) for key, value in attributes.current().get(None).items()}
    given = {**own, **texts, "num_args": str(len(inputs) + len(graphs))}
    node = Node(kind(heads), naming.current().get(None, kind.kind_name), given, inputs, heads)
    return [Symbol((Entry(node, index),)) for index in range(node.output_count)]
