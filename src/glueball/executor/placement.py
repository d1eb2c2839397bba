"""On which context each node of a graph is, where its nodes are in groups (``AttrScope(ctx_group=...)``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..core.context import Context
from ..core.errors import MissingAttributeError, MXNetError
from ..symbol.node import Node, topological_order
from ..symbol.symbol import Symbol

#: The context of every node.
Places = Mapping[Node, Context]


def check_groups(owner: str, group2ctx: Any) -> None:
    """Refuse what is not a dict of names of groups to contexts, or None."""
    if group2ctx is None:
        return
    if not isinstance(group2ctx, Mapping) or not all(isinstance(one, Context) for one in group2ctx.values()):
        raise MissingAttributeError(
            f"{owner}: group2ctx must be a dict of str to Context; received {group2ctx!r}; write {{'group': mx.cpu(1)}}"
        )


def place(
    owner: str, symbol: Symbol, group2ctx: Mapping[str, Context] | None, of_variable: Callable[[Node], Context]
) -> Places | None:
    """Return the context of every node; None where all are on one, which the caller knows.

    A node of a group is on the context of the group, another operator where its first input is.

    Parameters
    ----------
    owner : str
        The function that messages name.
    symbol : Symbol
        The graph.
    group2ctx : dict of str to Context, optional
        The groups.
    of_variable : callable
        Returns the context of a variable that is in no group.

    Raises
    ------
    MXNetError
        A group of the graph has no context.
    """
    if not group2ctx:
        return None
    places: dict[Node, Context] = {}
    for node in topological_order(symbol._entries):
        group = node.attributes.get("__ctx_group__")
        if group is not None and group not in group2ctx:
            raise MXNetError(
                f"{owner}: group2ctx must have a context for each group of the graph; {node.name} is in {group!r}; "
                f"received {dict(group2ctx)}"
            )
        if group is not None:
            places[node] = group2ctx[group]
        elif node.inputs:
            places[node] = places[node.inputs[0].node]
        else:
            places[node] = of_variable(node)
    return places


def require_one_context(arrays: Mapping[str, Any], ctx: Context) -> None:
    """Refuse arrays that are not where a graph without groups runs."""
    for name, array in arrays.items():
        if array is not None and array.context is not ctx:
            raise MXNetError(
                f"bind: arrays must be on {ctx}, where the graph runs; {name} is on {array.context}; copy it with "
                "as_in_context, or give group2ctx"
            )
