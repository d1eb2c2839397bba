"""What networks of other forms than MXNet's compute where they come from: the standard for what was read of them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ..interop.onnx.importing import Document, Imported
from ..symbol import Symbol
from ._onnx_runtime import outputs_of_onnx, values_of_onnx

Given = Mapping[str, Tensor]


@dataclass(frozen=True)
class Origin:
    """A network in the form from which it was read.

    Attributes
    ----------
    outputs : callable
        ``(inputs) -> list of Tensor``: computes the outputs, for inputs by name.
    values : callable
        ``(inputs) -> dict of str to Tensor``: computes what is in between, as far as it has a name there.
    computed : dict of str to (str, Symbol)
        What is in between, by name and in order: the layer that computes it, for people, and what it became.
    """

    outputs: Callable[[Given], list[Tensor]]
    values: Callable[[Given], dict[str, Tensor]]
    computed: Mapping[str, tuple[str, Symbol]]


def of_onnx(path: str, imported: Imported) -> Origin:
    """Return the origin of what was read from a file of ONNX."""
    computed = {
        name: (f"{node.name or node.outputs[0]} ({node.operator})", symbol)
        for name, (node, symbol) in imported.computed.items()
    }
    return Origin(
        lambda inputs: outputs_of_onnx(path, inputs),
        lambda inputs: values_of_onnx(path, inputs, list(computed)),
        computed,
    )


def of_program(
    program: torch.export.ExportedProgram, simpler: torch.export.ExportedProgram, document: Document, imported: Imported
) -> Origin:
    """Return the origin of what was read from a program of torch.export, by way of what `document_of_program` made."""

    def given(inputs: Given) -> list[Tensor]:
        return [inputs[port.name] for port in document.inputs]

    def outputs(inputs: Given) -> list[Tensor]:
        with torch.no_grad():
            found = program.module()(*given(inputs))
        return list(found) if isinstance(found, list | tuple) else [found]

    titles = {node.name: _title(node) for node in simpler.graph.nodes if node.op == "call_function"}
    computed = {name: (titles[name], symbol) for name, (_, symbol) in imported.computed.items() if name in titles}
    return Origin(outputs, lambda inputs: _Watched(simpler.module()).values_of(given(inputs)), computed)


def _title(node: torch.fx.Node) -> str:
    """Return what a layer is called; an output of one that has several belongs to it."""
    source = node.args[0] if node.target is operator.getitem else node
    return f"{source} ({source.target})" if isinstance(source, torch.fx.Node) else node.name


class _Watched(torch.fx.Interpreter):
    """Runs a program node by node, and keeps what they compute."""

    def values_of(self, inputs: list[Tensor]) -> dict[str, Tensor]:
        """Return the arrays that the program computes, by the names of its nodes."""
        self._found: dict[str, Tensor] = {}
        with torch.no_grad():
            self.run(*inputs)
        return self._found

    def run_node(self, n: torch.fx.Node) -> Any:
        """Compute one node."""
        value = super().run_node(n)
        if n.op == "call_function" and isinstance(value, Tensor):
            self._found[n.name] = value.clone()  # a later node may write to it
        return value
