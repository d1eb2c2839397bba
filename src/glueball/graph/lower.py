"""From a Symbol's graph to a torch.fx graph that computes it on torch tensors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, fx

from ..ops.declare import Operator
from ..symbol.node import Entry, Node, in_order


def lower(
    heads: Sequence[Entry],
    variables: Sequence[Node],
    training: bool,
    values: Callable[[Node], tuple[Any, ...]] = lambda node: node.values,
) -> fx.GraphModule:
    """Return a module that computes `heads` from tensors for `variables`.

    Its function takes the tensors in the order of `variables`, then the generator of random numbers and the device that
    new tensors are made on, and returns a tuple with a tensor per head. No two of them share memory, nor does one
    share it with an input.

    A node of the result calls the declared function of one operator, with its attributes bound. ``node.meta["source"]``
    is the `glueball.symbol.node.Node` that it comes from; passes match on that.

    Parameters
    ----------
    heads : sequence of Entry
        What is computed.
    variables : sequence of Node
        Every variable that is needed, and possibly more.
    training : bool
        Whether operators that behave differently in training do so.
    values : callable, optional
        The attribute values of a node; by default those that the user gave.
    """
    graph = fx.Graph()
    made = {Entry(node, 0): graph.placeholder(f"input{number}") for number, node in enumerate(variables)}
    supplied = {"rng": graph.placeholder("rng"), "device": graph.placeholder("device"), "training": training}
    for node in in_order(heads):
        if node.operator is not None:
            call = _call(graph, node, node.operator.bind(values(node)), made, supplied)
            if node.operator.outputs == 1:
                made[Entry(node, 0)] = call
            else:
                made.update((Entry(node, i), graph.call_function(_item, (call, i))) for i in range(node.output_count))
    graph.output(tuple(_separated(graph, heads, made)))
    graph.lint()
    return fx.GraphModule(torch.nn.Module(), graph, class_name="LoweredGraph")


def _call(
    graph: fx.Graph, node: Node, function: Callable[..., Any], made: dict[Entry, fx.Node], supplied: dict[str, Any]
) -> fx.Node:
    operator = node.operator
    assert operator is not None
    arguments = tuple([None if entry is None else made[entry] for entry in node.arguments()])
    surroundings = {name: supplied[kind] for name, kind in operator.supplied}
    call = graph.create_node("call_function", _with_name(function, operator), arguments, surroundings, name=node.name)
    call.meta["source"] = node
    return call


def _with_name(function: Callable[..., Any], operator: Operator) -> Callable[..., Any]:
    """Name a partial or a lambda after the declared function: torch.fx writes the name into its code."""
    if getattr(function, "__name__", "<lambda>") == "<lambda>":
        function.__name__ = operator.function.__name__
        function.__module__ = operator.function.__module__
    return function


def _item(results: Any, index: int) -> Tensor:
    return results[index] if type(results) is tuple else results


def _separated(graph: fx.Graph, heads: Sequence[Entry], made: dict[Entry, fx.Node]) -> list[fx.Node]:
    """The results, copied where one could share memory with an input or with another."""
    results: list[fx.Node] = []
    for entry in heads:
        result, operator = made[entry], entry.node.operator
        if operator is None or operator.may_alias or result in results:
            result = graph.call_function(_copy, (result,))
        results.append(result)
    return results


def _copy(tensor: Tensor) -> Tensor:
    return tensor.clone(memory_format=torch.contiguous_format)
