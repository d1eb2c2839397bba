"""Common subexpressions: nodes that compute the same from the same arrays, of which a bound graph keeps the first."""

from __future__ import annotations

import os
from collections.abc import Hashable, Sequence

from ..ops.declare import registry
from .node import Entry, Node, topological_order


def merge_common(entries: Sequence[Entry]) -> list[Entry]:
    """Return the outputs of the graph in which each node is computed once, as MXNet does when it binds.

    The text of their attributes must be the same, too. Where two outputs become one, the second is a copy, so that
    they stay arrays of their own. The environment variable MXNET_ELIMINATE_COMMON_EXPR=0 switches this off.
    """
    if os.environ.get("MXNET_ELIMINATE_COMMON_EXPR", "1") == "0":
        return list(entries)
    kept: dict[Node, Node] = {}
    first: dict[Hashable, Node] = {}
    for node in topological_order(entries):
        inputs = tuple([Entry(kept[entry.node], entry.index) for entry in node.inputs])
        same = node if inputs == node.inputs else Node(node.operator, node.name, node.attributes, inputs)
        if node.operator is not None and node.operator.is_merged:
            same = first.setdefault((node.operator, tuple(sorted(node.attributes.items())), inputs), same)
        kept[node] = same
    made: dict[Entry, Entry] = {}  # by what the user has asked for
    newest: dict[Entry, Entry] = {}  # by what it is in the merged graph
    for entry in entries:
        if entry in made:
            continue
        found = Entry(kept[entry.node], entry.index)
        if found in newest:
            last = newest[found]
            made[entry] = Entry(Node(registry["_copy"], f"{last.node.name}_{last.index}_copy", {}, [last]), 0)
        else:
            made[entry] = found
        newest[found] = made[entry]
    return [made[entry] for entry in entries]
