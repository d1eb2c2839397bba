"""Networks of the model zoo compute the same as MXNet's, with parameters exchanged in a file."""

from __future__ import annotations

import numpy as np
import pytest

import glueball
from tests.comparison import assert_same
from tests.exchange.zoo import fill_network

NETWORKS = {
    "resnet v1, basic": ("ResNetV1", ["BasicBlockV1", [1, 2], [8, 8, 16]], 64),
    "resnet v1, bottleneck": ("ResNetV1", ["BottleneckV1", [1, 2], [8, 16, 32]], 64),
    "resnet v1, thumbnail": ("ResNetV1", ["BasicBlockV1", [1, 1], [8, 8, 16], 10, True], 16),
    "resnet v2, basic": ("ResNetV2", ["BasicBlockV2", [1, 2], [8, 8, 16]], 64),
    "resnet v2, bottleneck": ("ResNetV2", ["BottleneckV2", [2, 1], [8, 16, 32]], 64),
    "resnet v2, thumbnail": ("ResNetV2", ["BasicBlockV2", [1, 1], [8, 8, 16], 10, True], 16),
    "densenet": ("DenseNet", [16, 8, [2, 3]], 63),
    "mobilenet": ("mobilenet0_25", [], 32),
    "mobilenet v2": ("mobilenet_v2_0_25", [], 32),
    "squeezenet 1.0": ("squeezenet1_0", [], 224),
    "squeezenet 1.1": ("squeezenet1_1", [], 221),
    "vgg": ("VGG", [[2, 1], [4, 8], 10, True], 9),
    "inception": ("inception_v3", [], 299),
}


def network(mx, function, arguments):
    vision = mx.gluon.model_zoo.vision
    arguments = [getattr(vision, argument) if isinstance(argument, str) else argument for argument in arguments]
    return getattr(vision, function)(*arguments)


def filled_network(mx, function, arguments, data, path):
    """Save the parameters to a file, and return the output of a network that has read it."""
    net = network(mx, function, arguments)
    net.infer_shape(mx.nd.array(data))
    net.initialize(mx.init.Zero())
    fill_network(mx, net)
    net.save_parameters(path)
    return output_of_file(mx, function, arguments, data, path)


def output_of_file(mx, function, arguments, data, path):
    net = network(mx, function, arguments)
    net.load_parameters(path)
    return net(mx.nd.array(data))


@pytest.mark.parametrize(("function", "arguments", "size"), NETWORKS.values(), ids=NETWORKS)
def test_outputs_are_mxnets(oracle, tmp_path, function, arguments, size):
    data = np.random.RandomState(5).uniform(-1, 1, (2, 3, size, size)).astype(np.float32)
    here, there = str(tmp_path / "here.params"), str(tmp_path / "there.params")
    ours = filled_network(glueball, function, arguments, data, here).asnumpy()
    theirs = oracle.run(filled_network, function, arguments, data, there)
    assert np.ptp(theirs, axis=0).max() > 1e-2, "nothing is compared where two images give the same"
    assert_same(ours, theirs, rtol=1e-4)
    assert_same(oracle.run(output_of_file, function, arguments, data, here), theirs, rtol=1e-5)
    assert_same(output_of_file(glueball, function, arguments, data, there).asnumpy(), ours, rtol=1e-5)


def gradients(mx, function, arguments, data):
    """The loss of a training step, the gradients, and the statistics that it changed, all in float64.

    In float32, a deep network amplifies differences in the last digit to several percent.
    """
    net = network(mx, function, arguments)
    net.cast("float64")
    x = mx.nd.array(data, dtype="float64")
    net.infer_shape(x)
    net.initialize(mx.init.Zero())
    fill_network(mx, net)
    with mx.autograd.record():
        loss = mx.nd.softmax_cross_entropy(net(x), mx.nd.array([1, 0, 1, 2], dtype="float64")) / 4
    loss.backward()
    parameters = net.collect_params()
    return [
        loss,
        {name: value.grad() for name, value in parameters.items() if value.grad_req != "null"},
        {name: value.data() for name, value in parameters.items() if "running" in name},
    ]


@pytest.mark.parametrize(
    ("name", "size"),
    [("resnet v1, thumbnail", 16), ("resnet v2, thumbnail", 16), ("densenet", 63), ("mobilenet v2", 64)],
)
def test_a_step_of_training_is_mxnets(oracle, name, size):
    function, arguments, _ = NETWORKS[name]
    data = np.random.RandomState(6).uniform(-1, 1, (4, 3, size, size)).astype(np.float32)
    ours, theirs = (outcome.get() for outcome in oracle.both(gradients, function, arguments, data))
    assert_same(ours[0], theirs[0], rtol=1e-6)
    # MXNet updates statistics in the backward pass, which skips layers with no trainable parameters at or below them.
    for side in (ours, theirs):
        for statistic in ("mean", "var"):
            side[2].pop(f"resnetv20_batchnorm0_running_{statistic}", None)
    assert_same(ours[2], theirs[2], rtol=1e-6)
    assert list(ours[1]) == list(theirs[1])
    # A convolution bias before normalization has only rounding errors as gradient, so all are compared as one.
    both = [np.concatenate([array.ravel() for array in side[1].values()]) for side in (ours, theirs)]
    assert_same(*both, rtol=1e-4)
