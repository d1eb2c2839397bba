"""Fifty training steps from the same weights: losses and weights stay those of MXNet."""

from __future__ import annotations

import numpy as np
import pytest

from tests.comparison import assert_same

OPTIMIZERS = [
    ("sgd", {"learning_rate": 0.1}),
    ("sgd", {"learning_rate": 0.05, "momentum": 0.9, "wd": 1e-3}),
    ("nag", {"learning_rate": 0.05, "momentum": 0.9, "wd": 1e-3, "clip_gradient": 1.0}),
    ("adam", {"learning_rate": 0.003, "wd": 1e-3}),
    ("rmsprop", {"learning_rate": 0.001}),
    ("adagrad", {"learning_rate": 0.02}),
    ("adadelta", {}),
]


def convolutional(mx):
    nn = mx.gluon.nn
    net = nn.HybridSequential()
    with net.name_scope():
        net.add(
            nn.Conv2D(6, kernel_size=3, padding=1, in_channels=1, use_bias=False), nn.BatchNorm(in_channels=6),
            nn.Activation("relu"), nn.MaxPool2D(), nn.Conv2D(8, kernel_size=3, strides=2, in_channels=6),
            nn.LeakyReLU(0.1), nn.Flatten(), nn.Dense(10, in_units=32, activation="tanh"), nn.Dense(4, in_units=10),
        )  # fmt: skip
    return net


def dense(mx):
    nn = mx.gluon.nn
    net = nn.HybridSequential()
    with net.name_scope():
        net.add(nn.Flatten(), nn.Dense(12, in_units=100, activation="sigmoid"), nn.LayerNorm(in_channels=12))
        net.add(nn.Dense(4, in_units=12))
    return net


def train(mx, kind, optimizer, options, loss_name, devices=1, scheduled=False):
    """The losses of 50 steps, and the final weights."""
    draw = np.random.RandomState(5)
    contexts = [mx.cpu(device) for device in range(devices)]
    net = convolutional(mx) if kind == "convolutional" else dense(mx)
    net.initialize(ctx=contexts)
    for param in net.collect_params().values():
        if param.name.endswith("weight"):
            param.set_data(mx.nd.array(draw.randn(*param.shape) * 0.3))
    images = draw.rand(48, 1, 10, 10)
    labels = draw.randint(4, size=48)
    images[np.arange(48), 0, labels * 2] += 1  # one bright row for each class, so that there is something to learn
    if scheduled:
        options = {**options, "lr_scheduler": mx.lr_scheduler.FactorScheduler(step=10, factor=0.7, warmup_steps=5)}
    trainer = mx.gluon.Trainer(net.collect_params(), optimizer, options)
    criterion = getattr(mx.gluon.loss, loss_name)()
    curve = []
    for step in range(50):
        rows = [(16 * step + row) % 48 for row in range(16)]
        target = labels[rows] if "Softmax" in loss_name else np.eye(4)[labels[rows]]
        given = mx.gluon.utils.split_and_load(images[rows], contexts)
        wanted = mx.gluon.utils.split_and_load(target, contexts)
        with mx.autograd.record():
            losses = [criterion(net(image), label) for image, label in zip(given, wanted, strict=True)]
        mx.autograd.backward(losses)
        trainer.step(16)
        curve.append(float(np.concatenate([loss.asnumpy() for loss in losses]).mean()))
    with mx.autograd.predict_mode():
        output = net(mx.nd.array(images, ctx=contexts[0]))
    weights = {name: param.data(contexts[0]) for name, param in net.collect_params().items()}
    return np.array(curve), weights, output, trainer.learning_rate


def compare(outcomes):
    ours, theirs = outcomes
    curve, weights, output, rate = ours.get()
    expected_curve, expected_weights, expected_output, expected_rate = theirs.get()
    assert curve.shape == (50,)
    assert np.abs(curve - expected_curve).max() <= 1e-4
    assert curve[-5:].mean() < 0.9 * curve[:5].mean()  # it learns
    assert list(weights) == list(expected_weights)
    assert_same(output, expected_output, rtol=1e-3)
    assert_same(list(weights.values()), list(expected_weights.values()), rtol=1e-3, atol=1e-4)
    assert rate == expected_rate


@pytest.mark.parametrize(("optimizer", "options"), OPTIMIZERS, ids=str)
def test_a_convolutional_network(oracle, optimizer, options):
    compare(oracle.both(train, "convolutional", optimizer, options, "SoftmaxCrossEntropyLoss"))


@pytest.mark.parametrize(("optimizer", "options"), OPTIMIZERS[:4], ids=str)
@pytest.mark.parametrize("loss", ["L2Loss", "L1Loss", "SigmoidBinaryCrossEntropyLoss"])
def test_a_dense_network(oracle, optimizer, options, loss):
    compare(oracle.both(train, "dense", optimizer, options, loss))


@pytest.mark.parametrize(("optimizer", "options"), OPTIMIZERS[:4], ids=str)
def test_two_contexts(oracle, optimizer, options):
    compare(oracle.both(train, "dense", optimizer, options, "SoftmaxCrossEntropyLoss", devices=2))


@pytest.mark.parametrize(("optimizer", "options"), OPTIMIZERS[:4], ids=str)
def test_a_scheduled_rate(oracle, optimizer, options):
    compare(oracle.both(train, "dense", optimizer, options, "SoftmaxCrossEntropyLoss", scheduled=True))
