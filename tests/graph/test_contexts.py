"""Networks on several contexts, or whose parameters are replaced: each set of parameters has a plan of its own."""

from __future__ import annotations

import gc
import weakref
from collections import Counter

import numpy as np
import pytest

import glueball as mx
from glueball import nd
from glueball.gluon import nn
from glueball.graph import prediction
from glueball.graph.engines import onednn
from glueball.graph.kernels import indirect
from glueball.graph.kernels.sequence import KernelSequence
from tests.comparison import assert_same

_CONTEXTS = [mx.cpu(0), mx.cpu(1)]
_CALLS = 3  # the first may run the graph as it was lowered, the next makes a plan, the last uses it


@pytest.fixture(autouse=True)
def always(monkeypatch):
    """Take kernels for small convolutions too, where torch may be faster."""
    monkeypatch.setattr(onednn, "seconds", lambda key, ways, alone: [float(name == "torch") for name in ways])


def _network(contexts=tuple(_CONTEXTS)):
    net = nn.HybridSequential()
    net.add(nn.Conv2D(16, 3, padding=1, in_channels=4, use_bias=False), nn.BatchNorm(in_channels=16))
    net.add(nn.Activation("relu"), nn.Conv2D(4, 1, in_channels=16), nn.Flatten())
    net.initialize(mx.init.Uniform(0.5), ctx=list(contexts))
    net.hybridize(backend="onednn")
    return net


def _inputs(contexts=tuple(_CONTEXTS)):
    return [nd.random.uniform(-1, 1, (2, 4, 7, 6), ctx=ctx) for ctx in contexts]


def _prediction(net):
    return net._cached_op.program._ready[False].run


def _plans(net):
    return [known.plan for known in _prediction(net)._known.values() if known.plan is not None]


def _count_lowered(net, monkeypatch):
    """Return a counter of the calls that run the graph as it was lowered."""
    counts, run = Counter(), _prediction(net)._as_lowered
    monkeypatch.setattr(_prediction(net), "_as_lowered", lambda *tensors: (counts.update(["calls"]), run(*tensors))[1])
    return counts


def _kept(net):
    """Return weak references to what the plans keep of the parameters."""
    return [weakref.ref(plan.kept) for plan in _plans(net)]


def test_calls_that_alternate_between_contexts_use_plans(monkeypatch):
    net, inputs = _network(), _inputs()
    net.hybridize(False)
    expected = [net(x).asnumpy() for x in inputs]
    net.hybridize(backend="onednn")
    for _ in range(_CALLS):
        for x in inputs:
            net(x)
    counts = _count_lowered(net, monkeypatch)
    for _ in range(_CALLS):
        for x, result in zip(inputs, expected, strict=True):
            output = net(x)
            assert output.context == x.context
            assert_same(output.asnumpy(), result, rtol=1e-5)
    assert not counts


def test_the_first_call_of_another_context_makes_no_plan_yet():
    """A program that replaces its parameters between two predictions does not wait for plans."""
    net, inputs = _network(), _inputs()
    for x in inputs:
        net(x)
    assert len(_plans(net)) == 1


def test_a_change_on_one_context_leaves_the_plan_of_the_other():
    net, inputs = _network(), _inputs()
    for _ in range(_CALLS):
        before = [net(x).asnumpy() for x in inputs]
    first, second = _plans(net)
    net[3].weight.data(_CONTEXTS[1])[:] *= 2
    for _ in range(_CALLS):
        after = [net(x).asnumpy() for x in inputs]
        assert np.array_equal(after[0], before[0]) and not np.allclose(after[1], before[1])
    plans = _plans(net)
    assert plans[0] is first and len(plans) == 2 and plans[1] is not second


def test_what_is_not_finite_is_found_once_for_each_context(monkeypatch):
    net, inputs = _network(), _inputs()
    net[3].weight.set_data(nd.full(net[3].weight.shape, np.nan))
    made = []

    def refuse(*arguments):
        made.append(arguments)
        raise prediction.NotFinite

    monkeypatch.setattr(prediction, "_prepared", refuse)
    for _ in range(_CALLS + 2):
        for x in inputs:
            assert np.isnan(net(x).asnumpy()).all()
    assert len(made) == len(inputs)


def test_a_context_that_is_left_keeps_no_memory():
    net, inputs = _network(), _inputs()
    for _ in range(_CALLS):
        for x in inputs:
            net(x)
    kept = _kept(net)
    net.collect_params().reset_ctx(_CONTEXTS[:1])
    gc.collect()
    assert len(kept) == 2 and kept[1]() is None


def test_replaced_parameters_keep_no_memory_before_the_next_call():
    net, (x,) = _network(_CONTEXTS[:1]), _inputs(_CONTEXTS[:1])
    net(x)
    (kept,) = _kept(net)
    net[3].weight.initialize(force_reinit=True)
    gc.collect()
    assert kept() is None


def test_a_plan_outlives_the_parameters_of_the_one_before():
    net, (x,) = _network(_CONTEXTS[:1]), _inputs(_CONTEXTS[:1])
    net(x)
    old = net[3].weight.data()._data
    net[3].weight.initialize(force_reinit=True)
    for _ in range(_CALLS):
        net(x)
    (plan,) = _plans(net)
    del old
    gc.collect()
    assert _plans(net) == [plan]


def test_the_number_of_plans_is_bounded():
    """As with parameters that a program replaces while it keeps the old ones."""
    net, (x,) = _network(_CONTEXTS[:1]), _inputs(_CONTEXTS[:1])
    replaced = []
    for _ in range(prediction._SETS + 3):
        for _ in range(_CALLS):
            net(x)
        replaced += [parameter.data()._data for parameter in net.collect_params().values()]
        net.initialize(mx.init.Uniform(0.5), force_reinit=True)
    assert len(_plans(net)) == prediction._SETS


@pytest.mark.skipif(bool(indirect.obstacle()), reason=indirect.obstacle())
def test_addresses_are_bound_once_for_each_context(monkeypatch):
    bound, bind = [], KernelSequence._bind
    monkeypatch.setattr(
        KernelSequence, "_bind", lambda self, kept, *more: (bound.append(id(kept)), bind(self, kept, *more))[1]
    )
    net, inputs = _network(), _inputs()
    for _ in range(_CALLS + 2):
        for x in inputs:
            net(x)
    assert len(bound) == len(set(bound)) == len(inputs)
