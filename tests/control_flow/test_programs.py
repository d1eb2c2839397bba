"""Programs of the kind that MXNet's pages on control flow and gluonnlp's decoders have, under both libraries."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import glueball as gb
from tests.comparison import assert_same
from tests.oracle.client import ours


def recurrent(mx, hybridize, folder):
    """A network with a loop over time: deferred shapes, three steps of training, and its files."""
    gluon, nd = mx.gluon, mx.nd
    mx.AttrScope._subgraph_names.clear()  # both libraries count from here

    class Cell(gluon.HybridBlock):
        def __init__(self, units, **options):
            super().__init__(**options)
            with self.name_scope():
                self.i2h = gluon.nn.Dense(4 * units, flatten=False)
                self.h2h = gluon.nn.Dense(4 * units, flatten=False)

        def hybrid_forward(self, F, x, states):
            h, c = states
            i, f, o, g = F.split(self.i2h(x) + self.h2h(h), num_outputs=4, axis=-1)
            c = F.sigmoid(f) * c + F.sigmoid(i) * F.tanh(g)
            h = F.sigmoid(o) * F.tanh(c)
            return h, [h, c]

    class Net(gluon.HybridBlock):
        def __init__(self, **options):
            super().__init__(**options)
            with self.name_scope():
                self.cell = Cell(3)
                self.out = gluon.nn.Dense(2, flatten=False)

        def hybrid_forward(self, F, x, h, c):
            made, states = F.contrib.foreach(self.cell, x, [h, c])
            return self.out(made), states[1]

    net = Net(prefix="net_")
    net.initialize()
    if hybridize:
        net.hybridize()
    values = np.random.RandomState(1)
    x, h, c = [nd.array(values.uniform(-1, 1, shape)) for shape in ((5, 2, 4), (2, 3), (2, 3))]
    net(x, h, c)
    for parameter in net.collect_params().values():
        parameter.set_data(nd.array(values.uniform(-0.5, 0.5, parameter.shape)))
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
    losses = []
    for _ in range(3):
        with mx.autograd.record():
            made, last = net(x, h, c)
            loss = (made**2).mean() + last.mean()
        loss.backward()
        trainer.step(1)
        losses.append(loss.asscalar())
    results = [losses, list(net(x, h, c)), [each.grad() for each in net.collect_params().values()]]
    if hybridize:
        net.export(folder + "/net")
        read = gluon.SymbolBlock.imports(folder + "/net-symbol.json", ["data0", "data1", "data2"],
                                         folder + "/net-0000.params")  # fmt: skip
        with open(folder + "/net-symbol.json") as file:
            results += [list(read(x, h, c)), file.read()]
    return results


@pytest.mark.parametrize("hybridize", [False, True])
def test_a_recurrent_network(oracle, tmp_path, hybridize):
    (tmp_path / "ours").mkdir()
    mine, theirs = oracle.both(recurrent, hybridize, str(tmp_path))
    assert_same(mine.get(), theirs.get(), rtol=1e-5)


def read(mx, folder):
    net = mx.gluon.SymbolBlock.imports(folder + "/net-symbol.json", ["data0", "data1", "data2"],
                                       folder + "/net-0000.params")  # fmt: skip
    return list(net(mx.nd.ones((4, 2, 4)), mx.nd.zeros((2, 3)), mx.nd.zeros((2, 3))))


@pytest.mark.parametrize("writer", ["ours", "theirs"])
def test_its_files_are_read_by_both(oracle, tmp_path, writer):
    if writer == "ours":
        ours(recurrent, True, str(tmp_path)).get()
    else:
        oracle.run(recurrent, True, str(tmp_path))
    mine, theirs = oracle.both(read, str(tmp_path))
    assert_same(mine.get(), theirs.get(), rtol=1e-5)


def dynamic(mx, hybridize):
    """A recurrent network that runs until its state is large, at most 9 steps."""
    gluon, nd = mx.gluon, mx.nd

    class Net(gluon.HybridBlock):
        def __init__(self):
            super().__init__(prefix="dyn_")
            with self.name_scope():
                self.dense = gluon.nn.Dense(3, in_units=3, flatten=False)

        def hybrid_forward(self, F, x, i, h):
            def going(i, h):
                return (h**2).sum() + i < 5

            def step(i, h):
                row = F.take(x, i)
                return h * 1.0, [i + 1, F.broadcast_add(self.dense(h), F.reshape(row, (1, -1)))]

            return F.contrib.while_loop(going, step, [i, h], max_iterations=9)

    net = Net()
    net.initialize()
    if hybridize:
        net.hybridize()
    values = np.random.RandomState(2)
    for parameter in net.collect_params().values():
        parameter.set_data(nd.array(values.uniform(-1, 1, parameter.shape)))
    x, i, h = nd.array(values.uniform(0, 1, (9, 3))), nd.array([0.0]), nd.array(values.uniform(0, 1, (1, 3)))
    made, last = net(x, i, h)
    steps = int(last[0].asscalar())
    return steps, made[:steps], last


@pytest.mark.parametrize("hybridize", [False, True])
def test_a_loop_of_unknown_length(oracle, hybridize):
    mine, theirs = oracle.both(dynamic, hybridize)
    assert_same(mine.get(), theirs.get(), rtol=1e-5)
    assert 1 < mine.get()[0] < 9


def early(mx, hybridize):
    """Layers that are left out where the input is large."""
    gluon, nd = mx.gluon, mx.nd

    class Net(gluon.HybridBlock):
        def __init__(self):
            super().__init__(prefix="early_")
            with self.name_scope():
                self.first = gluon.nn.Dense(4, in_units=3)
                self.second = gluon.nn.Dense(4, in_units=4)

        def hybrid_forward(self, F, x):
            x = self.first(x)
            return F.contrib.cond(F.sum(x) > 0, lambda: x * 2, lambda: self.second(x))

    net = Net()
    net.initialize()
    if hybridize:
        net.hybridize()
    values = np.random.RandomState(2)
    for parameter in net.collect_params().values():
        parameter.set_data(nd.array(values.uniform(0, 1, parameter.shape)))
    results = []
    for sign in (1, -5):
        x = nd.ones((2, 3)) * sign
        x.attach_grad()
        with mx.autograd.record():
            made = net(x)
        made.backward()
        results.append((made, x.grad, net.first.weight.grad()))
    return results


@pytest.mark.parametrize("hybridize", [False, True])
def test_layers_that_are_left_out(oracle, hybridize):
    # MXNet's graph leaves memory as it was found where it should write a gradient of zero.
    assert_same(ours(early, hybridize).get(), oracle.run(early, False), rtol=1e-5)


def beams(mx, hybridize):
    """A beam search: the likeliest sequences of a small language model, step by step."""
    gluon, nd = mx.gluon, mx.nd
    beam, vocabulary, length = 3, 5, 6

    class Scorer(gluon.HybridBlock):
        def __init__(self):
            super().__init__(prefix="scorer_")
            with self.name_scope():
                self.embed = gluon.nn.Embedding(vocabulary, 4)
                self.dense = gluon.nn.Dense(4, in_units=8, flatten=False)
                self.out = gluon.nn.Dense(vocabulary, in_units=4, flatten=False)

        def hybrid_forward(self, F, tokens, state):
            state = F.tanh(self.dense(F.concat(self.embed(tokens), state, dim=-1)))
            return F.log_softmax(self.out(state)), state

    class Search(gluon.HybridBlock):
        def __init__(self, scorer):
            super().__init__(prefix="search_")
            with self.name_scope():
                self.scorer = scorer

        def hybrid_forward(self, F, steps, tokens, scores, state):
            def step(_, states):
                tokens, scores, state = states
                made, state = self.scorer(tokens, state)
                every = F.reshape(
                    F.broadcast_add(made, F.expand_dims(scores, 1))
                    + F.reshape(_, (1, 1)).broadcast_to((beam, vocabulary)),
                    (-1,),
                )
                scores = F.topk(every, k=beam, ret_typ="value")
                chosen = F.topk(every, k=beam, dtype="float32")
                parents = F.floor(chosen / vocabulary)
                tokens = chosen - parents * vocabulary
                return [tokens, parents], [tokens, scores, F.take(state, parents)]

            return F.contrib.foreach(step, steps, [tokens, scores, state])

    scorer = Scorer()
    scorer.initialize()
    values = np.random.RandomState(5)
    for parameter in scorer.collect_params().values():
        parameter.set_data(nd.array(values.uniform(-2, 2, parameter.shape)))
    search = Search(scorer)
    if hybridize:
        search.hybridize()
    start = nd.array([0.0, -1e3, -1e3])
    return list(search(nd.zeros((length, 1)), nd.zeros((beam,)), start, nd.zeros((beam, 4))))


@pytest.mark.parametrize("hybridize", [False, True])
def test_a_beam_search(oracle, hybridize):
    mine, theirs = oracle.both(beams, hybridize)
    assert_same(mine.get(), theirs.get(), rtol=1e-5)


def test_a_loop_is_unrolled_by_the_compilers_of_torch():
    """A network as a torch module is traced through its loop."""

    class Net(gb.gluon.HybridBlock):
        def __init__(self):
            super().__init__()
            with self.name_scope():
                self.dense = gb.gluon.nn.Dense(3, flatten=False, in_units=3)

        def hybrid_forward(self, F, x, h):
            def step(item, state):
                made = F.tanh(self.dense(item) + state)
                return made, made

            return F.contrib.foreach(step, x, h)[0]

    net = Net()
    net.initialize()
    net.hybridize()
    x, h = gb.nd.random.uniform(shape=(4, 2, 3)), gb.nd.zeros((2, 3))
    expected = net(x, h)
    module = gb.interop.torch.as_module(net).eval()
    given = (torch.from_numpy(x.asnumpy()), torch.from_numpy(h.asnumpy()))
    module(*given)  # traces it, as the module's page says
    exported = torch.export.export(module, given)
    calls = [str(node.target) for node in exported.graph.nodes if node.op == "call_function"]
    assert calls.count("aten.tanh.default") == 4
    np.testing.assert_allclose(exported.module()(*given).detach().numpy(), expected.asnumpy(), rtol=1e-6)


class _Running(gb.gluon.HybridBlock):
    """A layer, and a loop over the steps of its result."""

    def __init__(self) -> None:
        super().__init__()
        with self.name_scope():
            self.layer = gb.gluon.nn.Dense(4, flatten=False)

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        outputs, _ = F.contrib.foreach(
            lambda step, states: (F.tanh(step + states[0]), [step * states[0]]), self.layer(x), [F.ones((2, 4))]
        )
        return outputs


def test_a_compiler_of_torch_takes_the_whole_loop() -> None:
    net = _Running()
    net.initialize()
    x = gb.nd.random.uniform(shape=(5, 2, 3))
    net.hybridize()
    expected = net(x)
    module = gb.interop.torch.as_module(net)
    compiled = torch.compile(module, backend="aot_eager", fullgraph=True)
    assert_same(compiled(x.to_torch()).detach().numpy(), expected.asnumpy())
