"""Attributes as graph files of all versions and languages write them, read by both libraries."""

from __future__ import annotations

import pytest

from tests.oracle.client import Oracle

CONVOLUTION = {"kernel": "(3, 3)", "num_filter": "8"}
#: Operator, inputs besides the data, fixed attributes, the attribute under test, its spellings.
SPELLINGS = [
    ("Convolution", 2, CONVOLUTION, "kernel", [
        "(3, 3)", "(3L, 3L)", "[3, 3]", "[3,3]", "(3,3,)", "( 3 , 3 )", " (3, 3) ", "(3.0,3.0)", "3,3", "(3,3", "(3 3)",
        "()", "None", "(-1,-1)", "(3e0,3)",
    ]),
    ("Convolution", 2, CONVOLUTION, "num_filter", ["8", "+8", " 8 ", "8.0", "-8", "0x8", "1e1", "8abc", "", "True"]),
    ("Convolution", 1, CONVOLUTION, "no_bias", ["True", "true", "TRUE", "1", "yes", "t", "2", "None", ""]),
    ("Convolution", 2, CONVOLUTION, "no_bias", ["False", "false", "0"]),
    ("BatchNorm", 4, {}, "eps", [
        "1e-05", "1E-5", "0.001", "1e-5f", "0.001f", ".001", "+0.001", " 0.001", "1e-5abc", "1_0", "",
    ]),
    ("BatchNorm", 4, {}, "axis", ["1", "-1", "+1", "1.5", "one"]),
    ("BatchNorm", 4, {}, "fix_gamma", ["1", "0", "True", "False"]),
    ("Cast", 0, {}, "dtype", [
        "float32", "float16", "int32", "bfloat16", "0", "1", "float", "Float32", "np.float32", "None",
    ]),
    ("Reshape", 0, {}, "shape", ["(0, -1)", "[0,-1]", "(0,-1,)", "-1", "(0L, -1L)"]),
    ("sum", 0, {}, "axis", ["1", "(1,)", "()", "None", "[1]", "(0, 1)", "(1L,)"]),
    ("clip", 0, {"a_max": "2"}, "a_min", ["-1", "-1.5", "1e3", "-inf"]),
    ("slice", 0, {"end": "(2, 3)"}, "begin", ["(0, None)", "(None, None)", "(0L, 0L)", "(0,)", "[0, None]"]),
]  # fmt: skip


def read_spellings(mx, operator, more_inputs, attributes, name, texts):
    """Return the resulting shape and type for each spelling, or the class of the error."""
    import json

    import numpy as np

    results = {}
    for text in texts:
        inputs = [{"op": "null", "name": f"input{number}", "inputs": []} for number in range(1 + more_inputs)]
        arguments = list(range(len(inputs)))
        node = {
            "op": operator,
            "name": "node",
            "attrs": {**attributes, name: text},
            "inputs": [[number, 0, 0] for number in arguments],
        }
        graph = {
            "nodes": [*inputs, node],
            "arg_nodes": arguments,
            "node_row_ptr": list(range(len(inputs) + 2)),
            "heads": [[len(inputs), 0, 0]],
            "attrs": {"mxnet_version": ["int", 10901]},
        }
        try:
            symbol = mx.sym.load_json(json.dumps(graph))
            shapes, types = symbol.infer_shape(input0=(2, 4, 9, 9))[1], symbol.infer_type(input0="float32")[1]
            results[text] = shapes, [str(np.dtype(kind)) for kind in types]
        except mx.base.MXNetError:
            results[text] = "MXNetError"
    return results


@pytest.mark.parametrize("spellings", SPELLINGS, ids=lambda spellings: f"{spellings[0]}-{spellings[3]}")
def test_spellings(oracle: Oracle, spellings: tuple[object, ...]) -> None:
    ours, theirs = oracle.both(read_spellings, *spellings)
    assert ours.get() == theirs.get()


def test_python_2_wrote_long_ints_alone_too(oracle: Oracle) -> None:
    """MXNet itself reads ``3L`` only in a tuple."""
    ours, theirs = oracle.both(read_spellings, "Convolution", 2, CONVOLUTION, "num_filter", ["8L"])
    assert ours.get() == {"8L": ([(2, 8, 7, 7)], ["float32"])}
    assert theirs.get() == {"8L": "MXNetError"}
