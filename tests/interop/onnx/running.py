"""What other libraries compute from a file of ONNX."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

import glueball as mx
from tests.ops.test_graph_nodes import variable_for
from tests.oracle.operator_call import find_operator

onnx = pytest.importorskip("onnx")
runtime = pytest.importorskip("onnxruntime")

# Looked through as if its functions were those of arrays.
_SYMBOLS = SimpleNamespace(nd=mx.sym, ndarray=mx.symbol, __name__="glueball")


def computed(path, feeds):
    """The outputs by ONNX Runtime, or by the package onnx for types that ONNX Runtime has no kernels for.

    None where neither computes them.
    """
    options = runtime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        session = runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        return session.run(None, feeds)
    except Exception as error:
        if "NOT_IMPLEMENTED" not in str(error) or {str(array.dtype) for array in feeds.values()} <= {"float32"}:
            raise
    model = onnx.load(path)
    kinds = {node.op_type for node in model.graph.node}
    # Its own have mistakes: for groups, for three spatial axes, and for the BatchNormalization of old versions.
    is_old = model.opset_import[0].version < 14
    if {"ConvTranspose", "GlobalMaxPool"} & kinds or ("BatchNormalization" in kinds and is_old):
        return None
    return pytest.importorskip("onnx.reference").ReferenceEvaluator(model).run(None, feeds)


def symbol_of(case):
    """The symbol of a sample, its variables, and arrays by name."""
    name = case.operator.name
    variables = [None if array is None else variable_for(mx, name, f"x{n}") for n, array in enumerate(case.arrays)]
    symbol = find_operator(_SYMBOLS, name)(*variables, **case.sample.attributes)
    nodes = [variable._node() for variable in variables if variable is not None]
    return symbol, nodes, {f"x{n}": array for n, array in enumerate(case.arrays) if array is not None}
