"""Convolutions of graphs for training: results and gradients are torch's, in float64 and for every shape."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import glueball as mx
from glueball import MXNetError, autograd, gluon, nd
from glueball.gluon import nn
from glueball.graph import tuning
from glueball.graph.fused import FusedConvolution, NotFinite
from glueball.graph.kernels import gradient, indirect, packed, winograd
from glueball.graph.kernels.panels import Panels
from glueball.graph.recycled import Recycled
from glueball.graph.training import convolution, products, ways
from glueball.graph.training.convolution import TrainedConvolution
from glueball.ops.nn.window import may_miss
from glueball.symbol import Symbol
from tests.comparison import assert_same

pytestmark = pytest.mark.skipif(bool(indirect.obstacle()), reason=indirect.obstacle())


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Take the kernels for small images too."""
    monkeypatch.setattr(convolution, "_LEAST", 0)


def _trained(filters, kernel, **attributes) -> TrainedConvolution:
    symbol: Symbol = mx.sym.Convolution(mx.sym.var("x"), kernel=kernel, num_filter=filters, **attributes)
    return TrainedConvolution(symbol._entries[0].node.applied, Recycled(2**28))


_pairs = {name: st.tuples(st.integers(low, high), st.integers(low, high)) for name, low, high in [
    ("kernel", 1, 4), ("stride", 1, 3), ("pad", 0, 3), ("dilate", 1, 2), ("lengths", 1, 10),
]}  # fmt: skip


@settings(max_examples=150)
@given(
    images=st.integers(1, 3), channels=st.integers(1, 40), filters=st.integers(16, 70),
    window=st.fixed_dictionaries({name: _pairs[name] for name in ("kernel", "stride", "pad", "dilate")}),
    lengths=_pairs["lengths"], has_bias=st.booleans(), needed=st.integers(1, 7),
    layout=st.sampled_from(["NCHW", "NHWC"]), threads=st.integers(1, 3),
)  # fmt: skip
def test_results_and_gradients(images, channels, filters, window, lengths, has_bias, needed, layout, threads):
    reach = zip(lengths, window["kernel"], window["pad"], window["dilate"], strict=True)
    assume(all(length + 2 * pad > dilate * (kernel - 1) for length, kernel, pad, dilate in reach))
    _assert_right(images, channels, filters, window, lengths, has_bias, needed, layout, threads)


@pytest.mark.parametrize("taken", ["indirect", "Winograd F(4x4", "Winograd F(2x2"])
@pytest.mark.parametrize("channels", [16, 48])
def test_kernels_for_small_filters(taken, channels, monkeypatch):
    monkeypatch.setattr(ways, "seconds", lambda key, ways: [float(not name.startswith(taken)) for name in ways])
    window = {"kernel": (3, 3), "stride": (1, 1), "pad": (1, 1), "dilate": (1, 1)}
    _assert_right(2, channels, 32, window, (9, 7), True, 7, "NCHW", 2)


@pytest.mark.skipif(torch.bfloat16 not in packed.types(), reason="this CPU has no fast bfloat16")
@settings(max_examples=100)
@given(
    taken=st.sampled_from(["product", "torch"]), images=st.integers(1, 3), channels=st.integers(1, 40),
    filters=st.integers(1, 70), lengths=_pairs["lengths"], has_bias=st.booleans(), needed=st.integers(1, 7),
    window=st.fixed_dictionaries({name: _pairs[name] for name in ("kernel", "stride", "pad", "dilate")}),
    layout=st.sampled_from(["NCHW", "NHWC"]),
)  # fmt: skip
def test_results_and_gradients_in_bfloat16(taken, images, channels, filters, window, lengths, has_bias, needed, layout):
    reach = zip(lengths, window["kernel"], window["pad"], window["dilate"], strict=True)
    assume(all(length + 2 * pad > dilate * (kernel - 1) for length, kernel, pad, dilate in reach))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(products, "seconds", lambda key, ways: [float(name != taken) for name in ways])
        _assert_right(images, channels, filters, window, lengths, has_bias, needed, layout, 2, torch.bfloat16)


def _assert_right(images, channels, filters, window, lengths, has_bias, needed, layout, threads, kind=torch.float32):
    generator = torch.Generator().manual_seed(1)
    data = torch.randn((images, channels, *lengths), generator=generator).to(kind)
    weight = torch.randn((filters, channels, *window["kernel"]), generator=generator).to(kind)
    bias = torch.randn(filters, generator=generator).to(kind) if has_bias else None
    arguments = [data, weight, bias]
    exact = [None if each is None else each.double() for each in arguments]
    for each in (arguments, exact):
        for number, tensor in enumerate(each):
            if tensor is not None:
                tensor.requires_grad_(bool(needed >> number & 1))
    expected = torch.conv2d(*exact, *(window[name] for name in ("stride", "pad", "dilate")))
    head = torch.randn(expected.shape, generator=generator).to(kind)
    call = _trained(filters, no_bias=not has_bias, layout=layout, **window)
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(threads)
        given = list(arguments)
        if layout == "NHWC":
            given[:2] = [tensor.movedim(1, -1).contiguous() for tensor in arguments[:2]]
        result = call(*given)
        if not may_miss(lengths, window["pad"], window["dilate"]):
            assert call._kernels and all(call._kernels.values())
        result = result.movedim(-1, 1) if layout == "NHWC" else result
        if result.requires_grad:
            expected.backward(head.double())
            result.backward(head)
    finally:
        torch.set_num_threads(before)
    _assert_close(result, expected, kind)
    for found, right in zip(arguments, exact, strict=True):
        if found is not None and right.grad is not None:
            _assert_close(found.grad, right.grad, kind)
        elif found is not None:
            assert found.grad is None


def _assert_close(found, right, kind=torch.float32):
    assert found.shape == right.shape and found.dtype is kind
    error = 1e-2 if kind is torch.bfloat16 else 2e-5
    assert (found - right).norm() <= error * right.norm() + 1e-12


@given(
    channels=st.integers(1, 40), filters=st.integers(16, 70), kernel=_pairs["kernel"], transposed=st.booleans(),
    is_view=st.booleans(),
)  # fmt: skip
def test_filters_in_panels(channels, filters, kernel, transposed, is_view):
    vector = indirect._library().vector
    call = FusedConvolution(
        filters=(filters, channels, *kernel), stride=(1, 1), pad=(1, 1), dilate=(1, 1), groups=1, last=False
    )
    straight = torch.randn(call.filters)
    weight = straight.flip(2, 3).transpose(0, 1).contiguous() if transposed else straight
    if is_view:
        weight = weight.movedim(1, -1).contiguous().movedim(-1, 1)
    found = Panels(call, vector, transposed)(weight)
    rows = straight.permute(2, 3, 1, 0).flatten(0, 2)
    starts = [min(start, filters - vector) for start in range(0, filters, vector)]
    vectors = [rows[:, start : start + vector] for start in starts]
    panels = [torch.cat(vectors[number : number + 2], 1).flatten() for number in range(0, len(vectors), 2)]
    assert torch.equal(found, torch.cat(panels))


@pytest.mark.parametrize(("channels", "filters"), [(16, 64), (64, 16)])
def test_trials_read_filters_as_they_will_be_given(channels, filters, monkeypatch):
    found = []
    pack = Panels.__call__

    def read(self, weight):
        filters, channels = weight.shape[:2][::-1] if self._is_transposed else weight.shape[:2]
        found.append((filters, channels) == (self._filters, self._channels))
        return pack(self, weight)

    monkeypatch.setattr(Panels, "__call__", read)
    call = FusedConvolution(
        filters=(filters, channels, 3, 3), stride=(1, 1), pad=(1, 1), dilate=(1, 1), groups=1, last=False
    )
    for kind in (ways.Forward, ways.Backward):
        monkeypatch.setattr(tuning, "_found", {})
        kind(call, (1, channels, 9, 11), Recycled(2**28))
    assert found and all(found)


def test_shapes_that_do_not_fit_the_kernel_of_the_gradient_are_refused():
    call = FusedConvolution(filters=(16, 8, 1, 1), stride=(1, 1), pad=(0, 0), dilate=(1, 1), groups=1, last=False)
    run = gradient.FilterGradient(call, (1, 8, 4, 4))
    with pytest.raises(ValueError, match="shapes and types"):
        run(torch.ones(1, 8, 4, 3), torch.ones(1, 16, 4, 4))
    with pytest.raises(ValueError, match="shapes and types"):
        run(torch.ones(1, 8, 4, 4), torch.ones(1, 16, 4, 4).double())


@settings(max_examples=150)
@given(
    images=st.integers(1, 4), channels=st.integers(1, 9), filters=st.integers(1, 5),
    lengths=st.tuples(st.integers(1, 30), st.integers(1, 30)), pad=_pairs["pad"],
    size=st.sampled_from(winograd.SIZES), cache=st.sampled_from([2**10, 2**16, 2**18, 2**30]),
    threads=st.integers(1, 4),
)  # fmt: skip
def test_gradients_of_filters_by_winograd(images, channels, filters, lengths, pad, size, cache, threads):
    """With tiles and sums of each thread, few or all in a block, as its cache has room, and with what all share."""
    vector = indirect._library().vector
    filters, channels = filters * vector, channels * vector
    assume(all(length + 2 * more >= 3 for length, more in zip(lengths, pad, strict=True)))
    call = FusedConvolution(
        filters=(filters, channels, 3, 3), stride=(1, 1), pad=pad, dilate=(1, 1), groups=1, last=False
    )
    generator, before = torch.Generator().manual_seed(1), torch.get_num_threads()
    data = torch.randn((images, channels, *lengths), generator=generator)
    weight = torch.zeros(call.filters, dtype=torch.float64, requires_grad=True)
    expected = torch.conv2d(data.double(), weight, padding=pad)
    head = torch.randn(expected.shape, generator=generator)
    expected.backward(head.double())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gradient, "cache_size", lambda: cache)
        way = gradient.FilterGradient(call, data.shape, size)
    try:
        torch.set_num_threads(threads)
        _assert_close(way(data, head), weight.grad)
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize("value", [np.nan, np.inf, 3e38])
@pytest.mark.parametrize("place", ["data", "head"])
@pytest.mark.parametrize("size", winograd.SIZES)
def test_gradients_of_filters_by_winograd_report_what_is_not_finite(size, place, value):
    call = FusedConvolution(filters=(32, 16, 3, 3), stride=(1, 1), pad=(1, 1), dilate=(1, 1), groups=1, last=False)
    given = {"data": torch.ones(1, 16, 9, 9), "head": torch.ones(1, 32, 9, 9)}
    way = gradient.FilterGradient(call, given["data"].shape, size)
    assert torch.isfinite(way(**given)).all()
    given[place][0, 3, 8, 0] = value
    with pytest.raises(NotFinite):
        way(**given)


@pytest.mark.parametrize("kind", [torch.float32, torch.bfloat16])
def test_a_gradient_is_added_to_another_in_place(kind):
    """torch adds to no view, and to nothing whose memory a view has."""
    for tensor in (Recycled(2**28).images((2, 64, 32, 32), kind), Recycled(2**28).empty((2, 64, 32, 32), kind)):
        assert tensor.shape == (2, 64, 32, 32) and tensor.dtype is kind and tensor._base is None
    assert Recycled(2**28).images((2, 64, 32, 32), kind).is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("kernel", [1, 3])
@pytest.mark.parametrize("number", [0, 1])
def test_products_write_to_memory_that_is_used_again(kernel, number):
    """Results and windows; the memory of a result that somebody has stays his."""
    call = FusedConvolution(
        filters=(64, 64, kernel, kernel), stride=(1, 1), pad=(kernel // 2,) * 2, dilate=(1, 1), groups=1, last=False
    )
    memory, shape = Recycled(2**28), (2, 64, 32, 32)
    way = [products._Forward(call, memory), products._DataGradient(call, shape, memory)][number]
    images, weight = [torch.randn(each, dtype=torch.bfloat16) for each in (shape, call.filters)]
    images = images.contiguous(memory_format=torch.channels_last)
    first = way(images, weight)
    place, kept = first.data_ptr(), first.clone()
    assert first._base is None and first.is_contiguous(memory_format=torch.channels_last)
    second = way(images, weight)
    assert second.data_ptr() != place and torch.equal(first, second) and torch.equal(first, kept)
    del first
    assert way(images, weight).data_ptr() == place
    taken = sum(map(len, memory._arrays.kept.values()))
    way(images, weight)
    assert sum(map(len, memory._arrays.kept.values())) == taken


# --- in networks ------------------------------------------------------------------------------------------------------


class _Residual(nn.HybridSequential):
    def hybrid_forward(self, F, x):
        return F.relu(super().hybrid_forward(F, x) + x)


def _network(layout="NCHW"):
    axis, block = layout.index("C"), _Residual()
    block.add(nn.Conv2D(32, 3, padding=1, layout=layout, use_bias=False), nn.BatchNorm(axis), nn.Activation("relu"))
    block.add(nn.Conv2D(32, 1, layout=layout), nn.BatchNorm(axis))
    net = nn.HybridSequential()
    net.add(nn.Conv2D(32, 3, 2, 1, layout=layout, in_channels=3), block, nn.MaxPool2D(layout=layout))
    net.add(
        nn.Conv2D(48, 1, 2, layout=layout),
        nn.Conv2D(48, 3, groups=48, layout=layout),
        nn.GlobalAvgPool2D(layout=layout),
    )
    net.add(nn.Flatten(), nn.Dense(5))
    net.initialize(mx.init.Xavier())
    return net


def _x(layout="NCHW", value=None):
    x = nd.random.uniform(-1, 1, (2, 3, 21, 23) if layout == "NCHW" else (2, 21, 23, 3))
    if value is not None:
        x[0, 1, 2, 1] = value
    return x


def _learn(net, x, **hybridize):
    """Return everything that a step computes."""
    net.hybridize(**hybridize) if hybridize else net.hybridize(False)
    for name, parameter in net.collect_params().items():
        if name.endswith(("running_mean", "running_var")):
            parameter.set_data(nd.ones(parameter.shape))
    x = x.copy()
    x.attach_grad()
    with autograd.record():
        out = net(x)
        loss = (out**2).sum()
    loss.backward()
    found = {name: p.grad().asnumpy() for name, p in net.collect_params().items() if p.grad_req != "null"}
    states = {name: p.data().asnumpy() for name, p in net.collect_params().items() if p.grad_req == "null"}
    return {**found, **states, "out": out.asnumpy(), "x": x.grad.asnumpy()}


def _assert_all_same(found, expected, rtol=1e-4):
    assert found.keys() == expected.keys()
    for name, array in found.items():
        scale = np.abs(np.nan_to_num(expected[name])).max()
        assert_same(array, expected[name], rtol=rtol, atol=rtol * max(scale, 0.1))


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_a_step_is_that_of_imperative_calls(layout):
    net, x = _network(layout), _x(layout)
    net(x)
    expected = _learn(net, x)
    for _ in range(2):
        _assert_all_same(_learn(net, x, backend="onednn", strict=True), expected)


def test_the_kernels_are_called(monkeypatch):
    called = []
    for owner, name in ((ways.Forward, "__call__"), (ways.Backward, "__call__"), (gradient.FilterGradient, "__call__")):
        run = getattr(owner, name)

        def watched(self, *arguments, run=run, owner=owner):
            called.append(owner.__name__)
            return run(self, *arguments)

        monkeypatch.setattr(owner, name, watched)
    net, x = _network(), _x()
    net(x)
    _learn(net, x, backend="onednn", strict=True)
    # torch computes the convolution in groups, the gradient for the image, and that of the filters that meet it.
    counts = {name: called.count(name) for name in set(called)}
    assert counts == {"Forward": 4 + 3, "Backward": 3, "FilterGradient": 3}


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("taken", ["indirect", "Winograd F(4x4"])
def test_what_is_not_finite_goes_through(value, taken, monkeypatch):
    monkeypatch.setattr(ways, "seconds", lambda key, ways: [float(not name.startswith(taken)) for name in ways])
    net = nn.HybridSequential()
    net.add(nn.Conv2D(32, 3, padding=1, in_channels=32), nn.Conv2D(32, 3, padding=1, in_channels=32))
    net.initialize()
    for place in ("data", "weight", "head"):
        x, scale = nd.random.uniform(-1, 1, (1, 32, 9, 9)), nd.ones((1, 32, 9, 9))
        if place != "weight":
            (x if place == "data" else scale)[0, 1, 2, 3] = value
        else:
            net[1].weight.data()[3, 1, 0, 2] = value
        found = []
        for backend in ("eager", "onednn"):
            net.hybridize(backend=backend, strict=True)
            x.attach_grad()
            with autograd.record():
                out = net(x)
                loss = (out * scale).sum()
            loss.backward()
            found.append(
                [out.asnumpy(), x.grad.asnumpy(), *(p.grad().asnumpy() for p in net.collect_params().values())]
            )
        for ours, right in zip(*found, strict=True):
            assert_same(np.isfinite(ours), np.isfinite(right))
        net[1].weight.data()[:] = 0.1


def _two():
    net = nn.HybridSequential()
    net.add(nn.Conv2D(16, 3, padding=1, in_channels=16), nn.Conv2D(16, 3, padding=1, in_channels=16))
    net.initialize()
    return net


def test_second_derivatives():
    net = _two()
    x, found = nd.random.uniform(-1, 1, (1, 16, 5, 5)), []
    for backend in ("eager", "onednn"):
        net.hybridize(backend=backend, strict=True)
        x.attach_grad()
        with autograd.record():
            (first,) = autograd.grad((net(x) ** 3).sum(), [x], create_graph=True)
            loss = (first**2).sum()
        loss.backward()
        found.append((first.asnumpy(), x.grad.asnumpy(), net[0].weight.grad().asnumpy()))
    for ours, right in zip(*found, strict=True):
        assert_same(ours, right, rtol=1e-4, atol=1e-4 * np.abs(right).max())


def test_gradients_may_be_added_and_taken_twice():
    net, found = _two(), []
    net.collect_params().setattr("grad_req", "add")
    x = nd.random.uniform(-1, 1, (1, 16, 5, 5))
    for backend in ("eager", "onednn"):
        net.hybridize(backend=backend, strict=True)
        net.collect_params().zero_grad()
        with autograd.record():
            loss = (net(x) ** 2).sum()
        loss.backward(retain_graph=True)
        loss.backward()
        found.append(net[1].weight.grad().asnumpy())
    assert_same(found[1], found[0], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("dtype", ["float64", "float16"])
def test_other_types_are_computed_as_before(dtype, monkeypatch):
    monkeypatch.setattr(convolution, "_Kernels", None)
    net = _two()
    net.cast(dtype)
    net.hybridize(backend="onednn", strict=True)
    with autograd.record():
        loss = net(nd.ones((1, 16, 5, 5), dtype=dtype)).sum()
    loss.backward()
    assert net[0].weight.grad().dtype == net[0].weight.data().dtype


def test_bfloat16_is_computed_with_the_channels_last():
    seen = []
    net, x, found = _two(), nd.random.uniform(-1, 1, (2, 16, 9, 9)), []
    net.cast("bfloat16")
    x = x.astype("bfloat16")
    for backend in ("eager", "onednn"):
        net.hybridize(backend=backend, strict=True)
        with autograd.record():
            out = net(x)
            loss = (out.astype("float32") ** 2).mean()
        loss.backward()
        found.append((out.astype("float32").asnumpy(), net[0].weight.grad().astype("float32").asnumpy()))
    for ours, right in zip(*found, strict=True):
        assert np.linalg.norm(ours - right) <= 1e-2 * np.linalg.norm(right)
    call = _trained(16, (3, 3), no_bias=True, num_group=2)
    call._operator = lambda data, weight, bias: seen.append(data.stride())
    call(x._data, net[0].weight.data()._data[:, :8])
    assert seen[-1][1] == 1, "the step from channel to channel"


def test_other_ranks_are_computed_as_before():
    for layer, shape in ((nn.Conv1D(16, 3), (1, 4, 9)), (nn.Conv3D(16, 3), (1, 4, 5, 5, 5))):
        layer.initialize()
        layer.hybridize(backend="onednn", strict=True)
        with autograd.record():
            layer(nd.ones(shape)).backward()
        with autograd.train_mode():
            assert "for training" in layer.explain(nd.ones(shape)).reason


@pytest.mark.parametrize(("shapes", "rule"), [
    ({"x": (1, 3, 9, 9), "c_weight": (16, 4, 3, 3)}, "weight must have shape"),
    ({"x": (1, 4, 2, 2), "c_weight": (16, 4, 3, 3)}, "must not be larger than the padded data"),
    ({"x": (1, 4, 9), "c_weight": (16, 4, 3, 3)}, "data must have 4 dimensions"),
])  # fmt: skip
def test_what_does_not_fit_is_refused_by_name(shapes, rule):
    x, weight, how = mx.sym.var("x"), mx.sym.var("c_weight"), {"kernel": (3, 3), "num_filter": 16, "no_bias": True}
    symbol = mx.sym.Group([mx.sym.Convolution(x, weight, name="c", **how), mx.sym.Convolution(x, weight, **how)])
    block = gluon.SymbolBlock(symbol, [mx.sym.var("x"), mx.sym.var("c_weight")])
    block.hybridize(backend="onednn", strict=True)
    with autograd.record(), pytest.raises(MXNetError, match=rule):
        block(*(nd.ones(shape) for shape in shapes.values()))


def test_what_is_small_is_left_to_torch(monkeypatch):
    monkeypatch.undo()
    call = _trained(16, (3, 3), pad=(1, 1), no_bias=True)
    for length, is_large in ((8, False), (128, True)):
        result = call(torch.ones(1, 16, length, length), torch.ones(16, 16, 3, 3, requires_grad=True))
        assert ("_Convolution" in str(result.grad_fn)) == is_large


def test_no_plan_is_kept_for_ever(monkeypatch):
    monkeypatch.setattr(convolution, "_KEPT", 3)
    call = _trained(16, (1, 1), no_bias=True)
    for length in range(1, 9):
        call(torch.ones(1, 16, length, 2), torch.ones(16, 16, 1, 1))
    assert len(call._kernels) == 3


def test_the_table_names_the_kernels():
    net, x = _network(), _x()
    net.hybridize(backend="onednn", strict=True)
    net(x)
    with autograd.train_mode():
        explanation = net.explain(x)
    counts = {"train_convolutions": 5, "train_batch_norm": 2, "fuse_sum": 1, "fuse_activation": 2}
    assert explanation.passes == counts and not explanation.reason
    assert [step.kernel for step in explanation.steps].count("convolution for training") == 5


def test_the_kernels_can_be_switched_off():
    net, x = _network(), _x()
    net.hybridize(backend="onednn", strict=True, native=False)
    net(x)
    with autograd.train_mode():
        assert "for training" in net.explain(x).reason


def test_many_threads_train_copies_of_a_network():
    x = _x()
    nets = [_network() for _ in range(4)]
    for net in nets:
        net(x)
    expected = [_learn(net, x) for net in nets]
    found = [None] * 4

    def work(number):
        for _ in range(5):
            found[number] = _learn(nets[number], x, backend="onednn", strict=True)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for ours, right in zip(found, expected, strict=True):
        _assert_all_same(ours, right)


def test_winograd_is_tried_where_it_suits(monkeypatch):
    keys = []
    monkeypatch.setattr(ways, "seconds", lambda key, ways: [keys.append(tuple(ways)), *[1.0] * len(ways)][1:])
    _trained(32, (3, 3), no_bias=True)(torch.ones(1, 16, 8, 8), torch.ones(32, 16, 3, 3))
    tiles = ("Winograd F(4x4, 3x3)", "Winograd F(2x2, 3x3)")
    names = [("indirect convolution", *tiles)] * 2 + [("sums over pixels", *tiles)]
    assert sorted(keys) == sorted(names), "forward, for the gradient of data, and for that of filters"
    monkeypatch.setenv("GLUEBALL_WINOGRAD", "0")
    _trained(32, (3, 3), no_bias=True)(torch.ones(1, 16, 8, 8), torch.ones(32, 16, 3, 3))
    assert len(keys) == 3 and winograd.obstacle() == gradient.winograd_obstacle() == ""


@settings(max_examples=200)
@given(
    length=st.integers(1, 3), channels=st.integers(1, 40), filters=st.integers(1, 70), kernel=_pairs["kernel"],
    stride=_pairs["stride"], kind=st.sampled_from([torch.float32, torch.bfloat16]), trained=st.booleans(),
)  # fmt: skip
def test_windows_with_gaps_may_miss_the_image(length, channels, filters, kernel, stride, kind, trained):
    """oneDNN then reads outside of it, which may end the process."""
    assume(length + 6 > 2 * (kernel[1] - 1))
    window = {"kernel": kernel, "stride": stride, "pad": (3, 3), "dilate": (2, 2)}
    call = _trained(filters, no_bias=True, layout="NHWC", **window)
    data, weight = torch.randn(3, 9, length, channels).to(kind), torch.randn(filters, *kernel, channels).to(kind)
    result = call(data, weight) if trained else call._operator(data, weight)
    first = data.movedim(-1, 1).double(), weight.movedim(-1, 1).double()
    expected = torch.conv2d(*first, stride=stride, padding=3, dilation=2)
    _assert_close(result.movedim(-1, 1), expected, kind)
