"""Splits a graph into what depends on the parameters alone, computed once, and what each run computes."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, fx

from .draft import Draft
from .lower import copy, generate


@dataclass(frozen=True)
class Split:
    """A graph in two parts.

    Attributes
    ----------
    prepare : torch.fx.GraphModule
        Takes the parameters, and returns a tuple of what `run` needs of them.
    run : torch.fx.GraphModule
        Takes the other variables, the key, the device and what `prepare` returned; returns the outputs of the graph.
    calls_beforehand : int
        The number of calls in `prepare`.
    """

    prepare: fx.GraphModule
    run: fx.GraphModule
    calls_beforehand: int


def split(draft: Draft) -> Split:
    """Split a graph; no output shares memory with what is kept between runs."""
    constants = draft.constants()
    kept = [node for node in draft.graph.nodes if node in constants and not constants.issuperset(node.users)]
    calls = sum(node.op == "call_function" for node in constants)
    return Split(_preparation(draft, constants, kept), _computation(draft, constants, kept), calls)


def _preparation(draft: Draft, constants: set[fx.Node], kept: list[fx.Node]) -> fx.GraphModule:
    graph, copies = fx.Graph(), dict[fx.Node, fx.Node]()
    for node in draft.graph.nodes:
        if node in constants:
            copies[node] = graph.node_copy(node, copies.__getitem__)
    graph.output(tuple([copies[node] for node in kept]))
    return generate(graph, "Preparation")


def _computation(draft: Draft, constants: set[fx.Node], kept: list[fx.Node]) -> fx.GraphModule:
    graph, copies = fx.Graph(), dict[fx.Node, fx.Node]()
    nodes = [node for node in draft.graph.nodes if node not in constants]
    for node in nodes:
        if node.op == "placeholder":
            copies[node] = graph.node_copy(node)
    for number, node in enumerate(kept):
        copies[node] = graph.placeholder(f"kept{number}")
    for node in nodes:
        if node.op == "call_function":
            copies[node] = graph.node_copy(node, copies.__getitem__)
    (heads,) = next(node for node in nodes if node.op == "output").args
    finals = []
    for number, node in enumerate(heads):
        is_shared = node in constants or node in heads[:number]
        final = graph.call_function(copy if is_shared else contiguous, (copies[node],))
        final.meta["sources"] = node.meta.get("sources", ())
        finals.append(final)
    graph.output(tuple(finals))
    return generate(graph, "Prediction")


def contiguous(tensor: Tensor) -> Tensor:
    """Return a tensor whose last axis is contiguous, as an array's memory is."""
    return tensor.contiguous()
