"""What ``glueball inspect`` says about a graph file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor

from ..core.tables import number, printable, short
from ..graph.explanation import Explanation
from ..ops.shape_rule import UNKNOWN, PartialShape, is_known
from ..serialization.formats import GraphFile
from ..symbol import Symbol
from ..visualization.captions import detail, lengths, title
from ..visualization.drawing import draw
from ..visualization.network import Array, Layer, study
from ._output import Part, Table

_CONVENTION = (
    "FLOPs: for one forward pass in prediction; a multiplication and an addition count one each (2 per multiply-add)."
)


class GraphReport:
    """A report on a graph, and on the parameters beside it if there are any.

    Parameters
    ----------
    path : str
        The graph file.
    graph : GraphFile
        The contents of the file.
    shapes : mapping of str to tuple of int
        The shapes of inputs, by name.
    params_path : str, optional
        The file that `saved` was read from.
    saved : mapping of str to Tensor
        The parameters by name; their values are not used.
    notes : sequence of str
        Additional remarks.

    Attributes
    ----------
    explanation : Explanation, optional
        How an engine runs the graph, if that was asked for.
    """

    explanation: Explanation | None = None

    def __init__(
        self,
        path: str,
        graph: GraphFile,
        shapes: Mapping[str, tuple[int, ...]],
        params_path: str | None,
        saved: Mapping[str, Tensor],
        notes: Sequence[str],
    ) -> None:
        symbol = Symbol(graph.outputs)
        variables = set(symbol.list_inputs())
        matching = {name: tensor for name, tensor in saved.items() if name in variables}
        self.path = path
        self.symbol = symbol
        self.params_path = params_path
        self.network = study(symbol, shapes, matching, owner="inspect --shape")
        self.graph = graph
        self.notes = [*notes, *self._notes(saved, matching)]

    def _notes(self, saved: Mapping[str, Tensor], matching: Mapping[str, Tensor]) -> list[str]:
        notes = []
        if self.params_path:
            lacking = [array.name for array in self.network.parameters if array.name not in saved]
            unused = [name for name in saved if name not in matching]
            if lacking:
                notes.append(f"{self.params_path} lacks {_listed(lacking)}.")
            if unused:
                notes.append(f"{self.params_path} has more than the graph needs: {_listed(unused)}.")
        layers = self.network.layers
        unknown = [layer.name for layer in layers if layer.is_input and not is_known(layer.shapes[0])]
        if unknown and any(not is_known(shape) for layer in layers for shape in layer.shapes):
            notes.append(f"For outputs and FLOPs give the shapes of inputs: --shape {unknown[0]}=1,3,224,224")
        return notes

    def as_json(self) -> dict[str, Any]:
        network = self.network
        return {
            "file": self.path,
            "kind": "graph",
            "mxnet_version": self.graph.mxnet_version,
            "params_file": self.params_path,
            "inputs": [
                {"name": layer.name, "shape": _plain(layer.shapes[0])} for layer in network.layers if layer.is_input
            ],
            "outputs": [_output(network.layers[layer], index) for layer, index in network.outputs],
            "layers": [self._layer(layer) for layer in network.layers if not layer.is_input],
            "parameters": [
                {
                    "name": array.name,
                    "kind": "state" if array.is_state else "argument",
                    "shape": _plain(array.shape),
                    "dtype": array.dtype,
                    "bytes": _bytes(array),
                }
                for array in network.parameters
            ],
            "totals": {
                "parameters": network.parameter_count,
                "states": network.state_count,
                "bytes": self._bytes(),
                "flops": network.work,
                "multiply_adds": network.multiply_adds,
            },
            "notes": self.notes,
            **({} if self.explanation is None else {"engine": self.explanation.as_json()}),
        }

    def _layer(self, layer: Layer) -> dict[str, Any]:
        return {
            "name": layer.name,
            "operator": layer.operator,
            "attributes": layer.node.attributes,
            "inputs": [[self.network.layers[source].name, index] for source, index in layer.inputs],
            "shapes": [_plain(shape) for shape in layer.shapes],
            "parameters": [*[array.name for array in layer.parameters], *layer.shared],
            "flops": layer.work,
        }

    def parts(self) -> list[Part]:
        lines: list[Part] = [f"{self.path}: a graph, written by {self.graph.producer}"]
        if self.params_path:
            lines.append(f"Parameters: {self.params_path}")
        lines += ["", self._layer_table(), ""]
        if self.network.parameters:
            lines += [self._parameter_table(), ""]
        lines += [*self._totals(), *[printable(note) for note in self.notes]]
        if self.explanation is not None:
            lines += ["", str(self.explanation)]
        return lines

    def _layer_table(self) -> Table:
        rows = [
            [
                printable(layer.name), title(layer), printable(detail(layer)), _outputs(layer),
                number(_parameter_count(layer)), short(layer.work),
            ]
            for layer in self.network.layers
        ]  # fmt: skip
        return Table(("Layer", "Operator", "", "Output", "Parameters", "FLOPs"), rows, (4, 5))

    def _parameter_table(self) -> Table:
        rows = [
            [
                printable(array.name), "state" if array.is_state else "argument", lengths(array.shape) or "?",
                array.dtype, number(_bytes(array)),
            ]
            for array in self.network.parameters
        ]  # fmt: skip
        return Table(("Parameter", "Kind", "Shape", "Type", "Bytes"), rows, (4,))

    def _totals(self) -> list[str]:
        network = self.network
        operators = sum(not layer.is_input for layer in network.layers)
        return [
            f"{number(operators)} operators, {number(network.parameter_count)} parameters and "
            f"{number(network.state_count)} numbers of state in {number(self._bytes())} bytes",
            f"{_unit(network.work)}FLOPs, with {short(network.multiply_adds)} multiply-adds in convolutions, dense "
            "layers and matrix products",
            _CONVENTION,
        ]

    def drawing(self) -> str:
        """Return the network as SVG."""
        network = self.network
        facts = [f"{number(network.parameter_count)} parameters", self.graph.producer]
        if network.work is not None:
            facts.insert(1, f"{_unit(network.work)}FLOPs")
        name = os.path.basename(self.path).removesuffix("-symbol.json")
        return draw(network, name, [" · ".join(facts)])

    def _bytes(self) -> int | None:
        counts = [_bytes(array) for array in self.network.parameters]
        return None if None in counts else sum(counts)  # type: ignore[arg-type]


def _unit(count: int | None) -> str:
    """Format a number to precede its unit: ``3.86 G``FLOPs, ``120 ``FLOPs."""
    text = short(count)
    return text if text[-1].isalpha() else f"{text} "


def _outputs(layer: Layer) -> str:
    return ", ".join([lengths(shape) or "?" for shape in layer.shapes])


def _parameter_count(layer: Layer) -> int | None:
    sizes = [array.size for array in layer.parameters if not array.is_state]
    return None if None in sizes else sum(sizes)  # type: ignore[arg-type]


def _bytes(array: Array) -> int | None:
    return None if array.size is None else array.size * array.itemsize


def _plain(shape: PartialShape) -> list[int | None] | None:
    return None if shape is None else [None if length == UNKNOWN else length for length in shape]


def _output(layer: Layer, index: int) -> dict[str, Any]:
    return {"name": layer.node.output_name(index), "shape": _plain(layer.shapes[index])}


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
