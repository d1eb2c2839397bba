"""What a monitor sees of a backward pass: the gradients of the inputs of each operator, under MXNet's names."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor

from ..core.integer_tape import IntegerTape, gradient_edge
from ..ops.gradient import reads_gradient
from ..symbol.node import Entry, Node
from .gradient_order import Added, Backward, Copied, GradientOrder, HeadGradient, Part, Step, Zeros

#: ``report(name, operator name, gradient)``
Report = Callable[[str, str, Tensor], None]


class GradientWatch:
    """Reports the gradients that the backward passes of one recorded run compute.

    An operator gets a view of each tensor, whose hook has the gradient of this input alone; the caller gets one of each
    output. All are told when a pass is over: MXNet's order follows from its graph of gradients, and not from torch's.

    Parameters
    ----------
    heads : sequence of Entry
        The outputs of the graph.
    variables : sequence of Node
        The variables of the graph, in the order in which gradients are asked for.
    report : callable
        Told of each gradient.
    numbers : bool
        Whether names end as MXNet's hooks of blocks have them. These see neither the gradients that a user gives, nor
        zeros for an input without a gradient of a node of which another input has one.
    """

    def __init__(self, heads: Sequence[Entry], variables: Sequence[Node], report: Report, numbers: bool) -> None:
        self._heads = heads
        self._variables = variables
        self._report = report
        self._numbers = numbers
        self._taken: dict[Node, list[Any]] = {}  # shapes, types and devices, in the order of the run
        self._losses: set[Node] = set()
        self._wanted: set[Node] = set()  # the variables that have a gradient
        self._read: set[int] = set()  # the numbers of the outputs whose gradient somebody reads
        self._found: dict[Part, Tensor] = {}

    def views(self, source: Node, tensors: Sequence[Any]) -> tuple[Any, ...]:
        """Return what the operator of a node is given in the place of its inputs."""
        self._taken[source] = [
            (tensor.shape, tensor.dtype, tensor.device) if isinstance(tensor, Tensor) else None for tensor in tensors
        ]
        for entry, tensor in zip(source.arguments(), tensors, strict=False):
            if entry is not None and entry.node.is_variable and tensor.requires_grad:
                self._wanted.add(entry.node)
        return tuple([self._view((source, position), tensor) for position, tensor in enumerate(tensors)])

    def computed(self, source: Node, results: Sequence[Any]) -> None:
        """Look at what a node has computed: whether it is a loss."""
        if _is_recorded(results[0]) and not reads_gradient(results[0]):
            self._losses.add(source)

    def outputs(self, tensors: Sequence[Any]) -> tuple[Any, ...]:
        """Return what the caller is given in the place of the outputs of the graph, which may be followed by states."""
        watched = list(tensors)
        for number, (head, tensor) in enumerate(zip(self._heads, tensors, strict=False)):
            if _is_recorded(tensor) and reads_gradient(tensor):
                if head.node.is_variable:
                    self._wanted.add(head.node)
                self._read.add(number)
                watched[number] = self._view(number, tensor)
        return tuple(watched)

    def _view(self, key: Part, tensor: Any) -> Any:
        if isinstance(tensor, IntegerTape):
            return IntegerTape.of(tensor.integers, self._view(key, tensor.edge))
        if not _is_recorded(tensor):
            return tensor
        view = tensor.view_as(tensor)
        view.register_hook(partial(self._arrived, key))
        return view

    def _arrived(self, key: Part, gradient: Tensor | None) -> None:
        if gradient is None:  # nothing depends on it
            return
        if not self._found:
            torch.autograd.Variable._execution_engine.queue_callback(self._pass_is_over)
        self._found[key] = gradient.detach()

    def _pass_is_over(self) -> None:
        found, self._found = self._found, {}
        heads = [head if number in self._read else None for number, head in enumerate(self._heads)]
        reached = {part[0]: None for part in found if isinstance(part, tuple)}
        zeros = {
            (node, position)
            for node in reached
            if node.applied.operator.gradient_names
            for position, _ in gradient_names(node, self._numbers)
            if (node, position) not in found
        }
        order = GradientOrder(list(self._taken), heads, self._losses, zeros)
        teller = _Teller(self._report, self._numbers, order.parts, found, self._taken)
        for step in order.steps([variable for variable in self._variables if variable in self._wanted]):
            teller.tell(step)


class _Teller:
    """Tells of the steps of one backward pass.

    Parameters
    ----------
    report, numbers
        As in `GradientWatch`.
    parts : dict of Entry to list
        What the gradient of each array is the sum of.
    found : dict
        The gradients that have come: by node and position of the input, and of the outputs by number.
    taken : dict of Node to list
        The shapes, types and devices of the inputs of each node.
    """

    def __init__(
        self,
        report: Report,
        numbers: bool,
        parts: dict[Entry, list[Part]],
        found: dict[Part, Tensor],
        taken: dict[Node, list[Any]],
    ) -> None:
        self._report = report
        self._numbers = numbers
        self._parts = parts
        self._found = found
        self._reached = {part[0] for part in found if isinstance(part, tuple)}
        self._taken = taken
        self._sums: dict[Entry, Any] = {}
        self._suffix = "0" if numbers else "output"

    def tell(self, step: Step) -> None:
        """Report what a step has computed, if it was run."""
        match step:
            case Backward(node):
                self._tell_node(node)
            case Zeros(node, position):
                if not self._numbers:
                    self._tell_zeros(node, position)
            case HeadGradient(number):
                if number in self._found and not self._numbers:
                    name = f"_head_grad_{number}_id_output"
                    self._report(name, "_identity_with_attr_like_rhs", self._found[number])
            case Copied(node, position):
                if (node, position) in self._found:
                    name = f"_{self._suffix}" if self._numbers else self._suffix
                    self._report(name, "_copy", self._found[node, position])
            case Added(entry, part):
                self._add(entry, part)

    def _tell_node(self, node: Node) -> None:
        operator = f"_backward_{node.applied.operator.name.removeprefix('_')}"
        for position, name in gradient_names(node, self._numbers):
            if self._is_known((node, position)):
                self._report(f"{node.name}_{name}", operator, self._gradient((node, position)))

    def _tell_zeros(self, node: Node, position: int) -> None:
        name = dict(gradient_names(node, self._numbers))[position]
        self._report(f"{node.name}_{name}", "_zeros", self._gradient((node, position)))

    def _is_known(self, part: Part) -> bool:
        """Return whether there is this gradient: it has come, or is zero and computed together with one that has."""
        if part in self._found or isinstance(part, int) or self._numbers:
            return part in self._found
        return part[0] in self._reached and part[0].applied.operator.gradient_names is None

    def _gradient(self, part: Part) -> Tensor:
        gradient = self._found.get(part)
        if isinstance(part, int):
            assert gradient is not None
            return gradient
        shape, dtype, device = self._taken[part[0]][part[1]]
        return torch.zeros(shape, dtype=dtype, device=device) if gradient is None else gradient.to(dtype)

    def _add(self, entry: Entry, part: Part) -> None:
        """Add a gradient to those of the same array that came before, and tell of sums as MXNet does."""
        counted = [each for each in self._parts[entry] if self._is_known(each)]
        if len(counted) < 2 or part not in counted:
            return
        number, gradient = counted.index(part), self._gradient(part)
        total = self._sums[entry] = self._sums[entry] + gradient if number else gradient
        if len(counted) >= _longest_sum():
            if number:
                self._report(f"sum_grad_{number}_{self._suffix}", "_grad_add", total)
            if part == counted[-1]:
                self._report(f"sum_grad_final_{self._suffix}", "_copy", total)
        elif part == counted[-1]:
            self._report(f"sum_grad_{self._suffix}", "add_n", total)


def _longest_sum() -> int:
    """Return from how many gradients on MXNet adds them one by one, so that it needs less memory."""
    text = os.environ.get("MXNET_EXEC_INPLACE_GRAD_SUM_CAP", "")
    return int(text) if text.isdecimal() else 8


def _is_recorded(tensor: Any) -> bool:
    return isinstance(tensor, Tensor) and gradient_edge(tensor).requires_grad


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
