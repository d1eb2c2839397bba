"""The format of ONNX: how its files are known, and what is in them. Its package reads them; nothing in them is run."""

from __future__ import annotations

from collections import Counter
from typing import Any, BinaryIO

from ..core.errors import MXNetError
from ..core.extras import required
from ..serialization.formats import Format, Summary, register

# A message of Google's protocol buffers begins with a key: the number of a field, and how it is encoded.
_IR_VERSION = 8
_LARGEST_VERSION = 32
_NEXT = {18, 26, 34, 40, 50, 58, 66, 114, 162, 202}  # the keys of the other fields of a model


def _sniff(head: bytes, name: str) -> bool:
    return len(head) > 2 and head[0] == _IR_VERSION and 0 < head[1] <= _LARGEST_VERSION and head[2] in _NEXT


def _summary(file: BinaryIO, name: str) -> Summary:
    onnx = required("onnx", "onnx", name)
    try:
        model = onnx.load_model_from_string(file.read())
    except Exception as error:  # the class is that of another package
        raise MXNetError(
            f"{name}: the file must be a model of ONNX; {type(error).__name__}: {error}; the file is damaged: take "
            "another copy"
        ) from error
    graph = model.graph
    versions = ", ".join(f"{each.domain or 'ai.onnx'} {each.version}" for each in model.opset_import)
    stored = {each.name for each in graph.initializer}
    counts = Counter(f"{node.domain}.{node.op_type}" if node.domain else node.op_type for node in graph.node)
    return Summary(
        facts={
            "producer": f"{model.producer_name} {model.producer_version}".strip() or "unknown",
            "operator sets": versions,
            "IR version": str(model.ir_version),
            "graph": graph.name,
        },
        tables={
            "inputs": [_value(onnx, each) for each in graph.input if each.name not in stored],
            "outputs": [_value(onnx, each) for each in graph.output],
            "operators": [{"operator": kind, "nodes": count} for kind, count in sorted(counts.items())],
            "initializers": [_initializer(onnx, each) for each in graph.initializer],
        },
        totals={
            "nodes": len(graph.node),
            "initializers": len(graph.initializer),
            "parameters": sum(_size(each.dims) for each in graph.initializer),
        },
    )


def _value(onnx: Any, value: Any) -> dict[str, Any]:
    kind = value.type.tensor_type
    has = kind.HasField("shape")
    shape = [each.dim_param or (each.dim_value if each.HasField("dim_value") else None) for each in kind.shape.dim]
    return {"name": value.name, "shape": shape if has else None, "type": _type(onnx, kind.elem_type)}


def _initializer(onnx: Any, tensor: Any) -> dict[str, Any]:
    return {"name": tensor.name, "shape": list(tensor.dims), "type": _type(onnx, tensor.data_type)}


def _type(onnx: Any, number: int) -> str:
    known = onnx.TensorProto.DataType
    return known.Name(number).lower() if number in known.values() else f"type {number}"


def _size(lengths: Any) -> int:
    size = 1
    for length in lengths:
        size *= max(length, 0)
    return size


register(Format(name="onnx", title="a file of ONNX", sniff=_sniff, read_summary=_summary, door="glueball inspect"))
