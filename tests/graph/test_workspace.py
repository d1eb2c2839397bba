"""Memory of a plan: results that are in use at the same time lie apart, and no caller ever sees it."""

from __future__ import annotations

import signal
import threading

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import fx

import glueball as mx
from glueball import nd
from glueball.gluon import nn
from glueball.graph import constants, workspace
from glueball.graph.engines import onednn
from glueball.graph.fused import FusedConvolution
from glueball.graph.kernels import indirect
from glueball.graph.kernels.sequence import KernelSequence
from glueball.graph.workspace import RESULTS, assign
from tests.comparison import assert_same

pytestmark = pytest.mark.skipif(bool(indirect.obstacle()), reason=indirect.obstacle())

_CALLS = 3


@pytest.fixture(autouse=True)
def compiled(monkeypatch):
    """Take compiled kernels at the borders of graphs too."""
    monkeypatch.setattr(onednn, "seconds", lambda key, ways, alone: [float(name == "torch") for name in ways])


class _Net(nn.HybridSequential):
    """Results that are used later again, operators in between that return views, and several outputs."""

    def hybrid_forward(self, F, x):
        first = self[0](x)
        second = self[1](first)
        view = F.reshape(second, (0, -1))
        third = self[2](first) + first
        fourth = self[3](F.slice_axis(third, axis=1, begin=0, end=16))
        return fourth, view, first, F.transpose(third, (0, 2, 3, 1)), F.identity(fourth)


def _net(image=9):
    net = _Net()
    net.add(nn.Conv2D(32, 3, padding=1, in_channels=3, activation="relu"), nn.Conv2D(16, image, in_channels=32))
    net.add(nn.Conv2D(32, 3, padding=1, in_channels=32), nn.Conv2D(16, 1, in_channels=16, activation="sigmoid"))
    net.initialize(mx.init.Xavier())
    return net


def _all(outputs):
    return [output.asnumpy() for output in outputs]


def _assert_all_same(outputs, expected):
    for output, right in zip(outputs, expected, strict=True):
        assert_same(output, right, rtol=1e-5)


def test_results_are_those_of_imperative_calls_and_stay_so():
    net, x = _net(), nd.random.uniform(-1, 1, (2, 3, 9, 9))
    expected = _all(net(x))
    net.hybridize(backend="onednn", strict=True)
    outputs = [net(x) for _ in range(_CALLS)]
    for _ in range(_CALLS):
        net(nd.zeros((2, 3, 9, 9)))
    for each in outputs:
        _assert_all_same(_all(each), expected)
        assert len({output._data.untyped_storage().data_ptr() for output in each}) == len(each)
        for output in each:
            output[:] = np.nan
    _assert_all_same(_all(net(x)), expected)


@given(st.data())
def test_what_is_in_use_lies_apart(data):
    """Random graphs: the memory of a result is not written while somebody still wants to read it."""
    graph = fx.Graph()
    made = [graph.placeholder("x")]
    graph.placeholder(RESULTS)
    calls = {}
    for _ in range(data.draw(st.integers(1, 12))):
        source = data.draw(st.sampled_from(made))
        if data.draw(st.booleans()):
            size = data.draw(st.integers(1, 5))
            call = FusedConvolution(
                filters=(16, 4, 1, 1), stride=(1, 1), pad=(0, 0), dilate=(1, 1), groups=1, last=False
            )
            kernel = indirect.Indirect(call, (1, 4, size, size))
            node = graph.call_function(kernel, (source, None, None))
            calls[node] = kernel
        else:
            node = graph.call_function(torch.neg, (source,))  # it might return a view, for all that is known
        made.append(node)
    graph.output(tuple(data.draw(st.lists(st.sampled_from(made), max_size=3))))
    slots = dict(zip(calls, assign(graph)._slots, strict=True))
    nodes = list(graph.nodes)
    for node in calls:
        inside, last = {node}, node
        for other in nodes:
            if inside & {*other.all_input_nodes}:
                last = other
                if other not in calls:
                    inside.add(other)
        for other in nodes[nodes.index(node) + 1 : nodes.index(last) + 1]:
            if other in calls:
                assert slots[node].end <= slots[other].offset or slots[other].end <= slots[node].offset


def test_memory_is_used_again(monkeypatch):
    monkeypatch.setattr(constants, "mark", lambda graph: None)  # each kernel alone
    net = nn.HybridSequential()
    for _ in range(10):
        net.add(nn.Conv2D(16, 1, in_channels=16))
    net.initialize()
    net.hybridize(backend="onednn", strict=True)
    x = nd.ones((1, 16, 32, 32))
    sizes = []
    make = workspace.Workspace.make
    monkeypatch.setattr(workspace.Workspace, "make", lambda self: (sizes.append(self._size), make(self))[1])
    for _ in range(_CALLS):
        net(x)
    assert sizes == [2 * 16 * 32 * 32], "once, with room for the input and the output of a layer"


def test_much_memory_is_not_kept(monkeypatch):
    monkeypatch.setattr(workspace, "_MOST_KEPT", 0)
    net, x = _net(), nd.random.uniform(-1, 1, (2, 3, 9, 9))
    expected = _all(net(x))
    net.hybridize(backend="onednn", strict=True)
    made = []
    make = workspace.Workspace.make
    monkeypatch.setattr(workspace.Workspace, "make", lambda self: (made.append(1), make(self))[1])
    for _ in range(_CALLS):
        _assert_all_same(_all(net(x)), expected)
    assert len(made) == _CALLS


def test_each_thread_has_its_own():
    net = _net()
    arrays = [nd.random.uniform(-1, 1, (2, 3, 9, 9)) for _ in range(8)]
    expected = [_all(net(x)) for x in arrays]
    net.hybridize(backend="onednn", strict=True)
    net(arrays[0])
    failed = []

    def predict(number):
        try:
            for _ in range(50):
                _assert_all_same(_all(net(arrays[number])), expected[number])
        except AssertionError as error:
            failed.append(error)

    threads = [threading.Thread(target=predict, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def test_a_signal_handler_may_call_the_same_network(monkeypatch):
    """In the middle of a call, between two of its kernels."""
    net, x, other = _net(), nd.random.uniform(-1, 1, (2, 3, 9, 9)), nd.random.uniform(-1, 1, (2, 3, 9, 9))
    expected, others = _all(net(x)), _all(net(other))
    net.hybridize(backend="onednn", strict=True)
    for _ in range(_CALLS):
        net(x)
    inside, seen, run = [], [], KernelSequence.__call__

    def interrupted(self, *arguments):
        run(self, *arguments)
        if not inside:
            signal.raise_signal(signal.SIGUSR1)

    def handle(*_):
        inside.append(1)
        seen.append(_all(net(other)))
        inside.clear()

    monkeypatch.setattr(KernelSequence, "__call__", interrupted)
    before = signal.signal(signal.SIGUSR1, handle)
    try:
        found = _all(net(x))
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert len(seen) > 1
    _assert_all_same(found, expected)
    for each in seen:
        _assert_all_same(each, others)


def test_kernels_that_follow_each_other_are_one_call(monkeypatch):
    lengths = []
    begin = KernelSequence.__init__
    monkeypatch.setattr(
        KernelSequence, "__init__", lambda self, links: (lengths.append(len(links)), begin(self, links))[1]
    )
    net, x = nn.HybridSequential(), nd.random.uniform(-1, 1, (1, 3, 20, 20))
    net.add(nn.Conv2D(16, 3, activation="relu"), nn.Conv2D(32, 1), nn.Conv2D(32, 3, groups=32), nn.MaxPool2D())
    net.add(nn.Conv2D(16, 1, activation="sigmoid"), nn.Conv2D(32, 1), nn.Conv2D(16, 1))
    net.initialize(mx.init.Xavier())
    expected = net(x).asnumpy()
    net.hybridize(backend="onednn", strict=True)
    for threads in (2, 1, 2):
        torch.set_num_threads(threads)
        for _ in range(_CALLS):
            assert_same(net(x).asnumpy(), expected, rtol=1e-5)
    assert lengths == [4, 2], "torch computes the sigmoid"
    assert [step.kernel for step in net.explain(x).steps][:3] == ["indirect convolution"] * 2 + ["grouped convolution"]


def test_parameters_that_change_are_read_again():
    net, x = _net(), nd.random.uniform(-1, 1, (2, 3, 9, 9))
    net.hybridize(backend="onednn", strict=True)
    for _ in range(_CALLS):
        before = _all(net(x))
    for parameter in net.collect_params().values():
        parameter.set_data(parameter.data() * 1.5)
    after = [_all(net(x)) for _ in range(_CALLS)]
    net.hybridize(False)
    expected = _all(net(x))
    assert not np.allclose(before[0], expected[0])
    for each in after:
        _assert_all_same(each, expected)
