"""Batch normalization of graphs for training, with a sum and relu: results and gradients are torch's, in float64."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import glueball as mx
from glueball import autograd, nd
from glueball.gluon import nn
from glueball.graph.kernels import batch_norm
from glueball.graph.recycled import Recycled
from glueball.graph.training import convolution
from glueball.graph.training.batch_norm import TrainedBatchNorm
from tests.comparison import assert_same

pytestmark = pytest.mark.skipif(bool(batch_norm.obstacle()), reason=batch_norm.obstacle())

_LAST = torch.channels_last


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Take the kernels for small images too: behind them images have their channels last."""
    monkeypatch.setattr(convolution, "_LEAST", 0)


def _trained(has_relu, **attributes) -> TrainedBatchNorm:
    symbol = mx.sym.BatchNorm(mx.sym.var("x"), **attributes)
    return TrainedBatchNorm(symbol._entries[0].node.applied, has_relu, Recycled(2**28))


@given(
    shape=st.tuples(st.integers(1, 3), st.integers(16, 70), st.integers(2, 12), st.integers(2, 12)),
    fix_gamma=st.booleans(), has_relu=st.booleans(), has_other=st.booleans(), middle=st.sampled_from([0.0, 3.0, -40.0]),
    threads=st.integers(1, 3), kind=st.sampled_from([torch.float32, torch.bfloat16]),
)  # fmt: skip
def test_results_and_gradients(shape, fix_gamma, has_relu, has_other, middle, threads, kind):
    generator = torch.Generator().manual_seed(1)
    data, other = (torch.randn(shape, generator=generator).to(kind) for _ in range(2))
    data = (data * 2 + middle).contiguous(memory_format=_LAST)
    gamma, beta, mean, var = (torch.rand(shape[1], generator=generator) + 0.5 for _ in range(4))
    head = torch.randn(shape, generator=generator).to(kind)
    arguments = [data, gamma, beta, other if has_other else None]
    exact = [None if each is None else each.double() for each in arguments]
    for tensor in (*arguments, *exact):
        if tensor is not None:
            tensor.requires_grad_()
    statistics = [mean.double(), var.double()]
    expected = torch.batch_norm(exact[0], None if fix_gamma else exact[1], exact[2], None, None, True, 0.0, 1e-3, False)
    expected = expected + exact[3] if has_other else expected
    expected = expected.relu() if has_relu else expected
    call = _trained(has_relu, fix_gamma=fix_gamma, eps=1e-3, momentum=0.9)
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(threads)
        result, new_mean, new_var = call(*arguments[:3], mean, var, arguments[3], training=True)
        assert "_BatchNorm" in str(result.grad_fn)
        expected.backward(head.double())
        result.backward(head)
    finally:
        torch.set_num_threads(before)
    _assert_close(result, expected, kind)
    batch = exact[0].detach()
    _assert_close(new_mean, statistics[0] * 0.9 + batch.mean((0, 2, 3)) * 0.1)
    _assert_close(new_var, statistics[1] * 0.9 + batch.var((0, 2, 3), unbiased=False) * 0.1)
    for found, right in zip(arguments, exact, strict=True):
        if found is gamma and fix_gamma:
            assert not found.grad.any()
        elif found is not None:
            _assert_close(found.grad, right.grad, found.dtype, 1e-2 if kind is torch.bfloat16 else 3e-5)


def _assert_close(found, right, kind=torch.float32, error=None):
    assert found.shape == right.shape and found.dtype is kind
    error = error or (1e-2 if kind is torch.bfloat16 else 3e-5)
    assert (found - right).norm() <= error * right.norm() + 1e-4


@pytest.mark.parametrize("make", [
    lambda: torch.randn(2, 32, 5, 5), lambda: torch.randn(2, 3, 5, 5).contiguous(memory_format=_LAST),
    lambda: torch.randn(2, 32, 5, 5).double().contiguous(memory_format=_LAST), lambda: torch.randn(2, 32, 5),
], ids=["channels first", "few channels", "float64", "a row"])  # fmt: skip
def test_what_does_not_suit_the_operator_computes(make):
    data = make()
    count = data.shape[1]
    numbers = [torch.rand(count, dtype=data.dtype) + 0.5 for _ in range(4)]
    other = torch.randn(data.shape, dtype=data.dtype)
    call = _trained(True, fix_gamma=False)
    found = call(data.requires_grad_(), *numbers, other, training=True)
    right = call._operator(data, *numbers, training=True)
    assert "_BatchNorm" not in str(found[0].grad_fn)
    assert torch.equal(found[0], torch.relu(right[0] + other)) and torch.equal(found[1], right[1])


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_spreads_as_in_torch(value):
    data = torch.randn(2, 32, 5, 5).contiguous(memory_format=_LAST)
    data[0, 3, 1, 1] = value
    numbers = [torch.rand(32) + 0.5 for _ in range(4)]
    call = _trained(True)
    found, right = call(data, *numbers, training=True), call._operator(data, *numbers, training=True)
    assert_same(found[0].numpy(), torch.relu(right[0]).numpy(), rtol=1e-4, atol=1e-5)
    assert_same(np.isfinite(found[1].numpy()), np.isfinite(right[1].numpy()))


# --- in networks ------------------------------------------------------------------------------------------------------


class _Block(nn.HybridSequential):
    def __init__(self, order):
        super().__init__()
        self._order = order
        self.add(nn.Conv2D(32, 1, use_bias=False), nn.BatchNorm(), nn.Conv2D(32, 1, use_bias=False), nn.BatchNorm())

    def hybrid_forward(self, F, x):
        first = self[1](self[0](x))
        second = self[3](self[2](x if self._order else first))
        total = first + second if self._order else F.elemwise_add(second, x)
        return F.relu(total) if self._order != 2 else F.relu(total) + total


def _network(order):
    net = nn.HybridSequential()
    net.add(nn.Conv2D(32, 3, in_channels=3), nn.BatchNorm(), nn.Activation("relu"), _Block(order), _Block(order))
    net.add(nn.Conv2D(16, 1), nn.BatchNorm(), nn.GlobalAvgPool2D())
    net.initialize(mx.init.Xavier())
    return net


def _learn(net, x, backend):
    net.hybridize(backend=backend, strict=True) if backend else net.hybridize(False)
    for name, parameter in net.collect_params().items():
        if name.endswith(("running_mean", "running_var")):
            parameter.set_data(nd.ones(parameter.shape))
    with autograd.record():
        out = net(x)
        loss = (out**2).sum()
    loss.backward()
    parameters = net.collect_params().items()
    grads = {name: p.grad().asnumpy() for name, p in parameters if p.grad_req != "null"}
    return {**grads, **{name: p.data().asnumpy() for name, p in parameters}, "out": out.asnumpy()}


@pytest.mark.parametrize(("order", "counts"), [
    (0, {"fuse_sum": 2, "fuse_activation": 3}), (1, {"fuse_sum": 2, "fuse_activation": 3}),
    (2, {"fuse_sum": 0, "fuse_activation": 1}),
])  # fmt: skip
def test_a_step_is_that_of_imperative_calls(order, counts):
    net, x = _network(order), nd.random.uniform(-1, 1, (2, 3, 12, 12))
    net(x)
    expected = _learn(net, x, None)
    for _ in range(2):
        found = _learn(net, x, "onednn")
        for name, array in found.items():
            scale = np.abs(expected[name]).max()
            assert_same(array, expected[name], rtol=1e-4, atol=1e-4 * max(scale, 0.1))
    with autograd.train_mode():
        passes = net.explain(x).passes
    assert {name: passes[name] for name in counts} == counts and passes["train_batch_norm"] == 6


def test_a_layer_that_is_called_twice_updates_its_statistics_twice():
    class Net(nn.HybridSequential):
        def hybrid_forward(self, F, x):
            x = self[0](x)
            return self[2](F.relu(self[1](x) + x) + F.relu(self[1](x * 2) + x))

    net, x = Net(), nd.random.uniform(-1, 1, (2, 3, 12, 12))
    net.add(nn.Conv2D(32, 3, in_channels=3), nn.BatchNorm(), nn.Conv2D(16, 1))
    net.initialize(mx.init.Xavier())
    net(x)
    expected, found = _learn(net, x, None), _learn(net, x, "onednn")
    for name, array in found.items():
        assert_same(array, expected[name], rtol=1e-4, atol=1e-4 * max(np.abs(expected[name]).max(), 0.1))


def test_second_derivatives():
    net, found = nn.HybridSequential(), []
    net.add(nn.Conv2D(16, 1, in_channels=16), nn.BatchNorm(), nn.Activation("relu"), nn.Conv2D(16, 1))
    net.initialize()
    x = nd.random.uniform(-1, 1, (2, 16, 4, 4))
    net(x)
    for backend in ("eager", "onednn"):
        net.hybridize(backend=backend, strict=True)
        x.attach_grad()
        with autograd.record():
            (first,) = autograd.grad((net(x) ** 3).sum(), [x], create_graph=True)
            loss = (first**2).sum()
        loss.backward()
        found.append((first.asnumpy(), x.grad.asnumpy(), net[1].gamma.grad().asnumpy()))
    for ours, right in zip(*found, strict=True):
        assert_same(ours, right, rtol=1e-3, atol=1e-3 * np.abs(right).max())
