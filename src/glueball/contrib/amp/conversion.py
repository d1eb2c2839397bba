"""Rewriting a graph for mixed precision: the casts that MXNet 1.9.1 inserts, node for node.

Of each output of the original graph it is known that it has 16 bits, that it is float32, or nothing: an input of the
graph is of no known type, and so is what follows from it through operators that take any.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import torch

from ...core import dtype as dtypes
from ...ops import registry
from ...ops.type_rule import Conflict
from ...symbol.node import Entry, Node, topological_order
from .rules import Rules

_CAST, _MULTICAST = "amp_cast", "amp_multicast"


def converted(
    heads: Sequence[Entry], rules: Rules, excluded: Collection[str] = (), cast_ahead: Collection[str] = ()
) -> tuple[Entry, ...]:
    """Return the outputs of a copy of a graph that computes in mixed precision; they are float32.

    Parameters
    ----------
    heads : sequence of Entry
        The outputs of the graph.
    rules : Rules
        How operators are treated.
    excluded : collection of str
        The names of nodes that compute in float32 whatever the rules say.
    cast_ahead : collection of str
        The names of variables that the caller converts himself where only 16-bit numbers are needed.
    """
    conversion = _Conversion(rules, excluded, cast_ahead)
    for node in topological_order(heads):
        conversion.add(node)
    return tuple([conversion.single(head) for head in heads])


class _Conversion:
    def __init__(self, rules: Rules, excluded: Collection[str], cast_ahead: Collection[str]) -> None:
        self._rules, self._excluded, self._cast_ahead = rules, excluded, cast_ahead
        self._low_type = dtypes.to_torch(rules.kind, "")
        # By output of the original graph: its copy, and the 16-bit and float32 forms of that, as far as they are known.
        self._copies: dict[Entry, Entry] = {}
        self._low: dict[Entry, Entry] = {}
        self._single: dict[Entry, Entry] = {}

    def add(self, node: Node) -> None:
        """Copy a node, with casts before it."""
        inputs, kinds = ([], [None]) if node.is_variable else self._treated(node)
        if node.name in self._excluded:
            kinds = [torch.float32] * len(kinds)
        copy = node.with_inputs(inputs)
        for index, kind in enumerate(kinds):
            entry = Entry(node, index)
            self._copies[entry] = Entry(copy, index)
            if kind in (self._low_type, torch.float32):
                (self._single if kind is torch.float32 else self._low)[entry] = self._copies[entry]

    def _treated(self, node: Node) -> tuple[list[Entry], Sequence[torch.dtype | None]]:
        """Return the inputs of the copy of a node, and the types of its outputs as far as they follow."""
        assert node.operator is not None
        treatment = self._rules.of(node.operator, node.attributes)
        if node.name in self._excluded:
            treatment = "single"
        count = node.output_count
        if treatment == "low":
            return self._each(node, self.low), [self._low_type] * count
        if treatment == "single if":
            return self._each(node, self.single), [torch.float32] * count
        if treatment == "single":
            return self._each(node, self._single_or_variable), [torch.float32] * count
        if treatment == "widest":
            widest, kind = self._widest(node.inputs)
            return widest, [kind] * count
        return [self._copies[entry] for entry in node.inputs], self._following(node)

    def _each(self, node: Node, form: Callable[[Entry], Entry]) -> list[Entry]:
        states = set(node.auxiliary_inputs())
        return [self._copies[entry] if entry.node in states else form(entry) for entry in node.inputs]

    def _single_or_variable(self, entry: Entry) -> Entry:
        """Return the float32 form, or an input of the graph as it is: it is taken to be float32."""
        if entry.node.is_variable:
            return self._single.get(entry, self._copies[entry])
        return self.single(entry)

    def low(self, entry: Entry) -> Entry:
        """Return the 16-bit form of an output of the original graph."""
        if entry not in self._low:
            ahead = entry.node.is_variable and entry.node.name in self._cast_ahead
            self._low[entry] = self._copies[entry] if ahead else self._cast(entry, self._rules.kind)
        return self._low[entry]

    def single(self, entry: Entry) -> Entry:
        """Return the float32 form of an output of the original graph."""
        if entry not in self._single:
            self._single[entry] = self._cast(entry, "float32")
        return self._single[entry]

    def _cast(self, entry: Entry, kind: str) -> Entry:
        name = f"{_name(entry)}_{_CAST}_{kind}"
        return Entry(Node(registry[_CAST], name, {"dtype": kind}, [self._copies[entry]]), 0)

    def _widest(self, inputs: Sequence[Entry]) -> tuple[list[Entry], torch.dtype | None]:
        if all(entry in self._low or entry in self._single for entry in inputs):
            if any(entry in self._single for entry in inputs):
                return [self.single(entry) for entry in inputs], torch.float32
            return [self._low[entry] for entry in inputs], self._low_type
        name = f"{_name(inputs[0])}_{_MULTICAST}"
        copies = [self._copies[entry] for entry in inputs]
        multicast = Node(registry[_MULTICAST], name, {"num_outputs": str(len(copies))}, copies)
        return [Entry(multicast, index) for index in range(len(copies))], None

    def _kind(self, entry: Entry) -> torch.dtype | None:
        """Return what MXNet takes for the type of an output: that of its one form; with two forms it knows none."""
        if (entry in self._low) == (entry in self._single):
            return None
        return self._low_type if entry in self._low else torch.float32

    def _following(self, node: Node) -> Sequence[torch.dtype | None]:
        """Return what follows for the outputs from the type of the first input alone, as MXNet has it."""
        outputs: list[torch.dtype | None] = [None] * node.output_count
        first = self._kind(node.inputs[0]) if node.inputs else None
        if first is None:
            return outputs
        known: list[torch.dtype | None] = [None] * len(node.arguments())
        known[0] = first
        try:
            return node.applied.types.complete(known, outputs, node.applied.attributes)[1]
        except Conflict:
            return outputs


def _name(entry: Entry) -> str:
    """Return MXNet's name of an output, by which a cast is called."""
    node = entry.node
    if node.operator is None:
        return node.name
    return node.output_name(entry.index) if node.operator.output_names else f"{node.name}_{entry.index}"
