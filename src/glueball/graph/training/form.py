"""The form in which a graph for training runs on the CPU."""

from __future__ import annotations

import functools
from typing import Any

from torch import Tensor, fx

from ..form import Form
from ..lower import Lowered, generate
from ..matching import attributes, operator_name
from ..recycled import Recycled
from .convolution import TrainedConvolution

_MOST = 2**28  # numbers that results and gradients of convolutions may keep in a thread


class TrainingForm(functools.partial[tuple[Tensor, ...]]):
    """A graph whose convolutions are computed and differentiated by compiled kernels.

    It is the function of the graph: calling it costs no Python frame.
    """

    module: fx.GraphModule
    count: int

    @classmethod
    def of(cls, lowered: Lowered) -> TrainingForm | None:
        """Return the form of a lowered graph, or None if it has no convolutions of images."""
        graph = fx.Graph()
        graph.output(graph.graph_copy(lowered.module.graph, {}))
        nodes = [node for node in graph.nodes if _is_for_us(node)]
        if not nodes:
            return None
        memory = Recycled(_MOST)
        for node in nodes:
            node.target = TrainedConvolution(node.meta["applied"], memory)
        module = generate(graph, "Training")
        result = cls(module.forward)
        result.module, result.count = module, len(nodes)
        return result

    def form(self, *tensors: Any) -> Form:
        """Return what runs for these tensors."""
        return Form(
            run=self.module.forward, inputs=tensors, module=self.module, passes={"train_convolutions": self.count}
        )


def _is_for_us(node: fx.Node) -> bool:
    return operator_name(node) == "Convolution" and len(attributes(node)["kernel"]) == 2
