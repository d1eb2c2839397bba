"""Splits a graph into what depends on the parameters alone, computed once, and what each run computes."""

from __future__ import annotations

import operator as python_operator
from dataclasses import dataclass

from torch import fx

from .bands import mark
from .draft import Draft
from .kernels.compiled import Compiled
from .lower import generate
from .outputs import Output, OutputMemory
from .sequences import join
from .workspace import RESULTS, Workspace, assign, give, sharing


@dataclass(frozen=True)
class Split:
    """A graph in two parts.

    Attributes
    ----------
    prepare : torch.fx.GraphModule
        Takes the parameters, and returns a tuple of what `run` needs of them.
    run : torch.fx.GraphModule
        Takes the other variables, the key, the device, what `prepare` returned and memory for results; returns the
        outputs of the graph.
    graph : torch.fx.Graph
        What `run` computes, kernel by kernel.
    calls_beforehand : int
        The number of calls in `prepare`.
    workspace : Workspace
        Has the memory.
    """

    prepare: fx.GraphModule
    run: fx.GraphModule
    graph: fx.Graph
    calls_beforehand: int
    workspace: Workspace

    def kernel_by_kernel(self) -> fx.GraphModule:
        """Return a module that computes what `run` does, with a call for each kernel."""
        return generate(self.graph, "Prediction")


def split(draft: Draft) -> Split:
    """Split a graph; no output shares memory with what is kept between runs."""
    constants = draft.constants()
    kept = [node for node in draft.graph.nodes if node in constants and not constants.issuperset(node.users)]
    calls = sum(node.op == "call_function" for node in constants)
    graph = _computation(draft, constants, kept)
    mark(graph)
    workspace = assign(graph)
    run = generate(join(graph), "Prediction")
    return Split(_preparation(draft, constants, kept), run, graph, calls, workspace)


def _preparation(draft: Draft, constants: set[fx.Node], kept: list[fx.Node]) -> fx.GraphModule:
    graph, copies = fx.Graph(), dict[fx.Node, fx.Node]()
    for node in draft.graph.nodes:
        if node in constants:
            copies[node] = graph.node_copy(node, copies.__getitem__)
    graph.output(tuple([copies[node] for node in kept]))
    return generate(graph, "Preparation")


def _computation(draft: Draft, constants: set[fx.Node], kept: list[fx.Node]) -> fx.Graph:
    graph, copies = fx.Graph(), dict[fx.Node, fx.Node]()
    nodes = [node for node in draft.graph.nodes if node not in constants]
    for node in nodes:
        if node.op == "placeholder":
            copies[node] = graph.node_copy(node)
    given, results = graph.placeholder("kept"), graph.placeholder(RESULTS)
    for number, node in enumerate(kept):
        copies[node] = graph.call_function(python_operator.getitem, (given, number))
    for node in nodes:
        if node.op == "call_function":
            copies[node] = graph.node_copy(node, copies.__getitem__)
    (heads,) = next(node for node in nodes if node.op == "output").args
    finals, in_workspace = [], sharing(draft.graph)
    for number, node in enumerate(heads):
        is_direct = node not in constants and _is_written_directly(node) and heads.count(node) == 1
        if is_direct:
            with graph.inserting_after(results):  # not between kernels, which are one call then
                memory = graph.call_function(OutputMemory(node.target.out_shape))
            memory.meta["sources"] = node.meta.get("sources", ())
            give(copies[node], memory)
            finals.append(copies[node])
            continue
        is_shared = node in constants or node in in_workspace or node in heads[:number]
        final = graph.call_function(Output(is_shared), (copies[node],))
        final.meta["sources"] = node.meta.get("sources", ())
        finals.append(final)
    graph.output(tuple(finals))
    return graph


def _is_written_directly(node: fx.Node) -> bool:
    """Whether a kernel computes an output as users get it, and nobody else takes it."""
    return isinstance(node.target, Compiled) and not node.target.gives_last and len(node.users) == 1
