"""Activation functions that MXNet 1.9.1 gets wrong, and the shapes of prelu."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same


def _slope(x, train=True, **attributes):
    data = mx.nd.array(x, dtype="float64")
    data.attach_grad()
    with mx.autograd.record(train_mode=train):
        y = mx.nd.LeakyReLU(data, **attributes)
    (y[0] if isinstance(y, list) else y).backward()
    return data.grad.asnumpy()


def test_the_derivative_of_selu():
    x = np.linspace(-6, 3, 40)
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    expected = np.where(x > 0, scale, scale * alpha * np.exp(np.minimum(x, 0)))
    np.testing.assert_allclose(_slope(x, act_type="selu"), expected, rtol=1e-12)


def test_rrelu_predicts_with_the_mean_slope(oracle):
    def predict(mx):
        return mx.nd.LeakyReLU(mx.nd.array([-2, -0.5, 0, 3]), act_type="rrelu", lower_bound=0.25, upper_bound=0.75)

    ours, theirs = oracle.both(predict)
    assert len(ours.get()) == len(theirs.get()) == 2
    assert_same(ours.get()[0], theirs.get()[0])
    assert ours.get()[1].tolist() == [0.5, 0.5, 0.5, 1]
    assert _slope([-2, 3], train=False, act_type="rrelu", lower_bound=0.25, upper_bound=0.75).tolist() == [0.5, 1]


def test_rrelu_trains_with_random_slopes():
    mx.random.seed(5)
    x = mx.nd.array(np.random.default_rng(0).standard_normal((100, 100)))
    x.attach_grad()
    with mx.autograd.record():
        y, slopes = mx.nd.LeakyReLU(x, act_type="rrelu", lower_bound=0.2, upper_bound=0.4)
    y.backward()
    negative = x.asnumpy() <= 0
    drawn = slopes.asnumpy()
    assert (drawn[~negative] == 1).all()
    assert drawn[negative].min() >= 0.2 and drawn[negative].max() < 0.4
    assert abs(drawn[negative].mean() - 0.3) < 0.004
    assert len(np.unique(drawn[negative])) > 1000
    np.testing.assert_array_equal(y.asnumpy(), x.asnumpy() * drawn)
    np.testing.assert_array_equal(x.grad.asnumpy(), drawn)


def test_rrelu_refuses_bounds_in_the_wrong_order():
    with pytest.raises(mx.MXNetError, match="lower_bound must not exceed"), mx.autograd.train_mode():
        mx.nd.LeakyReLU(mx.nd.ones((2,)), act_type="rrelu", lower_bound=0.5, upper_bound=0.2)


def prelu(mx, shape, gamma_shape):
    """Output and gradients of prelu."""
    count = int(np.prod(shape))
    x = mx.nd.array((np.arange(count) * 7 % count - count / 2).reshape(shape))
    gamma = mx.nd.array(np.arange(1.0, 1 + np.prod(gamma_shape)).reshape(gamma_shape))
    x.attach_grad()
    gamma.attach_grad()
    with mx.autograd.record():
        y = mx.nd.LeakyReLU(x, gamma, act_type="prelu")
    y.backward()
    return y, x.grad, gamma.grad


@pytest.mark.parametrize(
    ("shape", "gamma_shape"),
    [
        ((2, 3, 4), (3,)), ((2, 3, 4), (1,)), ((3, 3, 3), (3,)), ((3,), (3,)), ((5,), (1,)), ((3, 4), (4,)),
        ((3, 4), (3,)),
        ((2, 3, 2), (2,)), ((2, 3, 4), (2, 3)), ((2, 3, 4), (1, 3)), ((2, 3, 4), (1, 1)), ((2, 3, 4, 5), (3,)),
        ((2, 3, 4), (4,)), ((2, 3, 4), (5,)), ((2, 3, 4), (3, 4)), ((2, 3), (2, 3, 1)),
    ],
)  # fmt: skip
def test_prelu_shapes(oracle, shape, gamma_shape):
    assert_same(*oracle.both(prelu, shape, gamma_shape))


def test_nan_stays_nan():
    for name in ("relu", "sigmoid", "softrelu", "softsign", "tanh"):
        assert np.isnan(mx.nd.Activation(mx.nd.array([np.nan]), act_type=name).asscalar())
