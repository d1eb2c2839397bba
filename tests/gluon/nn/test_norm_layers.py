"""Normalization layers against MXNet 1.9.1."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from glueball.core.dtype import name_of
from glueball.gluon import nn
from tests.comparison import assert_same
from tests.gluon.nn.layers import construct, error_of

_CASES = [
    ("BatchNorm", {}, (4, 3, 5), {}),
    ("BatchNorm", {"in_channels": 3}, (4, 3, 5, 2), {"train": False}),
    ("BatchNorm", {"args": (-1, 0.5, 1e-3, False), "use_global_stats": True}, (4, 5, 3), {}),
    ("BatchNorm", {"axis": 2, "center": False, "prefix": "bn_"}, (4, 5, 3), {}),
    ("BatchNorm", {"gamma_initializer": "zeros", "running_mean_initializer": "ones"}, (4, 3), {}),
    ("BatchNorm", {}, (4, 3, 5), {"dtype": "float64", "cast": True}),
    ("BatchNormReLU", {}, (4, 3, 5, 2), {}),
    ("LayerNorm", {}, (4, 5), {}),
    ("LayerNorm", {"axis": 1, "epsilon": 0.1, "in_channels": 3}, (4, 3, 5), {}),
    ("LayerNorm", {"center": False, "scale": False, "prefix": "ln_"}, (4, 5), {}),
    ("InstanceNorm", {}, (2, 3, 5), {}),
    ("InstanceNorm", {"axis": -1, "scale": True, "epsilon": 0.1}, (2, 4, 5, 3), {}),
    ("GroupNorm", {}, (2, 4, 5), {}),
    ("GroupNorm", {"args": (2, 0.1), "center": False}, (2, 4, 5), {}),
]  # fmt: skip


@pytest.mark.parametrize("case", _CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def test_same_as_mxnet(oracle, case):
    assert_same(*oracle.both(construct, *case), rtol=3e-5, atol=1e-6)


def test_a_fixed_gamma_but_for_the_ones_that_mxnet_writes_into_it(oracle):
    mine, right = (outcome.get() for outcome in oracle.both(construct, "BatchNorm", {"scale": False}, (4, 3, 5), {}))
    assert right["values"].pop(0).tolist() == [1, 1, 1]
    assert mine["values"].pop(0).tolist() != [1, 1, 1]
    assert_same(mine, right, rtol=3e-5, atol=1e-6)


_BAD = [
    ("LayerNorm", {"in_channels": 3}),
    ("InstanceNorm", {"in_channels": 3}),
    ("GroupNorm", {"num_groups": 3}),
    ("BatchNorm", {"channels": 3}),
]


@pytest.mark.parametrize("case", _BAD, ids=str)
def test_errors_have_the_class_of_mxnet(oracle, case):
    mine, right = (outcome.get() for outcome in oracle.both(error_of, *case, (2, 4, 7)))
    assert mine == right is not None


def test_wrong_channels_are_refused_where_mxnet_reads_beyond_them():
    layer = nn.BatchNorm(in_channels=3)
    layer.initialize()
    with pytest.raises(mx.MXNetError, match=r"BatchNorm: gamma must have shape \(4,\)"):
        layer(mx.nd.ones((2, 4)))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_keeps_float32_parameters(dtype):
    layer = nn.BatchNorm(in_channels=3)
    layer.cast(dtype)
    layer.initialize()
    assert {np.dtype(p.dtype).name for p in layer.collect_params().values()} == {"float32"}
    x = mx.nd.ones((2, 3), dtype=dtype)
    with mx.autograd.record():
        y = layer(x)
    assert name_of(y.dtype) == dtype


def cast(mx, kind, dtype):
    """Parameter dtypes after a cast."""
    layer = getattr(mx.gluon.nn, kind)(in_channels=3)
    layer.cast(dtype)
    return [(p.name, np.dtype(p.dtype).name) for p in layer.collect_params().values()]


@pytest.mark.parametrize("kind", ["BatchNorm", "BatchNormReLU", "LayerNorm", "InstanceNorm"])
@pytest.mark.parametrize("dtype", ["float16", "float64"])
def test_cast(oracle, kind, dtype):
    assert_same(*oracle.both(cast, kind, dtype))
