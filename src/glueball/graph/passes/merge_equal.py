"""Computes once what is computed several times from the same arrays."""

from __future__ import annotations

import operator as python_operator
from collections.abc import Hashable

from torch import fx

from ..draft import Draft
from ..matching import operator_name

SAVES_WORK = True


def rewrite(draft: Draft) -> int:
    """Let all who take the result of the same call take that of the first.

    A call that draws takes a key of its own, so that it is never the same as another.
    """
    count, first = 0, dict[Hashable, fx.Node]()
    for node in list(draft.graph.nodes):
        if not operator_name(node) and node.target is not python_operator.getitem:
            continue
        same = first.setdefault((node.target, node.args, tuple(node.kwargs.items())), node)
        if same is not node:
            same.meta["sources"] = tuple(dict.fromkeys(same.meta["sources"] + node.meta["sources"]))
            count += bool(operator_name(node))
            node.replace_all_uses_with(same)
            draft.graph.erase_node(node)
    return count
