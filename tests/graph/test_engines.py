"""Engines: each runs the same graphs, chosen by name; a new engine is a new file."""

from __future__ import annotations

import copy
import importlib
import importlib.util
import pickle
import warnings

import numpy as np
import pytest
import torch

import glueball as mx
from glueball import MXNetError, autograd, gluon, nd, sym
from glueball.gluon import nn
from glueball.graph import engines
from tests.comparison import assert_same

_TOY = '''
"""An engine that keeps what it was given."""

given = []


class _Toy:
    shows_nodes = True

    def obstacle(self):
        return {obstacle!r}

    def compile(self, lowered):
        given.append(lowered)
        return lowered.module.forward


ENGINE = _Toy()
'''


@pytest.fixture
def add_engine(engine_file):
    """Put a file next to those of the engines; return its module."""
    return lambda name, obstacle="": engine_file(name, _TOY.format(obstacle=obstacle))


def _network() -> nn.HybridSequential:
    net = nn.HybridSequential()
    net.add(nn.Conv2D(4, 3, padding=1, activation="relu"), nn.BatchNorm(), nn.MaxPool2D(), nn.Dropout(0.5))
    net.add(nn.Flatten(), nn.Dense(3))
    net.initialize(mx.init.Xavier())
    return net


def test_the_engines():
    assert engines.names() == ("auto", "eager", "inductor", "onednn", "onnxruntime", "openvino")
    assert engines.DEFAULT in engines.names()


def test_an_engine_is_one_file_and_sees_what_the_inputs_are(add_engine):
    toy = add_engine("toy")
    net = _network()
    net.hybridize(backend="toy")
    x = nd.ones((2, 3, 8, 8))
    net(x)
    with autograd.record():
        net(x)
    prediction, training = toy.given
    assert not prediction.training and training.training
    assert prediction.parameters == training.parameters == frozenset(range(1, 9)), "all inputs but the data"
    assert prediction.states == ()
    names = [entry.name for entry in net._cached_op.program.variables]
    assert [names[number].rpartition("running")[2] for number in training.states] == ["_mean", "_var"]


def test_an_engine_that_cannot_run_says_why(add_engine):
    add_engine("far", obstacle="it needs a quantum computer; attach one")
    with pytest.raises(MXNetError, match=r"hybridize: the backend 'far' must be able to run here; it needs a quantum"):
        _network().hybridize(backend="far")


@pytest.mark.parametrize("backend", ["TensorRT", "eagr", 3, "", []])
def test_an_unknown_name_is_refused_with_those_that_there_are(backend):
    for refused in (
        lambda: _network().hybridize(backend=backend),
        lambda: _network().optimize_for(nd.ones((1, 3, 4, 4)), backend=backend),
        lambda: sym.var("x").optimize_for(backend),
        lambda: sym.var("x").get_backend_symbol(backend),
    ):
        with pytest.raises(MXNetError, match=r"backend must be one of 'auto', 'eager', .*, 'openvino'; received"):
            refused()


def _steps(net, x, backend):
    """Return the outputs of prediction, a training step and prediction after it, and all gradients and states."""
    mx.random.seed(1)
    net.hybridize(backend=backend)
    results = [net(x).asnumpy()]
    with autograd.record():
        output = net(x)
    output.backward()
    results += [output.asnumpy()]
    parameters = net.collect_params().values()
    results += [each.grad().asnumpy() for each in parameters if each.grad_req != "null"]
    results += [each.data().asnumpy() for each in parameters]
    return [*results, net(x).asnumpy()]


@pytest.mark.parametrize("training", [False, True])
def test_a_lowered_graph_is_traced_whole(training):
    """torch.compile finds nothing that it cannot trace: states and randomness are inputs and outputs."""
    net, x = _network(), nd.random.uniform(shape=(2, 3, 8, 8))
    net.hybridize()
    net(x)
    graph = net._cached_op
    lowered = graph.program.lowered(training)
    tensors = [x._data, *[parameter.data()._data for parameter in graph.parameters]]
    arguments = (*tensors, torch.tensor(7), torch.device("cpu"))
    before = [tensor.clone() for tensor in tensors]
    expected = lowered.module(*arguments)
    compiled = torch.compile(lowered.module, backend="aot_eager", fullgraph=True)(*arguments)
    assert len(expected) == len(compiled) == 1 + len(lowered.states)
    for one, other in zip(compiled, expected, strict=True):
        assert_same(one.detach().numpy(), other.detach().numpy())
    assert all(torch.equal(one, other) for one, other in zip(before, tensors, strict=True)), "inputs stay as they are"


def test_inductor_computes_what_eager_does():
    x = nd.random.uniform(shape=(2, 3, 8, 8))
    nets = [_network(), _network()]
    nets[0](x)
    nets[1](x)
    for mine, other in zip(nets[0].collect_params().values(), nets[1].collect_params().values(), strict=True):
        other.set_data(mine.data())
    for one, other in zip(_steps(nets[0], x, "eager"), _steps(nets[1], x, "inductor"), strict=True):
        assert_same(one, other, rtol=1e-4)


def _installed():
    return [name for name in engines.names() if _can_run(name)]


def _can_run(name):
    try:
        engines.find("test", name)
    except MXNetError:
        return False
    return True


@pytest.mark.parametrize("package", ["onnxruntime", "openvino"])
def test_a_package_that_is_not_installed_is_named_with_what_to_do(package, monkeypatch):
    monkeypatch.setattr(engines, "_found", {})
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MXNetError, match=rf"hybridize: the packages .* run pip install 'glueball\[{package}\]'$"):
        _network().hybridize(backend=package)


def test_an_engine_without_options_refuses_them_by_name():
    for refused in (
        lambda: _network().hybridize(backend="eager", precision="bf16"),
        lambda: _network().optimize_for(nd.ones((1, 3, 4, 4)), backend="eager", precision="bf16"),
        lambda: sym.var("x").optimize_for("eager", precision="bf16"),
    ):
        with pytest.raises(MXNetError, match="unknown arguments 'precision'; the backend 'eager' has none"):
            refused()


@pytest.mark.parametrize("backend", _installed())
def test_inputs_that_do_not_fit_are_refused_by_node(backend, capfd):
    net = nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(nn.Conv2D(4, 3, in_channels=3), nn.Dense(2, in_units=144))
    net.initialize()
    net.hybridize(backend=backend)
    with pytest.raises(MXNetError, match=r"^net_dense0_fwd: FullyConnected: weight must have shape"):
        net(nd.ones((1, 3, 9, 9)))
    with pytest.raises(MXNetError, match=r"^net_conv0_fwd: Convolution: weight must have shape"):
        net(nd.ones((1, 5, 8, 8)))
    assert capfd.readouterr().err == "", "the compiler has logged an error"


def test_a_seed_decides_the_random_numbers_of_a_graph():
    net = nn.HybridSequential()
    net.add(nn.Dropout(0.5), nn.Dropout(0.5))
    net.hybridize()
    x = nd.ones((40, 50))

    def masks():
        with autograd.train_mode():
            return [net(x).asnumpy() for _ in range(2)]

    mx.random.seed(5)
    first, second = masks()
    mx.random.seed(5)
    assert_same(masks(), [first, second])
    assert not np.array_equal(first, second), "each run has random numbers of its own"
    assert abs((first == 4).mean() - 0.25) < 0.05, "two layers drop independently of each other"


def test_a_layer_that_is_called_twice_moves_its_statistics_twice():
    norm = nn.BatchNorm(momentum=0.5)
    net = nn.HybridSequential()
    net.add(norm, norm)
    net.initialize()
    x = nd.array([[0.0], [4.0]])
    states = []
    for hybridized in (False, True):
        net.initialize(force_reinit=True)
        net.hybridize(hybridized)
        with autograd.record():
            y = net(x)
        y.backward()
        states.append([norm.running_mean.data().asnumpy(), norm.running_var.data().asnumpy()])
    assert_same(states[0], states[1])
    assert states[0][0].tolist() == [1]  # the gradients come to the second call first


def test_random_operators_of_a_graph_can_be_compiled():
    symbol = sym.Group([sym.random.normal(shape=(3,)), sym.random.randint(0, 9, shape=(3,)), sym.shuffle(sym.var("x"))])
    from glueball.graph.program import Program

    results = []
    for engine in _installed():
        mx.random.seed(2)
        program = Program(symbol._entries, symbol._arguments(), engine=engine)
        results.append([each.numpy() for each in program.run([torch.arange(4.0)], mx.cpu(), training=False)])
    for result in results[1:]:
        assert_same(result, results[0])


def test_optimize_for_makes_the_graph_without_running_it():
    ran = []

    class Net(gluon.HybridBlock):
        def __init__(self):
            super().__init__()
            self.dense = nn.Dense(2)

        def hybrid_forward(self, F, x):
            ran.append(F)
            return self.dense(x)

    net = Net()
    net.initialize()
    net.optimize_for(nd.ones((1, 3)), backend="eager")
    assert ran == [sym] and net.dense.weight.shape == (2, 3)
    assert net(nd.ones((1, 3))).shape == (1, 2) and ran == [sym]


def _bound(symbol):
    return symbol.bind(mx.cpu(), {"data": nd.ones((2, 3))})


def _simply_bound(symbol):
    return symbol.simple_bind(mx.cpu(), data=(2, 3))


def _module(symbol):
    module = mx.mod.Module(symbol, label_names=None)
    module.bind([("data", (2, 3))], for_training=False)
    module.init_params()
    module.forward(mx.io.DataBatch([nd.ones((2, 3))]))
    return module


@pytest.mark.parametrize("choose", ["optimize_for", "get_backend_symbol"])
@pytest.mark.parametrize("use", [
    lambda symbol: _bound(symbol).forward(),
    lambda symbol: _simply_bound(symbol).forward(),
    lambda symbol: symbol.eval(data=nd.ones((2, 3))),
    lambda symbol: _module(symbol).get_outputs(),
    lambda symbol: gluon.SymbolBlock(symbol, sym.var("data"))(nd.ones((2, 3))),
    lambda symbol: pickle.loads(pickle.dumps(symbol)).eval(data=nd.ones((2, 3))),
    lambda symbol: copy.copy(symbol).eval(data=nd.ones((2, 3))),
], ids=["bind", "simple_bind", "eval", "Module", "SymbolBlock", "pickle", "copy"])  # fmt: skip
def test_a_symbol_carries_its_engine(use, choose, add_engine):
    toy = add_engine("toy")
    symbol = sym.relu(sym.var("data"))
    use(symbol)
    assert toy.given == []
    use(getattr(symbol, choose)("toy"))
    assert len(toy.given) == 1


def test_compiling_says_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "Skipping serialization of skipfiles_inline_module_allowlist")  # torch 2.6
        net = _network()
        net.hybridize(backend="inductor")
        net(nd.ones((1, 3, 8, 8)))


def of_mxnets_backend(mx):
    """A graph and a block with MXNet's own backend for CPUs, under the name that it has there."""
    graph = mx.sym.relu(mx.sym.var("x")) * 2
    x = mx.nd.array([-1.0, 2.0])
    made = [getattr(graph, way)("MKLDNN") for way in ("optimize_for", "get_backend_symbol")]
    block = mx.gluon.nn.Activation("relu")
    block.hybridize(backend="MKLDNN")
    return [each.tojson() for each in made], [each.eval(x=x)[0] for each in made], block(x)


def test_the_name_of_mxnets_own_backend_is_that_of_the_default_engine(oracle):
    mine, theirs = oracle.both(of_mxnets_backend)
    assert_same(mine.get(), theirs.get())
