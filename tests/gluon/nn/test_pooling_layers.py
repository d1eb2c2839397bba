"""Pooling and padding layers against MXNet 1.9.1."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from glueball.gluon import nn
from tests.comparison import assert_same
from tests.gluon.nn.layers import construct, error_of
from tests.ops.nn.pooling_reference import pool

_SHAPES = {"1D": (2, 3, 9), "2D": (2, 3, 7, 9), "3D": (1, 2, 5, 6, 7)}
_ARGUMENTS = [
    {},
    {"pool_size": 3},
    {"pool_size": 3, "strides": 2, "padding": 1},
    {"pool_size": 2, "strides": 1},
    {"args": (3, 2, 1)},
]
_CASES = [
    (f"{kind}Pool{rank}", arguments, shape, {})
    for kind in ("Max", "Avg") for rank, shape in _SHAPES.items() for arguments in _ARGUMENTS
] + [
    (f"Global{kind}Pool{rank}", {}, shape, {}) for kind in ("Max", "Avg") for rank, shape in _SHAPES.items()
] + [
    ("MaxPool1D", {"ceil_mode": True}, (2, 3, 9), {}),
    ("MaxPool2D", {"pool_size": 3, "strides": 2, "ceil_mode": True}, (2, 3, 8, 9), {}),
    ("MaxPool2D", {"pool_size": (3, 2), "strides": (1, 2), "padding": (1, 1)}, (2, 3, 8, 9), {}),
    ("MaxPool2D", {"pool_size": 3, "strides": (2, 2, 1), "padding": (1, 1, 0, 1)}, (2, 3, 8, 9), {}),
    ("AvgPool1D", {"count_include_pad": False, "padding": 1}, (2, 3, 9), {}),
    ("AvgPool2D", {"pool_size": 3, "padding": 1, "count_include_pad": False}, (2, 3, 7, 9), {}),
    ("AvgPool2D", {"pool_size": 3, "strides": 2, "ceil_mode": True}, (2, 3, 8, 9), {}),
    ("AvgPool3D", {"pool_size": 2, "padding": 1, "count_include_pad": False}, (1, 2, 4, 4, 4), {}),
    ("MaxPool1D", {"layout": "NWC"}, (2, 9, 3), {}),
    ("AvgPool2D", {"layout": "NHWC"}, (2, 8, 9, 3), {}),
    ("GlobalAvgPool2D", {"layout": "NHWC"}, (2, 8, 9, 3), {}),
    ("GlobalMaxPool3D", {"layout": "NDHWC"}, (1, 4, 5, 6, 2), {}),
    ("MaxPool2D", {"prefix": "mine_"}, (2, 3, 8, 9), {"dtype": "float64"}),
    ("ReflectionPad2D", {}, (1, 2, 4, 5), {}),
    ("ReflectionPad2D", {"padding": 3}, (1, 2, 4, 5), {}),
    ("ReflectionPad2D", {"args": ((0, 0, 0, 0, 1, 2, 3, 0),)}, (1, 2, 4, 5), {}),
]  # fmt: skip


@pytest.mark.parametrize("case", _CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def test_same_as_mxnet(oracle, case):
    assert_same(*oracle.both(construct, *case))


_BAD = [
    ("MaxPool2D", {"args": ((2, 2, 2),)}),
    ("MaxPool2D", {"args": (0,)}),
    ("MaxPool2D", {"args": (2, 0)}),
    ("MaxPool2D", {"args": (2, 2, 2)}),
    ("MaxPool2D", {"args": (9,)}),
    ("MaxPool2D", {"args": (2.0,)}),
    ("MaxPool2D", {"layout": "NCW"}),
    ("MaxPool1D", {}),
    ("MaxPool3D", {"layout": "NDHW"}),
    ("AvgPool3D", {}),
    ("AvgPool2D", {"pool_size": "2"}),
    ("GlobalAvgPool2D", {"layout": "NHW"}),
    ("GlobalAvgPool2D", {"pool_size": 2}),
    ("ReflectionPad2D", {"padding": (1, 1)}),
    ("ReflectionPad2D", {"padding": "1"}),
    ("ReflectionPad2D", {"padding": 7}),
    ("ReflectionPad2D", {"padding": (1, 0, 0, 0, 1, 1, 1, 1)}),
]


@pytest.mark.parametrize("case", _BAD, ids=str)
def test_errors_have_the_class_of_mxnet(oracle, case):
    mine, right = (outcome.get() for outcome in oracle.both(error_of, *case, (2, 4, 7, 7)))
    assert mine == right is not None


@pytest.mark.parametrize("kind", ["Max", "Avg"])
@pytest.mark.parametrize("padding", [0, 1])
def test_ceil_mode_in_three_dimensions(kind, padding):
    data = np.random.default_rng(0).standard_normal((1, 2, 6, 7, 8)).astype("float32")
    layer = getattr(nn, f"{kind}Pool3D")(3, 2, padding, ceil_mode=True)
    expected = pool(data, (3,) * 3, (2,) * 3, (padding,) * 3, kind.lower(), "full")
    np.testing.assert_allclose(layer(mx.nd.array(data)).asnumpy(), expected, rtol=1e-5, atol=1e-6)
