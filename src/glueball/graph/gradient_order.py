"""In which order MXNet computes a backward pass, its own copies and sums of gradients included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from ..symbol.node import Entry, Node


class HeadGradient(NamedTuple):
    """The gradient of an output of the graph, which a user gives."""

    number: int


class Backward(NamedTuple):
    """What the gradient of an operator computes."""

    node: Node


class Copied(NamedTuple):
    """The gradient of a sum of many, which MXNet copies for each of the inputs."""

    node: Node
    position: int


class Zeros(NamedTuple):
    """A gradient of zero that MXNet computes apart from those of the other inputs."""

    node: Node
    position: int


class Added(NamedTuple):
    """One more of the gradients of an array is known, and may be added to those before."""

    entry: Entry
    part: Part


#: Where a gradient of an array comes from: the number of an output of the graph, or who takes it, and as which input.
Part = int | tuple[Node, int]
Step = HeadGradient | Backward | Copied | Zeros | Added

#: Operators whose gradient is copied for each input, by an operator that has no name.
_COPIES = "add_n"


class GradientOrder:
    """The steps of a backward pass in MXNet's order: depth first, from the variables.

    Parameters
    ----------
    nodes : sequence of Node
        The nodes with operators, in the order in which they ran.
    heads : sequence of Entry or None
        The outputs of the graph; None in the place of one whose gradient nobody reads.
    losses : set of Node
        The nodes that do not read the gradient of their output: what follows on them is not computed.
    zeros : set of tuple of Node, int
        The inputs of nodes whose gradient is zero and computed apart, without any other. It is left out where an array
        has others.
    """

    def __init__(
        self, nodes: Sequence[Node], heads: Sequence[Entry | None], losses: Set[Node], zeros: Set[tuple[Node, int]]
    ) -> None:
        self._losses = losses
        self._zeros = zeros
        self.parts: dict[Entry, list[Part]] = {}
        for number, head in enumerate(heads):
            if head is not None:
                self.parts.setdefault(head, []).append(number)
        for node in reversed(nodes):
            for position, entry in enumerate(node.arguments()):
                if entry is not None:
                    self.parts.setdefault(entry, []).append((node, position))

    def steps(self, variables: Sequence[Node]) -> Iterator[Step]:
        """Yield the steps.

        Parameters
        ----------
        variables : sequence of Node
            The variables, in the order in which gradients are asked for.
        """
        entered: set[Node] = set()
        waiting: list[Step | Entry | Node] = [Entry(variable, 0) for variable in reversed(variables)]
        while waiting:
            item = waiting.pop()
            if isinstance(item, Entry):
                waiting += reversed(self._before(item))
            elif not isinstance(item, Node):
                yield item
            elif item not in entered:
                entered.add(item)
                waiting.append(Backward(item))
                if item not in self._losses:
                    waiting += [Entry(item, index) for index in reversed(range(item.output_count))]

    def _before(self, entry: Entry) -> list[Step | Entry | Node]:
        """Return what the gradient of an array needs, and where it is added."""
        parts = self.parts.get(entry, [])
        if all(part in self._zeros for part in parts):
            return [Zeros(*part) for part in parts if not isinstance(part, int)]
        needed: list[Step | Entry | Node] = []
        for part in [each for each in parts if each not in self._zeros]:
            if isinstance(part, int):
                needed.append(HeadGradient(part))
            else:
                needed.append(part[0])
                if part[0].applied.operator.name == _COPIES:
                    needed.append(Copied(*part))
            needed.append(Added(entry, part))
        return needed
