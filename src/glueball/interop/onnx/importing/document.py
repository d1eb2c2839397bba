"""Reads files of ONNX. A file may be hostile: what it says of sizes, names and other files is checked first."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from ....core.errors import MXNetError
from ....core.extras import required
from .functions import written_out

_MOST_BYTES = 2**31  # of a file: more does not fit into a message of protobuf


@dataclass(frozen=True)
class Port:
    """An input or output of a graph.

    Attributes
    ----------
    name : str
        Its name.
    shape : tuple of int, optional
        Its shape, 0 for a length that varies; None if the file does not say.
    type : numpy.dtype, optional
        The type of its elements.
    """

    name: str
    shape: tuple[int, ...] | None
    type: np.dtype[Any] | None


@dataclass(frozen=True)
class Node:
    """An operator of a graph.

    Attributes
    ----------
    name, operator, domain : str
        What the file calls it, and which operator it is.
    inputs, outputs : tuple of str
        The names of values; '' for one that is not there.
    attributes : dict of str to object
        Its attributes as Python values; tensors are NumPy arrays, graphs are of `Branch`.
    proto : object
        The node as it is in the file.
    """

    name: str
    operator: str
    domain: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any]
    proto: Any

    def __str__(self) -> str:
        operator = f"{self.domain}.{self.operator}" if self.domain else self.operator
        return f"{operator} ({self.name or self.outputs[0]})"


@dataclass(frozen=True)
class Branch:
    """A graph that is an attribute of a node.

    Attributes
    ----------
    nodes : tuple of Node
        In an order in which each can be computed.
    inputs, outputs : tuple of str
        The names of the values that it takes and returns; it may take others from around it.
    constants : dict of str to numpy.ndarray
        The parameters.
    """

    nodes: tuple[Node, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    constants: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Document:
    """What is in a file.

    Attributes
    ----------
    nodes : tuple of Node
        In an order in which each can be computed.
    inputs, outputs : tuple of Port
        Those that a user gives and gets.
    constants : dict of str to numpy.ndarray
        The parameters.
    shapes : dict of str to tuple of int
        The shapes of values that could be inferred, 0 for a length that varies.
    types : dict of str to str
        The types of values that could be inferred, by the names that NumPy has for them.
    opset : int
        The version of ONNX's operators.
    producer : str
        What wrote the file.
    """

    nodes: tuple[Node, ...]
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    constants: Mapping[str, np.ndarray]
    shapes: Mapping[str, tuple[int, ...]]
    types: Mapping[str, str]
    opset: int
    producer: str


def read(path: str | os.PathLike[str], owner: str) -> Document:
    """Read a file.

    Parameters
    ----------
    path : path
        The file.
    owner : str
        The name of the user's function, for messages.

    Raises
    ------
    MXNetError
        It is not there, no file of ONNX, or contradicts itself.
    """
    onnx = required("onnx", "onnx", owner)
    name = os.fspath(path)
    if not isinstance(name, str):
        raise MXNetError(f"{owner}: the file must be named by a str; received {name!r}")
    with _explained(f"{owner}: {name} must be a file of ONNX"):
        if os.path.getsize(name) > _MOST_BYTES:
            raise MXNetError(f"{owner}: {name} must have at most 2 GiB, beside files of external data")
        model = onnx.load(name, load_external_data=False)
        return _document(onnx, model, name, os.path.dirname(os.path.abspath(name)), owner)


def read_graph(graph: Any, opset: int, owner: str) -> Document:
    """Return what is in a graph of the package onnx, an ``onnx.GraphProto``, as `read` does.

    Raises
    ------
    MXNetError
        It is no graph, contradicts itself, or has numbers in other files.
    """
    onnx = required("onnx", "onnx", owner)
    with _explained(f"{owner}: the graph must be an onnx.GraphProto"):
        model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", opset)])
        return _document(onnx, model, None, None, owner)


@contextlib.contextmanager
def _explained(rule: str) -> Iterator[None]:
    """Raise one error for all that protobuf, onnx and NumPy raise for files that are broken."""
    try:
        yield
    except MXNetError:
        raise
    except Exception as error:
        reason = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
        raise MXNetError(f"{rule}; {reason}") from error


def _document(onnx: Any, model: Any, path: str | None, folder: str | None, owner: str) -> Document:
    what = path or "the graph"
    opset = _opset(model, owner, what)
    constants = {each.name: _array(onnx, each, folder, owner) for each in model.graph.initializer}
    if model.graph.sparse_initializer:
        raise MXNetError(f"{owner}: {what} has sparse parameters; write them densely")
    onnx.checker.check_model(path or model)
    model = written_out(onnx, model, owner)
    nodes = tuple([_node(onnx, node, folder, owner) for node in model.graph.node])
    shapes, types = _inferred(onnx, model)
    return Document(
        nodes, tuple([_port(onnx, each) for each in model.graph.input if each.name not in constants]),
        tuple([_port(onnx, each) for each in model.graph.output]), constants, shapes, types, opset,
        f"{model.producer_name} {model.producer_version}".strip(),
    )  # fmt: skip


def _opset(model: Any, owner: str, name: str) -> int:
    found = {each.domain or "ai.onnx": each.version for each in model.opset_import}
    if "ai.onnx" not in found:
        raise MXNetError(f"{owner}: {name} must say which version of ONNX's operators it has")
    return int(found["ai.onnx"])


def _array(onnx: Any, tensor: Any, folder: str | None, owner: str) -> np.ndarray:
    """Return the numbers of a tensor, which must be as many as it says, and in its folder if they are in a file."""
    if tensor.data_location == onnx.TensorProto.EXTERNAL:
        return _external(onnx, tensor, folder, owner)
    array: np.ndarray = onnx.numpy_helper.to_array(tensor)
    if array.shape != tuple(tensor.dims):
        raise MXNetError(f"{owner}: the tensor {tensor.name!r} must have the shape {tuple(tensor.dims)}")
    return array


def _external(onnx: Any, tensor: Any, folder: str | None, owner: str) -> np.ndarray:
    facts = {each.key: each.value for each in tensor.external_data}
    if folder is None:
        raise MXNetError(f"{owner}: the data of {tensor.name!r} must be in the graph itself; read the file instead")
    path = os.path.realpath(os.path.join(folder, facts.get("location", "")))
    if os.path.dirname(path) != os.path.realpath(folder) and not path.startswith(os.path.realpath(folder) + os.sep):
        place = facts.get("location")
        raise MXNetError(f"{owner}: the data of {tensor.name!r} must be in the folder of the file; received {place!r}")
    kind = onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type)
    needed = prod(tensor.dims) * kind.itemsize
    offset, length = int(facts.get("offset", 0)), int(facts.get("length", needed))
    if not os.path.isfile(path) or min(tensor.dims, default=0) < 0 or offset < 0:
        raise MXNetError(f"{owner}: the data of {tensor.name!r} must be in a file; there is no {path}")
    if length != needed or offset + needed > os.path.getsize(path):
        raise MXNetError(f"{owner}: the data of {tensor.name!r} must be {needed} bytes at {offset} of {path}")
    with open(path, "rb") as file:
        file.seek(offset)
        return np.frombuffer(file.read(needed), dtype=kind).reshape(tuple(tensor.dims))


def _node(onnx: Any, proto: Any, folder: str | None, owner: str) -> Node:
    attributes: dict[str, Any] = {}
    kinds = onnx.AttributeProto
    for each in proto.attribute:
        value = onnx.helper.get_attribute_value(each)
        if each.type == kinds.TENSOR:
            value = _array(onnx, value, folder, owner)
        elif each.type == kinds.GRAPH:
            value = _branch(onnx, value, folder, owner)
        elif isinstance(value, bytes):
            value = value.decode("utf-8")
        elif each.type == kinds.STRINGS:
            value = [item.decode("utf-8") for item in value]
        attributes[each.name] = list(value) if each.type in (kinds.INTS, kinds.FLOATS) else value
    domain = "" if proto.domain == "ai.onnx" else proto.domain
    return Node(proto.name, proto.op_type, domain, tuple(proto.input), tuple(proto.output), attributes, proto)


def _branch(onnx: Any, graph: Any, folder: str | None, owner: str) -> Branch:
    nodes = tuple([_node(onnx, node, folder, owner) for node in graph.node])
    constants = {each.name: _array(onnx, each, folder, owner) for each in graph.initializer}
    inputs, outputs = (tuple([each.name for each in side]) for side in (graph.input, graph.output))
    return Branch(nodes, inputs, outputs, constants)


def _port(onnx: Any, value: Any) -> Port:
    kind = value.type.tensor_type
    try:
        element = onnx.helper.tensor_dtype_to_np_dtype(kind.elem_type) if kind.elem_type else None
    except KeyError:
        element = None
    return Port(value.name, _shape(value), element)


def _shape(value: Any) -> tuple[int, ...] | None:
    kind = value.type.tensor_type
    if not value.type.HasField("tensor_type") or not kind.HasField("shape"):
        return None
    return tuple([each.dim_value if each.HasField("dim_value") else 0 for each in kind.shape.dim])


def _inferred(onnx: Any, model: Any) -> tuple[dict[str, tuple[int, ...]], dict[str, str]]:
    """Return the shapes and types of values as far as ONNX infers them.

    A graph that it refuses has those that the file says: rules ask for what they need.
    """
    try:
        graph = onnx.shape_inference.infer_shapes(model, data_prop=True).graph
    except Exception:
        graph = model.graph
    ports = [_port(onnx, each) for each in _described(graph)]
    shapes = {port.name: port.shape for port in ports if port.shape is not None}
    return shapes, {port.name: port.type.name for port in ports if port.type is not None}


def _described(graph: Any) -> Iterator[Any]:
    """Yield what is said of the values of a graph, after what is said of those in graphs that its nodes run."""
    for node in graph.node:
        for each in node.attribute:
            if each.HasField("g"):
                yield from _described(each.g)
    yield from (*graph.input, *graph.value_info, *graph.output)
