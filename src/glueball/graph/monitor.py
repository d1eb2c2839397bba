"""Runs a lowered graph node by node and reports each array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor, fx


class Monitored(fx.Interpreter):
    """Computes what the module computes, and reports every array that an operator produces.

    Parameters
    ----------
    module : torch.fx.GraphModule
        A lowered graph.
    report : callable
        ``report(node name, operator name, output name, tensor)``.
    """

    def __init__(self, module: fx.GraphModule, report: Callable[[str, str, str, Tensor], None]) -> None:
        super().__init__(module, garbage_collect_values=True)
        self._report = report
        self.extra_traceback = False

    def run_node(self, n: fx.Node) -> Any:
        """Compute one node and report its arrays."""
        result = super().run_node(n)
        source = n.meta.get("source")
        if source is not None:
            tensors = result if type(result) is tuple else (result,)
            for index, tensor in enumerate(tensors[: source.output_count]):
                self._report(source.name, source.operator.name, source.output_name(index), tensor)
        return result
