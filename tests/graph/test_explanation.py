"""``net.explain(x)``: what runs, which layers each step stands for, its kernel and its time; nothing else changes."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
import torch

import glueball as mx
from glueball import MXNetError, autograd, gluon, nd, sym
from glueball.gluon import nn
from glueball.graph.engines import onednn
from glueball.graph.kernels import winograd

_X = nd.random.uniform(shape=(4, 3, 16, 16))


@pytest.fixture(autouse=True)
def always(monkeypatch):
    """Take oneDNN where something else may be faster."""
    _take(monkeypatch, "oneDNN")


def _take(monkeypatch, kernel):
    monkeypatch.setattr(
        onednn, "seconds", lambda key, ways, alone: [float(not name.startswith(kernel)) for name in ways]
    )


class _Block(nn.HybridSequential):
    def hybrid_forward(self, F, x):
        return F.relu(super().hybrid_forward(F, x) + x, name="last")


def _network(backend="onednn", **options):
    net = nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(nn.Conv2D(8, 3, padding=1, use_bias=False), nn.BatchNorm(), nn.Activation("tanh"))
        block = _Block(prefix="block_")
        with block.name_scope():
            block.add(nn.Conv2D(8, 3, padding=1), nn.BatchNorm())
        net.add(block, nn.MaxPool2D(), nn.Dropout(0.5), nn.Dense(5))
    net.initialize(mx.init.Xavier())
    net(_X)
    net.hybridize(backend=backend, **options)
    return net


def test_each_step_keeps_all_the_names_of_what_it_computes():
    explanation = _network().explain(_X)
    assert [(step.nodes, step.kernel, step.shape) for step in explanation.steps] == [
        (("net_conv0_fwd", "net_batchnorm0_fwd", "net_tanh0_fwd"), "oneDNN packed convolution", (4, 8, 16, 16)),
        (("net_block_conv0_fwd", "net_block_batchnorm0_fwd", "net_block__plus0", "net_block_last"),
         "oneDNN packed convolution", (4, 8, 16, 16)),
        (("net_pool0_fwd",), "Pooling", (4, 8, 8, 8)),
        (("net_dense0_fwd",), "FullyConnected + output", (4, 5)),
    ]  # fmt: skip
    assert {name: count for name, count in explanation.passes.items() if count} == {
        "drop_identity": 1, "collect_convolutions": 2, "collect_operators": 1, "fold_batch_norm": 2,
        "fuse_activation": 2, "fuse_sum": 1,
    }  # fmt: skip
    assert explanation.dropped == ("net_dropout0_fwd",)
    assert (explanation.engine, explanation.reason, explanation.network) == ("onednn", "", "net")
    assert explanation.prepared == 10, "scale and its shape, weight, bias and its packing for each convolution"
    assert sum(step.share for step in explanation.steps) == pytest.approx(1)
    assert explanation.microseconds > 0 and all(step.microseconds > 0 for step in explanation.steps)


def test_a_convolution_for_which_torch_is_faster_says_so(monkeypatch):
    _take(monkeypatch, "torch")
    net = nn.HybridSequential(prefix="net_")
    net.add(nn.Conv2D(4, 3, in_channels=3), nn.BatchNorm(in_channels=4), nn.Activation("relu"), nn.Flatten())
    net.initialize()
    net.hybridize(backend="onednn")
    kernels = [step.kernel for step in net.explain(nd.ones((1, 3, 8, 8))).steps]
    assert kernels == ["torch convolution", "Flatten + copy + output"]


@pytest.mark.skipif(bool(winograd.obstacle()), reason=winograd.obstacle())
def test_a_kernel_that_is_not_for_nan_says_so(monkeypatch):
    _take(monkeypatch, "Winograd")
    net = nn.HybridSequential(prefix="net_")
    net.add(nn.Conv2D(16, 3, in_channels=16, activation="relu"), nn.Flatten())
    net.initialize()
    net.hybridize(backend="onednn", memory=9)
    x = nd.ones((1, 16, 8, 8))
    assert net.explain(x).steps[0].kernel.startswith("Winograd F(")
    x[0, 0, 5, 5] = np.nan
    assert "not for infinite numbers and NaN" in net.explain(x).reason


def test_the_text_is_a_table():
    explanation = _network().explain(_X)
    text = str(explanation)
    assert repr(explanation) == text
    assert re.match(r"net: prediction with the engine 'onednn', \d+ us a run\nPasses: drop_identity 1, ", text)
    assert re.search(r"^Layers +Kernel +Output +us +Share$", text, re.MULTILINE)
    assert re.search(
        r"^net_conv0_fwd \+ net_batchnorm0_fwd \+ net_tanh0_fwd +oneDNN packed convolution +4x8x16x16 +[\d.]+ +"
        r"[\d.]+%$",
        text,
        re.MULTILINE,
    )


def test_programs_can_have_it_as_json():
    explanation = _network().explain(_X)
    values = json.loads(json.dumps(explanation.as_json()))
    assert values["steps"][2]["nodes"] == ["net_pool0_fwd"] and values["passes"]["fuse_sum"] == 1
    assert values["microseconds"] == explanation.microseconds


@pytest.mark.parametrize(
    ("backend", "reason"), [("eager", "the engine 'eager' changes nothing"), ("onednn", "training")]
)
def test_a_graph_that_runs_as_it_was_lowered_says_why(backend, reason):
    net = _network(backend, **({"native": False} if backend == "onednn" else {}))
    with autograd.train_mode() if backend == "onednn" else autograd.predict_mode():
        explanation = net.explain(_X)
    assert reason in explanation.reason and f"It runs as it was lowered: {explanation.reason}." in str(explanation)
    assert explanation.training == (backend == "onednn")
    assert explanation.steps[1][:3] == (("net_batchnorm0_fwd",), "BatchNorm", (4, 8, 16, 16))
    assert len(explanation.steps) == 10 and not explanation.passes


def test_reasons():
    dense = nn.Dense(2, in_units=3)
    dense.initialize()
    dense.hybridize(backend="onednn")
    assert dense.explain(nd.ones((1, 3))).reason.startswith("it has no Convolution")
    net = _network()
    shared = torch.from_dlpack(net[0].weight.data())
    assert "DLPack" in net.explain(_X).reason and shared is not None
    double = nn.Conv2D(2, 3, in_channels=3)
    double.initialize()
    double.cast("float64")
    double.hybridize(backend="onednn")
    assert "no other form is faster" in double.explain(_X.astype("float64")).reason
    net = _network()
    net(_X)
    net.register_op_hook(lambda *what: pytest.fail("called"))
    assert "hooks" in net.explain(_X).reason


def test_an_engine_may_hide_its_kernels(engine_file):
    engine_file(
        "hidden",
        "class _E:\n    shows_nodes = False\n    obstacle = lambda self: ''\n"
        "    def compile(self, lowered):\n        return lambda *tensors: lowered.module(*tensors)\nENGINE = _E()\n",
    )
    explanation = _network("hidden").explain(_X)
    assert explanation.steps == () and explanation.reason == "" and explanation.microseconds > 0
    assert str(explanation).splitlines()[1].startswith("The engine does not show its kernels")


def test_a_function_may_say_what_it_is(engine_file):
    """An attribute of what is called, and the keyword of `Draft.insert`."""
    engine_file(
        "told",
        """
from glueball.graph.engines.onednn import ENGINE as _base
from glueball.graph.prediction import Prediction
from glueball.graph.matching import arguments
import torch

class _Twice:
    kernel = "the same, twice"
    __name__ = "twice"
    def __call__(self, data):
        return torch.relu(torch.relu(data))

def _finish(draft):
    for number, node in enumerate(list(draft.calls("relu"))):
        word = {} if number else {"kernel": "said by the engine"}
        draft.substitute(node, draft.insert(node, _Twice(), *arguments(node), **word))
    return 1

class _E:
    shows_nodes = True
    obstacle = _base.obstacle
    def compile(self, lowered):
        return Prediction(lowered, _finish)

ENGINE = _E()
""",
    )
    x = sym.var("x")
    symbol = sym.relu(sym.relu(x, name="a") + 1, name="b")
    net = gluon.SymbolBlock(symbol.optimize_for("told"), x)
    kernels = [(step.nodes[0], step.kernel) for step in net.explain(nd.ones((2,))).steps]
    assert kernels[0] == ("a", "said by the engine") and kernels[-1] == ("b", "the same, twice + output")


@pytest.mark.parametrize("backend", ["eager", "onednn"])
@pytest.mark.parametrize("training", [False, True])
def test_nothing_changes(backend, training):
    net = _network(backend)
    before = [parameter.data().asnumpy() for parameter in net.collect_params().values()]
    results = []
    for explains in (False, True):
        mx.random.seed(4)
        torch_state, numpy_state = torch.get_rng_state(), np.random.get_state()[1]
        if explains:
            with autograd.train_mode() if training else autograd.predict_mode():
                net.explain(_X)
            assert torch.equal(torch_state, torch.get_rng_state())
            assert np.array_equal(numpy_state, np.random.get_state()[1])
            after = [parameter.data().asnumpy() for parameter in net.collect_params().values()]
            assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))
        results.append(nd.random.uniform(shape=(3,)).asnumpy())
    assert np.array_equal(*results)


def test_what_it_explains_is_what_runs():
    net = _network()
    expected = net(_X).asnumpy()
    net.explain(_X)
    assert np.array_equal(net(_X).asnumpy(), expected)
    (known,) = net._cached_op.program._ready[False].run._known.values()
    plan = known.plan
    net.explain(_X)
    assert known.plan is plan, "a plan that fits is not made again"


def test_where_it_is_refused():
    net = _network()
    net.hybridize(False)
    with pytest.raises(MXNetError, match=r"^net_?\.explain: the block must be hybridized; call hybridize\(\) first"):
        net.explain(_X)
    waiting = nn.Dense(2)
    waiting.initialize()
    waiting.hybridize()
    with pytest.raises(MXNetError, match=r"explain: the parameters must have values; call the block once"):
        waiting.explain(nd.ones((1, 3)))
    assert waiting.weight.shape == (2, 0), "it has found no shapes"
    with pytest.raises(MXNetError, match="the inputs must be NDArrays or Symbols"):
        _network().explain(5)
    with pytest.raises(MXNetError, match="net_conv0_fwd: Convolution: weight must have shape"):
        _network().explain(nd.ones((1, 5, 8, 8)))


def test_a_symbol_block_is_explained_without_hybridize():
    x = sym.var("x")
    net = gluon.SymbolBlock(sym.split(sym.relu(x, name="r"), num_outputs=2, name="s"), x)
    steps = net.explain(nd.ones((2, 4))).steps
    assert [step.nodes for step in steps] == [("r",), ("s",)]
    assert steps[1].shape == (2, 2)


def test_several_inputs():
    class Net(gluon.HybridBlock):
        def hybrid_forward(self, F, x, others):
            return x + others[0] * others[1]

    net = Net()
    net.hybridize()
    steps = net.explain(nd.ones((2,)), [nd.ones((2,)), nd.ones((2,))]).steps
    assert [step.kernel for step in steps] == ["elemwise_mul", "elemwise_add"]


def test_names_do_nothing_to_a_terminal():
    x = sym.var("x")
    text = str(gluon.SymbolBlock(sym.relu(x, name="\x1b[2J"), x).explain(nd.ones((1,))))
    assert "\x1b" not in text and "\\x1b[2J" in text


class _WithCall(gluon.HybridBlock):
    """A block whose call adds an input."""

    def __call__(self, x, shift=None):
        return super().__call__(x, nd.ones((2,)) if shift is None else shift)

    def hybrid_forward(self, F, x, shift):
        return F.relu(x) + shift


class _WithForward(gluon.HybridBlock):
    """A block whose forward does."""

    def forward(self, x, shift=None):
        return super().forward(x, nd.ones((2,)) if shift is None else shift)

    hybrid_forward = _WithCall.hybrid_forward


_WITH_MORE_INPUTS = {
    "LSTM": (lambda: gluon.rnn.LSTM(3), (4, 1, 2)), "GRU": (lambda: gluon.rnn.GRU(3), (4, 1, 2)),
    "__call__": (_WithCall, (2,)), "forward": (_WithForward, (2,)),
}  # fmt: skip


@pytest.mark.parametrize("kind", _WITH_MORE_INPUTS)
def test_inputs_that_a_call_adds(kind):
    make, shape = _WITH_MORE_INPUTS[kind]
    net, x, seen = make(), nd.ones(shape), []
    net.initialize()
    net.hybridize()
    net(x)
    net.register_forward_hook(lambda *args: seen.append(args))
    explained = net.explain(x)
    assert explained.steps[0].nodes[0].endswith("rnn0") if kind in ("LSTM", "GRU") else len(explained.steps) == 2
    assert len(net._glueball_graphs) == 1 and not seen, "it is the graph that ran, and no hook has"
    net(x)
    assert len(seen) == 1, "a call is a call again"


@pytest.mark.parametrize("kind", _WITH_MORE_INPUTS)
def test_a_block_is_traced_with_the_inputs_that_its_call_adds(kind):
    make, shape = _WITH_MORE_INPUTS[kind]
    net, x = make(), nd.ones(shape)
    net.initialize()
    net.optimize_for(x, backend="eager")
    (graph,) = net._glueball_graphs.values()
    net(x)
    assert list(net._glueball_graphs.values()) == [graph]


def test_a_block_that_runs_no_graph_is_not_explained():
    class Net(gluon.HybridBlock):
        def forward(self, x):
            return nd.relu(x)

    net = Net(prefix="net_")
    net.hybridize()
    with pytest.raises(MXNetError, match=r"net_?\.explain: a call of the block must run its graph; forward of Net"):
        net.explain(nd.ones((2,)))
    assert net(nd.ones((2,))).asnumpy().tolist() == [1, 1]
