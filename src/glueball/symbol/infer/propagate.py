"""Propagates what is known about some arrays of a graph to all others, until nothing more follows."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

from ...core.errors import MXNetError
from ...ops.type_rule import Conflict
from ..node import Entry, Node

Fact = TypeVar("Fact")

# Maps the facts about a node's inputs, in the order of the declared function, and outputs to those that follow.
Rule = Callable[
    [Node, list["Fact | None"], list["Fact | None"]], tuple[Sequence["Fact | None"], Sequence["Fact | None"]]
]


class Propagation(Generic[Fact]):
    """What is known of each array of a graph.

    Parameters
    ----------
    nodes : sequence of Node
        All nodes, in topological order.
    rule : callable
        Infers facts at one node; raises MXNetError if they are invalid.
    merge : callable
        Combines two facts about one array; raises Conflict if they contradict each other.
    is_complete : callable
        Whether nothing can be added to a fact.
    show : callable
        Formats a fact for messages.
    """

    def __init__(
        self,
        nodes: Sequence[Node],
        rule: Rule[Fact],
        merge: Callable[[Fact, Fact], Fact],
        is_complete: Callable[[Fact], bool],
        show: Callable[[Fact], str],
    ) -> None:
        self._rule, self._merge, self._is_complete, self._show = rule, merge, is_complete, show
        self._nodes = nodes
        self._users: dict[Node, list[Node]] = {node: [] for node in nodes}
        for node in nodes:
            for producer in {entry.node for entry in node.inputs}:
                self._users[producer].append(node)
        self.known: dict[Entry, Fact | None] = {
            Entry(node, index): None for node in nodes for index in range(node.output_count)
        }
        self._settled: set[Node] = set()
        self._waiting: deque[Node] = deque()
        self._queued: set[Node] = set()

    def settle(self) -> None:
        """Infer everything that follows from the known facts."""
        for node in self._nodes:
            self._queue(node)
        self._run()

    def add(self, entry: Entry, fact: Fact) -> None:
        """Add a fact, and infer what follows from it."""
        self._learn(entry, fact)
        self._run()

    def facts(self, entries: Iterable[Entry | None]) -> list[Fact | None]:
        """Return the facts about some arrays; None for what is None."""
        return [None if entry is None else self.known[entry] for entry in entries]

    def complete(self, entries: Iterable[Entry | None]) -> bool:
        """Return whether everything is known of these arrays."""
        return all(entry is None or self._has(entry) for entry in entries)

    def _has(self, entry: Entry) -> bool:
        fact = self.known[entry]
        return fact is not None and self._is_complete(fact)

    def _queue(self, node: Node) -> None:
        if node.is_variable or node in self._queued or node in self._settled:
            return
        self._queued.add(node)
        self._waiting.append(node)

    def _run(self) -> None:
        while self._waiting:
            node = self._waiting.popleft()
            self._queued.discard(node)
            self._visit(node)

    def _visit(self, node: Node) -> None:
        arguments = node.arguments()
        outputs = [Entry(node, index) for index in range(node.output_count)]
        # Checked before the rule runs: facts that it completes have not been checked by it.
        settled = self.complete((*arguments, *outputs)) or self.complete(arguments)
        found_inputs, found_outputs = self._rule(node, self.facts(arguments), self.facts(outputs))
        for entry, fact in zip((*arguments, *outputs), (*found_inputs, *found_outputs), strict=True):
            if entry is None or fact is None:
                continue
            try:
                self._learn(entry, fact)
            except Conflict:
                raise self._contradiction(node, entry, fact) from None
        if settled and self.complete(outputs):
            self._settled.add(node)

    def _learn(self, entry: Entry, fact: Fact) -> None:
        before = self.known[entry]
        after = fact if before is None else self._merge(before, fact)
        if before is not None and after == before:
            return
        self.known[entry] = after
        self._queue(entry.node)
        for user in self._users[entry.node]:
            self._queue(user)

    def _contradiction(self, node: Node, entry: Entry, fact: Fact) -> MXNetError:
        assert node.operator is not None
        known = self.known[entry]
        assert known is not None
        what = f"output {entry.index}"
        for name, given in zip(node.input_names, node.inputs, strict=False):
            if given == entry:
                what = f"{name} ({entry.node.output_name(entry.index)})"
        return MXNetError(
            f"{node.name}: {what} of {node.operator.name} must be {self._show(fact)} to match its other inputs, its "
            f"outputs and attributes; received {self._show(known)}"
        )
