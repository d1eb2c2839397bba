"""Convolutions in C that compute products directly: they equal torch's for every shape, in float64."""

from __future__ import annotations

import sys
import threading
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import assume, example, given
from hypothesis import strategies as st

import glueball as mx
from glueball import nd
from glueball.gluon import nn
from glueball.graph.engines import onednn
from glueball.graph.fused import Activation, FusedConvolution, NotFinite
from glueball.graph.kernels import grouped, indirect, planar
from glueball.graph.kernels.native import CannotCompile
from glueball.graph.kernels.room import Room
from tests.comparison import assert_same
from tests.graph.kernels import is_compiled, take_compiler_away

pytestmark = pytest.mark.skipif(not is_compiled(), reason=indirect.obstacle())

_CALLS = 3

_ACTIVATIONS = {
    "none": None,
    "relu": Activation("", torch.relu_, limits=(0.0, None)),
    "clip": Activation("", torch.clamp_, (-0.5, 0.7), (-0.5, 0.7)),
    "tanh": Activation("tanh", torch.tanh_),
}

_pairs = {name: st.tuples(st.integers(low, high), st.integers(low, high)) for name, low, high in [
    ("kernel", 1, 4), ("stride", 1, 3), ("pad", 0, 3), ("dilate", 1, 3), ("lengths", 1, 12),
]}  # fmt: skip


def _arrays(call, shape):
    generator = torch.Generator().manual_seed(1)
    data, weight = torch.randn(shape, generator=generator), torch.randn(call.filters, generator=generator)
    bias = torch.randn(call.filters[0], generator=generator)
    out = replace(call, activation=None)(data, weight, None).shape
    return data, weight, bias, torch.randn(out, generator=generator)


def _call(filters, kernel=(3, 3), groups=1, activation=None, stride=(1, 1), pad=(0, 0), dilate=(1, 1)):
    return FusedConvolution(
        filters=(*filters, *kernel), stride=stride, pad=pad, dilate=dilate, groups=groups, last=False,
        activation=activation,
    )  # fmt: skip


def _assert_equal(way, call, data, weight, bias, other, threads=2, block=None):
    before = torch.get_num_threads()
    run = way.run
    if block:
        run._block = lambda threads: block
    try:
        torch.set_num_threads(threads)
        result = run(data, way.prepare(weight), bias, other)
    finally:
        torch.set_num_threads(before)
    arrays = [None if array is None else array.double() for array in (data, weight, bias, other)]
    expected, inside = call(*arrays), replace(call, activation=None)(*arrays)
    assert result.shape == expected.shape and result.dtype is torch.float32
    assert (result - expected).norm() <= 1e-5 * inside.norm(), "no activation makes an error larger"


def _fits(lengths, window):
    reaches = zip(lengths, window["kernel"], window["pad"], window["dilate"], strict=True)
    return all(length + 2 * pad > dilate * (kernel - 1) for length, kernel, pad, dilate in reaches)


@given(
    images=st.integers(1, 3), channels=st.integers(1, 20), filters=st.integers(16, 70),
    window=st.fixed_dictionaries({name: _pairs[name] for name in ("kernel", "stride", "pad", "dilate")}),
    lengths=_pairs["lengths"], activation=st.sampled_from(sorted(_ACTIVATIONS)), has_bias=st.booleans(),
    has_other=st.booleans(), block=st.integers(0, 40), threads=st.integers(1, 3),
)  # fmt: skip
def test_indirect_convolutions(
    images, channels, filters, window, lengths, activation, has_bias, has_other, block, threads
):
    assume(_fits(lengths, window))
    call = _call((filters, channels), activation=_ACTIVATIONS[activation], **window)
    shape = (images, channels, *lengths)
    data, weight, bias, other = _arrays(call, shape)
    (way,) = indirect.ways(call, shape)
    assert way.memory == way.blank().numel() * 4 == way.prepare(weight).numel() * 4
    _assert_equal(way, call, data, weight, bias if has_bias else None, other if has_other else None, threads, block)


@given(
    images=st.integers(1, 3), size=st.sampled_from([1, 2, 4, 8, 16]), groups=st.integers(1, 40),
    window=st.fixed_dictionaries({name: _pairs[name] for name in ("kernel", "stride", "pad", "dilate")}),
    lengths=st.tuples(st.integers(1, 9), st.integers(1, 40)), activation=st.sampled_from(sorted(_ACTIVATIONS)),
    has_bias=st.booleans(), has_other=st.booleans(), threads=st.integers(1, 3),
)  # fmt: skip
def test_grouped_convolutions(images, size, groups, window, lengths, activation, has_bias, has_other, threads):
    channels = size * groups
    assume(_fits(lengths, window) and groups > 1 and channels >= 16)
    call = _call((channels, size), groups=groups, activation=_ACTIVATIONS[activation], **window)
    shape = (images, channels, *lengths)
    data, weight, bias, other = _arrays(call, shape)
    if size > grouped._library().vector:
        assert not grouped.ways(call, shape)
        return
    (way,) = grouped.ways(call, shape)
    _assert_equal(way, call, data, weight, bias if has_bias else None, other if has_other else None, threads)


_PIXELS = {"kernel": (1, 1), "stride": (1, 1), "pad": (0, 0), "dilate": (1, 1)}


@example(1, 20, 40, False, _PIXELS, (9, 9), "clip", True, True, 2, 2)
@example(2, 3, 29, False, _PIXELS, (8, 24), "none", False, False, 0, 3)
@given(
    images=st.integers(1, 3), channels=st.integers(1, 20), filters=st.integers(1, 40), is_depthwise=st.booleans(),
    window=st.fixed_dictionaries({name: _pairs[name] for name in ("kernel", "stride", "pad", "dilate")}),
    lengths=st.tuples(st.integers(1, 12), st.integers(1, 40)), activation=st.sampled_from(sorted(_ACTIVATIONS)),
    has_bias=st.booleans(), has_other=st.booleans(), block=st.integers(0, 5), threads=st.integers(1, 3),
)  # fmt: skip
def test_planar_convolutions(
    images, channels, filters, is_depthwise, window, lengths, activation, has_bias, has_other, block, threads
):
    assume(_fits(lengths, window))
    sizes = (channels * (filters % 3 + 1), 1) if is_depthwise else (filters, channels)
    call = _call(sizes, groups=channels if is_depthwise else 1, activation=_ACTIVATIONS[activation], **window)
    shape = (images, channels, *lengths)
    data, weight, bias, other = _arrays(call, shape)
    (way,) = planar.ways(call, shape)
    assert way.blank().shape == way.prepare(weight).shape
    result = way.run.blank()
    way.run(data, way.prepare(weight), None, None, result)
    assert result.is_contiguous()
    _assert_equal(way, call, data, weight, bias if has_bias else None, other if has_other else None, threads, block)


@pytest.mark.parametrize("pixels", range(33, 65))
def test_the_last_pixels_of_an_image(pixels):
    """A few are computed otherwise than those before them, also in blocks that have a filter less."""
    for call, shape in [
        (_call((27, 5), kernel=(1, 1)), (1, 5, 1, pixels)),
        (_call((27, 5), activation=_ACTIVATIONS["relu"]), (2, 5, 3, pixels + 2)),
    ]:
        (way,) = planar.ways(call, shape)
        _assert_equal(way, call, *_arrays(call, shape))


@given(
    images=st.integers(1, 2), channels=st.integers(16, 40), stride=st.integers(1, 2), pad=_pairs["pad"],
    lengths=st.tuples(st.integers(1, 9), st.integers(1, 40)), activation=st.sampled_from(sorted(_ACTIVATIONS)),
    has_bias=st.booleans(), has_other=st.booleans(), threads=st.integers(1, 3),
)  # fmt: skip
def test_depthwise_filters_of_nine(images, channels, stride, lengths, pad, activation, has_bias, has_other, threads):
    """They have code of their own, with the channels last and first."""
    window = {"kernel": (3, 3), "stride": (stride, stride), "pad": pad, "dilate": (1, 1)}
    assume(_fits(lengths, window))
    call = _call((channels, 1), groups=channels, activation=_ACTIVATIONS[activation], **window)
    shape = (images, channels, *lengths)
    data, weight, bias, other = _arrays(call, shape)
    for kind in (grouped, planar):
        (way,) = kind.ways(call, shape)
        _assert_equal(way, call, data, weight, bias if has_bias else None, other if has_other else None, threads)


@pytest.mark.parametrize(("call", "shape"), [
    (_call((3, 4)), (1, 4, 5, 5)),  # fewer filters than a vector has numbers
    (_call((32, 8), groups=2), (1, 16, 5, 5)),  # groups that are no small ones
    (_call((32, 1), groups=16), (1, 16, 5, 5)),  # two filters for a channel
    (_call((48, 3), groups=16), (1, 48, 5, 5)),  # groups that do not fit into vectors
    (_call((16, 4)), (0, 4, 5, 5)),
])  # fmt: skip
def test_what_does_not_suit_is_left_to_others(call, shape):
    assert not indirect.ways(call, shape) and not grouped.ways(call, shape)


@pytest.mark.parametrize(("call", "shape"), [
    (_call((32, 8), groups=2), (1, 16, 5, 5)),
    (_call((16, 4)), (0, 4, 5, 5)),
])  # fmt: skip
def test_what_does_not_suit_with_the_channels_first(call, shape):
    assert not planar.ways(call, shape)


_KINDS = {
    "indirect": (indirect, _call((32, 16), pad=(1, 1)), (1, 16, 9, 9)),
    "few channels": (indirect, _call((32, 3), pad=(1, 1)), (1, 3, 9, 9)),
    "depthwise": (grouped, _call((32, 1), groups=32, pad=(1, 1)), (1, 32, 9, 9)),
    "groups": (grouped, _call((32, 4), groups=8, pad=(1, 1)), (1, 32, 9, 9)),
    "planar": (planar, _call((32, 16), pad=(1, 1)), (1, 16, 9, 9)),
    "planar pixels": (planar, _call((32, 16), kernel=(1, 1)), (1, 16, 9, 9)),
    "planar depthwise": (planar, _call((32, 1), groups=32, pad=(1, 1)), (1, 32, 9, 9)),
}


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("activation", sorted(_ACTIVATIONS))
@pytest.mark.parametrize("kind", _KINDS)
def test_data_may_be_anything(kind, activation, value):
    module, call, shape = _KINDS[kind]
    call = call.then(_ACTIVATIONS[activation])
    data, weight, bias, other = _arrays(call, shape)
    data[0, 1, 2, 3] = bias[3] = other[0, 4, 0, 0] = value
    (way,) = module.ways(call, shape)
    result = way.run(data, way.prepare(weight), bias, other)
    assert_same(result.numpy(), call(data, weight, bias, other).numpy(), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("kind", ["indirect", "planar", "planar depthwise"])
def test_filters_that_are_not_finite_are_refused_where_padding_meets_them(kind):
    module, call, shape = _KINDS[kind]
    _, weight, *_ = _arrays(call, shape)
    weight[1, 0, 0, 0] = np.inf
    (way,) = module.ways(call, shape)
    with pytest.raises(NotFinite):
        way.prepare(weight)


@pytest.mark.parametrize("kind", _KINDS)
def test_arrays_of_other_shapes_are_refused(kind):
    module, call, shape = _KINDS[kind]
    data, weight, bias, other = _arrays(call, shape)
    (way,) = module.ways(call, shape)
    filters = way.prepare(weight)
    for wrong in ((data[:, :, 1:], None), (data.double(), None), (data, other[:, :, 1:])):
        with pytest.raises(ValueError, match="shapes and types"):
            way.run(wrong[0], filters, bias, wrong[1])


def test_threads_share_what_a_kernel_reads():
    """Calls keep its address: the first that is made must stay."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(30):
            _, call, shape = _KINDS["planar"]
            (way,) = planar.ways(call, shape)
            gate, found = threading.Barrier(8), []

            def make(gate=gate, found=found, run=way.run):
                gate.wait()
                found.append(run.layer(1)[0])

            threads = [threading.Thread(target=make) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert len({*map(id, found)}) == 1 and len(found) == 8
    finally:
        sys.setswitchinterval(before)


@pytest.mark.parametrize(("most", "kept"), [(10**9, True), (0, False)])
def test_a_thread_keeps_memory_unless_it_is_much(most, kept):
    room = Room(most)
    assert room.of(8).numel() >= 8
    assert (room.of(8).data_ptr() == room.of(4).data_ptr() == room._kept.data_ptr()) == kept
    assert room._kept.numel() == 8 * kept


# --- in networks ------------------------------------------------------------------------------------------------------


def _network(layout="NCHW"):
    net, axis = nn.HybridSequential(), layout.index("C")
    net.add(nn.Conv2D(32, 3, strides=2, layout=layout, in_channels=3, use_bias=False), nn.BatchNorm(axis))
    net.add(nn.Activation("relu"), nn.Conv2D(48, 1, layout=layout, activation="sigmoid"))
    net.add(nn.Conv2D(48, 3, padding=1, groups=48, layout=layout), nn.BatchNorm(axis))
    net.add(nn.HybridLambda(lambda F, x: F.clip(x, 0, 6)), nn.Conv2D(20, 3, dilation=2, layout=layout))
    net.initialize(mx.init.Xavier())
    return net


@pytest.fixture
def taken(monkeypatch):
    """Return the list of the kernels that were put into graphs."""
    put, names = onednn._Site.put, []
    monkeypatch.setattr(onednn, "seconds", lambda key, ways, alone: [float(name == "torch") for name in ways])
    monkeypatch.setattr(onednn._Site, "put", lambda site, draft, way: (names.append(way.name), put(site, draft, way)))
    return names


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_networks_compute_the_same(layout, taken):
    net = _network(layout)
    x = nd.random.uniform(-1, 1, (2, 3, 19, 21) if layout == "NCHW" else (2, 19, 21, 3))
    expected = net(x).asnumpy()
    net.hybridize(backend="onednn")
    for _ in range(_CALLS):
        assert_same(net(x).asnumpy(), expected, rtol=1e-5)
    assert taken == ["indirect convolution"] * 2 + ["grouped convolution", "indirect convolution"]


def _check_not_finite(value, layer):
    """What is in the data or in the weights of a layer comes out as it does without an engine."""
    net, x = _network(), nd.random.uniform(-1, 1, (1, 3, 19, 19))
    net.hybridize(backend="onednn")
    net(x)
    for broken in (x, net[layer].weight.data()):
        broken[0, 1, 0, 0] = value
        net.hybridize(False)
        expected = net(x).asnumpy()
        assert not np.isfinite(expected).all()
        net.hybridize(backend="onednn")
        for _ in range(_CALLS):
            assert_same(net(x).asnumpy(), expected, rtol=1e-5)
        broken[0, 1, 0, 0] = 0


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_networks_let_through_what_is_not_finite(value, taken):
    _check_not_finite(value, layer=3)
    assert taken


@pytest.fixture
def planar_taken(monkeypatch):
    """Take kernels that have the channels first; return the list of all that were put into graphs."""
    put, names = onednn._Site.put, []
    monkeypatch.setattr(onednn, "seconds", lambda key, ways, alone: [float("planar" not in name) for name in ways])
    monkeypatch.setattr(onednn._Site, "put", lambda site, draft, way: (names.append(way.name), put(site, draft, way)))
    return names


def test_the_first_layer_may_have_the_channels_first(planar_taken):
    net, x = _network(), nd.random.uniform(-1, 1, (2, 3, 19, 21))
    expected = net(x).asnumpy()
    net.hybridize(backend="onednn")
    for _ in range(_CALLS):
        assert_same(net(x).asnumpy(), expected, rtol=1e-5)
    assert planar_taken[0] == "planar convolution" and "planar" not in " ".join(planar_taken[1:])
    assert str(net.explain(x)).count("channels last") == 1


@pytest.mark.parametrize("groups", [1, 8])
def test_a_layer_alone_writes_its_result_into_new_memory(groups, planar_taken):
    net = nn.Conv2D(8, 3, padding=1, groups=groups, in_channels=8, activation="relu")
    net.initialize()
    inputs = [nd.random.uniform(-1, 1, (1, 8, 80, 90)) for _ in range(4)]
    expected = [net(x).asnumpy() for x in inputs]
    net.hybridize(backend="onednn")
    results = [net(x) for x in inputs]
    for result, values in zip(results, expected, strict=True):
        assert_same(result.asnumpy(), values, rtol=1e-5)
    assert all(name.startswith("planar") for name in planar_taken) and planar_taken


def test_what_two_outputs_take_is_copied(planar_taken):
    data = mx.sym.var("data")
    h = mx.sym.Convolution(data, kernel=(3, 3), num_filter=8, name="conv")
    executor = mx.sym.Group([h, h, h + 1]).simple_bind(mx.cpu(), data=(1, 4, 30, 30), grad_req="null")
    executor.arg_dict["conv_weight"][:] = nd.random.uniform(-1, 1, (8, 4, 3, 3))
    x = nd.random.uniform(-1, 1, (1, 4, 30, 30))
    args = [x, executor.arg_dict["conv_weight"], executor.arg_dict["conv_bias"]]
    expected = nd.Convolution(*args, kernel=(3, 3), num_filter=8).asnumpy()
    for _ in range(_CALLS):
        one, two, three = executor.forward(data=x)
        one[:] = 0
        assert_same(two.asnumpy(), expected, rtol=1e-5)
        assert_same(three.asnumpy(), expected + 1, rtol=1e-5)
    assert planar_taken == ["planar convolution"]


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_the_first_layer_lets_through_what_is_not_finite(value, planar_taken):
    _check_not_finite(value, layer=0)
    assert planar_taken


@pytest.mark.parametrize("switch", ["environment", "argument"])
def test_they_can_be_switched_off(switch, taken, monkeypatch):
    if switch == "environment":
        monkeypatch.setenv("GLUEBALL_NATIVE", "0")
    net = _network()
    net.hybridize(backend="onednn", **({"native": False} if switch == "argument" else {}))
    for _ in range(_CALLS):
        net(nd.ones((2, 3, 19, 19)))
    assert set(taken) == {"oneDNN"}


def test_a_processor_with_short_vectors_may_have_faster_kernels_in_oneDNN(taken, monkeypatch):
    monkeypatch.setattr(onednn, "is_wide", lambda: False)
    net = _network()
    net.hybridize(backend="onednn")
    for _ in range(_CALLS):
        net(nd.ones((2, 3, 19, 19)))
    assert set(taken) == {"oneDNN"}


@pytest.mark.parametrize("error", [CannotCompile("there is no C compiler"), FileNotFoundError("/proc/self/maps")])
def test_without_a_compiler_oneDNN_computes_everything(error, taken, monkeypatch):
    for module in (indirect, grouped, planar):
        take_compiler_away(monkeypatch, module, error)
    net = _network()
    net.hybridize(backend="onednn", winograd=False)
    for _ in range(_CALLS):
        net(nd.ones((2, 3, 19, 19)))
    assert set(taken) == {"oneDNN"}
