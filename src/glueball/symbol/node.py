"""The graph behind a Symbol: nodes that name an operator, their inputs, and their attributes as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from ..core.dtype import NAMES, own_name
from ..core.errors import MXNetError
from ..ops.operator import Applied, Operator
from ..ops.shape_rule import is_known, read_lengths


class Entry(NamedTuple):
    """One output of a node."""

    node: Node
    index: int  # type: ignore[assignment]  # shadows tuple.index(), which is not needed here


class Node:
    """One operation, or a variable, which has no operator.

    Attributes are kept as text, as in a graph file: those of the operator as the user wrote them, and the user's own,
    which begin and end with two underscores. They are parsed on first use.

    Parameters
    ----------
    operator : Operator, optional
        None makes a variable.
    name : str
        The name.
    attributes : mapping of str to str
        The text of the attributes.
    inputs : iterable of Entry
        The inputs.
    subgraphs : iterable of tuple of Entry
        The outputs of each graph that the node runs, which has variables of its own; see `glueball.control_flow`.
    """

    def __init__(
        self,
        operator: Operator | None,
        name: str,
        attributes: Mapping[str, str] | None = None,
        inputs: Iterable[Entry] = (),
        subgraphs: Iterable[tuple[Entry, ...]] = (),
    ) -> None:
        self.operator = operator
        self.name = name
        self.attributes = dict(attributes or {})
        self.inputs = tuple(inputs)
        self.subgraphs = tuple(subgraphs)

    def with_inputs(self, inputs: Iterable[Entry]) -> Node:
        """Return a copy that takes its inputs from elsewhere."""
        return Node(self.operator, self.name, self.attributes, inputs, self.subgraphs)

    @property
    def is_variable(self) -> bool:
        """Whether it is a variable, an array that the caller provides."""
        return self.operator is None

    @cached_property
    def applied(self) -> Applied:
        """The operator with its attributes read from their text."""
        assert self.operator is not None
        self._check_types()
        own = self.operator.attribute_names
        return self.operator.applied_named({name: text for name, text in self.attributes.items() if name in own})

    def _check_types(self) -> None:
        """Refuse NumPy's other words for types, such as ``float``: calls translate them, and no file has them."""
        assert self.operator is not None
        for name in self.operator.dtype_attributes & self.attributes.keys():
            text = self.attributes[name]
            if own_name(text) != text:
                raise MXNetError(
                    f"{self.operator.name}: {name} in a graph must be one of {', '.join(NAMES)}; received {text!r}; "
                    f"write {own_name(text)!r}"
                )

    @property
    def output_count(self) -> int:
        """The number of visible outputs."""
        return 1 if self.operator is None else self.applied.output_count

    @cached_property
    def input_names(self) -> tuple[str, ...]:
        """The operator's names of `inputs`, one for each."""
        if self.operator is None:
            return ()
        if self.operator.variadic_by:
            return tuple([f"arg{number}" for number in range(len(self.inputs))])
        return self.applied.inputs

    def output_name(self, index: int) -> str:
        """Return the name of one output; a variable's is its own name."""
        return self.name if self.operator is None else f"{self.name}_{self.applied.output_names[index]}"

    def auxiliary_inputs(self) -> Iterator[Node]:
        """Yield the input variables that hold states of the operator."""
        if self.operator is None or not (self.operator.auxiliary or self.operator.states_by):
            return
        arguments = self.arguments()
        for position in self.applied.state_positions:
            entry = arguments[position] if position < len(arguments) else None
            if entry is not None and entry.node.is_variable:
                yield entry.node

    def arguments(self) -> list[Any]:
        """Return the inputs in the order of the declared function, with None for those that are not taken."""
        assert self.operator is not None
        if self.operator.variadic_by:
            return list(self.inputs)
        given = dict(zip(self.input_names, self.inputs, strict=False))
        return [given.get(name) for name in self.operator.inputs]

    def __repr__(self) -> str:
        return f"Node({self.operator.name if self.operator else 'null'}, {self.name!r})"


def topological_order(heads: Iterable[Entry]) -> list[Node]:
    """Return all nodes that `heads` depend on, in depth-first topological order, which is the order of graph files.

    It does not recurse, so that the depth of a graph is not limited.
    """
    found: dict[Node, None] = {}
    entered: set[Node] = set()
    for head in heads:
        visiting: list[tuple[Node, int]] = [(head.node, 0)]
        while visiting:
            node, position = visiting.pop()
            if node in found:
                continue
            if position == len(node.inputs):
                found[node] = None
                continue
            entered.add(node)
            visiting.append((node, position + 1))
            child = node.inputs[position].node
            if child not in entered:
                visiting.append((child, 0))
    return list(found)


def copied(entries: Sequence[Entry], replaced: Mapping[Node, Entry]) -> tuple[Entry, ...]:
    """Return the entries of a copy of the graph, in which entries of replaced nodes are substituted."""
    copies: dict[Node, Node] = {}

    def moved(entry: Entry) -> Entry:
        return replaced[entry.node] if entry.node in replaced else Entry(copies[entry.node], entry.index)

    for node in topological_order(entries):
        copies[node] = node.with_inputs(map(moved, node.inputs))
    return tuple(map(moved, entries))


def auxiliary_states(nodes: Iterable[Node]) -> list[Node]:
    """Return the variables among `nodes` that hold states, in order."""
    nodes = list(nodes)
    states = {state for node in nodes for state in node.auxiliary_inputs()}
    return [node for node in nodes if node in states]


def leaves_length_open(node: Node) -> bool:
    """Return whether a node creates an array with a length that the rest of the graph determines."""
    operator = node.operator
    if operator is None or not operator.shape_attribute:
        return False
    shape = node.applied.attributes[operator.shape_attribute]
    return bool(shape) and not is_known(read_lengths(shape))
