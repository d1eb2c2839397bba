"""The engine ``auto``: it keeps the fastest engine whose results are right."""

from __future__ import annotations

import time

import pytest
import torch

from glueball import MXNetError, autograd, init, nd
from glueball.gluon import nn
from glueball.graph.engines import auto
from tests.comparison import assert_same

_ENGINE = """
import time

import torch

calls = []


class _Engine:
    shows_nodes = True

    def obstacle(self):
        return {obstacle!r}

    def compile(self, lowered):
        def run(*tensors):
            calls.append(torch.get_num_threads())
            time.sleep({seconds})
            if {fails}:
                raise RuntimeError("no such kernel")
            return tuple([result + float("{error}") for result in lowered.module.forward(*tensors)])

        return run


ENGINE = _Engine()
"""


@pytest.fixture
def add_engine(engine_file, monkeypatch):
    """Add an engine that takes a time for each call and may be wrong; return its module."""
    monkeypatch.setattr(auto, "_found", {})

    def add(name, seconds=0.0, error=0.0, fails=False, obstacle=""):
        return engine_file(name, _ENGINE.format(seconds=seconds, error=error, fails=fails, obstacle=obstacle))

    return add


def _network():
    net = nn.Dense(3, in_units=4, activation="relu")
    net.initialize(init.One())
    return net


def _hybridized(net, **options):
    net.hybridize(backend="auto", **{"seconds": 0.3, **options})
    return net


def test_the_fastest_is_kept(add_engine):
    slow, fast = add_engine("slow", seconds=0.02), add_engine("fast", seconds=0.001)
    net = _hybridized(_network(), engines=["slow", "fast"])
    x = nd.ones((2, 4))
    net(x)
    tried = len(slow.calls), len(fast.calls)
    assert tried[0] >= 2 and tried[1] >= 2
    for _ in range(3):
        net(x)
    assert (len(slow.calls), len(fast.calls)) == (tried[0], tried[1] + 3)


@pytest.mark.parametrize("wrong", [{"error": 0.01}, {"error": float("nan")}, {"fails": True}])
def test_what_is_wrong_is_not_kept(wrong, add_engine, capsys):
    add_engine("right", seconds=0.005)
    add_engine("wrong", **wrong)
    net, x = _network(), nd.ones((2, 4))
    expected = net(x).asnumpy()
    for names, kept in ((["wrong", "right"], "right"), (["wrong"], "eager")):
        _hybridized(net, engines=names, verbose=True)
        assert_same(net(x).asnumpy(), expected)
        printed = capsys.readouterr().out
        assert f"threads: {kept}; " in printed
        assert "wrong failed (no such kernel)" in printed if "fails" in wrong else "wrong differs by " in printed


def test_the_tolerance_decides_what_is_wrong(add_engine):
    net, x = _network(), nd.ones((2, 4))
    near = add_engine("near", error=1e-3)
    _hybridized(net, engines=["near"], tolerance=0.5)(x)
    before = len(near.calls)
    net(x)
    assert len(near.calls) == before + 1


def test_what_was_found_is_remembered(add_engine, capsys):
    fast = add_engine("fast")
    for number in range(2):
        net = _hybridized(_network(), engines=["fast"], verbose=True)
        net(nd.ones((2, 4)))
        if number == 0:
            tried = len(fast.calls)
    assert len(fast.calls) == tried + 1, "another network of the same layers is not tried again"
    first, second = capsys.readouterr().out.splitlines()
    threads = torch.get_num_threads()
    assert first.startswith(f"auto, {threads} threads: fast; fast ") and first.endswith(" ms")
    assert second == f"auto, {threads} threads: fast; as before"
    net(nd.ones((5, 4)))
    assert len(fast.calls) > tried + 2, "other shapes are"
    other = nn.Dense(3, in_units=4, activation="sigmoid")
    other.initialize()
    before = len(fast.calls)
    _hybridized(other, engines=["fast"])(nd.ones((2, 4)))
    assert len(fast.calls) > before + 1, "so are other layers"


def test_each_number_of_threads_is_tried(add_engine, monkeypatch):
    fast = add_engine("fast")
    net = _hybridized(_network(), engines=["fast"])
    for count in (1, 3):
        monkeypatch.setattr(torch, "get_num_threads", lambda count=count: count)
        net(nd.ones((2, 4)))
    assert fast.calls.count(1) >= 2 and fast.calls.count(3) >= 2


def test_it_takes_no_longer_than_it_may(add_engine, capsys):
    names = [f"slow{number}" for number in range(5)]
    for name in names:
        add_engine(name, seconds=0.1)
    net = _hybridized(_network(), engines=names, seconds=0.25, verbose=True)
    begin = time.perf_counter()
    net(nd.ones((2, 4)))
    assert time.perf_counter() - begin < 2
    assert "slow4 not tried for want of time" in capsys.readouterr().out


def test_all_that_are_installed_are_tried(add_engine, capsys):
    add_engine("absent", obstacle="it is not there")
    add_engine("present")
    _hybridized(_network(), seconds=0.5, verbose=True)(nd.ones((2, 4)))
    printed = capsys.readouterr().out
    for name in ("eager", "onednn", "present"):
        assert f" {name} " in printed
    assert "absent" not in printed and "inductor" not in printed


def test_recorded_calls_and_training_try_nothing(add_engine):
    fast = add_engine("fast")
    net, x = _hybridized(_network(), engines=["fast"]), nd.ones((2, 4))
    x.attach_grad()
    with autograd.record():
        net(x)
    with autograd.record(train_mode=False):
        y = net(x)
    y.backward()
    assert not fast.calls and x.grad.asnumpy().any()


@pytest.mark.parametrize(("options", "rule"), [
    ({"seconds": 0}, "seconds must be a positive number; received 0"),
    ({"seconds": "1"}, "seconds must be a positive number"),
    ({"tolerance": float("nan")}, "tolerance must be a positive number"),
    ({"verbose": 1}, "verbose must be True or False; received 1"),
    ({"engines": "onednn"}, "engines must be a list of names; received 'onednn'"),
    ({"engines": ["auto"]}, "engines must be others than 'auto'"),
    ({"engines": ["quick"]}, "backend must be one of .*; received 'quick'"),
    ({"turns": 3}, "unknown arguments 'turns'; the backend 'auto' has seconds, tolerance, engines, verbose"),
])  # fmt: skip
def test_wrong_options_are_refused(options, rule):
    with pytest.raises(MXNetError, match=f"^hybridize: {rule}"):
        _network().hybridize(backend="auto", **options)


def test_two_options_are_two_graphs(add_engine):
    one, other = add_engine("one"), add_engine("other")
    net, x = _network(), nd.ones((2, 4))
    _hybridized(net, engines=["one"], clear=False)(x)
    _hybridized(net, engines=["other"], clear=False)(x)
    before = len(one.calls), len(other.calls)
    net(x)
    assert (len(one.calls), len(other.calls)) == (before[0], before[1] + 1)
