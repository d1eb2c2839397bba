"""Engines that fail, or are not installed: the graph runs without them and one warning says so, or it is an error."""

from __future__ import annotations

import pickle
import warnings

import numpy as np
import pytest

import glueball as mx
from glueball import MXNetError, autograd, gluon, nd, sym
from glueball.gluon import nn
from glueball.graph.engines import onednn
from glueball.graph.kernels import packed

_FRAGILE = '''
"""An engine that fails where a test says so."""

from collections import Counter

fails = set()
calls = Counter()
packages = {}


class _Fragile:
    shows_nodes = SHOWS
    packages = packages

    def obstacle(self):
        return ""

    def compile(self, lowered):
        calls["compile"] += 1
        if "compile" in fails or ("training" in fails and lowered.training):
            raise AssertionError("no such thing as a kernel\\nfor this")

        def run(*tensors):
            calls["run"] += 1
            if "run" in fails:
                raise RuntimeError("kernel panic")
            return lowered.module.forward(*tensors)

        return run


ENGINE = _Fragile()
'''


@pytest.fixture(params=[True, False], ids=["shows nodes", "opaque"])
def fragile(engine_file, request):
    return engine_file("fragile", _FRAGILE.replace("SHOWS", str(request.param)))


def _network():
    net = nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(nn.Dense(3, activation="relu", in_units=2), nn.BatchNorm(in_channels=3), nn.Dropout(0.5))
    net.initialize()
    return net


def _ours(source):
    """Return a function as if a module of the package had it: what a test raises itself is a stranger's."""
    namespace = {"__name__": "glueball.made"}
    exec(source, namespace)
    return namespace["fail"]


_X = nd.array([[1, -2], [3, 4]])
_SAID = {
    "compile": r"net: the engine 'fragile' failed on the graph, with AssertionError: no such thing as a kernel; the "
    r"graph runs as it was lowered; choose another backend, or strict=True for an error$",
    "run": r"net: the engine 'fragile' failed on the graph, with RuntimeError: kernel panic; the graph runs",
}


@pytest.mark.parametrize("where", ["compile", "run"])
def test_the_graph_runs_as_it_was_lowered_and_one_warning_says_so(fragile, where):
    net = _network()
    expected = net(_X).asnumpy()
    fragile.fails.add(where)
    net.hybridize(backend="fragile")
    with pytest.warns(UserWarning, match=_SAID[where]) as said:
        results = [net(_X).asnumpy() for _ in range(3)]
    assert len(said) == 1 and said[0].filename == __file__
    assert all(np.array_equal(result, expected) for result in results)
    assert fragile.calls[where] == 1, "an engine that has failed is not tried again"


def test_random_numbers_are_those_of_a_run_without_a_failure(fragile):
    net, results = _network(), []
    for fails in ([], ["run"]):
        fragile.fails.update(fails)
        net.initialize(mx.init.One(), force_reinit=True)
        net.hybridize(backend="fragile")
        mx.random.seed(3)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            with autograd.record():
                results += [net(_X).asnumpy(), net(_X).asnumpy()]
        results.append(net[1].running_mean.data().asnumpy())
    for one, other in zip(results[:3], results[3:], strict=True):
        assert np.array_equal(one, other)


def test_each_of_both_graphs_falls_back_by_itself(fragile):
    fragile.fails.add("training")
    net = _network()
    net.hybridize(backend="fragile")
    net(_X)
    with pytest.warns(UserWarning, match="the engine 'fragile' failed") as said, autograd.record():
        net(_X).backward()
        net(_X).backward()
    assert len(said) == 1
    net(_X)
    assert fragile.calls["run"] == 2


@pytest.mark.parametrize("where", ["compile", "run"])
def test_the_same_failure_of_both_graphs_is_said_once(fragile, where):
    fragile.fails.add(where)
    net = _network()
    net.hybridize(backend="fragile")
    with pytest.warns(UserWarning, match=_SAID[where]) as said:
        net(_X)
        with autograd.record():
            net(_X)
    assert len(said) == 1


@pytest.mark.parametrize("where", ["compile", "run"])
def test_a_warning_that_is_an_error_comes_once(fragile, where):
    fragile.fails.add(where)
    net = _network()
    net.hybridize(backend="fragile")
    with pytest.raises(UserWarning, match=_SAID[where]):
        net(_X)
    assert net(_X).shape == (2, 3)


def _bound(choose):
    symbol = choose(sym.FullyConnected(sym.var("data"), num_hidden=3, name="fc"))
    return lambda: symbol.simple_bind(mx.cpu(), data=(2, 2)).forward()


_STRICT = {
    "hybridize": lambda net: (net.hybridize(backend="fragile", strict=True), lambda: net(_X))[1],
    "optimize_for": lambda net: (net.optimize_for(_X, backend="fragile", strict=True), lambda: net(_X))[1],
    "Symbol.optimize_for": lambda net: _bound(lambda s: s.optimize_for("fragile", strict=True)),
    "pickled Symbol": lambda net: _bound(lambda s: pickle.loads(pickle.dumps(s.optimize_for("fragile", strict=True)))),
    "SymbolBlock": lambda net: (
        lambda: gluon.SymbolBlock(sym.relu(sym.var("data")).optimize_for("fragile", strict=True), sym.var("data"))(_X)
    ),
}


@pytest.mark.parametrize("where", ["compile", "run"])
@pytest.mark.parametrize("how", _STRICT)
def test_strict_makes_it_an_error(fragile, where, how):
    fragile.fails.add(where)
    run = _STRICT[how](_network())
    for _ in range(2):
        with pytest.raises(MXNetError, match=r"the engine 'fragile' failed on the graph, with .*; choose another") as e:
            run()
    assert type(e.value.__cause__) is (AssertionError if where == "compile" else RuntimeError)
    fragile.fails.clear()
    run()


def test_a_network_is_strict_as_it_was_last_told(fragile):
    fragile.fails.add("run")
    net = _network()
    net.hybridize(backend="fragile", strict=True)
    with pytest.raises(MXNetError, match="fragile"):
        net(_X)
    net.hybridize(backend="fragile", clear=False)
    with pytest.warns(UserWarning, match="fragile"):
        net(_X)


@pytest.mark.parametrize("strict", [False, True])
def test_what_the_operators_refuse_is_not_the_engines_failure(fragile, strict):
    net = _network()
    net.hybridize(backend="fragile", strict=strict)
    net(_X)
    with pytest.raises(MXNetError, match=r"^net_dense0_fwd: FullyConnected: weight must have shape"):
        net(nd.ones((2, 5)))
    net(_X)
    assert fragile.calls["compile"] == 1


@pytest.mark.parametrize("strict", [False, True])
def test_what_depends_on_values_is_refused_as_without_the_engine(fragile, strict):
    symbol = sym.take(sym.relu(sym.var("data")), sym.var("index"), mode="raise", name="pick")
    fragile.fails.add("run")
    executor = symbol.optimize_for("fragile", strict=strict).bind(mx.cpu(), {"data": _X, "index": nd.array([7])})
    with pytest.raises(MXNetError, match=r"^pick: take: "):
        executor.forward()


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, DeprecationWarning, TimeoutError])
def test_what_is_neither_the_engines_nor_an_operators_passes(fragile, error, monkeypatch):
    net = _network()
    net.hybridize(backend="fragile")
    net(_X)

    def interrupt(*tensors):  # as a signal handler does
        raise error

    if issubclass(error, MemoryError | Warning):
        interrupt = _ours(f"def fail(*tensors): raise {error.__name__}('no')")
    ready = net._cached_op.program._ready
    monkeypatch.setitem(ready, False, ready[False]._replace(run=interrupt))
    with pytest.raises(error):
        net(_X)


def test_packages_of_an_engine_fail_on_its_behalf(fragile, monkeypatch):
    namespace = {"__name__": "runtime.inner"}
    exec("def fail(*tensors):\n    raise ValueError('unsupported')", namespace)
    net = _network()
    net.hybridize(backend="fragile")
    net(_X)
    ready = net._cached_op.program._ready
    monkeypatch.setitem(ready, False, ready[False]._replace(run=namespace["fail"]))
    with pytest.raises(ValueError, match=r"^unsupported$"):
        net(_X)
    fragile.packages["runtime"] = "runtime"
    with pytest.warns(UserWarning, match="with ValueError: unsupported"):
        net(_X)


def test_the_default_engine_may_fail_too(monkeypatch):
    monkeypatch.setattr(onednn, "select", _ours("def fail(*arguments): 1 / 0"))
    net = nn.HybridSequential(prefix="net_")
    net.add(nn.Conv2D(4, 3, padding=1, in_channels=3), nn.Flatten())
    net.initialize()
    x = nd.random.uniform(shape=(4, 3, 32, 32))
    net.hybridize(backend="eager")
    expected = net(x).asnumpy()
    net.hybridize(backend="onednn")
    with pytest.warns(UserWarning, match=r"net: the engine 'onednn' failed on the graph, with ZeroDivisionError"):
        assert np.array_equal(net(x).asnumpy(), expected)
    assert "ZeroDivisionError" in net.explain(x).reason


def test_the_node_is_named_where_it_is_known(monkeypatch):
    fail = _ours("def fail(*arguments): raise RuntimeError('could not create a primitive')")
    monkeypatch.setattr(packed.Packed, "__call__", fail)
    monkeypatch.setattr(onednn, "seconds", lambda key, ways, alone: [float(name != "oneDNN") for name in ways])
    net = nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(nn.Conv2D(4, 3, in_channels=3, activation="relu"), nn.Flatten())
    net.initialize()
    net.hybridize(backend="onednn")
    with pytest.warns(UserWarning, match=r"net: the engine 'onednn' failed at net_conv0_fwd of the graph, with R"):
        net(nd.ones((4, 3, 32, 32)))


@pytest.mark.parametrize(("refused", "message"), [
    (lambda: _network().hybridize(backend="eager", strict=1), r"hybridize: strict must be a bool; received 1"),
    (lambda: _network().hybridize(strict=True), r"hybridize: strict=True must come with a backend"),
    (lambda: _network().optimize_for(_X, strict=True), r"hybridize: strict=True must come with a backend"),
    (lambda: sym.var("x").optimize_for("eager", strict=None), r"Symbol.optimize_for: strict must be a bool"),
    (lambda: sym.var("x").optimize_for("eager", stict=True), r"Symbol.optimize_for: unknown arguments 'stict'"),
    (lambda: sym.var("x").get_backend_symbol("eager", strict=True), r"get_backend_symbol.*strict"),
    (lambda: sym.var("x").simple_bind(mx.cpu(), x=(1,), strict=True), r"simple_bind: strict must be given where"),
])  # fmt: skip
def test_where_strict_is_refused(refused, message):
    with pytest.raises(MXNetError, match=message):
        refused()


def test_an_engine_that_is_not_installed_says_how_to_install_it(fragile):
    fragile.packages.update({"numpy": "numpy", "no_such_module": "no-such>=1.2", "none_either": "glueball[none]"})
    with pytest.raises(MXNetError) as refused:
        _network().hybridize(backend="fragile")
    assert str(refused.value) == (
        "hybridize: the packages of the backend 'fragile' must be installed; "
        "run pip install 'no-such>=1.2' 'glueball[none]'"
    )
