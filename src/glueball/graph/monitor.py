"""Runs a lowered graph node by node and reports each array."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor, fx

from ..core.mode import mode
from ..symbol.node import Node
from .gradient_watch import GradientWatch
from .lower import Lowered


class ArrayName(str):
    """The name of an array. MXNet passes bytes, which programs decode; they may decode this, too."""

    __slots__ = ()

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Return the name."""
        return str(self)


class Watch(NamedTuple):
    """What is reported of a graph while it runs.

    Attributes
    ----------
    report : callable
        ``report(array name, operator name, tensor)``; both names are `ArrayName`.
    inputs : bool
        Whether the inputs of an operator are reported too, before its outputs, as ``<node>_<argument>``.
    variables : bool
        Whether an input that is a variable is reported under its own name first.
    numbers : bool
        Whether an output for which the operator has no name is called by its number, as MXNet's hooks of blocks do;
        they do not report the outputs of several that nobody uses, either.
    """

    report: Callable[[str, str, Tensor], None]
    inputs: bool = False
    variables: bool = False
    numbers: bool = False


class Monitored(fx.Interpreter):
    """Computes what the module computes, and reports every array that an operator produces.

    Parameters
    ----------
    lowered : Lowered
        The lowered graph.
    watch : Watch
        What is reported.
    """

    def __init__(self, lowered: Lowered, watch: Watch) -> None:
        super().__init__(lowered.module, garbage_collect_values=True)
        self._watch = watch
        self._gradients = GradientWatch(lowered.heads, lowered.variables, self._report_gradient, watch.numbers)
        self.extra_traceback = False

    def run_node(self, n: fx.Node) -> Any:
        """Compute one node and report its arrays."""
        source = n.meta.get("source")
        if source is None:
            return super().run_node(n)
        inputs, surroundings = self.fetch_args_kwargs_from_env(n)
        if self._watch.inputs:
            self._report_inputs(source, inputs)
        taken = self._gradients.views(source, inputs) if torch.is_grad_enabled() else inputs
        result = self.call_function(n.target, taken, dict(surroundings))
        if torch.is_grad_enabled():
            self._gradients.computed(source, result if type(result) is tuple else (result,))
        self._report_outputs(n, source, result)
        if not self._watch.numbers or mode.recording:  # hooks of blocks see what backward() needs
            first = result[0] if type(result) is tuple else result
            self._report_hidden(source, inputs, surroundings, first)
        return result

    def output(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Return the results of the graph, in a form that tells of their gradients."""
        results = super().output(target, args, kwargs)
        return self._gradients.outputs(results) if torch.is_grad_enabled() else results

    def _report_outputs(self, n: fx.Node, source: Node, result: Any) -> None:
        tensors = result if type(result) is tuple else (result,)
        used = _used_outputs(n) if self._watch.numbers and len(tensors) > 1 else range(len(tensors))
        for index in range(source.output_count):
            if index in used:
                self._report(self._output_name(source, index), source, tensors[index])

    def _output_name(self, source: Node, index: int) -> str:
        if self._watch.numbers and not source.applied.operator.output_names:
            return f"{source.name}_{index}"
        return source.output_name(index)

    def _report(self, name: str, source: Node, tensor: Tensor) -> None:
        self._watch.report(ArrayName(name), ArrayName(source.applied.operator.name), tensor)

    def _report_gradient(self, name: str, operator: str, gradient: Tensor) -> None:
        self._watch.report(ArrayName(name), ArrayName(operator), gradient)

    def _report_inputs(self, source: Node, tensors: tuple[Any, ...]) -> None:
        declared = source.applied.operator
        names = declared.monitored_inputs
        if declared.variadic_by:
            names = tuple([f"{declared.monitored_stem}{number}" for number in range(len(tensors))])
        for entry, name, tensor in zip(source.arguments(), names, tensors, strict=False):
            if entry is None:
                continue
            if self._watch.variables and entry.node.is_variable:
                self._report(entry.node.name, source, tensor)
            self._report(f"{source.name}_{name}", source, tensor)

    def _report_hidden(
        self, source: Node, inputs: tuple[Any, ...], surroundings: Mapping[str, Any], output: Tensor
    ) -> None:
        applied = source.applied
        operator = applied.operator
        if operator.hidden_values is None or not applied.hidden_output_count:
            return
        training = {kind: surroundings[name] for name, kind in operator.supplied}.get("training", False)
        with torch.no_grad():
            values = operator.hidden_values(inputs, output, applied.attributes, training)
        for name, value in zip(operator.output_names[source.output_count :], values, strict=True):
            self._report(f"{source.name}_{name}", source, value)


def _used_outputs(n: fx.Node) -> set[Any]:
    """Return the numbers of the outputs that another node takes."""
    return {user.args[1] for user in n.users if user.target is operator.getitem and user.users}
