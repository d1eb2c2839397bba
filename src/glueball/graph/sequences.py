"""Joins the calls of compiled kernels that follow each other into single calls."""

from __future__ import annotations

import operator as python_operator
from collections.abc import Sequence
from typing import Any

from torch import fx

from .bands import TOGETHER
from .kernels.compiled import Compiled
from .kernels.sequence import KernelSequence, Link, Operand

_SOURCES = ("kept", "results")


def join(graph: fx.Graph) -> fx.Graph:
    """Return a copy of a graph in which compiled kernels that follow each other are one call.

    Parameters
    ----------
    graph : torch.fx.Graph
        Has placeholders ``kept`` and ``results``, whose items the kernels take; see `glueball.graph.constants`.
    """
    joined, copies = fx.Graph(), dict[fx.Node, fx.Node]()
    joined.output(joined.graph_copy(graph, copies))
    run: list[fx.Node] = []
    for node in list(joined.nodes):
        if _is_joinable(node):
            run.append(node)
        elif node.op != "placeholder" and _item(node) is None:
            _replace(joined, run)
            run = []
    for node in list(joined.nodes):
        if not node.users and _item(node) is not None:
            joined.erase_node(node)
    return joined


def _is_joinable(node: fx.Node) -> bool:
    return isinstance(node.target, Compiled) and node.target.is_complete


def _item(node: fx.Node) -> Operand | None:
    """Return which item of what is given to the graph a node is."""
    if node.target is python_operator.getitem:
        given, number = node.args
        if isinstance(given, fx.Node) and given.op == "placeholder" and given.target in _SOURCES:
            return Operand(str(given.target), int(number))  # type: ignore[arg-type]
    return None


def _replace(graph: fx.Graph, run: Sequence[fx.Node]) -> None:
    if not run:
        return
    given = {node.target: node for node in graph.nodes if node.op == "placeholder"}
    written: dict[fx.Node, Any] = {node: node.args[4] for node in run}
    others: dict[fx.Node, int] = {}

    def operand(argument: Any) -> Operand | None:
        if argument is None:
            return None
        argument = written.get(argument, argument)
        return _item(argument) or Operand("others", others.setdefault(argument, len(others)))

    links = [
        Link(node.target, [operand(argument) for argument in node.args], node.meta.get(TOGETHER))  # type: ignore[arg-type]
        for node in run
    ]
    with graph.inserting_before(run[0]):
        call = graph.call_function(KernelSequence(links), tuple([given[name] for name in _SOURCES] + list(others)))
    call.meta["sources"] = tuple([source for node in run for source in node.meta["sources"]])
    for node in reversed(run):
        node.replace_all_uses_with(written[node])
        graph.erase_node(node)
