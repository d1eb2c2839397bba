"""BatchNorm's moving statistics, its states and its corner cases."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from glueball.core.dtype import name_of
from tests.comparison import assert_same

_X = np.random.default_rng(0).standard_normal((5, 3, 4)).astype("float32") * 2 + 1


def train(mx, x, steps, attributes, name="BatchNorm"):
    """Run forward and backward several times; return the states after each, then the last gradients."""
    function = mx.nd.contrib.BatchNormWithReLU if name == "BatchNormWithReLU" else getattr(mx.nd, name)
    channels = x.shape[attributes.get("axis", 1)]
    gamma, beta = mx.nd.array(np.arange(1.0, channels + 1)), mx.nd.array(np.arange(channels))
    mean, var = mx.nd.zeros((channels,)), mx.nd.ones((channels,))
    data = mx.nd.array(x)
    for array in (data, gamma, beta):
        array.attach_grad()
    states = []
    for step in range(steps):
        with mx.autograd.record():
            y = function(data * (step + 1), gamma, beta, mean, var, **attributes)
            loss = (y * y * y).sum()
        loss.backward()
        mx.nd.waitall()
        states.append([y, mean.copy(), var.copy()])
    return states, data.grad, gamma.grad, beta.grad


@pytest.mark.parametrize(
    "attributes",
    [
        {"fix_gamma": False},
        {"fix_gamma": True},
        {"fix_gamma": False, "momentum": 0.5, "eps": 0.1},
        {"fix_gamma": False, "momentum": 0.0},
        {"fix_gamma": False, "use_global_stats": True},
        {"fix_gamma": False, "axis": 2},
        {"fix_gamma": False, "axis": 0},
    ],
    ids=str,
)
def test_three_steps_of_training(oracle, attributes):
    assert_same(*oracle.both(train, _X, 3, attributes), rtol=2e-5, atol=1e-5)


def test_with_relu(oracle):
    x = np.random.default_rng(1).standard_normal((4, 3, 5, 2)).astype("float32")
    ours, theirs = oracle.both(train, x, 3, {"fix_gamma": False}, "BatchNormWithReLU")
    assert_same(ours, theirs, rtol=2e-5, atol=1e-5)


def _states():
    return mx.nd.ones((3,)), mx.nd.zeros((3,)), mx.nd.zeros((3,)), mx.nd.ones((3,))


def test_the_variance_has_no_bessel_correction():
    gamma, beta, mean, var = _states()
    beta.attach_grad()
    with mx.autograd.record():
        mx.nd.BatchNorm(mx.nd.array(_X), gamma, beta, mean, var, momentum=0).backward()
    np.testing.assert_allclose(mean.asnumpy(), _X.mean((0, 2)), rtol=1e-5)
    np.testing.assert_allclose(var.asnumpy(), _X.var((0, 2)), rtol=1e-5)


def looked_at(mx, x, hybridize, name):
    """Return the results and the averages of a layer called in training mode, whose gradients nobody asks for."""
    makes = {"BatchNorm": mx.gluon.nn.BatchNorm, "SyncBatchNorm": mx.gluon.contrib.nn.SyncBatchNorm}
    layer = makes[name](in_channels=3, **({"num_devices": 1} if name == "SyncBatchNorm" else {}))
    layer.initialize()
    if hybridize:
        layer.hybridize()
    with mx.autograd.train_mode():
        seen = layer(mx.nd.array(x))
    for parameter in layer.collect_params().values():
        parameter.grad_req = "null"
    with mx.autograd.record():
        recorded = layer(mx.nd.array(x * 2))
    mx.nd.waitall()
    return seen, recorded, layer.running_mean.data(), layer.running_var.data()


@pytest.mark.parametrize("name", ["BatchNorm", "SyncBatchNorm"])
@pytest.mark.parametrize("hybridize", [False, True])
def test_training_mode_without_gradients_leaves_the_states_alone(oracle, hybridize, name):
    """So programs find the anchors of a detector, with an image of zeros, before they train it."""
    ours, theirs = oracle.both(looked_at, _X, hybridize, name)
    assert_same(ours, theirs, rtol=2e-5, atol=1e-5)
    assert ours.get()[2].tolist() == [0, 0, 0]


def followed(mx, x, hybridize):
    """Return a running mean after each of several calls and gradients."""
    layer, found = mx.gluon.nn.BatchNorm(in_channels=3), []
    layer.initialize()
    if hybridize:
        layer.hybridize()

    def look():
        mx.nd.waitall()
        found.append(layer.running_mean.data().asnumpy())

    data = mx.nd.array(x)
    with mx.autograd.record():
        y = layer(data)
    y.wait_to_read()
    look()
    y.backward()
    look()
    with mx.autograd.record():
        detached = layer(data).detach()
        both = layer(data) * detached + layer(data * 2)
    look()
    for keeps in (True, False):
        both.backward(retain_graph=keeps)
        look()
    return found


@pytest.mark.parametrize("hybridize", [False, True])
def test_statistics_move_when_gradients_flow_back(oracle, hybridize):
    """A generator whose images are detached, to train a discriminator, keeps its statistics."""
    assert_same(*oracle.both(followed, _X, hybridize), rtol=2e-5, atol=1e-6)


def called_twice(mx, x):
    """Return the statistics of a layer that a graph calls twice, after a step."""

    class Net(mx.gluon.HybridBlock):
        def __init__(self):
            super().__init__()
            self.norm = mx.gluon.nn.BatchNorm(in_channels=3)

        def hybrid_forward(self, F, x):
            return self.norm(self.norm(x) * 3 + 2)

    net = Net()
    net.initialize()
    net.hybridize()
    with mx.autograd.record():
        y = net(mx.nd.array(x))
    y.backward()
    mx.nd.waitall()
    return net.norm.running_mean.data(), net.norm.running_var.data()


def test_a_layer_that_a_graph_calls_twice(oracle):
    """The gradients come to the second call first."""
    assert_same(*oracle.both(called_twice, _X), rtol=2e-5, atol=1e-6)


def executed(mx, x, name, requests):
    """Return the states of a graph after a step of training and a prediction."""
    graph = getattr(mx.sym, name)(mx.sym.Variable("data"))
    executor = graph.simple_bind(mx.cpu(), data=x.shape, grad_req=requests)
    executor.forward(is_train=True, data=mx.nd.array(x))
    executor.outputs[0].wait_to_read()
    if requests != "null":
        executor.backward(mx.nd.ones(x.shape))
    executor.forward(is_train=False)
    executor.outputs[0].wait_to_read()
    return executor.aux_arrays


@pytest.mark.parametrize("name", ["BatchNorm", "BatchNorm_v1", "IdentityAttachKLSparseReg"])
@pytest.mark.parametrize("requests", ["null", "write"])
def test_states_of_a_graph_change_where_it_has_gradients(oracle, requests, name):
    x = np.random.default_rng(3).uniform(0.1, 0.9, (4, 3)).astype("float32")
    assert_same(*oracle.both(executed, x, name, requests), rtol=2e-5, atol=1e-6)


def test_prediction_leaves_the_states_alone():
    gamma, beta, mean, var = _states()
    with mx.autograd.record(train_mode=False):
        mx.nd.BatchNorm(mx.nd.array(_X), gamma, beta, mean, var)
    assert mean.asnumpy().tolist() == [0, 0, 0]
    assert var.asnumpy().tolist() == [1, 1, 1]


def test_global_statistics_serve_training_too_and_stay():
    mean, variance = mx.nd.array([1, 2]), mx.nd.array([4, 9])
    with mx.autograd.train_mode():
        y = mx.nd.BatchNorm(
            mx.nd.array([[3, 5], [5, 8]]), mx.nd.ones(2), mx.nd.zeros(2), mean, variance, use_global_stats=True, eps=0
        )
    assert y.asnumpy().tolist() == [[1, 1], [2, 2]]
    assert (mean.asnumpy().tolist(), variance.asnumpy().tolist()) == ([1, 2], [4, 9])


def test_a_fixed_gamma_is_one_has_no_gradient_and_is_left_alone():
    _, beta, mean, var = _states()
    gamma = mx.nd.array([2, 3, np.inf])
    gamma.attach_grad()
    gamma.grad[:] = 7
    with mx.autograd.record():
        y = mx.nd.BatchNorm(mx.nd.array(_X), gamma, beta, mean, var)
    y.backward()
    assert gamma.grad.asnumpy().tolist() == [0, 0, 0]
    assert gamma.asnumpy().tolist() == [2, 3, np.inf]
    assert abs(y.asnumpy().std((0, 2)) - 1).max() < 1e-3


def test_one_value_per_channel():
    gamma, beta, mean, var = _states()
    beta.attach_grad()
    with mx.autograd.record():
        y = mx.nd.BatchNorm(mx.nd.ones((1, 3)), gamma, beta, mean, var, momentum=0.5)
    y.backward()
    assert y.asnumpy().tolist() == [[0, 0, 0]]
    assert var.asnumpy().tolist() == [0.5, 0.5, 0.5]


def test_a_later_training_step_does_not_spoil_an_earlier_backward():
    gamma, beta, mean, var = _states()
    x = mx.nd.array(_X)
    x.attach_grad()
    with mx.autograd.record(train_mode=False):
        y = mx.nd.BatchNorm(x, gamma, beta, mean, var, eps=0, fix_gamma=False)
    with mx.autograd.train_mode():
        mx.nd.BatchNorm(x, gamma, beta, mean, var)
    y.backward()
    assert np.isfinite(x.grad.asnumpy()).all()


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_sixteen_bit_data_with_float32_states(dtype):
    gamma, beta, mean, var = _states()
    x = mx.nd.array(_X, dtype=dtype)
    x.attach_grad()
    with mx.autograd.record():
        y, batch_mean, spread = mx.nd.BatchNorm(x, gamma, beta, mean, var, output_mean_var=True)
    y.backward()
    assert name_of(y.dtype) == name_of(x.grad.dtype) == dtype
    assert batch_mean.dtype == spread.dtype == np.float32
    np.testing.assert_allclose(batch_mean.asnumpy(), x.asnumpy().mean((0, 2), dtype="float64"), rtol=1e-5)


def test_a_vector_is_one_value_per_channel(oracle):
    def predict(mx):
        one = mx.nd.ones((3,))
        return mx.nd.BatchNorm(mx.nd.array([1, 2, 3]), one, one, one, one, axis=0, fix_gamma=False)

    assert_same(*oracle.both(predict))


def test_states_that_a_user_differentiates_stay_states():
    gamma, beta, mean, var = _states()
    mean.attach_grad()
    x = mx.nd.array(_X)
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.BatchNorm(x, gamma, beta, mean, var, use_global_stats=True)
    y.backward()
    assert mean.grad.asnumpy().tolist() == [0, 0, 0]
