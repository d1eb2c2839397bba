"""Conv2D on more than a thousand random configurations against MXNet 1.9.1, output and gradients."""

from __future__ import annotations

import numpy as np
import pytest

import glueball
from tests.comparison import assert_same, relative_error
from tests.errors import class_of
from tests.oracle.client import ours

_BATCH = 100
_FLOAT32 = range(9)
_FLOAT64 = range(9, 12)
_SIXTEEN_BIT = {"float16": (12, 2e-3), "bfloat16": (13, 5e-2)}


def draw(seed, count):
    """Configurations: the arguments of Conv2D, then data, weight, bias and head gradient as float32."""
    random = np.random.RandomState(seed)
    drawn = []
    while len(drawn) < count:
        kernel, stride, padding, dilation = (
            tuple(int(n) for n in random.randint(low, high + 1, 2)) for low, high in ((1, 7), (1, 3), (0, 4), (1, 3))
        )
        reach = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
        size = [max(1, r - 2 * p) + int(random.randint(0, 7)) for r, p in zip(reach, padding, strict=True)]
        groups = int(random.choice([1, 1, 2, 3, 4]))
        depthwise = random.rand() < 0.3
        channels_in = groups if depthwise else groups * int(random.randint(1, 4))
        channels = groups * int(random.randint(1, 4))
        arguments = {
            "channels": channels,
            "kernel_size": kernel,
            "strides": stride,
            "padding": padding,
            "dilation": dilation,
            "groups": groups,
            "use_bias": bool(random.randint(2)),
            "activation": str(random.choice(["", "", "relu", "sigmoid", "tanh", "softrelu", "softsign"])) or None,
            "in_channels": channels_in,
        }
        out = [(n + 2 * p - r) // s + 1 for n, p, r, s in zip(size, padding, reach, stride, strict=True)]
        batch = int(random.randint(1, 5))
        weights = (channels, channels_in // groups, *kernel)
        shapes = [(batch, channels_in, *size), weights, (channels,), (batch, channels, *out)]
        data, weight, bias = (random.randn(*shape).astype("float32") for shape in shapes[:3])
        # Typical values of a layer: results around 1, where no activation is flat, and gradients that do not cancel.
        weight /= np.sqrt(weight[0].size)
        drawn.append((arguments, data, weight, bias, random.uniform(0.5, 1.5, shapes[3]).astype("float32")))
    return drawn


def convolve(mx, configurations, dtype):
    """For each configuration the output and the gradients of data, weight and bias."""
    results = []
    for arguments, data, weight, bias, head in configurations:
        layer = mx.gluon.nn.Conv2D(**arguments)
        layer.cast(dtype)
        layer.initialize()
        layer.weight.set_data(mx.nd.array(weight, dtype=dtype))
        if arguments["use_bias"]:
            layer.bias.set_data(mx.nd.array(bias, dtype=dtype))
        x = mx.nd.array(data, dtype=dtype)
        x.attach_grad()
        with mx.autograd.record():
            y = layer(x)
        y.backward(mx.nd.array(head, dtype=dtype))
        results.append([y, x.grad, *[p.grad() for p in layer.collect_params().values()]])
    return results


def _check(ours, theirs, configurations, rtol):
    for (arguments, data, *_), mine, right in zip(configurations, ours, theirs, strict=True):
        about = f"Conv2D(**{arguments}) on {data.shape}"
        assert len(mine) == len(right), about
        for name, one, other in zip(("output", "data", "weight", "bias"), mine, right, strict=False):
            assert_same(one, other, rtol=rtol, about=f"{about}: {name}")


@pytest.mark.parametrize("seed", _FLOAT32)
def test_float32(oracle, seed):
    configurations = draw(seed, _BATCH)
    mine, right = oracle.both(convolve, configurations, "float32")
    _check(mine.get(), right.get(), configurations, 1e-5)


@pytest.mark.parametrize("seed", _FLOAT64)
def test_float64(oracle, seed):
    configurations = draw(seed, _BATCH)
    mine, right = oracle.both(convolve, configurations, "float64")
    _check(mine.get(), right.get(), configurations, 1e-10)


@pytest.mark.parametrize("dtype", _SIXTEEN_BIT)
def test_sixteen_bit_against_float64(oracle, dtype):
    seed, allowed = _SIXTEEN_BIT[dtype]
    configurations = [
        (arguments, *[_rounded(array, dtype) for array in arrays]) for arguments, *arrays in draw(seed, _BATCH)
    ]
    mine = ours(convolve, configurations, dtype).get()
    right = oracle.run(convolve, configurations, "float64")
    for (arguments, data, *_), one, other in zip(configurations, mine, right, strict=True):
        for name, a, b in zip(("output", "data", "weight", "bias"), one, other, strict=False):
            assert a.shape == b.shape
            error = relative_error(a, b)
            assert error <= allowed, f"Conv2D(**{arguments}) on {data.shape}, {dtype}: {name} is off by {error}"


def _rounded(array, dtype):
    """Round to the numbers that a type can hold, as float32."""
    if dtype == "float16":
        return array.astype("float16").astype("float32")
    return (array.view(np.uint32) & 0xFFFF0000).view(np.float32)


# ------------------------------------------------------------------------------------------- bad configurations

_GOOD = {"channels": 6, "kernel_size": 3, "in_channels": 4}
_BAD = [
    {**_GOOD, "kernel_size": 0},
    {**_GOOD, "kernel_size": (3,)},
    {**_GOOD, "kernel_size": (3, 3, 3)},
    {**_GOOD, "kernel_size": "3"},
    {**_GOOD, "kernel_size": 3.5},
    {**_GOOD, "kernel_size": 8},
    {**_GOOD, "strides": 0},
    {**_GOOD, "strides": -1},
    {**_GOOD, "strides": (1, 2, 3)},
    {**_GOOD, "strides": (1,)},
    {**_GOOD, "strides": 1.5},
    {**_GOOD, "padding": -1},
    {**_GOOD, "padding": (1, 2, 3)},
    {**_GOOD, "dilation": 0},
    {**_GOOD, "dilation": (1,)},
    {**_GOOD, "dilation": 4},
    {**_GOOD, "channels": 0},
    {**_GOOD, "channels": 2.0},
    {**_GOOD, "groups": 3},
    {**_GOOD, "groups": 4},
    {**_GOOD, "in_channels": 3},
    {**_GOOD, "layout": "NCW"},
    {**_GOOD, "layout": None},
    {**_GOOD, "layout": "HWCN"},
    {**_GOOD, "activation": "cubic"},
    {**_GOOD, "dilate": 2},
]


def refusals(mx, configurations):
    """The class of the error that each configuration gives on a 7x7 image, or None."""
    classes = []
    for arguments in configurations:
        try:
            layer = mx.gluon.nn.Conv2D(**arguments)
            layer.initialize()
            layer(mx.nd.ones((1, 4, 7, 7))).asnumpy()
            classes.append(None)
        except Exception as error:
            classes.append(class_of(error))
    return classes


def test_a_bad_configuration_raises_the_class_of_mxnet(oracle):
    mine, right = (outcome.get() for outcome in oracle.both(refusals, _BAD))
    assert None not in mine
    assert [*zip(_BAD, mine, strict=True)] == [*zip(_BAD, right, strict=True)]


@pytest.mark.parametrize("groups", [0, -1, 1.5])
def test_groups_that_crash_mxnet_are_refused(groups):
    with pytest.raises(glueball.MXNetError, match="Conv2D: groups must be a positive int; received"):
        glueball.gluon.nn.Conv2D(4, 3, groups=groups)
