"""A copy of a lowered graph that passes rewrite."""

from __future__ import annotations

import operator as python_operator
from collections.abc import Callable, Collection, Iterator
from typing import Any

from torch import fx

from ..symbol.infer import Inferred
from ..symbol.node import Entry
from .lower import Lowered
from .matching import arguments, operator_name


class Draft:
    """A graph in the making: a copy of a lowered graph for prediction.

    Attributes
    ----------
    graph : torch.fx.Graph
        The copy. A node that calls an operator has its ``meta["applied"]``; see `glueball.ops.operator.Applied`.
        Where they are known, ``meta["shape"]`` and ``meta["type"]`` are those of its result.
    parameters : set of torch.fx.Node
        The placeholders of parameters.
    dropped : list of str
        The names of the symbol's nodes that passes leave out, because what they return is what they take.

    Parameters
    ----------
    lowered : Lowered
        The graph.
    inferred : Inferred
        The shapes and types of its arrays.
    parameters : collection of int
        Which of the variables are parameters.
    """

    def __init__(self, lowered: Lowered, inferred: Inferred, parameters: Collection[int]) -> None:
        self.graph = fx.Graph()
        copies: dict[fx.Node, fx.Node] = {}
        output = self.graph.graph_copy(lowered.module.graph, copies)
        self.graph.output(output)
        placeholders = [copies[node] for node in lowered.module.graph.nodes if node.op == "placeholder"]
        self.parameters = {placeholders[number] for number in parameters}
        self.dropped: list[str] = []
        variables = {node: Entry(each, 0) for node, each in zip(placeholders, lowered.variables, strict=False)}
        for node in self.graph.nodes:
            entry = variables.get(node) or _entry(node)
            if entry is not None and entry in inferred.shapes:
                node.meta["shape"], node.meta["type"] = inferred.shapes[entry], inferred.types[entry]

    def calls(self, *names: str) -> Iterator[fx.Node]:
        """Yield the calls of operators by their names, in order; the graph may be changed meanwhile."""
        for node in list(self.graph.nodes):
            if operator_name(node) in names:
                yield node

    def constants(self) -> set[fx.Node]:
        """Return the nodes that depend on parameters alone."""
        found = set(self.parameters)
        for node in self.graph.nodes:
            inputs = node.all_input_nodes
            if node.op == "call_function" and inputs and found.issuperset(inputs):
                found.add(node)
        return found

    def insert(self, at: fx.Node, function: Callable[..., Any], *arguments: Any, kernel: str = "") -> fx.Node:
        """Insert a call before a node, for the sake of that node.

        Parameters
        ----------
        at : torch.fx.Node
            The node.
        function, *arguments
            The call.
        kernel : str, optional
            What a reader of a table would call the function; see `glueball.graph.form.kernel_of`.
        """
        with self.graph.inserting_before(at):
            new = self.graph.call_function(function, arguments)
        new.meta.update({key: at.meta[key] for key in ("source", "sources") if key in at.meta})
        if kernel:
            new.meta["kernel"] = kernel
        return new

    def replace(self, old: fx.Node, function: Callable[..., Any], *arguments: Any, source: fx.Node) -> fx.Node:
        """Compute what a node does by another call.

        Parameters
        ----------
        old : torch.fx.Node
            The node, which is removed.
        function, *arguments
            The call.
        source : torch.fx.Node
            The node whose name and symbol node the call takes: that of the layer of which a user would say that it
            computes this. The call stands for the symbol nodes of both.
        """
        with self.graph.inserting_before(old):
            new = self.graph.create_node("call_function", function, arguments, name=source.name)
        new.meta["source"] = source.meta["source"]
        new.meta["sources"] = tuple(dict.fromkeys(source.meta["sources"] + old.meta["sources"]))
        self.substitute(old, new)
        return new

    def drop(self, node: fx.Node, by: fx.Node) -> None:
        """Leave out the call of an operator whose result is that of another node."""
        self.dropped += [source.name for source in node.meta["sources"]]
        node.replace_all_uses_with(by)
        self.graph.erase_node(node)

    def substitute(self, old: fx.Node, new: fx.Node) -> None:
        """Use another node wherever a node is used, and remove it."""
        known = {key: value for key, value in old.meta.items() if key != "applied"}
        new.meta = {**known, **new.meta}
        old.replace_all_uses_with(new)
        self.graph.erase_node(old)


def _entry(node: fx.Node) -> Entry | None:
    """Return the symbol's entry that a node computes."""
    if "source" in node.meta:
        return Entry(node.meta["source"], 0)
    if node.target is python_operator.getitem:
        call, index = arguments(node)
        return Entry(call.meta["source"], index) if "source" in call.meta else None
    return None
