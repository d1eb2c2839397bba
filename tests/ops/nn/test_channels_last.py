"""Channels-last layouts on the CPU, where MXNet refuses most of them: its result on transposed arrays decides."""

from __future__ import annotations

import numpy as np
import pytest

from tests.comparison import assert_same
from tests.oracle.client import ours


def run(mx, name, arrays, attributes, head):
    """Output and gradients of an operator."""
    inputs = [mx.nd.array(array, dtype=array.dtype) for array in arrays]
    for array in inputs:
        array.attach_grad()
    with mx.autograd.record():
        y = getattr(mx.nd, name)(*inputs, **attributes)
    y.backward(mx.nd.array(head, dtype=head.dtype))
    return [y, *[array.grad for array in inputs]]


def _last(array):
    return np.moveaxis(array, 1, -1)


def _first(array):
    return np.moveaxis(array, -1, 1)


_CONVOLUTIONS = [
    ("Convolution", (2, 4, 7, 8), (6, 4, 3, 2), {"kernel": (3, 2), "num_filter": 6}),
    ("Convolution", (2, 4, 7, 8), (6, 2, 3, 3),
     {"kernel": (3, 3), "num_filter": 6, "num_group": 2, "stride": (2, 1), "pad": (1, 2), "dilate": (1, 2)}),
    ("Convolution", (2, 3, 7, 8), (3, 1, 3, 3), {"kernel": (3, 3), "num_filter": 3, "num_group": 3}),
    ("Convolution", (1, 1, 5, 5), (1, 1, 1, 1), {"kernel": (1, 1), "num_filter": 1}),
    ("Convolution", (1, 2, 4, 5, 6), (3, 2, 2, 3, 2), {"kernel": (2, 3, 2), "num_filter": 3, "pad": (1, 0, 1)}),
    ("Deconvolution", (2, 4, 5, 4), (4, 3, 3, 2), {"kernel": (3, 2), "num_filter": 3, "no_bias": False}),
    ("Deconvolution", (2, 4, 5, 4), (4, 3, 3, 3),
     {"kernel": (3, 3), "num_filter": 6, "num_group": 2, "stride": (2, 2), "pad": (1, 1), "adj": (1, 0),
      "no_bias": False}),
    ("Deconvolution", (1, 2, 3, 4, 3), (2, 3, 2, 2, 2),
     {"kernel": (2, 2, 2), "num_filter": 3, "stride": (2, 2, 2), "no_bias": False}),
]  # fmt: skip


@pytest.mark.parametrize("case", _CONVOLUTIONS, ids=lambda case: f"{case[0]}-{case[1]}")
def test_convolution(oracle, case):
    name, shape, weight_shape, attributes = case
    random = np.random.default_rng(0)
    arrays = [random.standard_normal(s).astype("float32") for s in (shape, weight_shape, (attributes["num_filter"],))]
    forward = oracle.run("getattr(nd, name)(*[nd.array(a) for a in arrays], **attributes)",
                         name=name, arrays=arrays, attributes=attributes)  # fmt: skip
    head = random.standard_normal(forward.shape).astype("float32")
    output, *gradients = oracle.run(run, name, arrays, attributes, head)

    layout = {"layout": {4: "NHWC", 5: "NDHWC"}[len(shape)]}
    data, weight, bias = arrays
    mine = ours(run, name, [_last(data), _last(weight), bias], attributes | layout, _last(head)).get()
    assert_same([_first(mine[0]), _first(mine[1]), _first(mine[2]), mine[3]], [output, *gradients])


@pytest.mark.parametrize("layout", ["NWC", "NHWC", "NDHWC"])
@pytest.mark.parametrize("pool_type", ["max", "avg", "sum", "lp"])
def test_pooling(oracle, layout, pool_type):
    rank = len(layout) - 2
    random = np.random.default_rng(1)
    data = random.standard_normal((2, 3, 6, 5, 4)[: rank + 2])
    window = {
        "kernel": (3, 2, 2)[:rank], "stride": (2, 1, 2)[:rank], "pad": (1, 0, 1)[:rank], "pool_type": pool_type,
        "p_value": 2,
    }  # fmt: skip
    if rank == 3:  # MXNet has 3-D pooling in float32 only
        data = data.astype("float32")
    head = random.standard_normal(oracle.run("nd.Pooling(nd.array(data), **window)", data=data, window=window).shape)
    head = head.astype(data.dtype)
    output, gradient = oracle.run(run, "Pooling", [data], window, head)
    mine = ours(run, "Pooling", [_last(data)], window | {"layout": layout}, _last(head)).get()
    assert_same([_first(array) for array in mine], [output, gradient], rtol=1e-5)


def test_a_result_is_contiguous():
    import glueball as mx

    x, w, b = mx.nd.ones((1, 5, 5, 1)), mx.nd.ones((4, 3, 3, 1)), mx.nd.ones((4,))
    y = mx.nd.Convolution(x, w, b, kernel=(3, 3), num_filter=4, layout="NHWC")
    assert y.to_torch().is_contiguous()
    assert mx.nd.Pooling(y, kernel=(2, 2), layout="NHWC").to_torch().is_contiguous()
