"""What a monitor sees of a backward pass: the gradients of the inputs of each operator, under MXNet's names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor

from ..core.integer_tape import IntegerTape
from ..symbol.node import Entry, Node

#: ``report(name, node, gradient)``
Report = Callable[[str, Node, Tensor], None]


class GradientWatch:
    """Reports the gradients that the backward passes of one recorded run compute.

    An operator gets a view of each tensor, whose hook has the gradient of this input alone. All are told when a pass is
    over: MXNet's order follows from its graph of gradients, and not from torch's.

    Parameters
    ----------
    variables : sequence of Node
        The variables of the graph, in the order in which gradients are asked for.
    report : callable
        Told of each gradient.
    all_inputs : bool
        Whether an input without a gradient is reported too, as zeros, once another one of its node has one.
    numbers : bool
        Whether names end as MXNet's hooks of blocks have them.
    """

    def __init__(self, variables: Sequence[Node], report: Report, all_inputs: bool, numbers: bool) -> None:
        self._variables = variables
        self._report = report
        self._all_inputs = all_inputs
        self._numbers = numbers
        self._taken: dict[Node, list[Any]] = {}  # shapes, types and devices, in the order of the run
        self._wanted: set[Node] = set()  # the variables that have a gradient
        self._found: dict[tuple[Node, int], Tensor] = {}

    def views(self, source: Node, tensors: Sequence[Any]) -> tuple[Any, ...]:
        """Return what the operator of a node is given in the place of its inputs."""
        self._taken[source] = [
            (tensor.shape, tensor.dtype, tensor.device) if isinstance(tensor, Tensor) else None for tensor in tensors
        ]
        for entry, tensor in zip(source.arguments(), tensors, strict=False):
            if entry is not None and entry.node.is_variable and tensor.requires_grad:
                self._wanted.add(entry.node)
        return tuple([self._view(source, position, tensor) for position, tensor in enumerate(tensors)])

    def _view(self, source: Node, position: int, tensor: Any) -> Any:
        if isinstance(tensor, IntegerTape):
            return IntegerTape.of(tensor.integers, self._view(source, position, tensor.edge))
        if not isinstance(tensor, Tensor) or not tensor.requires_grad:
            return tensor
        view = tensor.view_as(tensor)
        view.register_hook(partial(self._arrived, source, position))
        return view

    def _arrived(self, source: Node, position: int, gradient: Tensor | None) -> None:
        if gradient is None:  # nothing depends on it
            return
        if not self._found:
            torch.autograd.Variable._execution_engine.queue_callback(self._pass_is_over)
        self._found[source, position] = gradient.detach()

    def _pass_is_over(self) -> None:
        found, self._found = self._found, {}
        reached = {source for source, _ in found}
        wanted = [variable for variable in self._variables if variable in self._wanted]
        for source in backward_order(wanted, list(self._taken)):
            if source not in reached:
                continue
            for position, name in gradient_names(source, self._numbers):
                gradient = found.get((source, position))
                shape, dtype, device = self._taken[source][position]
                if gradient is None and self._all_inputs:
                    gradient = torch.zeros(shape, dtype=dtype, device=device)
                if gradient is not None:
                    self._report(f"{source.name}_{name}", source, gradient.to(dtype))


def backward_order(variables: Sequence[Node], nodes: Sequence[Node]) -> list[Node]:
    """Return the nodes in the order in which MXNet computes their gradients: depth first, from the variables.

    Parameters
    ----------
    variables : sequence of Node
        The variables, in the order in which gradients are asked for.
    nodes : sequence of Node
        The nodes with operators, in the order in which they ran.
    """
    takers: dict[Entry, dict[Node, None]] = {}
    for node in reversed(nodes):
        for entry in node.arguments():
            if entry is not None:
                takers.setdefault(entry, {})[node] = None
    found: dict[Node, None] = {}
    entered: set[Node] = set()
    waiting = [(node, False) for each in reversed(variables) for node in reversed(takers.get(Entry(each, 0), {}))]
    while waiting:
        node, is_done = waiting.pop()
        if is_done:
            found[node] = None
        elif node not in entered:
            entered.add(node)
            later = [taker for index in range(node.output_count) for taker in takers.get(Entry(node, index), ())]
            waiting += [(node, True), *[(taker, False) for taker in reversed(later)]]
    return list(found)


def gradient_names(source: Node, numbers: bool) -> list[tuple[int, str]]:
    """Return the positions of the inputs whose gradients MXNet tells of, with what follows the name of the node."""
    operator, states = source.applied.operator, source.applied.state_positions
    positions = [
        position for position, entry in enumerate(source.arguments()) if entry is not None and position not in states
    ]
    if operator.names_gradients:
        names = [f"arg{position}" for position in positions] if operator.variadic_by else operator.inputs
        return [(position, f"backward_{names[position]}") for position in positions]
    stems = operator.gradient_names
    if stems is None:
        parts = ["backward"] * len(positions)
    elif stems:
        parts = [stems[position] for position in positions]
    else:  # the gradient of the output is that of the inputs, and nothing is computed
        return []
    named, count = [], {part: 0 for part in parts}
    for position, part in zip(positions, parts, strict=True):
        number, count[part] = count[part], count[part] + 1
        is_alone = parts.count(part) == 1
        named.append((position, f"{part}_{number}" if numbers else f"{part}_output{'' if is_alone else number}"))
    return named
