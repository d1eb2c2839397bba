"""FullyConnected for few rows in C: it equals torch's product in float64, in networks too."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import glueball as mx
from glueball import nd
from glueball.gluon import nn
from glueball.graph.fused import Activation
from glueball.graph.kernels import dense
from glueball.graph.kernels.dense import Dense
from glueball.graph.kernels.native import CannotCompile
from tests.comparison import assert_same
from tests.graph.kernels import is_compiled, take_compiler_away

pytestmark = pytest.mark.skipif(not is_compiled(), reason="there is no C compiler")

_CALLS = 3
_KERNEL = "dense of few rows"

_ACTIVATIONS = {
    "none": None,
    "relu": Activation("", torch.relu_, limits=(0.0, None)),
    "clip": Activation("", torch.clamp_, (-0.5, 0.7), (-0.5, 0.7)),
    "tanh": Activation("tanh", torch.tanh_),
}


@given(
    rows=st.integers(1, 18), features=st.integers(1, 90), units=st.integers(1, 23),
    activation=st.sampled_from(list(_ACTIVATIONS)), has_bias=st.booleans(), has_other=st.booleans(),
    threads=st.integers(1, 3),
)  # fmt: skip
def test_it_equals_torchs_product(rows, features, units, activation, has_bias, has_other, threads):
    generator, after = torch.Generator().manual_seed(1), _ACTIVATIONS[activation]
    shapes = ((rows, features), (units, features), (units,), (rows, units))
    data, weight, bias, other = (torch.randn(shape, generator=generator) for shape in shapes)
    bias, other = bias if has_bias else None, other if has_other else None
    run = Dense((rows, features), (rows, units), after)
    run._products = 2**30  # enough for several threads
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(threads)
        result = run(data, weight, bias, other)
    finally:
        torch.set_num_threads(before)
    expected = torch.nn.functional.linear(data.double(), weight.double(), None if bias is None else bias.double())
    size = expected.norm()
    if other is not None:
        expected = expected + other
    if after is not None:
        expected = after.function(expected, *after.arguments)
    assert result.shape == expected.shape and result.dtype is torch.float32
    assert (result - expected).norm() <= 1e-5 * size + 1e-7


@pytest.mark.parametrize(("shape", "units", "suits"), [
    ((1, 4096), 1000, True), ((8, 512), 256, True), ((2, 4, 1024), 128, True), ((16, 1024), 1024, True),
    ((9, 512), 256, False), ((17, 1024), 1024, False), ((1, 512), 255, False), ((0, 4096), 1000, False),
])  # fmt: skip
def test_it_is_for_few_rows_and_many_weights(shape, units, suits):
    assert Dense.suits(shape, (*shape[:-1], units)) is suits


def test_a_weight_and_a_bias_that_are_not_contiguous():
    data, weight, bias = torch.randn(1, 40), torch.randn(40, 30).T, torch.randn(30, 2)[:, 0]
    result = Dense((1, 40), (1, 30), None)(data, weight, bias)
    assert_same(result.numpy(), torch.nn.functional.linear(data, weight, bias).numpy(), rtol=1e-5, atol=1e-5)


def test_arrays_of_other_shapes_are_refused():
    run = Dense((1, 512), (1, 512), None)
    with pytest.raises(ValueError, match="the shapes and types that it was made for"):
        run(torch.ones(2, 512), torch.ones(512, 512))


# --- in networks ------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def is_wide(monkeypatch):
    """Take the kernel also where the processor has short vectors."""
    monkeypatch.setattr(dense._library(), "is_wide", True)


def _kernels(net, x):
    return [part for step in net.explain(x).steps for part in step.kernel.split(" + ")]


def _check(net, x, count):
    expected = net(x).asnumpy()
    net.hybridize(backend="onednn", strict=True)
    for _ in range(_CALLS):
        assert_same(net(x).asnumpy(), expected, rtol=1e-5, atol=1e-6)
    assert _kernels(net, x).count(_KERNEL) == count


def _sequence(*layers):
    net = nn.HybridSequential()
    net.add(*layers)
    net.initialize(mx.init.Xavier())
    return net


def test_layers_that_follow_each_other():
    net = _sequence(nn.Dense(512, activation="relu"), nn.Dropout(0.5), nn.Dense(301), nn.LeakyReLU(0.1), nn.Dense(5))
    _check(net, nd.random.uniform(-1, 1, (3, 601)), 2)


@pytest.mark.parametrize("images", [1, 5])
def test_it_reads_images_as_rows(images):
    """The kernels before it have the channels last in the memory."""
    layers = nn.Conv2D(32, 3, in_channels=3, activation="relu"), nn.MaxPool2D(), nn.Dense(140)
    _check(_sequence(*layers), nd.random.uniform(-1, 1, (images, 3, 16, 16)), 1)


def test_it_takes_pixels_of_pooled_images():
    net = _sequence(nn.Conv2D(1024, 3, in_channels=3), nn.GlobalAvgPool2D(), nn.Flatten(), nn.Dense(140))
    _check(net, nd.random.uniform(-1, 1, (2, 3, 8, 8)), 1)


def test_the_other_axes_are_kept():
    _check(_sequence(nn.Dense(520, flatten=False)), nd.random.uniform(-1, 1, (2, 3, 260)), 1)


def test_batch_normalization_is_multiplied_into_its_weight():
    net, x = _sequence(nn.Dense(512), nn.BatchNorm(), nn.Activation("relu")), nd.random.uniform(-1, 1, (2, 300))
    net(x)
    net[1].running_mean.set_data(nd.random.uniform(-1, 1, (512,)))
    _check(net, x, 1)


def test_a_sum_is_part_of_it():
    class Residual(nn.HybridSequential):
        def hybrid_forward(self, F, x):
            return F.relu(x + self[0](x))

    net = Residual()
    net.add(nn.Dense(400))
    net.initialize()
    x = nd.random.uniform(-1, 1, (2, 400))
    _check(net, x, 1)
    assert len(net.explain(x).steps) == 1


def test_what_follows_from_parameters_alone():
    class Constant(nn.HybridBlock):
        def __init__(self):
            super().__init__()
            self.first = self.params.get("first", shape=(1, 512))
            self.weight = self.params.get("weight", shape=(512, 512))

        def hybrid_forward(self, F, x, first, weight):
            rows = F.FullyConnected(first, weight, no_bias=True, num_hidden=512)
            return rows, F.FullyConnected(x, weight, no_bias=True, num_hidden=512)

    net, x = Constant(), nd.random.uniform(-1, 1, (2, 512))
    net.initialize()
    expected = [each.asnumpy() for each in net(x)]
    net.hybridize(backend="onednn", strict=True)
    for _ in range(_CALLS):
        for result, other in zip(net(x), expected, strict=True):
            assert_same(result.asnumpy(), other, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("last", ["flatten", "reshape", "squeeze", "relu", "none", "twice"])
def test_convolutions_of_single_pixels(last):
    """As at the end of a MobileNet: a result of another shape is no further call."""

    class Pixels(nn.HybridSequential):
        def hybrid_forward(self, F, x):
            x = self[0](x)
            return {
                "flatten": F.flatten, "reshape": lambda x: F.reshape(x, (-1, 2)), "squeeze": lambda x: F.squeeze(x, 3),
                "relu": lambda x: F.flatten(F.relu(x)), "none": F.identity,
                "twice": lambda x: F.broadcast_add(F.flatten(x), F.sum(x)),
            }[last](x)  # fmt: skip

    net, x = Pixels(), nd.random.uniform(-1, 1, (2, 1024, 1, 1))
    net.add(nn.Conv2D(140, 1, in_channels=1024))
    net.initialize()
    _check(net, x, 1)
    assert len(net.explain(x).steps) == (1 if last != "twice" else 4)


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_a_network_of_images_that_become_pixels(layout):
    last, net = layout == "NHWC", nn.HybridSequential()
    net.add(nn.Conv2D(1024, 3, in_channels=3, layout=layout), nn.GlobalAvgPool2D(layout=layout))
    net.add(nn.Conv2D(256, 1, layout=layout, activation="relu"), nn.Conv2D(600, 1, layout=layout), nn.Flatten())
    net.initialize()
    _check(net, nd.random.uniform(-1, 1, (1, 8, 8, 3) if last else (1, 3, 8, 8)), 2)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("where", ["data", "weight", "bias"])
def test_what_is_not_finite_goes_through(value, where):
    net, x = _sequence(nn.Dense(512, activation="relu", in_units=301)), nd.random.uniform(-1, 1, (2, 301))
    broken = x if where == "data" else net[0].weight.data() if where == "weight" else net[0].bias.data()
    broken[(0,) if where == "bias" else (1, 300)] = value
    _check(net, x, 1)


def test_the_next_call_sees_a_weight_that_has_changed():
    net, x = _sequence(nn.Dense(512, in_units=512, use_bias=False)), nd.ones((1, 512))
    net.hybridize(backend="onednn", strict=True)
    for number in (1, 2, 3):
        net[0].weight.set_data(nd.full((512, 512), number))
        for _ in range(_CALLS):
            assert (net(x).asnumpy() == 512 * number).all()


def test_a_result_has_memory_of_its_own():
    net = _sequence(nn.Dense(512, in_units=512))
    net.hybridize(backend="onednn", strict=True)
    first = [net(nd.full((1, 512), number)) for number in range(5)]
    kept = [each.asnumpy() for each in first]
    net(nd.full((1, 512), 9))
    assert all((each.asnumpy() == copy).all() for each, copy in zip(first, kept, strict=True))
    assert len({each._data.data_ptr() for each in first}) == len(first)


@pytest.mark.parametrize("switch", ["environment", "argument"])
def test_it_can_be_switched_off(switch, monkeypatch):
    if switch == "environment":
        monkeypatch.setenv("GLUEBALL_NATIVE", "0")
    net, x = _sequence(nn.Dense(512, in_units=512)), nd.ones((1, 512))
    net.hybridize(backend="onednn", **({"native": False} if switch == "argument" else {}))
    net(x)
    assert _KERNEL not in _kernels(net, x)


def test_a_processor_with_short_vectors_has_faster_products_in_torch(monkeypatch):
    monkeypatch.setattr(dense._library(), "is_wide", False)
    net, x = _sequence(nn.Dense(512, in_units=512)), nd.ones((1, 512))
    net.hybridize(backend="onednn")
    net(x)
    assert _KERNEL not in _kernels(net, x)


def test_without_a_compiler_torch_computes_it(monkeypatch):
    take_compiler_away(monkeypatch, dense, CannotCompile("there is no C compiler"))
    assert not Dense.suits((1, 512), (1, 512))
