"""Computes nodes whose inputs are all constants, and what follows from the lengths of arrays."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ....core.extras import required
from .document import Node
from .sizes import result_size
from .values import MOST, UNKNOWN, CannotImport, Values, is_unknown

#: What may be done to lengths that vary, without looking at them.
_MOVES = {"Cast", "Concat", "Gather", "Identity", "Reshape", "Slice", "Squeeze", "Unsqueeze", "Split"}


def fold(node: Node, values: Values, opset: int) -> list[np.ndarray] | None:
    """Return the results of a node that follow from constants or known lengths, or None."""
    if node.operator == "Shape" and not node.domain:
        return _lengths(node, values)
    if node.operator == "Size" and not node.domain:
        shape = values.shape(node.inputs[0])
        return [np.asarray(prod(shape), np.int64)] if shape is not None and 0 not in shape else None
    arrays = [values.constant(name) for name in node.inputs if name]
    if node.domain or any(array is None for array in arrays):
        return None
    known = [array for array in arrays if array is not None]
    if any(map(is_unknown, known)) and node.operator not in _MOVES:
        raise CannotImport("what it computes from lengths must not depend on one that varies")
    size = result_size(node, known)
    return None if size is None or size > MOST else _computed(node, values, opset)


def _lengths(node: Node, values: Values) -> list[np.ndarray] | None:
    shape = values.shape(node.inputs[0])
    if shape is None:
        return None
    lengths = [length or UNKNOWN - axis for axis, length in enumerate(shape)]
    return [np.asarray(lengths[slice(node.attributes.get("start"), node.attributes.get("end"))], np.int64)]


def _computed(node: Node, values: Values, opset: int) -> list[np.ndarray] | None:
    onnx = required("onnx", "onnx", "import_model")
    evaluator = required("onnx.reference", "onnx", "import_model")
    feeds = {name: array for name in node.inputs if name and (array := values.constant(name)) is not None}
    graph = onnx.helper.make_graph(
        [node.proto], "constants", [_info(onnx, name, array) for name, array in feeds.items()],
        [onnx.helper.make_value_info(name, onnx.TypeProto()) for name in node.outputs if name],
    )  # fmt: skip
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", opset)])
    try:
        with np.errstate(all="ignore"):
            results = evaluator.ReferenceEvaluator(model).run(None, feeds)
    except Exception as error:  # of NumPy and of the evaluator, of many kinds
        raise CannotImport(f"its constants must be such that it can be computed: {error}") from error
    return [np.asarray(result) for result in results]


def _info(onnx: Any, name: str, array: np.ndarray) -> Any:
    helper = onnx.helper
    return helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)
