"""Programs with sparse data and parameters train as in MXNet, in memory that follows the stored elements."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import glueball as mx
from glueball import autograd, gluon, nd
from tests.comparison import assert_same
from tests.sparse import programs

OPTIMIZERS = [
    ("sgd", {"learning_rate": 0.5}),
    ("sgd", {"learning_rate": 0.5, "momentum": 0.9, "wd": 0.01, "clip_gradient": 0.2}),
    ("sgd", {"learning_rate": 0.5, "momentum": 0.9, "wd": 0.01, "lazy_update": False}),
    ("adam", {"learning_rate": 0.01, "wd": 0.01}),
    ("adam", {"learning_rate": 0.01, "wd": 0.01, "lazy_update": False}),
    ("adagrad", {"learning_rate": 0.1}),
    ("ftrl", {"learning_rate": 0.1}),
    ("rmsprop", {"learning_rate": 0.01}),
]


@pytest.fixture
def libsvm(tmp_path):
    """A file of 100 rows, of which the first half of the columns speaks for one class."""
    random, lines = np.random.RandomState(0), []
    for _ in range(100):
        columns = np.sort(random.choice(200, 6, replace=False))
        values = random.uniform(0.5, 1.5, 6)
        label = int(values[columns < 100].sum() > values[columns >= 100].sum())
        lines.append(f"{label} " + " ".join(f"{c}:{v:.5f}" for c, v in zip(columns, values, strict=True)))
    path = tmp_path / "train.libsvm"
    path.write_text("\n".join(lines))
    return str(path)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
@pytest.mark.parametrize("program", [programs.linear, programs.factorization_machine])
def test_programs_of_mxnet(oracle, libsvm, program, optimizer):
    ours, theirs = oracle.both(program, libsvm, 200, optimizer, 3)
    assert_same(ours, theirs, rtol=2e-4)
    losses = ours.get()[0]
    assert losses[-1] < losses[0]


@pytest.mark.parametrize(
    "optimizer",
    [
        *OPTIMIZERS,
        ("groupadagrad", {"learning_rate": 0.1}),
        ("lars", {"learning_rate": 0.1, "momentum": 0.9, "eta": 0.5}),
    ],
    ids=str,
)
@pytest.mark.parametrize("layer", ["Embedding", "SparseEmbedding"])
def test_embeddings(oracle, layer, optimizer):
    words = [[1, 4, 1], [7, 4], [30]]
    assert_same(*oracle.both(programs.gluon_embedding, words, optimizer, 5, layer), rtol=1e-4)


@pytest.mark.parametrize("optimizer", OPTIMIZERS[:4], ids=str)
def test_a_block_with_a_sparse_parameter(oracle, optimizer):
    columns = [[1, 5, 9], [5, 6], [0, 9, 11]]
    assert_same(*oracle.both(programs.gluon_linear, columns, [1, 0, 2], 12, optimizer, 7), rtol=1e-4)


_STEPS = [
    ("sgd_update", 0, {"lr": 0.1, "wd": 0.01}),
    ("sgd_update", 0, {"lr": 0.1, "wd": 0.01, "lazy_update": False}),
    ("sgd_mom_update", 1, {"lr": 0.1, "momentum": 0.9, "wd": 0.01, "clip_gradient": 0.3, "rescale_grad": 0.5}),
    ("adam_update", 2, {"lr": 0.1, "wd": 0.01}),
    ("ftrl_update", 2, {"lr": 0.1}),
    ("adagrad_update", 1, {"lr": 0.1}),
]


def _stepped(mx, name, count, options, stype):
    weight = mx.nd.array(np.arange(1, 9).reshape(4, 2) / 8).tostype(stype)
    gradient = mx.nd.sparse.row_sparse_array(([[0.5, -1], [0.25, 2]], [0, 2]), shape=(4, 2))
    states = [mx.nd.zeros((4, 2), stype=stype) for _ in range(count)]
    for _ in range(2):
        getattr(mx.nd.sparse, name)(weight, gradient, *states, out=weight, **options)
    return weight.stype, weight, states


@pytest.mark.parametrize("stype", ["row_sparse", "default"])
@pytest.mark.parametrize(("name", "count", "options"), _STEPS)
def test_operators_of_optimizers(oracle, name, count, options, stype):
    assert_same(*oracle.both(_stepped, name, count, options, stype))


def test_hybridized_blocks_leave_the_engine_for_sparse_inputs():
    class Net(gluon.HybridBlock):
        def __init__(self):
            super().__init__()
            self.weight = self.params.get("weight", shape=(4, 2), init="ones", grad_stype="row_sparse")

        def hybrid_forward(self, F, x, weight):
            rows = F.cast_storage(weight, stype="row_sparse")
            return F.broadcast_add(F.tanh(F.dot(x, weight)), F.sum(F.cast_storage(rows, stype="default")))

    x = nd.array([[0, 2, 0, 0], [1, 0, 0, 0]]).tostype("csr")
    found = []
    for engine in (None, "eager", "onednn"):
        net = Net()
        net.initialize()
        if engine:
            net.hybridize(backend=engine)
        for _ in range(2):
            with autograd.record():
                y = net(x)
            y.backward()
        found.append((y.asnumpy(), net.weight.grad().asnumpy(), net(x).asnumpy()))
    for other in found[1:]:
        for one, another in zip(found[0], other, strict=True):
            np.testing.assert_allclose(one, another)


def test_hybridized_embedding_has_rows_of_gradients():
    net = gluon.nn.Embedding(9, 2, sparse_grad=True)
    net.initialize()
    net.hybridize()
    for rows in ([1, 4], [8]):
        with autograd.record():
            y = net(nd.array(rows))
        y.backward()
        assert net.weight.grad().indices.asnumpy().tolist() == rows


def test_states_of_row_sparse_parameters_are_saved(tmp_path):
    def made():
        net = gluon.contrib.nn.SparseEmbedding(20, 2, weight_initializer="ones")
        net.initialize()
        return net, gluon.Trainer(net.collect_params(), "adam")

    def step(net, trainer):
        with autograd.record():
            y = (net(nd.array([3, 7])) ** 2).sum()
        y.backward()
        trainer.step(1)

    net, trainer = made()
    step(net, trainer)
    net.save_parameters(str(tmp_path / "net.params"))
    for form in (None, "mxnet"):
        trainer.save_states(str(tmp_path / "states"), **({"format": form} if form else {}))
        other, again = made()
        other.load_parameters(str(tmp_path / "net.params"))
        again.load_states(str(tmp_path / "states"))
        first, _ = made()
        first.load_parameters(str(tmp_path / "net.params"))
        step(other, again)
        moments = again._updaters[0].states[0]
        assert all(one.stype == "row_sparse" and one.data.shape == (2, 2) for one in moments)


def test_several_contexts():
    contexts = [mx.cpu(0), mx.cpu(1)]
    net = gluon.nn.Embedding(9, 2, sparse_grad=True, weight_initializer="ones")
    net.initialize(ctx=contexts)
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 1})
    with autograd.record():
        losses = [net(nd.array(rows, ctx)).sum() for rows, ctx in zip(([1, 2], [2]), contexts, strict=True)]
    autograd.backward(losses)
    trainer.step(1)
    for ctx in contexts:
        assert net.weight.data(ctx).asnumpy()[:, 0].tolist() == [1, 0, -1, 1, 1, 1, 1, 1, 1]


_MEMORY = """
from pathlib import Path
import numpy as np
import glueball as mx
from glueball import autograd, gluon, nd

width, stype = 2_000_000, "{stype}"
weight = nd.sparse.zeros("row_sparse", (width, 16)) if stype == "row_sparse" else nd.zeros((width, 16))
weight.attach_grad(stype="row_sparse")  # lazy updates for both
adam = mx.optimizer.Adam(learning_rate=0.1)
state = adam.create_state(0, weight)
random = np.random.RandomState(0)
for step in range(5):
    columns = np.sort(random.choice(500, 64, replace=False)) * 4000
    x = nd.sparse.csr_matrix((np.ones(64, np.float32), columns, np.arange(0, 65, 8)), shape=(8, width))
    with autograd.record():
        loss = ((nd.dot(x, weight) - 1) ** 2).sum()
    loss.backward()
    adam.update(0, weight, weight.grad, state)
# Not by getrusage, which has the most of the process that this one was forked from, too.
(line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
print(int(line.split()[1]) // 1024, float(loss.asscalar()))
"""


def test_memory_follows_the_stored_rows():
    """A weight of 122 MiB, with two moments like it where they are dense: 366 MiB."""
    sizes, losses = {}, {}
    for stype in ("row_sparse", "default"):
        done = subprocess.run(
            [sys.executable, "-c", _MEMORY.format(stype=stype)], capture_output=True, text=True, check=True
        )
        sizes[stype], losses[stype] = map(float, done.stdout.split())
    assert losses["row_sparse"] == pytest.approx(losses["default"], rel=1e-5)
    assert sizes["default"] - sizes["row_sparse"] > 300, sizes
