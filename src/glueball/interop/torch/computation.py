"""What a block computes for inputs of one structure, as a function of tensors that torch's compilers can follow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from ...control_flow.body import prepare_bodies
from ...core.errors import FAILURES
from ...gluon.core import nested
from ...gluon.core.block import Block
from ...gluon.core.hybrid_block import HybridBlock
from ...gluon.core.traced_graph import Trace, TracedGraph
from ...graph.engines import Choice
from ...graph.failures import raise_operators
from ...graph.lower import Lowered
from ...ops import kept
from ...ops.operator import update_state
from ...symbol.node import topological_order

_LARGEST_KEY = 2**62


class Computation:
    """A graph that is called with tensors.

    Parameters
    ----------
    trace : Trace
        The graph.
    block : Block
        Whose graph it is.
    """

    def __init__(self, trace: Trace, block: Block) -> None:
        parameters = dict(block.collect_params().items())
        graph = TracedGraph(trace, parameters, type(block).__name__, Choice("eager", ()), name=block.name)
        kept.register()
        self.program, self._structure = graph.program, graph.structure
        self._parameters = [parameter.name for parameter in graph.parameters]
        self._inputs = len(trace.inputs)
        self._ways: dict[bool, _Way] = {}

    def __call__(self, tensor_of: Callable[[str], Tensor], inputs: Sequence[Tensor], training: bool) -> Any:
        """Compute, and update the states when training.

        Parameters
        ----------
        tensor_of : callable
            Returns the tensor of a parameter, by its name.
        inputs : sequence of Tensor
            The inputs in order.
        training : bool
            Whether operators behave as in training.
        """
        parameters = [tensor_of(name) for name in self._parameters]
        tensors = [*inputs, *parameters]
        if torch.compiler.is_compiling():
            results = self._ways[training].run(tensors)
            states = [parameters[number - self._inputs] for number in self._ways[training].states]
            for state, new in zip(states, results[len(results) - len(states) :], strict=True):
                state.copy_(new.detach())
        else:
            way = self._way(training, tensors)
            try:
                results = way.run(tensors)
            except Exception as error:
                raise_operators(error)
            states = [parameters[number - self._inputs] for number in way.states]
            for state, new in zip(states, results[len(results) - len(states) :], strict=True):
                update_state(state, new)
        if self._structure == nested.ONE:
            return results[0]
        return nested.rebuild(self._structure, iter(results))

    def _way(self, training: bool, tensors: Sequence[Tensor]) -> _Way:
        way = self._ways.get(training)
        if way is None or self.program._needs_shapes:
            way = self._ways[training] = _Way(self.program.lowered(training, tensors))
        return way

    def prepare(self) -> None:
        """Lower the graph for both ways, if shapes are not needed for it."""
        if not self.program._needs_shapes:
            for training in (True, False):
                self._way(training, ())
        prepare_bodies(topological_order(self.program.heads))


class _Way:
    """A lowered graph, for training or for prediction."""

    def __init__(self, lowered: Lowered) -> None:
        self.states, self._forward = lowered.states, lowered.module.forward
        key = next(node for node in lowered.module.graph.nodes if node.op == "placeholder" and node.name == "key")
        self._draws = bool(key.users)

    def run(self, tensors: Sequence[Tensor]) -> tuple[Tensor, ...]:
        """Compute the heads and the new states; random numbers follow from torch's own generator."""
        key = torch.randint(_LARGEST_KEY, ()) if self._draws else None
        device = tensors[0].device if tensors else torch.device("cpu")
        results: tuple[Tensor, ...] = self._forward(*tensors, key, device)
        return results


def trace(block: Block, inputs: Any) -> Computation | str:
    """Return the computation of a block for inputs of this structure; or why it is none, in words."""
    if not isinstance(block, HybridBlock):
        return f"{type(block).__name__} is no HybridBlock"
    try:
        made = Computation(block._glueball_trace(inputs), block)
        made.prepare()
    except FAILURES as error:
        return f"it could not be traced: {error}"
    return made
