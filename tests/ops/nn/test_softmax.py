"""softmax with lengths, and with extreme data."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same


def masked(mx, data, length, head, axis, dtype):
    """Output and gradient of softmax with lengths."""
    x = mx.nd.array(data, dtype=dtype)
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.softmax(x, mx.nd.array(length, dtype="int32"), axis=axis, use_length=True)
    y.backward(mx.nd.array(head, dtype=dtype))
    return y, x.grad


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_lengths(oracle, axis, dtype):
    random = np.random.default_rng(0)
    data, head = random.standard_normal((2, 3, 4, 5))
    length = random.integers(0, data.shape[axis] + 1, np.delete(data.shape, axis))
    assert_same(*oracle.both(masked, data, length, head, axis, dtype), rtol=1e-6, atol=1e-6)


def test_a_length_of_zero_gives_zeros_and_a_gradient_of_zero():
    y, gradient = masked(mx, np.ones((2, 3)), [0, 2], np.ones((2, 3)) * [1, 2, 3], 1, "float64")
    assert y.asnumpy().tolist() == [[0, 0, 0], [0.5, 0.5, 0]]
    assert gradient.asnumpy()[0].tolist() == [0, 0, 0]
    assert gradient.asnumpy()[1, 2] == 0


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "softmin"])
def test_no_overflow(name):
    x = mx.nd.array([[1e4, -1e4, 0], [-1e30, -1e30, -1e30]])
    assert np.isfinite(getattr(mx.nd, name)(x).asnumpy()).all()
