"""A document of ONNX in the making."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch

from .lengths import Length, Unsupported

#: The version of ONNX's operators that runtimes are given; files have the one that is asked for.
OPERATORS = 20
#: The versions that can be asked for, each with that of the file format that came with it.
FORMATS = {13: 7, 14: 7, 15: 8, 16: 8, 17: 8, 18: 8, 19: 9, 20: 9, 21: 10}

#: ONNX's numbers for types.
TYPES = {
    torch.float32: 1, torch.uint8: 2, torch.int8: 3, torch.int32: 6, torch.int64: 7, torch.bool: 9, torch.float16: 10,
    torch.float64: 11, torch.bfloat16: 16,
}  # fmt: skip
#: NumPy's types for constants.
NUMPY = {
    torch.float32: np.float32, torch.uint8: np.uint8, torch.int8: np.int8, torch.int32: np.int32,
    torch.int64: np.int64, torch.bool: np.bool_, torch.float16: np.float16, torch.float64: np.float64,
}  # fmt: skip


class Array(NamedTuple):
    """An array of a document.

    Attributes
    ----------
    name : str
        Its name.
    shape : tuple of int
        Its shape; a length that varies is a `Length`.
    type : torch.dtype
        Its type.
    """

    name: str
    shape: tuple[int, ...]
    type: torch.dtype


class Graph(NamedTuple):
    """A graph that an operator runs: an attribute of it.

    Attributes
    ----------
    document : Document
        The operators; they may take arrays of the document around it.
    inputs, outputs : list of Array
        What the graph takes and returns.
    """

    document: Document
    inputs: list[Array]
    outputs: list[Array]


class _Node(NamedTuple):
    kind: str
    inputs: list[str]
    outputs: list[str]
    attributes: Mapping[str, Any]
    name: str


class Document:
    """Collects operators of ONNX and writes them down.

    Parameters
    ----------
    opset : int, optional
        The version of ONNX's operators, of `FORMATS`; None for a document that a runtime of this process is given.
    taken : iterable of str
        Names of arrays that are not made here.

    Attributes
    ----------
    opset : int
        The version of ONNX's operators.
    is_file : bool
        Whether it is for a file.
    prefix : str
        What names of new arrays begin with: the name of the layer that they belong to.
    made : set of str
        The names of all arrays that operators return.
    """

    def __init__(self, opset: int | None = None, taken: Iterable[str] = ()) -> None:
        self.opset = opset or OPERATORS
        self.is_file = opset is not None
        self.prefix = ""
        self._taken = set(taken)
        self.made: set[str] = set()
        self._nodes: list[_Node] = []
        self._constants: dict[str, np.ndarray] = {}
        self._known: dict[Any, str] = {}

    def add(
        self, kind: str, inputs: Iterable[Array | str | None], outputs: int, attributes: Mapping[str, Any]
    ) -> tuple[str, ...]:
        """Add an operator and return the names of its outputs.

        Raises
        ------
        Unsupported
            An attribute has a length that varies.
        """
        names = tuple([self._free(f"{kind}{len(self._nodes)}_{number}") for number in range(outputs)])
        given = ["" if each is None else each if isinstance(each, str) else each.name for each in inputs]
        while given and not given[-1]:
            del given[-1]
        for name, value in attributes.items():
            listed = isinstance(value, list | tuple) and not isinstance(value, Graph)
            if any(isinstance(each, Length) for each in (value if listed else (value,))):
                raise Unsupported(f"{kind} needs {name} as numbers, and they depend on a length that varies")
        self.made.update(names)
        self._nodes.append(_Node(kind, given, list(names), attributes, self.prefix))
        return names

    def once(self, kind: str, inputs: Sequence[str], **attributes: Any) -> str:
        """Add an operator whose output may be used by whoever needs the same; return its name."""
        key = (kind, tuple(inputs), tuple(attributes.items()))
        if key not in self._known:
            (self._known[key],) = self.add(kind, inputs, 1, attributes)
        return self._known[key]

    def constant(self, value: np.ndarray) -> str:
        """Return the name of a constant."""
        key = (value.dtype.str, value.shape, value.tobytes())
        if key not in self._known:
            self._known[key] = name = self._free(f"constant{len(self._constants)}")
            self._constants[name] = value
        return self._known[key]

    def _free(self, name: str) -> str:
        name = f"{self.prefix}_{name}" if self.prefix else name
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        return name

    def inner(self) -> Document:
        """Return a document for a graph that an operator of this one runs; no name is in both."""
        made = Document(self.opset if self.is_file else None)
        made._taken, made.prefix = self._taken, self.prefix
        return made

    def named(self, name: str) -> str:
        """Return a new name."""
        prefix, self.prefix = self.prefix, ""
        try:
            return self._free(name)
        finally:
            self.prefix = prefix

    def _graphs(self) -> Iterable[Graph]:
        return [value for node in self._nodes for value in node.attributes.values() if isinstance(value, Graph)]

    def used(self) -> set[str]:
        """Return the names of all arrays that operators take."""
        names = {name for node in self._nodes for name in node.inputs}
        return names.union(*[graph.document.used() for graph in self._graphs()])

    def rename(self, names: Mapping[str, str]) -> None:
        """Give outputs of operators other names."""
        for node in self._nodes:
            for these in (node.inputs, node.outputs):
                these[:] = [names.get(name, name) for name in these]
        for graph in self._graphs():
            graph.document.rename(names)
            for arrays in (graph.inputs, graph.outputs):
                arrays[:] = [array._replace(name=names.get(array.name, array.name)) for array in arrays]

    def write(
        self, inputs: Sequence[Array], outputs: Sequence[Array], outside: Sequence[Array] = (), name: str = "glueball"
    ) -> bytes:
        """Return the document as the bytes of a file.

        Parameters
        ----------
        inputs, outputs : sequence of Array
            What the graph takes and returns.
        outside : sequence of Array, optional
            Constants whose values are not in the file: whoever reads it provides them by name.
        name : str
            The name of the graph.
        """
        weights = [described(array.name, array.shape, array.type, {"location": "memory"}) for array in outside]
        written: bytes = self.model(inputs, outputs, weights, name).SerializeToString()
        return written

    def model(self, inputs: Sequence[Array], outputs: Sequence[Array], weights: Iterable[Any], name: str) -> Any:
        """Return the document as a ModelProto of the package onnx; `weights` are its TensorProtos."""
        from onnx import helper

        operators = [helper.make_opsetid("", self.opset)]
        return helper.make_model(
            self._graph(inputs, outputs, weights, name), opset_imports=operators, ir_version=FORMATS[self.opset],
            producer_name="glueball",
        )  # fmt: skip

    def _graph(self, inputs: Sequence[Array], outputs: Sequence[Array], weights: Iterable[Any], name: str) -> Any:
        from onnx import helper, numpy_helper

        constants = [numpy_helper.from_array(value, each) for each, value in self._constants.items()]
        nodes, counts = [], dict[str, int]()
        for kind, given, made, options, layer in self._nodes:
            counts[layer] = counts.get(layer, -1) + 1
            own_name = f"{layer}_{counts[layer]}" if layer and counts[layer] else layer
            written = {
                key: value.document._graph(value.inputs, value.outputs, (), key) if isinstance(value, Graph) else value
                for key, value in options.items()
            }
            nodes.append(helper.make_node(kind, given, made, name=own_name, **written))
        takes, returns = [[_signature(array) for array in side] for side in (inputs, outputs)]
        return helper.make_graph(nodes, name, takes, returns, initializer=[*constants, *weights])


def _signature(array: Array) -> Any:
    from onnx import helper

    lengths = [None if isinstance(length, Length) else length for length in array.shape]
    return helper.make_tensor_value_info(array.name, TYPES[array.type], lengths)


def described(name: str, shape: Sequence[int], kind: torch.dtype, place: Mapping[str, str]) -> Any:
    """Return a tensor whose values lie elsewhere."""
    import onnx

    tensor = onnx.TensorProto(
        name=name, dims=shape, data_type=TYPES[kind], data_location=onnx.TensorProto.EXTERNAL
    )  # fmt: skip
    for key, value in place.items():
        tensor.external_data.add(key=key, value=value)
    return tensor
