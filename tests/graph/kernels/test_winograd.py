"""Winograd's convolutions: they equal direct ones for every shape, and leave to them what they cannot compute."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import glueball as mx
from glueball import nd
from glueball.gluon import nn
from glueball.graph.engines import onednn
from glueball.graph.fused import Activation, FusedConvolution, NotFinite
from glueball.graph.kernels import winograd
from glueball.graph.kernels.native import CannotCompile
from glueball.graph.kernels.winograd import Filters, Winograd
from tests.comparison import assert_same
from tests.graph.kernels import is_compiled

pytestmark = pytest.mark.skipif(not is_compiled(), reason=winograd.obstacle())

_CALLS = 3
_WIDTH = 16  # a multiple of every processor's vectors

_ACTIVATIONS = {
    "none": None,
    "relu": Activation("", torch.relu_, limits=(0.0, None)),
    "clip": Activation("", torch.clamp_, (-0.5, 0.7), (-0.5, 0.7)),
    "tanh": Activation("tanh", torch.tanh_),
}


#: The length of a tile, and the length and stride of filters.
_KINDS = [(6, 3, 1), (4, 3, 1), *[(5, length, 2) for length in range(3, 9)]]


def _call(filters, channels, pad=(1, 1), activation=None, length=3, stride=1):
    return FusedConvolution(
        filters=(filters, channels, length, length), stride=(stride, stride), pad=pad, dilate=(1, 1), groups=1,
        last=False, activation=activation,
    )  # fmt: skip


def _arrays(shape, filters, pad, length=3, stride=1):
    generator = torch.Generator().manual_seed(1)
    data = torch.randn(shape, generator=generator)
    weight = torch.randn((filters, shape[1], length, length), generator=generator)
    lengths = [(one + 2 * more - length) // stride + 1 for one, more in zip(shape[2:], pad, strict=True)]
    other = torch.randn((shape[0], filters, *lengths), generator=generator)
    return data, weight, torch.randn(filters, generator=generator), other


@pytest.mark.parametrize(("size", "length", "stride"), _KINDS)
@settings(max_examples=60)
@given(
    images=st.integers(1, 3), channels=st.integers(1, 3), is_narrow=st.booleans(), filters=st.integers(1, 5),
    lengths=st.tuples(st.integers(1, 40), st.integers(1, 40)), pad=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    activation=st.sampled_from(sorted(_ACTIVATIONS)), has_bias=st.booleans(), has_other=st.booleans(),
    gives_last=st.booleans(), block=st.integers(0, 9), threads=st.integers(1, 3),
)  # fmt: skip
def test_it_equals_a_direct_convolution(
    size, length, stride, images, channels, is_narrow, filters, lengths, pad, activation, has_bias, has_other,
    gives_last, block, threads,
):  # fmt: skip
    if min(one + 2 * more for one, more in zip(lengths, pad, strict=True)) < length:
        return
    channels *= 1 if is_narrow and stride == 2 else _WIDTH
    call = _call(filters * _WIDTH, channels, pad, _ACTIVATIONS[activation], length, stride)
    shape = (images, channels, *lengths)
    data, weight, bias, other = _arrays(shape, filters * _WIDTH, pad, length, stride)
    bias, other = bias if has_bias else None, other if has_other else None
    convolution = Winograd(call, shape, size, gives_last)
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(threads)
        convolution._block = lambda threads: block
        result = convolution(data, Filters(call, size)(weight), bias, other)
    finally:
        torch.set_num_threads(before)
    arrays = [None if array is None else array.double() for array in (data, weight, bias, other)]
    expected, inside = call(*arrays), replace(call, activation=None)(*arrays)
    assert result.shape == expected.shape and result.dtype is torch.float32
    assert result.is_contiguous(memory_format=torch.channels_last if gives_last else torch.contiguous_format)
    assert (result - expected).norm() <= 1e-5 * inside.norm(), "no activation makes an error larger"


@pytest.mark.parametrize("threads", [1, 2, 64])
@pytest.mark.parametrize("shape", [(1, 16, 56, 56), (8, 512, 7, 7), (1, 512, 28, 28), (1, 16, 3, 3)])
@pytest.mark.parametrize("size", [6, 4])
def test_blocks_share_the_work_evenly(shape, size, threads):
    block = Winograd(_call(shape[1], shape[1]), shape, size)._block(threads)
    tiles = shape[0] * (-(-shape[2] // (size - 2))) * (-(-shape[3] // (size - 2)))
    assert 0 <= block <= tiles
    if block:
        blocks = -(-tiles // block)
        most = -(-blocks // threads) * block
        assert most <= 1.25 * tiles / threads + 8


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", ["data", "weight"])
@pytest.mark.parametrize("channels", [3, _WIDTH])
@pytest.mark.parametrize("gives_last", [True, False])
@pytest.mark.parametrize(("size", "length", "stride"), _KINDS)
def test_what_is_not_finite_is_noticed(value, place, channels, gives_last, size, length, stride):
    if stride == 1 and channels < _WIDTH:
        return
    data, weight, bias, _ = _arrays((2, channels, 9, 9), _WIDTH, (1, 1), length, stride)
    (data if place == "data" else weight)[-1, -1, 2, 2] = value
    call = _call(_WIDTH, channels, length=length, stride=stride)
    with pytest.raises(NotFinite):
        Winograd(call, data.shape, size, gives_last)(data, Filters(call, size)(weight), bias)


@pytest.mark.parametrize("call", [
    _call(16, 16, length=2, stride=2), _call(16, 16, length=9, stride=2), _call(16, 16, length=5), _call(16, 3),
    replace(_call(16, 3, stride=2), filters=(16, 3, 3, 5)), _call(17, 16, stride=2), replace(_call(16, 16), groups=2),
    replace(_call(16, 16, stride=2), dilate=(2, 2)), _call(16, 16, stride=3),
])  # fmt: skip
def test_what_does_not_suit_is_left_to_others(call):
    assert winograd.ways(call, (1, call.filters[1], 80, 80)) == []


@pytest.mark.parametrize(
    ("length", "lengths", "count"), [(3, (56, 56), 1), (3, (28, 28), 0), (7, (22, 22), 1), (7, (20, 20), 0)]
)
def test_filters_with_stride_2_need_many_tiles(length, lengths, count):
    """Those of 3x3 give 4x4 numbers a tile, those of 7x7 2x2."""
    call = _call(16, 16, (length // 2, length // 2), length=length, stride=2)
    assert len(winograd.ways(call, (1, 16, *lengths))) == count


@pytest.mark.parametrize("activation", sorted(_ACTIVATIONS))
def test_bias_and_sum_may_be_anything(activation):
    """They are added to single numbers, so that they spread nowhere."""
    call = _call(_WIDTH, _WIDTH, activation=_ACTIVATIONS[activation])
    data, weight, bias, other = _arrays((1, _WIDTH, 5, 6), _WIDTH, (1, 1))
    other.view(-1)[:3] = torch.tensor([np.nan, np.inf, -np.inf])
    bias[3] = np.nan
    result = Winograd(call, data.shape, 6)(data, Filters(call, 6)(weight), bias, other)
    assert_same(result.numpy(), call(data, weight, bias, other).numpy(), rtol=1e-4, atol=1e-4)


def test_arrays_of_other_shapes_are_refused():
    call = _call(_WIDTH, _WIDTH)
    convolution = Winograd(call, (1, _WIDTH, 5, 5), 6)
    data, weight, _, other = _arrays((1, _WIDTH, 5, 5), _WIDTH, (1, 1))
    filters = Filters(call, 6)(weight)
    for wrong in ((data[:, :, 1:], None), (data.double(), None), (data, other[:, :, 1:])):
        with pytest.raises(ValueError, match="shapes and types"):
            convolution(wrong[0], filters, None, wrong[1])


# --- in networks ------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["Winograd F(4x4, 3x3)", "Winograd F(2x2, 3x3)"])
def taken(request, monkeypatch):
    """Take one kernel wherever it suits; return the list of those that were put into graphs."""
    put, names = onednn._Site.put, []
    monkeypatch.setattr(onednn, "seconds", lambda key, ways, alone: [float(name != request.param) for name in ways])
    monkeypatch.setattr(onednn._Site, "put", lambda site, draft, way: (names.append(way.name), put(site, draft, way)))
    return names


class _Residual(nn.HybridSequential):
    def hybrid_forward(self, F, x):
        return F.relu(super().hybrid_forward(F, x) + x)


def _network(layout="NCHW"):
    net, axis = nn.HybridSequential(), layout.index("C")
    net.add(nn.Conv2D(32, 3, padding=1, layout=layout, in_channels=16, activation="relu"))
    block = _Residual()
    block.add(nn.Conv2D(32, 3, padding=1, layout=layout, use_bias=False), nn.BatchNorm(axis))
    net.add(block, nn.Conv2D(16, 3, padding=(2, 0), layout=layout, activation="sigmoid"))
    net.initialize(mx.init.Xavier())
    return net


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_networks_compute_the_same(layout, taken):
    net = _network(layout)
    x = nd.random.uniform(-1, 1, (2, 16, 9, 11) if layout == "NCHW" else (2, 9, 11, 16))
    expected = net(x).asnumpy()
    net.hybridize(backend="onednn", memory=100)
    for _ in range(_CALLS):
        assert_same(net(x).asnumpy(), expected, rtol=1e-5)
    assert len(taken) == 3 and set(map(str, taken)) <= {"Winograd F(4x4, 3x3)", "Winograd F(2x2, 3x3)"}
    net[0].weight.data()[:] *= 2
    net.hybridize(False)
    expected = net(x).asnumpy()
    net.hybridize(backend="onednn", memory=100)
    for _ in range(_CALLS):
        assert_same(net(x).asnumpy(), expected, rtol=1e-5)


def _strided(layout):
    net = nn.HybridSequential()
    net.add(
        nn.Conv2D(32, 7, 2, 3, layout=layout, in_channels=3, activation="relu"),
        nn.MaxPool2D(3, 2, 1, layout=layout),
        nn.Conv2D(48, 3, 2, 1, layout=layout, use_bias=False),
        nn.Conv2D(16, 5, 2, 2, layout=layout),
    )
    net.initialize(mx.init.Xavier())
    return net


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("count", [1, 4])
def test_networks_with_strides(layout, count, monkeypatch):
    put = onednn._Site.put
    names = []
    monkeypatch.setattr(onednn, "seconds", lambda key, ways, alone: [float("of phases" not in name) for name in ways])
    monkeypatch.setattr(winograd, "_FEW_TILES", 1)
    monkeypatch.setattr(onednn._Site, "put", lambda site, draft, way: (names.append(way.name), put(site, draft, way)))
    net = nn.HybridSequential()
    net.add(*list(_strided(layout)._children.values())[:count])
    x = nd.random.uniform(-1, 1, (2, 3, 45, 38) if layout == "NCHW" else (2, 45, 38, 3))
    expected = net(x).asnumpy()
    net.hybridize(backend="onednn", memory=100)
    for _ in range(_CALLS):
        assert_same(net(x).asnumpy(), expected, rtol=1e-5)
    taps = {"4x4", "2x2", "3x3"} if count == 4 else {"4x4"}
    assert {name.split(", ")[1] for name in names} == {f"{each}) of phases" for each in taps}
    x[0, 1, 1, 1] = np.inf
    net.hybridize(False)
    expected = net(x).asnumpy()
    net.hybridize(backend="onednn", memory=100)
    assert_same(net(x).asnumpy(), expected, rtol=1e-5)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_networks_let_through_what_is_not_finite(value, taken):
    net, x = _network(), nd.random.uniform(-1, 1, (1, 16, 9, 9))
    net.hybridize(backend="onednn", memory=100)
    net(x)
    for broken in (x, net[1][0].weight.data()):
        broken[0, 3, 1, 1] = value
        net.hybridize(False)
        expected = net(x).asnumpy()
        net.hybridize(backend="onednn", memory=100)
        for _ in range(_CALLS):
            assert_same(net(x).asnumpy(), expected, rtol=1e-5)
        broken[0, 3, 1, 1] = 0
    assert taken and not np.isfinite(expected).all()


def test_many_threads_run_one_network(taken):
    net = _network()
    arrays = [nd.random.uniform(-1, 1, (1, 16, 9, 9)) for _ in range(8)]
    expected = [net(x).asnumpy() for x in arrays]
    net.hybridize(backend="onednn", memory=100)
    net(arrays[0])
    results = [None] * 8

    def predict(number):
        for _ in range(30):
            results[number] = net(arrays[number]).asnumpy()

    threads = [threading.Thread(target=predict, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result, right in zip(results, expected, strict=True):
        assert_same(result, right, rtol=1e-5)


@pytest.mark.parametrize("switch", ["environment", "argument", "memory"])
def test_it_can_be_switched_off(switch, taken, monkeypatch):
    options = {"argument": {"winograd": False}, "memory": {"memory": 0}}.get(switch, {})
    if switch == "environment":
        monkeypatch.setenv("GLUEBALL_WINOGRAD", "0")
    net = _network()
    net.hybridize(backend="onednn", **options)
    for _ in range(_CALLS):
        net(nd.ones((2, 16, 9, 9)))
    assert set(taken) == {"indirect convolution"}


@pytest.mark.parametrize("error", [CannotCompile("there is no C compiler"), FileNotFoundError("/proc/self/maps")])
def test_without_it_others_compute_everything(error, taken, monkeypatch):
    def fail():
        raise error

    monkeypatch.setattr(winograd, "_library", fail)
    monkeypatch.setattr(winograd, "obstacle", winograd.obstacle.__wrapped__)
    assert winograd.obstacle() == str(error)
    net = _network()
    net.hybridize(backend="onednn", memory=100)
    for _ in range(_CALLS):
        net(nd.ones((2, 16, 9, 9)))
    assert set(taken) == {"indirect convolution"}


@pytest.mark.parametrize(("options", "rule"), [
    ({"winograd": 1}, "winograd must be True or False; received 1"),
    ({"native": None}, "native must be True or False; received None"),
    ({"memory": -1}, "memory must be a number of at least 0; received -1"),
    ({"memory": True}, "memory must be a number of at least 0; received True"),
    ({"wino": True}, "unknown arguments 'wino'; the backend 'onednn' has native, winograd, memory"),
])  # fmt: skip
def test_options_are_checked(options, rule):
    with pytest.raises(mx.MXNetError, match=f"^hybridize: {rule}"):
        nn.Conv2D(2, 3).hybridize(backend="onednn", **options)


@pytest.mark.parametrize(("room", "count"), [(0, 0), (10**9, 3)])
def test_a_small_network_has_room_in_any_case(room, count, taken, monkeypatch):
    monkeypatch.setattr(onednn, "_NO_MATTER", room)
    net = _network()
    net.hybridize(backend="onednn", memory=0.1)
    for _ in range(_CALLS):
        net(nd.ones((2, 16, 9, 9)))
    assert sum("Winograd" in name for name in taken) == count
