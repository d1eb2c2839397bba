"""Lowers a Symbol's graph to a torch.fx graph that computes it on torch tensors."""

from __future__ import annotations

import linecache
import math
import operator as python_operator
import weakref
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, fx
from torch.fx import graph_module

from ..core.locks import process_lock
from ..ops import draw
from ..ops.averages import moved_on
from ..ops.operator import Applied
from ..symbol.node import Entry, Node, topological_order

#: A function that an engine makes; it takes and returns what `Lowered.module` does.
Run = Callable[..., tuple[Tensor, ...]]


@dataclass(frozen=True)
class Lowered:
    """A lowered graph: what an engine turns into a function.

    Attributes
    ----------
    module : torch.fx.GraphModule
        Takes a tensor for each variable, then the key for the random numbers of the run, or None, and the device for
        new tensors. Returns a tuple: the heads, followed by the new values of `states`.
        No head shares memory with another head or with an input. Nothing is modified in place.
        Each call of an operator is an applied operator, which is also its ``meta["applied"]``; ``meta["source"]`` is
        the `glueball.symbol.node.Node` that it comes from. Passes match on these. ``meta["sources"]`` is a tuple of all
        nodes for whose results a call is made; a call that is no operator's has it too.
    heads : tuple of Entry
        The entries that it computes.
    variables : tuple of Node
        The variables that it takes.
    training : bool
        Whether operators behave as in training.
    parameters : frozenset of int
        Which variables are parameters: the same tensors in every run, unless the user replaces them.
    states : tuple of int
        Which variables are states that a run updates.
    momenta : dict of int to float
        Which of them are moving averages, which change in backward(), with the weight of the old average in the new.
    """

    module: fx.GraphModule
    heads: tuple[Entry, ...]
    variables: tuple[Node, ...]
    training: bool
    parameters: frozenset[int]
    states: tuple[int, ...]
    momenta: Mapping[int, float]


def lower(
    heads: Sequence[Entry],
    variables: Sequence[Node],
    training: bool,
    parameters: frozenset[int] = frozenset(),
    applied: Callable[[Node], Applied] = lambda node: node.applied,
    devices: Mapping[Node, torch.device] | None = None,
) -> Lowered:
    """Lower a graph.

    Parameters
    ----------
    heads : sequence of Entry
        The entries to compute.
    variables : sequence of Node
        All variables that are needed; more are allowed.
    training : bool
        Whether operators behave as in training.
    parameters : frozenset of int, optional
        Which of the variables are parameters.
    applied : callable, optional
        Returns the applied operator of a node; by default the one with the attributes that the user gave.
    devices : dict of Node to torch.device, optional
        The device of each node, where they are on several: an array is copied to where an operator needs it.
    """
    lowering = _Lowering(variables, training, devices)
    for node in topological_order(heads):
        if not node.is_variable:
            lowering.add(node, applied(node))
    return Lowered(
        lowering.finish(heads), tuple(heads), tuple(variables), training, parameters, lowering.states(),
        lowering.momenta(),
    )  # fmt: skip


class _Lowering:
    """Builds a torch.fx graph."""

    def __init__(self, variables: Sequence[Node], training: bool, devices: Mapping[Node, torch.device] | None) -> None:
        self._graph = graph = fx.Graph()
        self._training = training
        self._variables = [Entry(node, 0) for node in variables]
        self._made = {entry: graph.placeholder(f"input{number}") for number, entry in enumerate(self._variables)}
        self._key, self._device = graph.placeholder("key"), graph.placeholder("device")
        self._devices = {} if devices is None else devices
        self._moved: dict[tuple[fx.Node, torch.device], fx.Node] = {}
        self._streams = 0
        # The value of each state after the nodes added so far.
        self._new_states: dict[Entry, fx.Node] = {}
        # Of each moving average what the calls that read it make of it, with their momenta.
        self._averages: dict[Entry, list[tuple[fx.Node, float]]] = {}

    def add(self, node: Node, applied: Applied) -> None:
        """Add the call of an operator and its results."""
        operator, entries = applied.operator, node.arguments()
        arguments = [None if entry is None else self._made[entry] for entry in entries]
        for position in applied.state_positions:
            arguments[position] = self._new_states.get(entries[position], arguments[position])
        if self._devices:
            arguments = [
                argument and self._at(self._devices[node], argument, entry.node)
                for argument, entry in zip(arguments, entries, strict=True)
            ]
        surroundings = {name: self._supplied(kind, node) for name, kind in operator.supplied}
        call = self._graph.create_node("call_function", _named(applied), tuple(arguments), surroundings, name=node.name)
        call.meta["source"], call.meta["sources"], call.meta["applied"] = node, (node,), applied
        count = applied.output_count
        if count == 1 and not applied.state_positions:
            self._made[Entry(node, 0)] = call
            return
        for index in range(count):
            self._made[Entry(node, index)] = self._item(call, index)
        for index, position in enumerate(applied.state_positions if self._training else ()):
            new = self._item(call, count + index)
            if self._devices:  # back to where the state is
                new = self._at(self._devices[entries[position].node], new, node)
            if operator.states_of_training:
                self._averages.setdefault(entries[position], []).append((new, applied.attributes["momentum"]))
            else:
                self._new_states[entries[position]] = new

    def _at(self, device: torch.device, value: fx.Node, source: Node) -> fx.Node:
        """Return a value of a node on a device, copied once for all that need it there."""
        if self._devices[source] == device:
            return value
        if (value, device) not in self._moved:
            self._moved[value, device] = self._call(to_device, value, str(device), sources=(source,))
        return self._moved[value, device]

    def _supplied(self, kind: str, node: Node) -> Any:
        if kind != "rng":
            if kind == "device" and self._devices:
                return self._call(torch.device, str(self._devices[node]), sources=(node,))
            return self._device if kind == "device" else self._training
        draw.register()
        self._streams += 1
        return self._call(draw.stream, self._key, self._streams, sources=(node,))

    def _item(self, call: fx.Node, index: int) -> fx.Node:
        return self._call(python_operator.getitem, call, index, sources=call.meta["sources"])

    def _call(self, function: Callable[..., Any], *arguments: Any, sources: tuple[Node, ...]) -> fx.Node:
        """Add a call that is no operator's."""
        call = self._graph.call_function(function, arguments)
        call.meta["sources"] = sources
        return call

    def states(self) -> tuple[int, ...]:
        """Which of the variables have new values."""
        changed = self._new_states.keys() | self._averages.keys()
        return tuple([number for number, entry in enumerate(self._variables) if entry in changed])

    def momenta(self) -> dict[int, float]:
        """Which of them are moving averages, and how much of the old average is in the new one."""
        found = {number: self._averages.get(self._variables[number]) for number in self.states()}
        return {number: math.prod([momentum for _, momentum in calls]) for number, calls in found.items() if calls}

    def finish(self, heads: Sequence[Entry]) -> fx.GraphModule:
        """Add the output of the graph and return the module."""
        states = [self._new_state(self._variables[number]) for number in self.states()]
        self._graph.output((*self._separated(heads), *states))
        return generate(self._graph, "LoweredGraph")

    def _new_state(self, entry: Entry) -> fx.Node:
        """Return the new value of a state; gradients reach the last call that changes an average first."""
        if entry not in self._averages:
            return self._new_states[entry]
        (new, _), *earlier = reversed(self._averages[entry])
        for later, momentum in earlier:
            new = self._call(moved_on, later, momentum, new, self._made[entry], sources=(entry.node,))
        return new

    def _separated(self, heads: Sequence[Entry]) -> list[fx.Node]:
        """Return the heads, copied where one could share memory with an input or with another."""
        results: dict[fx.Node, None] = {}
        for entry in heads:
            result, operator = self._made[entry], entry.node.operator
            if operator is None or operator.may_alias or result in results:
                result = self._call(copy, result, sources=(entry.node,))
            results[result] = None
        return list(results)


def _named(applied: Applied) -> Callable[..., Any]:
    """Return the function of an operator, with the name that generated code needs; partials and lambdas have none."""
    function = applied.function
    if getattr(function, "__name__", "<lambda>") == "<lambda>":
        function.__name__ = applied.operator.function.__name__
        function.__module__ = applied.operator.function.__module__
    return function


_dropped: deque[str] = deque()

_generating = process_lock()  # torch.fx numbers these files for all threads


def generate(graph: fx.Graph, name: str) -> fx.GraphModule:
    """Generate the Python code of a graph."""
    graph.lint()
    with _generating:
        _forget_the_dropped()
        module = fx.GraphModule(torch.nn.Module(), graph, class_name=name)
    # torch keeps the code that it has generated for tracebacks, also when the graph is gone
    weakref.finalize(module, _dropped.append, type(module).forward.__code__.co_filename).atexit = False
    return module


def _forget_the_dropped() -> None:
    """Forget the code of graphs that are gone; not when they go, while linecache may go through its files."""
    while _dropped:
        filename = _dropped.popleft()
        graph_module._loader.eval_cache.pop(filename, None)
        linecache.cache.pop(filename, None)


def to_device(tensor: Tensor, device: str) -> Tensor:
    """Return a tensor on a device; its gradient goes back to where it was."""
    return tensor.to(device)


def copy(tensor: Tensor) -> Tensor:
    """Return a tensor with memory of its own."""
    return tensor.clone(memory_format=torch.contiguous_format)
