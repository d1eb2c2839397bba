"""Says loops and branches in ONNX: a foreach as Scan, a while_loop as Loop, a cond as If."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
import torch

from ....symbol.node import Entry, Node
from ..call import Call
from ..document import Array, Document, Graph
from ..lengths import Unsupported


class _Writer(Protocol):
    """What is asked of who says the graph around."""

    document: Document
    made: dict[Entry, Array]

    def array(self, entry: Entry, name: str) -> Array: ...
    def inner(self, heads: Sequence[Entry], given: Mapping[Node, Array], document: Document) -> list[Array]: ...


class _Loop:
    """A node that runs graphs.

    Attributes
    ----------
    bodies : list of Body
        The graphs.
    wires : list of tuple of int
        For each, which input of the node each of its variables is.
    """

    def __init__(self, writer: _Writer, node: Node) -> None:
        operator: Any = node.applied.operator
        self.writer, self.node, self.attributes = writer, node, node.applied.attributes
        self.bodies, self.wires = operator.bodies, operator.wiring(self.attributes)
        self.inputs = [writer.made[entry] for entry in node.inputs]
        self.call = Call(self.attributes, tuple(self.inputs), (), self.inputs[0].type, writer.document)

    def graph(self, number: int, changed: Mapping[int, Array], document: Document) -> list[Array]:
        """Say one of the graphs in a document, some of whose inputs are others than those of the node."""
        body = self.bodies[number]
        given = {
            variable: changed.get(wire, self.inputs[wire])
            for variable, wire in zip(body.variables, self.wires[number], strict=True)
        }
        return self.writer.inner(body.heads, given, document)

    def port(self, name: str, like: Array, shape: tuple[int, ...]) -> Array:
        """Return a new array that a graph is given."""
        return Array(self.writer.document.named(f"{self.node.name}_{name}"), shape, like.type)

    def condition(self, document: Document, said: Array) -> str:
        """Return a number as a condition of ONNX, which has no axes."""
        (flat,) = document.add("Squeeze", [said], 1, {})
        return document.add("Cast", [flat], 1, {"to": 9})[0]


def say(writer: _Writer, node: Node) -> tuple[str, ...]:
    """Say a node that runs graphs, and return the names of its outputs."""
    rule = {"_foreach": _foreach, "_while_loop": _while_loop, "_cond": _cond}.get(node.applied.operator.name)
    if rule is None:
        raise Unsupported("ONNX has no counterpart")
    return rule(_Loop(writer, node))


def _foreach(loop: _Loop) -> tuple[str, ...]:
    items, states = (len(loop.attributes[name]) for name in ("in_data_locs", "in_state_locs"))
    data = []
    for array in loop.inputs[:items]:
        if len(array.shape) == 1:  # an item is an array of one number
            name = loop.call.add("Unsqueeze", array, loop.call.integers((1,)))
            array = Array(name, (*array.shape, 1), array.type)
        data.append(array)
    ports = {number: loop.port(f"item{number}", array, array.shape[1:]) for number, array in enumerate(data)}
    kept = {items + number: loop.port(f"state{number}", array, array.shape)
            for number, array in enumerate(loop.inputs[items : items + states])}  # fmt: skip
    document = loop.writer.document.inner()
    made = loop.graph(0, {**ports, **kept}, document)
    outputs = len(made) - states
    body = Graph(document, [*kept.values(), *ports.values()], [*made[outputs:], *made[:outputs]])
    found = loop.call.several(
        "Scan", len(made), *loop.inputs[items : items + states], *data, body=body, num_scan_inputs=items
    )
    return (*found[states:], *found[:states])


def _while_loop(loop: _Loop) -> tuple[str, ...]:
    attributes, document = loop.attributes, loop.writer.document
    variables = [attributes["func_input_locs"][number] for number in attributes["func_var_locs"]]
    limit, outputs = attributes["max_iterations"], attributes["num_out_data"]
    (said,) = loop.graph(0, {}, document)
    begins = loop.condition(document, said)
    given = {wire: loop.port(f"var{number}", loop.inputs[wire], loop.inputs[wire].shape)
             for number, wire in enumerate(variables)}  # fmt: skip
    count, before = (Array(document.named(f"{loop.node.name}_{name}"), (), kind)
                     for name, kind in (("step", torch.int64), ("goes_on", torch.bool)))  # fmt: skip
    body = document.inner()
    made = loop.graph(1, given, body)
    (again,) = loop.graph(0, dict(zip(variables, made[outputs:], strict=True)), body)
    goes_on = Array(loop.condition(body, again), (), torch.bool)
    graph = Graph(body, [count, before, *given.values()], [goes_on, *made[outputs:], *made[:outputs]])
    most = document.constant(np.array(limit, np.int64))
    found = loop.call.several("Loop", len(made), most, begins, *[loop.inputs[wire] for wire in variables], body=graph)
    rows = [_padded(loop, name, array, limit) for name, array in zip(found[len(variables) :], made, strict=False)]
    return (*rows, *found[: len(variables)])


def _padded(loop: _Loop, rows: str, like: Array, limit: int) -> str:
    """Return the rows of the steps, and zeros for those that were not taken."""
    call = replace(loop.call, inputs=(*loop.inputs, like))
    longer = call.add("Concat", rows, call.filled((limit, *like.shape), 0, like.type), axis=0)
    return call.add("Slice", longer, call.integers((0,)), call.integers((limit,)), call.integers((0,)))


def _cond(loop: _Loop) -> tuple[str, ...]:
    document, branches = loop.writer.document, {}
    (said,) = loop.graph(0, {}, document)
    condition = loop.condition(document, said)
    for name, number in (("then_branch", 1), ("else_branch", 2)):
        inside = document.inner()
        branches[name] = Graph(inside, [], loop.graph(number, {}, inside))
    return loop.call.several("If", loop.node.output_count, condition, **branches)
