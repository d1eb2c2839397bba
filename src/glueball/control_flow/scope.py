"""Graphs inside nodes: which nodes belong to one, and what it takes from around it.

Nodes that are made while a user's function runs carry the name of the graph that it describes, ``__subgraph_name__``.
A graph ends where a node has another name, or none: there it gets a variable, named after what is outside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from ..core.errors import RefusedError
from ..symbol import Symbol
from ..symbol import attribute as attributes
from ..symbol.compose import var
from ..symbol.namespace import functions
from ..symbol.node import Entry, Node, topological_order

_KEY = "__subgraph_name__"


class Cut(NamedTuple):
    """A graph that was cut out.

    Attributes
    ----------
    heads : tuple of Entry
        Its outputs.
    inputs : list of Node
        Its variables, in order.
    sources : dict of Node to Entry
        What is outside in the place of a variable; not for those made inside.
    """

    heads: tuple[Entry, ...]
    inputs: list[Node]
    sources: dict[Node, Entry]

    def source(self, variable: Node) -> Entry:
        """Return what the node takes for a variable of the graph."""
        return self.sources.get(variable, Entry(variable, 0))

    @property
    def names(self) -> list[str]:
        """The names of the variables."""
        return [node.name for node in self.inputs]


@contextmanager
def subgraph(name: str) -> Iterator[str]:
    """Give the nodes that are made in a ``with`` block the name of a new graph, which is returned."""
    around = attributes.current().get(None).get(_KEY)
    full = name if around is None else f"{around}${name}"
    counts = attributes.AttrScope._subgraph_names
    number = counts[full]
    counts[full] = number + 1
    full = f"{full}{number}"
    with attributes.AttrScope(**{_KEY: full}):
        yield full


def inner_name(symbol: Symbol) -> str:
    """Return the name that something from around a graph, which the graph gets from its node, has in it."""
    entry = symbol._entries[0]
    return f"{entry.node.name}-{entry.index}"


def stand_in(symbol: Symbol) -> Symbol:
    """Return the variable for it."""
    return var(inner_name(symbol))


def own_heads(name: str, outputs: Sequence[Symbol], states: Sequence[Symbol] = ()) -> tuple[Entry, ...]:
    """Return the outputs of the graph `name`, with copies where they are not results of operators of it.

    A state is also copied if an output of the same node is among `outputs`.
    """
    outer = [*outputs, *states]
    variables = {
        node.name for node in topological_order([s._entries[0] for s in outer]) if node.is_variable
    }  # fmt: skip
    taken = {symbol._entries[0].node.name for symbol in outputs} if states else set()

    def own(symbol: Symbol, shared: set[str]) -> Entry:
        node = symbol._entries[0].node
        if node.name in variables or node.name in shared or node.attributes.get(_KEY) != name:
            symbol = functions["identity"](symbol)
        return symbol._entries[0]

    return (*[own(symbol, set()) for symbol in outputs], *[own(symbol, taken) for symbol in states])


def cut(owner: str, name: str, heads: Sequence[Entry]) -> Cut:
    """Cut out the graph `name`, whose nodes are copied."""
    copies: dict[Node, Node] = {}
    new: dict[Entry, Node] = {}
    sources: dict[Node, Entry] = {}

    def inside(entry: Entry) -> Entry:
        if entry.node in copies:
            return Entry(copies[entry.node], entry.index)
        if entry not in new:
            new[entry] = Node(None, entry.node.output_name(entry.index))
            sources[new[entry]] = entry
        return Entry(new[entry], 0)

    for node in topological_order(heads):
        if node.attributes.get(_KEY) == name:
            copies[node] = node if node.is_variable else node.with_inputs(map(inside, node.inputs))
    made = tuple(map(inside, heads))
    inputs = [node for node in topological_order(made) if node.is_variable]
    found = Cut(made, inputs, sources)
    if len(set(found.names)) < len(inputs):
        raise RefusedError(f"{owner}: the inputs of its graph must have different names; received {found.names}")
    return found


def numbers(values: Sequence[Any]) -> str:
    """Return numbers as MXNet writes them into an attribute."""
    return str(list(values))
