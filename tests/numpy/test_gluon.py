"""Gluon while ``mx.np`` is on, against MXNet: layers, losses, data, trainers, and what is written into graph files."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import glueball
from tests.comparison import assert_same
from tests.oracle.client import Oracle

LAYERS = [
    ("nn.Dense(3)", (2, 5)),
    ("nn.Dense(3, activation='relu', flatten=False)", (2, 4, 5)),
    ("nn.Conv2D(4, 3, activation='relu')", (2, 3, 8, 8)),
    ("nn.Conv2DTranspose(4, 3, strides=2)", (1, 2, 5, 5)),
    ("nn.Conv1D(2, 3)", (1, 2, 8)),
    ("nn.BatchNorm()", (2, 3, 4, 4)),
    ("nn.LayerNorm()", (2, 5)),
    ("nn.MaxPool2D()", (1, 2, 6, 6)),
    ("nn.GlobalAvgPool2D()", (1, 2, 6, 6)),
    ("nn.Flatten()", (2, 3, 4)),
    ("nn.Activation('sigmoid')", (2, 3)),
    ("nn.LeakyReLU(0.2)", (2, 3)),
    ("nn.PReLU()", (2, 3)),
    ("nn.ELU()", (2, 3)),
    ("nn.SELU()", (2, 3)),
    ("nn.GELU()", (2, 3)),
    ("nn.Swish()", (2, 3)),
    ("nn.Embedding(10, 4)", (2, 3)),
    ("gluon.rnn.LSTM(4)", (3, 2, 5)),
    ("gluon.rnn.GRU(4, bidirectional=True)", (3, 2, 5)),
    ("gluon.rnn.RNN(4, num_layers=2)", (3, 2, 5)),
]

LOSSES = [
    ("gluon.loss.L1Loss()", "same"),
    ("gluon.loss.L2Loss()", "same"),
    ("gluon.loss.SigmoidBinaryCrossEntropyLoss()", "binary"),
    ("gluon.loss.SoftmaxCrossEntropyLoss()", "classes"),
    ("gluon.loss.SoftmaxCrossEntropyLoss(sparse_label=False)", "same"),
]


def run_block(mx: Any, text: str, shape: Any, hybridize: bool) -> Any:
    """Run a layer with parameters of known values, forward and backward."""
    import numpy as onp

    with mx.util.np_shape(True), mx.util.np_array(True):
        net = eval(text, {"nn": mx.gluon.nn, "gluon": mx.gluon})
        net.initialize()
        rng = onp.random.RandomState(0)
        x = mx.np.array((onp.abs(rng.rand(*shape)) * 3).astype("float32"))
        if "Embedding" not in text:
            x.attach_grad()
        net(x)
        for name in sorted(net.collect_params()):
            parameter = net.collect_params()[name]
            parameter.set_data(mx.np.array(rng.rand(*parameter.shape).astype("float32")))
        if hybridize:
            net.hybridize()
        with mx.autograd.record():
            y = net(x)
        y.backward(mx.np.array(rng.rand(*y.shape).astype("float32")))
        parameters = [net.collect_params()[name] for name in sorted(net.collect_params())]
        grads = [p.grad().asnumpy() for p in parameters if p.grad_req != "null"]
        kinds = [type(y).__name__, [type(p.data()).__name__ for p in parameters], [p.shape for p in parameters]]
        return kinds, y.asnumpy(), [] if x.grad is None else x.grad.asnumpy(), grads


@pytest.mark.parametrize("hybridize", [False, True], ids=["imperative", "hybridized"])
@pytest.mark.parametrize(("text", "shape"), LAYERS, ids=[text for text, _ in LAYERS])
def test_layers(oracle: Oracle, text: str, shape: tuple[int, ...], hybridize: bool) -> None:
    ours, theirs = oracle.both(run_block, text, list(shape), hybridize)
    assert not theirs.failed, theirs
    assert_same(ours, theirs, 1e-4)


def run_loss(mx: Any, text: str, labels: str, hybridize: bool) -> Any:
    """Run a loss on known numbers, forward and backward."""
    import numpy as onp

    with mx.util.np_shape(True), mx.util.np_array(True):
        loss = eval(text, {"gluon": mx.gluon})
        if hybridize:
            loss.hybridize()
        rng = onp.random.RandomState(1)
        x = mx.np.array(rng.rand(4, 3).astype("float32"))
        values = {
            "same": rng.rand(4, 3), "binary": rng.randint(0, 2, (4, 3)), "classes": rng.randint(0, 3, (4,)),
        }[labels]  # fmt: skip
        label = mx.np.array(values.astype("float32"))
        x.attach_grad()
        with mx.autograd.record():
            y = loss(x, label)
        y.backward()
        weighted = loss(x, label, mx.np.array(rng.rand(4, 1).astype("float32"))) if labels != "classes" else y
        return type(y).__name__, y.asnumpy(), x.grad.asnumpy(), weighted.asnumpy()


@pytest.mark.parametrize("hybridize", [False, True], ids=["imperative", "hybridized"])
@pytest.mark.parametrize(("text", "labels"), LOSSES, ids=[text for text, _ in LOSSES])
def test_losses(oracle: Oracle, text: str, labels: str, hybridize: bool) -> None:
    ours, theirs = oracle.both(run_loss, text, labels, hybridize)
    assert_same(ours, theirs, 1e-5)


def deferred_shapes(mx: Any) -> Any:
    """Shapes of parameters before and after the first batch."""
    with mx.util.np_shape(True), mx.util.np_array(True):
        net = mx.gluon.nn.HybridSequential()
        net.add(mx.gluon.nn.Conv2D(4, 3), mx.gluon.nn.BatchNorm(), mx.gluon.nn.Dense(3))
        before = [repr(net), [list(p.shape) for p in net.collect_params().values()]]
        net.initialize()
        net(mx.np.ones((2, 3, 8, 8)))
        return before, [list(p.shape) for p in net.collect_params().values()], repr(net)


def test_unknown_lengths_are_minus_one(oracle: Oracle) -> None:
    assert_same(*oracle.both(deferred_shapes))


def classes_of_batches(mx: Any) -> Any:
    """What loaders, splits and data sets make."""
    import numpy as onp

    with mx.util.np_shape(True), mx.util.np_array(True):
        data = mx.gluon.data.ArrayDataset(mx.np.ones((5, 2)), onp.arange(5))
        batches = [[[type(part).__name__, part.shape, str(part.dtype)] for part in batch]
                   for batch in mx.gluon.data.DataLoader(data, 2)]  # fmt: skip
        parts = mx.gluon.utils.split_and_load(onp.ones((4, 2), "float32"), [mx.cpu()])
        return batches, [[type(part).__name__, part.shape] for part in parts]


def test_data(oracle: Oracle) -> None:
    assert_same(*oracle.both(classes_of_batches))


MORE_LAYERS = [("nn.GroupNorm(num_groups=2)", (2, 4, 3)), ("nn.InstanceNorm()", (2, 3, 4))]
MORE_LOSSES = ["KLDivLoss", "HuberLoss", "HingeLoss", "SquaredHingeLoss", "LogisticLoss", "PoissonNLLLoss"]


@pytest.mark.parametrize(("text", "shape"), MORE_LAYERS, ids=[text for text, _ in MORE_LAYERS])
def test_layers_that_mxnet_refuses(oracle: Oracle, text: str, shape: tuple[int, ...]) -> None:
    """MXNet's compute with legacy operators, which refuse arrays of mx.np; ours are equal to those of mx.nd."""
    assert oracle.theirs(run_block, text, list(shape), False).failed
    x = np.random.default_rng(0).random(shape).astype("float32")
    net = eval(text, {"nn": glueball.gluon.nn})
    net.initialize()
    expected = net(glueball.nd.array(x))
    found = net(glueball.np.array(x))
    assert type(found) is glueball.np.ndarray
    assert_same(found.asnumpy(), expected.asnumpy())


@pytest.mark.parametrize("name", MORE_LOSSES)
def test_losses_that_mxnet_refuses(oracle: Oracle, name: str) -> None:
    assert oracle.theirs(run_loss, f"gluon.loss.{name}()", "same", False).failed
    rng = np.random.default_rng(0)
    x, label = rng.random((4, 3)).astype("float32"), rng.integers(0, 2, (4, 3)).astype("float32")
    loss = getattr(glueball.gluon.loss, name)()
    expected = loss(glueball.nd.array(x), glueball.nd.array(label))
    found = loss(glueball.np.array(x), glueball.np.array(label))
    assert type(found) is glueball.np.ndarray
    assert_same(found.asnumpy().reshape(expected.shape), expected.asnumpy())


def test_metrics_take_arrays_of_np() -> None:
    metric = glueball.metric.Accuracy()
    metric.update(glueball.np.array([0, 1]), glueball.np.array([[0.9, 0.1], [0.2, 0.8]]))
    assert metric.get() == ("accuracy", 1.0)


def what_optimizers_get(mx: Any) -> Any:
    """The classes of what a program's own optimizer gets."""
    seen: list[str] = []

    class Own(mx.optimizer.Optimizer):  # type: ignore[misc,name-defined]
        def create_state(self, index: int, weight: Any) -> Any:
            seen.append(type(weight).__name__)

        def update(self, index: int, weight: Any, grad: Any, state: Any) -> None:
            seen.extend([type(weight).__name__, type(grad).__name__])
            weight[:] = weight - 0.5 * grad

    with mx.util.np_shape(True), mx.util.np_array(True):
        net = mx.gluon.nn.Dense(2, in_units=3)
        net.initialize(mx.init.One())
        trainer = mx.gluon.Trainer(net.collect_params(), Own())
        with mx.autograd.record():
            loss = net(mx.np.ones((2, 3))).sum()
        loss.backward()
        trainer.step(2)
        return seen, net.weight.data().asnumpy()


def test_optimizers_get_arrays_of_nd(oracle: Oracle) -> None:
    assert_same(*oracle.both(what_optimizers_get))


def train(mx: Any, optimizer: str) -> Any:
    """Three steps of a small network."""
    import numpy as onp

    with mx.util.np_shape(True), mx.util.np_array(True):
        net = mx.gluon.nn.HybridSequential()
        net.add(mx.gluon.nn.Dense(4, activation="relu", in_units=3), mx.gluon.nn.Dense(2, in_units=4))
        net.initialize()
        rng = onp.random.RandomState(0)
        for name in sorted(net.collect_params()):
            parameter = net.collect_params()[name]
            parameter.set_data(mx.np.array(rng.rand(*parameter.shape).astype("float32")))
        net.hybridize()
        trainer = mx.gluon.Trainer(net.collect_params(), optimizer, {"learning_rate": 0.1})
        x, y = mx.np.array(rng.rand(8, 3).astype("float32")), mx.np.array(rng.rand(8, 2).astype("float32"))
        loss = mx.gluon.loss.L2Loss()
        losses = []
        for _ in range(3):
            with mx.autograd.record():
                value = loss(net(x), y)
            value.backward()
            trainer.step(8)
            losses.append(value.asnumpy())
        return losses, [net.collect_params()[name].data().asnumpy() for name in sorted(net.collect_params())]


@pytest.mark.parametrize(
    "optimizer", ["sgd", "adam", "adagrad", "rmsprop", "nag", "ftrl", "adadelta", "adamax", "lamb"]
)
def test_training(oracle: Oracle, optimizer: str) -> None:
    assert_same(*oracle.both(train, optimizer), 1e-4)
