"""Runs a lowered graph node by node and reports each array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from torch import Tensor, fx

from ..symbol.node import Node


class Watch(NamedTuple):
    """What is reported of a graph while it runs.

    Attributes
    ----------
    report : callable
        ``report(array name, operator name, tensor)``.
    inputs : bool
        Whether the inputs of an operator are reported too, before its outputs, as ``<node>_<argument>``.
    variables : bool
        Whether an input that is a variable is reported under its own name first.
    """

    report: Callable[[str, str, Tensor], None]
    inputs: bool = False
    variables: bool = False


class Monitored(fx.Interpreter):
    """Computes what the module computes, and reports every array that an operator produces.

    Parameters
    ----------
    module : torch.fx.GraphModule
        A lowered graph.
    watch : Watch
        What is reported.
    """

    def __init__(self, module: fx.GraphModule, watch: Watch) -> None:
        super().__init__(module, garbage_collect_values=True)
        self._watch = watch
        self.extra_traceback = False

    def run_node(self, n: fx.Node) -> Any:
        """Compute one node and report its arrays."""
        source = n.meta.get("source")
        if source is not None and self._watch.inputs:
            self._report_inputs(source, self.fetch_args_kwargs_from_env(n)[0])
        result = super().run_node(n)
        if source is not None:
            tensors = result if type(result) is tuple else (result,)
            for index, tensor in enumerate(tensors[: source.output_count]):
                self._watch.report(source.output_name(index), source.operator.name, tensor)
        return result

    def _report_inputs(self, source: Node, tensors: tuple[Any, ...]) -> None:
        operator = source.applied.operator
        names = operator.inputs
        if operator.variadic_by:
            names = tuple([f"arg{number}" for number in range(len(tensors))])
        for entry, name, tensor in zip(source.arguments(), names, tensors, strict=False):
            if entry is None:
                continue
            if self._watch.variables and entry.node.is_variable:
                self._watch.report(entry.node.name, operator.name, tensor)
            self._watch.report(f"{source.name}_{name}", operator.name, tensor)
