"""A document of ONNX in the making."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch

#: The version of ONNX's operators, and that of the file format that came with it.
OPERATORS, FORMAT = 20, 9

# ONNX's numbers for types.
_TYPES = {torch.float32: 1, torch.uint8: 2, torch.int8: 3, torch.int32: 6, torch.int64: 7, torch.bool: 9}


class Array(NamedTuple):
    """An array of a document.

    Attributes
    ----------
    name : str
        Its name.
    shape : tuple of int
        Its shape.
    type : torch.dtype
        Its type.
    """

    name: str
    shape: tuple[int, ...]
    type: torch.dtype


class _Node(NamedTuple):
    kind: str
    inputs: list[str]
    outputs: list[str]
    attributes: Mapping[str, Any]


class Document:
    """Collects operators of ONNX and writes them down."""

    def __init__(self) -> None:
        self._nodes: list[_Node] = []
        self._constants: dict[str, np.ndarray] = {}
        self._known: dict[Any, str] = {}

    def add(
        self, kind: str, inputs: Iterable[Array | str | None], outputs: int, attributes: Mapping[str, Any]
    ) -> tuple[str, ...]:
        """Add an operator and return the names of its outputs."""
        names = [f"{kind}{len(self._nodes)}_{number}" for number in range(outputs)]
        given = ["" if each is None else each if isinstance(each, str) else each.name for each in inputs]
        self._nodes.append(_Node(kind, given, names, attributes))
        return tuple(names)

    def constant(self, value: np.ndarray) -> str:
        """Return the name of a constant."""
        key = (value.dtype.str, value.shape, value.tobytes())
        if key not in self._known:
            self._known[key] = name = f"constant{len(self._constants)}"
            self._constants[name] = value
        return self._known[key]

    def used(self) -> set[str]:
        """Return the names of all arrays that operators take."""
        return {name for node in self._nodes for name in node.inputs}

    def rename(self, names: Mapping[str, str]) -> None:
        """Give outputs of operators other names."""
        for node in self._nodes:
            for these in (node.inputs, node.outputs):
                these[:] = [names.get(name, name) for name in these]

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
        import onnx
        from onnx import helper, numpy_helper

        constants = [numpy_helper.from_array(value, each) for each, value in self._constants.items()]
        for array in outside:
            tensor = onnx.TensorProto(
                name=array.name, dims=array.shape, data_type=_TYPES[array.type],
                data_location=onnx.TensorProto.EXTERNAL,
            )  # fmt: skip
            tensor.external_data.add(key="location", value="memory")
            constants.append(tensor)
        nodes = [helper.make_node(kind, given, made, **options) for kind, given, made, options in self._nodes]
        takes, returns = [
            [helper.make_tensor_value_info(array.name, _TYPES[array.type], array.shape) for array in side]
            for side in (inputs, outputs)
        ]
        graph = helper.make_graph(nodes, name, takes, returns, initializer=constants)
        operators = [helper.make_opsetid("", OPERATORS)]
        model = helper.make_model(graph, opset_imports=operators, ir_version=FORMAT, producer_name="glueball")
        written: bytes = model.SerializeToString()
        return written
