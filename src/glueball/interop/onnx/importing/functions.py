"""Writes out what a file calls as functions: its own, and operators that ONNX itself explains by others."""

from __future__ import annotations

from typing import Any

from ....core.errors import MXNetError
from ....core.extras import required
from .registry import RULES

_MOST = 2**18  # nodes after all is written out: functions that call each other twice must not ask for all memory

#: What has no rule since it is computed while a file is read, and what would become loops.
_LEFT = {"Constant", "Range", "SequenceMap"}

_DEEPEST = 4  # functions within functions
_DOMAIN = "glueball.functions"


def written_out(onnx: Any, model: Any, owner: str) -> Any:
    """Return a model whose nodes are operators that have rules, as far as functions explain the others.

    Raises
    ------
    MXNetError
        A function calls itself, or all of them together are too many nodes.
    """
    inliner = required("onnx.inliner", "onnx", owner)
    if model.functions:
        _check_size(model, owner)
        model = inliner.inline_local_functions(model)
    for _ in range(_DEEPEST):
        changed = _explained(onnx, model)
        if changed is None:
            break
        model = inliner.inline_local_functions(changed)
    return model


def _explained(onnx: Any, model: Any) -> Any:
    """Return a model in which nodes that ONNX explains call functions of the file; None if there are no such nodes."""
    opset = next((each.version for each in model.opset_import if each.domain in ("", "ai.onnx")), 0)
    chosen = [number for number, node in enumerate(model.graph.node) if _schema(onnx, node, opset) is not None]
    if not chosen:
        return None
    types = _types(onnx, model)
    changed = type(model)()
    changed.CopyFrom(model)
    for number in chosen:
        node = changed.graph.node[number]
        schema = _schema(onnx, node, opset)
        given = {each.name for each in node.attribute}
        node.attribute.extend(
            each.default_value
            for name, each in schema.attributes.items()
            if name not in given and each.default_value.name
        )
        function = _function(onnx, schema, node, opset, types)
        if function is None:
            continue
        function.domain, function.name = _DOMAIN, f"{node.op_type}{number}"
        node.domain, node.op_type = function.domain, function.name
        changed.functions.append(function)
    if not changed.functions:
        return None
    changed.opset_import.append(onnx.helper.make_opsetid(_DOMAIN, 1))
    return changed


def _schema(onnx: Any, node: Any, opset: int) -> Any:
    """Return what ONNX says of an operator that has no rule and that it explains by others, or None."""
    name = node.op_type
    if node.domain not in ("", "ai.onnx") or name in RULES or name in _LEFT or not onnx.defs.has(name):
        return None
    try:
        schema = onnx.defs.get_schema(name, opset, "")
    except onnx.defs.SchemaError:
        return None
    return schema if schema.has_function or schema.has_context_dependent_function else None


def _types(onnx: Any, model: Any) -> dict[str, bytes]:
    """Return what is known of the values' types."""
    try:
        graph = onnx.shape_inference.infer_shapes(model, data_prop=True).graph
    except Exception:  # of errors of many kinds: functions that need no types are written out all the same
        graph = model.graph
    found = {each.name: each.type for each in (*graph.input, *graph.value_info, *graph.output)}
    for each in graph.initializer:
        found.setdefault(each.name, onnx.helper.make_tensor_type_proto(each.data_type, list(each.dims)))
    return {name: kind.SerializeToString() for name, kind in found.items()}


def _function(onnx: Any, schema: Any, node: Any, opset: int, types: dict[str, bytes]) -> Any:
    """Return an operator as a function of others, or None."""
    if schema.has_function:
        version = _newest(schema.function_opset_versions, opset)
        body = schema.get_function_with_opset_version(version)
    else:
        kinds = [types.get(name, b"") for name in node.input]
        version = _newest(schema.context_dependent_function_opset_versions, opset)
        body = schema.get_context_dependent_function_with_opset_version(version, node.SerializeToString(), kinds)
    return onnx.FunctionProto.FromString(body) if body else None


def _newest(versions: list[int], most: int) -> int:
    return max([each for each in versions if each <= most], default=min(versions))


def _check_size(model: Any, owner: str) -> None:
    functions = {(each.domain, each.name): each for each in model.functions}
    sizes: dict[tuple[str, str], int] = {}
    pending: list[tuple[str, str]] = []

    def size(nodes: Any) -> int:
        total = 0
        for node in nodes:
            key = (node.domain, node.op_type)
            if key not in functions:
                total += 1
                continue
            if key in pending:
                raise MXNetError(f"{owner}: a function of the file must not call itself; {node.op_type} does")
            if key not in sizes:
                if len(pending) > 100:
                    raise MXNetError(f"{owner}: functions of the file must not call each other in a chain of over 100")
                pending.append(key)
                sizes[key] = size(functions[key].node)
                pending.pop()
            total += sizes[key]
        return total

    if size(model.graph.node) > _MOST:
        raise MXNetError(f"{owner}: the functions of the file must be at most {_MOST} nodes when all are written out")
