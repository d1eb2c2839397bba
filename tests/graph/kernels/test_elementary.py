"""Pooling, scales of channels and images side by side in C: they equal torch's operators, in networks too."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

import glueball as mx
from glueball import MXNetError, nd
from glueball.gluon import nn
from glueball.graph.engines import onednn
from glueball.graph.fused import Activation, FusedScale
from glueball.graph.kernels import elementary
from glueball.graph.kernels.elementary import Join, Pool, Scale
from tests.comparison import assert_same

pytestmark = pytest.mark.skipif(bool(elementary.obstacle()), reason=elementary.obstacle())

_CALLS = 3

_pair = st.tuples(st.integers(1, 4), st.integers(1, 4))


@given(
    shape=st.tuples(st.integers(1, 2), st.integers(16, 90), st.integers(1, 9), st.integers(1, 9)), kernel=_pair,
    stride=_pair, pad=st.tuples(st.integers(0, 2), st.integers(0, 2)), kind=st.sampled_from(["max", "avg"]),
    convention=st.sampled_from(["valid", "full"]), counts=st.sampled_from([None, True, False]), is_global=st.booleans(),
)  # fmt: skip
def test_pooling(shape, kernel, stride, pad, kind, convention, counts, is_global):
    how = {
        "kernel": kernel, "stride": stride, "pad": pad, "pool_type": kind, "pooling_convention": convention,
        "count_include_pad": counts, "global_pool": is_global,
    }  # fmt: skip
    images = nd.array(np.random.default_rng(1).standard_normal(shape), dtype="float64")
    try:
        expected = nd.Pooling(images, **how).asnumpy()
    except MXNetError:
        assume(False)
    if not Pool.suits(how, shape, expected.shape):
        assert convention == "full" or max(p - k for p, k in zip(pad, kernel, strict=True)) >= 0
        return
    result = Pool(how, shape, expected.shape)(images.astype("float32")._data)
    assert_same(result.numpy(), expected.astype("float32"), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", ["max", "avg"])
def test_pooling_hands_on_what_is_not_finite(kind):
    images = torch.randn(1, 20, 6, 6)
    images[0, 1, 2, 3], images[0, 2, 0, 0], images[0, 3, 5, 5] = np.nan, np.inf, -np.inf
    how = {"kernel": (3, 3), "stride": (2, 2), "pad": (1, 1), "pool_type": kind, "global_pool": False}
    expected = nd.Pooling(nd.from_torch(images), **how).asnumpy()
    result = Pool({**how, "count_include_pad": None}, images.shape, expected.shape)(images)
    assert_same(result.numpy(), expected, rtol=1e-5, atol=1e-6)
    images[0, 4] = -np.inf
    assert Pool({**how, "count_include_pad": None}, images.shape, expected.shape)(images)[0, 4].eq(-np.inf).all()


@given(
    shape=st.tuples(st.integers(1, 2), st.integers(16, 70), st.integers(1, 6), st.integers(1, 6)),
    activation=st.sampled_from([None, "relu", "clip", "tanh"]), has_other=st.booleans(),
)  # fmt: skip
def test_scale(shape, activation, has_other):
    after = {
        "relu": Activation("", torch.relu_, limits=(0.0, None)), "clip": Activation("", torch.clamp_, (-1, 1), (-1, 1)),
        "tanh": Activation("tanh", torch.tanh_),
    }.get(activation)  # fmt: skip
    data, other, factor, shift = torch.randn(shape), torch.randn(shape), torch.randn(shape[1]), torch.randn(shape[1])
    other = other if has_other else None
    expected = FusedScale(last=False, count=shape[1], activation=after)(data, factor, shift, other)
    assert_same(Scale(shape, after)(data, factor, shift, other).numpy(), expected.numpy(), rtol=1e-5, atol=1e-6)


@given(channels=st.lists(st.integers(1, 40), min_size=1, max_size=4), lengths=_pair)
def test_join(channels, lengths):
    images = [torch.randn(2, count, *lengths) for count in channels]
    expected, result, before = torch.cat(images, 1), None, 0
    assume(Join.suits(expected.shape))
    for image in images:
        result = Join(image.shape, expected.shape, before)(image, None, None, result)
        before += image.shape[1]
    assert torch.equal(result, expected)


# --- in networks ------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def compiled(monkeypatch):
    """Take compiled kernels at the borders of graphs too."""
    monkeypatch.setattr(onednn, "seconds", lambda key, ways, alone: [float(name == "torch") for name in ways])


class _Dense(nn.HybridSequential):
    """Each part takes what all parts before have computed."""

    def hybrid_forward(self, F, x):
        for part in self:
            x = F.concat(x, part(x), dim=1)
        return x


def _network(layout):
    axis, net = layout.index("C"), nn.HybridSequential()
    net.add(nn.Conv2D(32, 3, 2, 1, layout=layout, use_bias=False, in_channels=3))
    if layout == "NCHW":
        dense = _Dense()
        for _ in range(3):
            part = nn.HybridSequential()
            part.add(nn.BatchNorm(axis), nn.Activation("relu"), nn.Conv2D(16, 3, padding=1, layout=layout))
            dense.add(part)
        net.add(dense)
    net.add(nn.MaxPool2D(3, 2, 1, layout=layout), nn.BatchNorm(axis, scale=False), nn.Conv2D(32, 1, layout=layout))
    net.add(nn.AvgPool2D(2, 2, ceil_mode=True, layout=layout), nn.BatchNorm(axis), nn.GlobalAvgPool2D(layout=layout))
    net.initialize(mx.init.Xavier())
    return net


def _filled(net, x):
    net(x)
    for name, parameter in net.collect_params().items():
        if name.endswith(("gamma", "beta", "running_mean", "running_var")):
            parameter.set_data(nd.random.uniform(0.5, 1.5, parameter.shape))
    return net


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_networks_compute_the_same(layout):
    x = nd.random.uniform(-1, 1, (2, 3, 21, 23) if layout == "NCHW" else (2, 21, 23, 3))
    net = _filled(_network(layout), x)
    expected = net(x).asnumpy()
    net.hybridize(backend="onednn", strict=True)
    results = [net(x) for _ in range(_CALLS)]
    for result in results:
        assert_same(result.asnumpy(), expected, rtol=1e-5)
    kernels = [step.kernel for step in net.explain(x).steps]
    assert sum("torch" in kernel or "Pooling" in kernel for kernel in kernels) == 0
    assert sum("pooling" in kernel for kernel in kernels) == 3
    assert sum("scale of channels" in kernel for kernel in kernels) == (5 if layout == "NCHW" else 2)
    assert sum("join" in kernel for kernel in kernels) == (3 if layout == "NCHW" else 0)


def test_without_convolutions_nothing_is_converted():
    net = nn.HybridSequential()
    net.add(nn.BatchNorm(in_channels=32), nn.Activation("relu"), nn.MaxPool2D())
    net.initialize()
    net.hybridize(backend="onednn", strict=True)
    x = nd.random.uniform(-1, 1, (2, 32, 8, 8))
    kernels = [step.kernel for step in net.explain(x).steps]
    assert not any("scale" in kernel or "pooling" in kernel for kernel in kernels)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_goes_through(value):
    x = nd.random.uniform(-1, 1, (1, 3, 21, 23))
    net = _filled(_network("NCHW"), x)
    x[0, 1, 2, 3] = value
    expected = net(x).asnumpy()
    net.hybridize(backend="onednn", strict=True)
    for _ in range(_CALLS):
        assert_same(net(x).asnumpy(), expected, rtol=1e-5)
