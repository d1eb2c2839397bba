"""Graphs of the package onnx as graphs and blocks of MXNet."""

from __future__ import annotations

from typing import Any

from ....core.context import Context, current_context
from ....core.doors import guard
from ....gluon import SymbolBlock
from ....interop.onnx.importing import Document, import_document, read_graph
from ....ndarray import NDArray
from ....ndarray.invoke import wrap
from ....symbol import Symbol, var

__all__ = ["GraphProto"]

_CPU = Context("cpu", 0)
_NEWEST = 21  # the version of a graph of which only inputs and outputs are asked for

Ports = list[tuple[str, tuple[int, ...]]]


@guard
class GraphProto:
    """Reads graphs of the package onnx, as MXNet's class of this name does; `import_model` reads files.

    Attributes
    ----------
    arg_dict, aux_dict : dict of str to NDArray
        The parameters and auxiliary states of the graph that was read last.
    model_metadata : dict
        What `get_graph_metadata` has returned last.
    opset_version : int
        The version of ONNX's operators of the graph that was read last.

    Examples
    --------
    >>> import glueball as mx
    >>> import onnx
    >>> from glueball.contrib.onnx.onnx2mx.import_onnx import GraphProto
    >>> port = lambda name: onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, (2, 3))
    >>> graph = onnx.helper.make_graph([onnx.helper.make_node("Relu", ["x"], ["y"])], "net", [port("x")], [port("y")])
    >>> sym, arg_params, aux_params = GraphProto().from_onnx(graph, opset_version=17)
    >>> sym.list_arguments(), arg_params
    (['x'], {})
    >>> GraphProto().get_graph_metadata(graph)
    {'input_tensor_data': [('x', (2, 3))], 'output_tensor_data': [('y', (2, 3))]}
    """

    def __init__(self) -> None:
        self.aux_dict: dict[str, NDArray] = {}
        self.arg_dict: dict[str, NDArray] = {}
        self.model_metadata: dict[str, Ports] = {}
        self.opset_version = 0

    def from_onnx(self, graph: Any, opset_version: int) -> tuple[Symbol, dict[str, NDArray], dict[str, NDArray]]:
        """Return a graph as a Symbol, its parameters, and its auxiliary states.

        Parameters
        ----------
        graph : onnx.GraphProto
            The graph.
        opset_version : int
            The version of ONNX's operators that it has.
        """
        found = as_symbol(read_graph(graph, opset_version, "from_onnx"), "from_onnx")
        self.opset_version = opset_version
        _, self.arg_dict, self.aux_dict = found
        return found

    def get_graph_metadata(self, graph: Any) -> dict[str, Ports]:
        """Return the names and shapes of the inputs and outputs of a graph.

        Parameters
        ----------
        graph : onnx.GraphProto
            The graph.
        """
        self.model_metadata = metadata(read_graph(graph, self.opset_version or _NEWEST, "get_graph_metadata"))
        return self.model_metadata

    def graph_to_gluon(self, graph: Any, ctx: Context | list[Context] | None, opset_version: int) -> SymbolBlock:
        """Return a graph as a block.

        Parameters
        ----------
        graph : onnx.GraphProto
            The graph.
        ctx : Context or list of Context, optional
            Where its parameters are to be; by default the current context.
        opset_version : int
            The version of ONNX's operators that it has.
        """
        self.opset_version = opset_version
        return as_block(read_graph(graph, opset_version, "graph_to_gluon"), ctx, "graph_to_gluon")


def as_symbol(document: Document, owner: str) -> tuple[Symbol, dict[str, NDArray], dict[str, NDArray]]:
    """Return the graph of a document, its parameters, and its auxiliary states."""
    found = import_document(document, owner)
    arrays = [{name: wrap(tensor, _CPU) for name, tensor in each.items()} for each in (found.arguments, found.states)]
    return found.symbol, arrays[0], arrays[1]


def as_block(document: Document, ctx: Context | list[Context] | None, owner: str) -> SymbolBlock:
    """Return the graph of a document as a block."""
    found = import_document(document, owner)
    block = SymbolBlock(found.symbol, [var(name) for name in found.inputs])
    parameters = block.collect_params()
    for name, tensor in {**found.arguments, **found.states}.items():
        parameters[name]._load_init(wrap(tensor, _CPU), ctx or current_context())
    return block


def metadata(document: Document) -> dict[str, Ports]:
    """Return the names and shapes of the inputs and outputs of a document, 0 for lengths that vary."""

    def listed(ports: Any) -> Ports:
        return [(port.name, port.shape or ()) for port in ports]

    return {"input_tensor_data": listed(document.inputs), "output_tensor_data": listed(document.outputs)}
