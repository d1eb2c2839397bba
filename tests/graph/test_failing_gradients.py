"""Engines that fail in backward(): the graph runs without them, or the error says so and the next call does."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import glueball as mx
from glueball import MXNetError, autograd, gluon, nd, sym
from glueball.gluon import nn

_LATE = '''
"""An engine whose functions compute gradients until a test says otherwise."""

import torch

fails = set()
calls = []


class _Step(torch.autograd.Function):
    @staticmethod
    def forward(ctx, run, *tensors):
        ctx.run = run
        ctx.save_for_backward(*tensors[:-2])
        ctx.rest = tensors[-2:]
        return run(*tensors)

    @staticmethod
    def backward(ctx, *gradients):
        calls.append("backward")
        if "backward" in fails or len(calls) in fails:
            raise AssertionError("no such thing as a gradient\\nhere")
        with torch.enable_grad():
            copies = [tensor.detach().requires_grad_(tensor.requires_grad) for tensor in ctx.saved_tensors]
            results = ctx.run(*copies, *ctx.rest)
        wanted = [copy for copy in copies if copy.requires_grad]
        pairs = [pair for pair in zip(results, gradients) if pair[0].requires_grad]
        found = iter(torch.autograd.grad([r for r, _ in pairs], wanted, [g for _, g in pairs], allow_unused=True))
        return None, *[next(found) if copy.requires_grad else None for copy in copies], None, None


class _Late:
    shows_nodes = SHOWS

    def obstacle(self):
        return ""

    def compile(self, lowered):
        return lambda *tensors: _Step.apply(lowered.module.forward, *tensors)


ENGINE = _Late()
'''


@pytest.fixture
def opaque(engine_file):
    return engine_file("late", _LATE.replace("SHOWS", "False"))


@pytest.fixture
def shown(engine_file):
    return engine_file("late", _LATE.replace("SHOWS", "True"))


_X = nd.array([[1, -2], [3, 4]])


def _network(units=3, **how):
    net = nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(nn.Dense(units, activation="tanh", in_units=2), nn.Dropout(0.5), nn.Dense(1, in_units=units))
    net.initialize(mx.init.One())
    if how:
        net.hybridize(**how)
    return net


def _step(net, x=_X):
    """Return the loss of a step and the gradients of the parameters."""
    mx.random.seed(3)
    with autograd.record():
        loss = (net(x) ** 2).sum()
    loss.backward()
    return loss.asscalar(), *[p.grad().asnumpy() for p in net.collect_params().values()]


def _assert_same(found, expected):
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)


def test_a_gradient_that_fails_is_found_before_anything_depends_on_it(opaque):
    expected = _step(_network(backend="eager"))
    opaque.fails.add("backward")
    net = _network(backend="late")
    said = r"^net: the engine 'late' failed on the graph, with AssertionError: no such thing as a gradient; the gr"
    with pytest.warns(UserWarning, match=said) as warned:
        _assert_same(_step(net), expected)
        _assert_same(_step(net), expected)
    assert len(warned) == 1 and opaque.calls == ["backward"]


def test_strict_makes_it_an_error_of_the_call(opaque):
    opaque.fails.add("backward")
    net = _network(backend="late", strict=True)
    with pytest.raises(MXNetError, match=r"^net: the engine 'late' failed on the graph, .*; choose another"):
        _step(net)


def test_gradients_are_tried_once_for_each_set_of_shapes(opaque):
    net = _network(backend="late")
    expected = _step(_network(backend="eager"))
    for _ in range(2):
        _assert_same(_step(net), expected)
    assert len(opaque.calls) == 3
    _step(net, nd.ones((5, 2)))
    net(_X)
    assert len(opaque.calls) == 5


def test_trying_writes_no_gradient_and_no_state(opaque):
    net = nn.HybridSequential()
    net.add(nn.BatchNorm(in_channels=2, momentum=0.5))
    net.initialize()
    net.hybridize(backend="late")
    for parameter in net.collect_params().values():
        if parameter.grad_req != "null":
            parameter.grad_req = "add"
            parameter.zero_grad()
    with autograd.record():
        loss = net(_X).sum()
    loss.backward()
    assert net[0].running_mean.data().asnumpy().tolist() == [1.0, 0.5]
    assert net[0].beta.grad().asnumpy().tolist() == [2, 2]


def test_the_operators_of_a_program_run_no_oftener(opaque):
    runs = []

    class Twice(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            runs.append("forward")
            self.assign(out_data[0], req[0], in_data[0] * 2)

        def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
            runs.append("backward")
            self.assign(in_grad[0], req[0], out_grad[0] * 2)

    @mx.operator.register("rehearsed_twice")
    class TwiceProp(mx.operator.CustomOpProp):
        def create_operator(self, ctx, shapes, dtypes):
            return Twice()

    x = nd.ones((2,))
    x.attach_grad()
    net = gluon.SymbolBlock(sym.Custom(sym.var("x"), op_type="rehearsed_twice"), sym.var("x"))
    net.hybridize(backend="late")
    with autograd.record():
        y = net(x)
    assert runs == ["forward"]
    y.backward()
    assert runs.count("backward") == 1 and x.grad.asnumpy().tolist() == [2, 2]


@pytest.mark.parametrize("where", ["net(x)", "executor"])
def test_a_later_failure_says_that_the_next_call_runs_without_the_engine(opaque, where):
    if where == "executor":
        symbol = sym.FullyConnected(sym.var("data"), num_hidden=3, name="net").optimize_for("late")
        executor = symbol.simple_bind(mx.cpu(), data=(2, 2))

        def step(net):
            executor.forward(is_train=True, data=_X, net_weight=nd.ones((3, 2)), net_bias=nd.ones(3))
            executor.backward(nd.ones((2, 3)))
            return [gradient.asnumpy() for gradient in executor.grad_arrays]

        net = None
    else:
        net, step = _network(backend="late"), _step
    expected = step(net)
    opaque.fails.add("backward")
    with pytest.raises(MXNetError, match=r"the engine 'late' failed in backward\(\) .*of the graph, with Asser") as e:
        step(net)
    assert "from now on the graph runs as it was lowered" in str(e.value)
    assert type(e.value.__cause__) is AssertionError
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _assert_same(step(net), expected)


def test_a_later_failure_leaves_a_strict_engine_in_place(opaque):
    net = _network(backend="late", strict=True)
    _step(net)
    opaque.fails.add("backward")
    for _ in range(2):
        with pytest.raises(MXNetError, match=r"^net: the engine 'late' failed in backward\(\).*; choose another"):
            _step(net)
    opaque.fails.clear()
    _step(net)


def test_only_the_network_that_failed_leaves_the_engine(shown):
    net = nn.Sequential()
    net.add(nn.Dense(2, in_units=2), nn.Dense(1, in_units=2), nn.Lambda(lambda y: y))
    net.initialize(mx.init.One())
    net.hybridize(backend="late")
    expected = _step(net)
    shown.calls.clear()
    shown.fails.add(2)  # backward() runs that of the second network first
    with pytest.raises(MXNetError, match=rf"^{net[0].name}: the engine 'late' failed in backward"):
        _step(net)
    shown.fails.clear()
    shown.calls.clear()
    _assert_same(_step(net), expected)
    assert len(shown.calls) == 1


def test_autograd_grad_says_it_too(shown):
    x = nd.ones((2, 2))
    x.attach_grad()
    net = _network(backend="late")
    shown.fails.add("backward")
    with autograd.record():
        y = net(x)
    with pytest.raises(MXNetError, match=r"^net: the engine 'late' failed in backward"):
        autograd.grad(y, [x])


def test_the_node_is_named_where_its_parameters_tell(shown):
    net = nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(nn.Dense(3, activation="relu", in_units=2))
    net.initialize()
    net.hybridize(backend="late")
    shown.fails.add("backward")
    with pytest.raises(
        MXNetError, match=r"^net: the engine 'late' failed in backward\(\) at net_dense0_fwd of the graph"
    ):
        _step(net)


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_what_a_users_own_gradient_raises_passes(shown, error):
    class Own(autograd.Function):
        def forward(self, x):
            return x * 2

        def backward(self, dy):
            raise error

    net = _network(backend="late")
    with autograd.record():
        y = Own()(net(_X))
    with pytest.raises(error):
        y.backward()
    _step(net)
    assert len(shown.calls) == 1


_PLAIN = """
class _Plain:
    shows_nodes = True

    def obstacle(self):
        return ""

    def compile(self, lowered):
        return lambda *tensors: lowered.module.forward(*tensors)


ENGINE = _Plain()
"""


def test_what_an_operator_refuses_is_not_the_engines_failure(engine_file):
    @mx.operator.register("copied")
    class CopiedProp(mx.operator.CustomOpProp):
        def create_operator(self, ctx, shapes, dtypes):
            return mx.operator.CustomOp()

    engine_file("plain", _PLAIN)
    x = nd.ones((2,))
    x.attach_grad()
    net = gluon.SymbolBlock(sym.Custom(sym.var("x"), op_type="copied"), sym.var("x"))
    net.hybridize(backend="plain")
    with autograd.record():
        y = net(x)
        with pytest.raises(MXNetError, match=r"^Custom: the gradient of a CustomOp cannot be differentiated"):
            autograd.grad(y, [x], create_graph=True)


def test_a_graph_that_is_freed_is_the_users_affair(shown):
    net = _network(backend="late")
    with autograd.record():
        y = net(_X)
        z = y * 2
    y.backward()
    with pytest.raises(MXNetError, match="retain_graph=True"):
        z.backward()
    shown.calls.clear()
    _step(net)
    assert len(shown.calls) == 1
