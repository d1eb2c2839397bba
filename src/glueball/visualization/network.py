"""Analyzes a graph for display: its layers, their parameters, output shapes and cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import NamedTuple

import torch

from ..core.dtype import TORCH_TO_NAME
from ..core.errors import MXNetError, nearest
from ..ops.flops import Call, count
from ..ops.shape_rule import PartialShape, is_known
from ..symbol.infer import Inferred, infer
from ..symbol.node import Entry, Node, auxiliary_states, topological_order
from ..symbol.symbol import Symbol

# Operators' names of learned inputs.
_ROLES = ("weight", "bias", "gamma", "beta", "parameters", "moving_mean", "moving_var")
# Suffixes of the names of learned variables.
PARAMETER_SUFFIXES = (
    "_weight", "_bias", "_beta", "_gamma", "_moving_var", "_moving_mean", "_running_var", "_running_mean",
)  # fmt: skip


class Array(NamedTuple):
    """A parameter: its shape (None is unknown, 0 an unknown length), its type, and whether it is a state."""

    name: str
    shape: PartialShape
    dtype: str
    itemsize: int
    is_state: bool

    @property
    def size(self) -> int | None:
        """The number of elements; None if the shape is unknown."""
        return None if not is_known(self.shape) else prod(self.shape or ())


@dataclass(frozen=True)
class Layer:
    """An operator of the graph, or an input.

    Attributes
    ----------
    node
        The node of the graph.
    inputs
        The inputs, without parameters: pairs of a layer's number and an output of it.
    shapes
        The shapes of its outputs; None or 0 where unknown.
    parameters
        The parameters that it uses first.
    shared
        The names of the parameters that it shares with earlier layers.
    work
        Floating-point operations; None if shapes are unknown.
    multiply_adds
        Multiply-add pairs among these operations; None if shapes are unknown.
    """

    node: Node
    inputs: tuple[tuple[int, int], ...]
    shapes: tuple[PartialShape, ...]
    parameters: tuple[Array, ...] = ()
    shared: tuple[str, ...] = ()
    work: int | None = 0
    multiply_adds: int | None = 0

    @property
    def name(self) -> str:
        """The name of its node."""
        return self.node.name

    @property
    def operator(self) -> str:
        """The name of its operator; 'null' for an input."""
        return "null" if self.node.operator is None else self.node.operator.name

    @property
    def is_input(self) -> bool:
        """Whether it is an input of the network."""
        return self.node.is_variable


@dataclass(frozen=True)
class Network:
    """The layers of a graph in topological order, and its outputs as pairs of a layer's number and an output of it."""

    layers: tuple[Layer, ...]
    outputs: tuple[tuple[int, int], ...]

    @cached_property
    def parameters(self) -> tuple[Array, ...]:
        """All parameters, each once."""
        return tuple([array for layer in self.layers for array in layer.parameters])

    @property
    def parameter_count(self) -> int | None:
        """The number of learned values; None if a shape is unknown."""
        return total([array.size for array in self.parameters if not array.is_state])

    @property
    def state_count(self) -> int | None:
        """The number of state values, such as running means."""
        return total([array.size for array in self.parameters if array.is_state])

    @property
    def work(self) -> int | None:
        """Floating-point operations of a forward pass; None if a shape is unknown."""
        return total([layer.work for layer in self.layers])

    @property
    def multiply_adds(self) -> int | None:
        """Multiply-adds of convolutions, dense layers and matrix products."""
        return total([layer.multiply_adds for layer in self.layers])


def total(counts: Iterable[int | None]) -> int | None:
    """Return the sum, or None if a count is unknown."""
    counts = list(counts)
    return None if None in counts else sum(counts)  # type: ignore[arg-type]


def study(
    symbol: Symbol,
    shapes: Mapping[str, Sequence[int]] | None = None,
    saved: Mapping[str, torch.Tensor] | None = None,
    owner: str = "study",
) -> Network:
    """Analyze a graph.

    Parameters
    ----------
    symbol : Symbol
        The graph.
    shapes : mapping of str to tuple of int, optional
        Shapes of variables; 0 is an unknown length.
    saved : mapping of str to Tensor, optional
        The parameters by name; only their shapes and types are used.
    owner : str
        The owner that error messages name.

    Raises
    ------
    MXNetError
        The shapes contradict one another, or the graph has no variable of that name.
    """
    nodes = topological_order(symbol._entries)
    variables = {node.name for node in nodes if node.is_variable}
    given = {name: tuple(shape) for name, shape in (shapes or {}).items()}
    for name in given:
        if name not in variables:
            raise MXNetError(
                f"{owner}: a shape must be given for a variable of the graph; received {name!r}"
                f"{nearest(name, sorted(variables))}"
            )
    stored = {name: tensor for name, tensor in (saved or {}).items() if name in variables}
    facts = infer(
        symbol._entries,
        {**{name: tuple(tensor.shape) for name, tensor in stored.items()}, **given},
        {name: tensor.dtype for name, tensor in stored.items()},
    )
    return _Study(nodes, facts, _parameters(nodes, given, saved)).network(symbol._entries)


def _parameters(
    nodes: Sequence[Node], given: Mapping[str, Sequence[int]], saved: Mapping[str, torch.Tensor] | None
) -> set[Node]:
    """Return the variables that are parameters rather than inputs of the network."""
    states = set(auxiliary_states(nodes))
    used = {
        entry.node
        for node in nodes
        if node.operator is not None and not node.operator.variadic_by
        for name, entry in zip(node.input_names, node.inputs, strict=False)
        if name in _ROLES and entry.node.is_variable
    }
    variables = [node for node in nodes if node.is_variable]
    if saved:
        return states | used | {node for node in variables if node.name in saved}
    # Gluon sets a learning rate multiplier on its parameters, but not on its inputs.
    return (
        states
        | used
        | {
            node
            for node in variables
            if node.name not in given and (node.name.endswith(PARAMETER_SUFFIXES) or "__lr_mult__" in node.attributes)
        }
    )


class _Study:
    """The state of an analysis of a graph's layers."""

    def __init__(self, nodes: Sequence[Node], facts: Inferred, parameters: set[Node]) -> None:
        self._nodes = nodes
        self._facts = facts
        self._parameters = parameters
        self._states = set(auxiliary_states(nodes))
        self._seen: set[Node] = set()

    def network(self, heads: Iterable[Entry]) -> Network:
        numbers: dict[Node, int] = {}
        layers: list[Layer] = []
        for node in self._nodes:
            if node not in self._parameters:
                numbers[node] = len(layers)
                layers.append(self._layer(node, numbers))
        return Network(tuple(layers), tuple([(numbers[node], index) for node, index in heads if node in numbers]))

    def _layer(self, node: Node, numbers: Mapping[Node, int]) -> Layer:
        shapes = tuple([self._facts.shapes[Entry(node, index)] for index in range(node.output_count)])
        inputs = tuple([(numbers[source], index) for source, index in node.inputs if source in numbers])
        if node.is_variable:
            return Layer(node, inputs, shapes)
        variables = dict.fromkeys(source for source, _ in node.inputs if source in self._parameters)
        own = tuple([self._array(source) for source in variables if source not in self._seen])
        shared = tuple([source.name for source in variables if source in self._seen])
        self._seen.update(variables)
        return Layer(node, inputs, shapes, own, shared, *self._work(node, shapes))

    def _array(self, node: Node) -> Array:
        kind = self._facts.types[Entry(node, 0)] or torch.float32
        return Array(
            node.name, self._facts.shapes[Entry(node, 0)], TORCH_TO_NAME[kind], kind.itemsize, node in self._states
        )

    def _work(self, node: Node, outputs: Sequence[PartialShape]) -> tuple[int | None, int | None]:
        inputs = [shape for entry in node.inputs if (shape := self._facts.shapes[entry]) and is_known(shape)]
        output = outputs[0]
        if len(inputs) < len(node.inputs) or output is None or not all(map(is_known, outputs)):
            return None, None
        operator = node.applied.operator
        call = Call(node.applied.attributes, dict(zip(node.input_names, inputs, strict=False)), output)
        return count(operator.flops, call), operator.multiply_adds(call) if operator.multiply_adds else 0
