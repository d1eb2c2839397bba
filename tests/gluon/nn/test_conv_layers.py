"""Convolution layers against MXNet 1.9.1: names, repr, deferred shapes, output, gradients, errors."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

import glueball as mx
from glueball.core.dtype import name_of
from glueball.gluon import nn
from tests.comparison import assert_same
from tests.gluon.nn.layers import construct, error_of
from tests.oracle.client import ours

_CASES = [
    ("Conv2D", {"args": (8, 3)}, (2, 3, 6, 7), {}),
    ("Conv2D", {"args": (8, 3), "in_channels": 3}, (2, 3, 6, 7), {}),
    ("Conv2D",
     {"args": (4, (3, 1)), "strides": 2, "padding": 1, "dilation": 2, "groups": 2, "activation": "relu",
      "use_bias": False},
     (2, 4, 7, 7), {}),
    ("Conv2D", {"args": (4, 3), "strides": (2, 1), "padding": (1, 0), "activation": "tanh", "prefix": "mine_"},
     (1, 2, 6, 6), {}),
    ("Conv2D", {"args": (4, 3, (1, 1), (1, 1), (1, 1), 4, "NCHW", "softsign", True, "ones", "ones", 4)},
     (1, 4, 6, 6), {}),
    ("Conv2D", {"args": (4, 3)}, (1, 2, 6, 6), {"dtype": "float64", "cast": True}),
    ("Conv2D", {"args": (4, 3), "in_channels": -1, "bias_initializer": None}, (1, 2, 6, 6), {}),
    ("Conv1D", {"args": (4, 3)}, (2, 3, 8), {}),
    ("Conv1D", {"args": (4, (3,)), "strides": (2,), "padding": (1,), "dilation": 2, "groups": 2}, (2, 4, 8), {}),
    ("Conv3D", {"args": (4, 2)}, (1, 3, 4, 5, 4), {}),
    ("Conv3D", {"args": (4, (1, 2, 3)), "padding": 1, "strides": (1, 2, 1), "use_bias": False, "activation": "sigmoid"},
     (1, 2, 3, 4, 5), {}),
    ("Conv2DTranspose", {"args": (4, 3)}, (2, 3, 4, 5), {}),
    ("Conv2DTranspose",
     {"args": (4, 3), "strides": 2, "output_padding": 1, "padding": 1, "in_channels": 3, "activation": "tanh",
      "use_bias": False},
     (2, 3, 4, 5), {}),
    ("Conv2DTranspose",
     {"args": (6, (2, 3)), "strides": (1, 2), "dilation": (2, 1), "groups": 2,
      "in_channels": 4},
     (1, 4, 4, 5), {}),
    ("Conv1DTranspose", {"args": (4, 3), "strides": 3, "output_padding": 2}, (2, 3, 5), {}),
    ("Conv3DTranspose", {"args": (4, 2), "strides": 2, "padding": (1, 0, 1)}, (1, 2, 3, 3, 3), {}),
]  # fmt: skip


@pytest.mark.parametrize("case", _CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def test_same_as_mxnet(oracle, case):
    mine, right = oracle.both(construct, *case)
    assert_same(mine, right, rtol=2e-5 if case[3].get("dtype") != "float64" else 1e-10)


_BAD = [
    ("Conv2D", {"args": (8, (3, 3, 3))}),
    ("Conv2D", {"args": (8, 3), "strides": (1, 2, 3)}),
    ("Conv2D", {"args": (8, 3), "layout": "NCW"}),
    ("Conv2D", {"args": (8, 3), "groups": 3}),
    ("Conv2D", {"args": (8, 3), "in_channels": 3}),
    ("Conv2D", {"args": (8,)}),
    ("Conv2D", {"args": (8, 3), "stride": 2}),
    ("Conv1D", {"args": (8, (3, 3))}),
    ("Conv1D", {"args": (8, 3), "layout": "NWC"}),
    ("Conv1D", {"args": (8, 3), "in_channels": 4}),
    ("Conv3D", {"args": (8, (3, 3))}),
    ("Conv3D", {"args": (8, 3), "layout": "NCHW"}),
    ("Conv2DTranspose", {"args": (8, 3), "output_padding": 1}),
    ("Conv2DTranspose", {"args": (8, 3), "strides": 2, "output_padding": (1, 1, 1)}),
    ("Conv2DTranspose", {"args": (8, 3), "in_channels": 5}),
    ("Conv2DTranspose", {"args": (7, 3), "in_channels": 4, "groups": 2}),
    ("Conv2DTranspose", {"args": (8, 3), "padding": -1}),
    ("Conv2DTranspose", {"args": (8, 3), "padding": 9, "in_channels": 4}),
]


@pytest.mark.parametrize("case", _BAD, ids=str)
def test_errors_have_the_class_of_mxnet(oracle, case):
    mine, right = (outcome.get() for outcome in oracle.both(error_of, *case, (2, 4, 7, 7)))
    assert mine == right is not None


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.Conv2D(8, 3, strides=(1, 2, 3)),
         "Conv2D: strides must be an int or 2 positive ints; received (1, 2, 3)."),
        (lambda: nn.Conv2D(8, 3, padding=-1), "Conv2D: padding must be an int or 2 ints of at least 0; received -1."),
        (lambda: nn.Conv2D(0, 3), "Conv2D: channels must be a positive int; received 0."),
        (lambda: nn.Conv3D(8, 3, dilation="2"), "Conv3D: dilation must be an int or 3 positive ints; received '2'."),
        (lambda: nn.Conv2D(8, 3, groups=3),
         "Conv2D: groups must divide channels 8 and in_channels 0; received 3."),
        (lambda: nn.Conv2D(8, 3, activation="reul"),
         "Conv2D: activation must be one of 'relu', 'sigmoid', 'softrelu', 'softsign', 'tanh'; received 'reul'; "
         "did you mean 'relu'?"),
        (lambda: nn.Conv2DTranspose(8, 3, strides=2, output_padding=2),
         "Conv2DTranspose: output_padding must be smaller than strides (2, 2); received (2, 2)."),
    ],
)  # fmt: skip
def test_messages(make, message):
    with pytest.raises(mx.MXNetError) as caught:
        make()
    assert str(caught.value) == message


def channels_last(mx, kind, args, options, shape, layout):
    """Output, and gradients of data, weight and bias, of a layer with NHWC arrays; all returned channels first."""
    rank = len(shape) - 2
    layer = getattr(mx.gluon.nn, kind)(*args, layout=layout, **options)
    layer.initialize()
    last = layout[-1] == "C"
    to_first = (0, rank + 1, *range(1, rank + 1)) if last else tuple(range(rank + 2))
    to_last = (0, *range(2, rank + 2), 1) if last else tuple(range(rank + 2))
    data = np.cos(np.arange(int(np.prod(shape))) * 0.37).reshape(shape).astype("float32")
    x = mx.nd.array(data.transpose(to_last))
    layer(x)
    first = [layer.weight.shape[axis] for axis in to_first]
    weight = np.sin(np.arange(int(np.prod(first))) * 1.3).reshape(first)
    layer.weight.set_data(mx.nd.array(weight.transpose(to_last)))
    layer.bias.set_data(mx.nd.array(np.arange(layer.bias.shape[0]) * 0.1))
    x.attach_grad()
    with mx.autograd.record():
        y = layer(x)
    first = [y.shape[axis] for axis in to_first]
    head = np.sin(np.arange(y.size) * 2.3).reshape(first)
    y.backward(mx.nd.array(head.transpose(to_last)))
    arrays = [y, x.grad, layer.weight.grad()]
    return [array.asnumpy().transpose(to_first) for array in arrays] + [layer.bias.grad().asnumpy()]


@pytest.mark.parametrize(
    ("kind", "args", "options", "shape", "layouts"),
    [
        ("Conv2D", (6, 3), {}, (2, 4, 6, 7), ("NCHW", "NHWC")),
        ("Conv2D", (6, (3, 2), (2, 1), (1, 2), (1, 2), 2), {"activation": "relu"}, (2, 4, 6, 7), ("NCHW", "NHWC")),
        ("Conv2D", (4, 3), {"groups": 4, "in_channels": 4}, (2, 4, 6, 7), ("NCHW", "NHWC")),
        ("Conv3D", (6, 2), {"strides": 2}, (1, 3, 4, 6, 4), ("NCDHW", "NDHWC")),
        ("Conv2DTranspose", (6, 3, 2, 1, 1), {"groups": 2, "in_channels": 4}, (2, 4, 4, 5), ("NCHW", "NHWC")),
        ("Conv3DTranspose", (6, 2, 2), {}, (1, 3, 2, 3, 2), ("NCDHW", "NDHWC")),
    ],
)
def test_channels_last_is_mxnet_on_transposed_arrays(oracle, kind, args, options, shape, layouts):
    right = oracle.run(channels_last, kind, args, options, shape, layouts[0])
    mine = ours(channels_last, kind, args, options, shape, layouts[1]).get()
    assert_same(mine, right, rtol=2e-5)


def test_repr_of_channels_last_names_the_channels():
    assert repr(nn.Conv2D(8, 3, layout="NHWC")) == "Conv2D(None -> 8, kernel_size=(3, 3), stride=(1, 1))"
    assert repr(nn.Conv2D(8, 3, layout="NHWC", in_channels=5)).startswith("Conv2D(5 -> 8,")


def test_parameters_can_be_shared(oracle):
    def share(mx):
        one = mx.gluon.nn.Conv2D(4, 3, in_channels=2)
        two = mx.gluon.nn.Conv2D(4, 3, in_channels=2, params=one.params)
        one.initialize()
        x = mx.nd.ones((1, 2, 5, 5))
        return list(two.collect_params()), two.name, bool((one(x) == two(x)).asnumpy().all())

    assert_same(*oracle.both(share))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_cast_to_sixteen_bits(dtype):
    layer = nn.Conv2D(4, 3, activation="relu")
    layer.cast(dtype)
    layer.initialize()
    x = mx.nd.ones((1, 2, 5, 5), dtype=dtype)
    x.attach_grad()
    with mx.autograd.record():
        y = layer(x)
    y.backward()
    for array in (y, x.grad, layer.weight.grad()):
        assert name_of(array.dtype) == dtype


def test_signatures_are_those_of_mxnet(oracle):
    names = [
        name for name in nn.__all__ if name not in ("Block", "HybridBlock", "PReLU")
    ]  # PReLU's default is an object, which cannot be compared

    def signatures(mx, names):
        import inspect

        found = {}
        for name in names:
            parameters = inspect.signature(getattr(mx.gluon.nn, name).__init__).parameters.values()
            found[name] = [(p.name, str(p.kind), repr(p.default)) for p in parameters]
        return found

    assert_same(*oracle.both(signatures, names))
    assert inspect.signature(nn.PReLU).parameters["alpha_initializer"].default.value == 0.25
