"""How a HybridBlock runs: what reaches `hybrid_forward`, that it runs once, and which errors are raised."""

from __future__ import annotations

import copy
import pickle
import signal
import sys
import threading
import traceback

import numpy as np
import pytest
import torch

from glueball import MXNetError, autograd, cpu, gluon, nd
from glueball.gluon import nn
from tests.comparison import assert_same


class _Scale(gluon.HybridBlock):
    """A block with parameters of given names."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        for name in names:
            setattr(self, name, self.params.get(name, shape=(1,), init="ones"))

    def hybrid_forward(self, F, x, **parameters):
        self.received = {name: type(parameter).__name__ for name, parameter in parameters.items()}
        return sum(parameters.values(), x)


@pytest.mark.parametrize("names", [(), ("weight",), ("b", "a", "x1"), ("lambda", "2nd"), ("block", "own", "ctx", "nd")])
def test_parameters_arrive_by_name_whatever_it_is(names):
    block = _Scale(*names)
    block.initialize(ctx=[cpu(0), cpu(1)])
    for ctx in (cpu(0), cpu(1)):
        result = block(nd.zeros((2,), ctx=ctx))
        assert result.context is ctx
        assert_same(result.asnumpy(), np.full(2, len(names), np.float32))
        assert block.received == dict.fromkeys(names, "NDArray")


@pytest.mark.parametrize("hybridized", [False, True])
def test_a_parameter_that_is_added_later_arrives_too(hybridized):
    block = _Scale("first")
    block.initialize()
    block.hybridize(hybridized)
    block(nd.zeros((1,)))
    block.second = block.params.get("second", shape=(1,), init="ones")
    block.initialize(force_reinit=True)
    assert block(nd.zeros((1,))).asscalar() == 2


def test_a_parameter_without_values_is_reported():
    with pytest.raises(MXNetError, match="first: it must be initialized"):
        _Scale("first")(nd.zeros((1,)))


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda layer: pickle.loads(pickle.dumps(layer))])
def test_a_layer_can_be_copied(copied):
    data = nd.array(np.random.RandomState(0).rand(1, 3, 5, 4))
    layer = nn.Conv2D(2, 3, activation="relu")
    layer.initialize()
    expected = layer(data).asnumpy()
    assert_same(copied(layer)(data).asnumpy(), expected)


# ------------------------------------------------------------------------------------------------------ run once


class _Counted(gluon.HybridBlock):
    """Counts its runs, and raises a given error."""

    def __init__(self, error: Exception | None = None) -> None:
        super().__init__()
        self.runs, self.error = 0, error

    def hybrid_forward(self, F, x):
        self.runs += 1
        if self.error is not None:
            raise self.error
        return F.relu(x)


def test_the_first_call_runs_once_as_later_ones_do():
    block = _Counted()
    block(nd.ones((1,)))
    block(nd.ones((1,)))
    assert block.runs == 2


@pytest.mark.parametrize("error", [KeyError("mine"), ValueError("mine"), RuntimeError("mine"), MXNetError("mine")])
@pytest.mark.parametrize("hybridized", [False, True])
def test_an_error_of_the_user_is_the_users(error, hybridized):
    block = _Counted(error)
    block.hybridize(hybridized)
    with pytest.raises(type(error)) as caught:
        block(nd.zeros((1,)))
    assert caught.value is error and block.runs == 1


class _Alarm(RuntimeError):
    """A class that operators' errors share."""


def _interrupted(work, error):
    """Run `work`, which signals its own process, with a handler that raises an error; return the error raised."""

    def handler(number, frame):
        raise error

    before = signal.signal(signal.SIGUSR1, handler)
    try:
        with pytest.raises(BaseException) as caught:
            work()
    finally:
        signal.signal(signal.SIGUSR1, before)
    return caught.value


@pytest.mark.parametrize("error", [_Alarm("time is up"), KeyError("mine"), KeyboardInterrupt(), MXNetError("mine")])
@pytest.mark.parametrize("way", ["imperative", "hybridized", "nd", "watched"])
def test_what_a_signal_handler_raises_reaches_the_caller_once(way, error, monkeypatch):
    net = nn.HybridSequential()
    net.add(nn.Dense(3, activation="relu", in_units=3), nn.Dense(2, in_units=3))
    net.initialize()
    net.hybridize(way in ("hybridized", "watched"))
    x = nd.ones((1, 3))
    net(x)
    if way == "watched":
        net.register_op_hook(lambda *_: None)
    calls = []
    plain = torch.relu

    def relu(data):
        calls.append(data)
        signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)  # the handler runs before the next instruction
        return plain(data)

    monkeypatch.setattr("torch.relu", relu)
    monkeypatch.setattr("torch.nn.functional.linear", lambda *arrays: relu(torch.ones(1, 3)))
    work = (lambda: nd.FullyConnected(x, x, num_hidden=1, no_bias=True)) if way == "nd" else lambda: net(x)
    assert _interrupted(work, error) is error
    assert len(calls) == 1


def test_what_a_hook_of_torch_raises_is_not_explained_away():
    x = nd.ones((2,))
    x.attach_grad()
    with autograd.record():
        y = (x * 2).sum()

    def hook(gradient):
        raise ValueError("of the hook")

    x._tape.register_hook(hook)
    with pytest.raises(ValueError, match="of the hook"):
        y.backward()


def test_a_traceback_shows_the_text_of_a_function_that_was_made():
    with pytest.raises(MXNetError) as caught:
        nd.Convolution(nd.ones((1, 3, 4, 4)), nd.ones((1, 3, 9, 9)), kernel=(9, 9), num_filter=1, no_bias=True)
    lines = traceback.extract_tb(caught.value.__traceback__)
    (line,) = [entry.line for entry in lines if entry.filename == "<glueball.ndarray.Convolution>"]
    assert line.startswith("return invoke(operator, (data, weight, bias, )")


@pytest.fixture
def busy_threads():
    """Let threads take turns after every few instructions."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def _at_once(act, count=8):
    """Run a function in threads that begin at one moment; return the results, or raise what one of them raised."""
    gate, results, errors = threading.Barrier(count), [], []

    def run():
        gate.wait()
        try:
            results.append(act())
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results


def _deferred():
    net = nn.HybridSequential()
    net.add(nn.Conv2D(4, 3), nn.BatchNorm(), nn.Dense(5))
    return net


@pytest.mark.parametrize("contexts", [[cpu(0)], [cpu(0), cpu(1)]], ids=["one context", "two contexts"])
@pytest.mark.parametrize("hybridized", [False, True])
def test_threads_that_make_the_first_call_at_once(hybridized, contexts, busy_threads):
    for _ in range(5):
        net, x = _deferred(), nd.ones((2, 2, 8, 8))
        net.initialize(ctx=contexts)
        net.hybridize(hybridized)
        results = _at_once(lambda net=net, x=x: net(x).asnumpy())
        expected = net(x).asnumpy()
        for result in results:
            assert_same(result, expected)


@pytest.mark.parametrize("hybridized", [False, True])
def test_threads_that_make_the_first_call_find_gradients(hybridized, busy_threads):
    def step(net, x):
        with autograd.record():
            y = net(x)
        assert all(parameter.data()._tape is not None for parameter in net.collect_params().values())
        y.backward()

    for _ in range(10):
        net = nn.HybridSequential()
        net.add(nn.Dense(3), nn.Dense(2))
        net.initialize("ones")
        net.hybridize(hybridized)
        _at_once(lambda net=net: step(net, nd.ones((1, 2))))
        assert net[0].weight.grad().asnumpy().tolist() == [[2, 2]] * 3
        assert net[1].weight.grad().asnumpy().tolist() == [[2, 2, 2]] * 2
