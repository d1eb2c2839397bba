"""Dropout: what its random numbers must obey."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import glueball as mx


@pytest.fixture(autouse=True)
def _seeded():
    mx.random.seed(11)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "bfloat16"])
def test_a_fraction_is_dropped_and_the_rest_scaled(p, dtype):
    x = mx.nd.ones((200, 200), dtype=dtype)
    with mx.autograd.train_mode():
        y = mx.nd.Dropout(x, p=p)
    values = y.asnumpy().astype("float64")
    kept = values != 0
    assert abs(kept.mean() - (1 - p)) < 4 * np.sqrt(p * (1 - p) / x.size)
    np.testing.assert_allclose(values[kept], 1 / (1 - p), rtol=1e-2 if "16" in dtype else 1e-6)


def test_elements_are_independent():
    with mx.autograd.train_mode():
        kept = mx.nd.Dropout(mx.nd.ones((400, 400))).asnumpy() != 0
    assert abs(np.corrcoef(kept[:, :-1].ravel(), kept[:, 1:].ravel())[0, 1]) < 0.02
    assert abs(np.corrcoef(kept[:-1].ravel(), kept[1:].ravel())[0, 1]) < 0.02


@pytest.mark.parametrize("axes", [(0,), (1,), (0, 2), (1, 2)])
def test_axes_share_their_fate(axes):
    with mx.autograd.train_mode():
        kept = mx.nd.Dropout(mx.nd.ones((40, 30, 20)), axes=axes).asnumpy() != 0
    index = tuple(slice(0, 1) if axis in axes else slice(None) for axis in range(3))
    np.testing.assert_array_equal(kept, np.broadcast_to(kept[index], kept.shape))
    assert 0.2 < kept[index].mean() < 0.8


def test_the_gradient_is_the_mask():
    x = mx.nd.ones((30, 30))
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.Dropout(x, p=0.25)
    y.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), y.asnumpy())


def test_a_seed_repeats_and_torch_is_left_alone():
    x = mx.nd.ones((50, 50))
    before = torch.get_rng_state()
    mx.random.seed(3)
    first = mx.nd.Dropout(x, mode="always").asnumpy()
    second = mx.nd.Dropout(x, mode="always").asnumpy()
    mx.random.seed(3)
    torch.manual_seed(99)
    np.testing.assert_array_equal(mx.nd.Dropout(x, mode="always").asnumpy(), first)
    assert (first != second).any()
    torch.set_rng_state(before)
    mx.nd.Dropout(x, mode="always")
    assert torch.equal(torch.get_rng_state(), before)


def test_prediction_returns_a_copy():
    x = mx.nd.ones((4,))
    y = mx.nd.Dropout(x)
    y[:] = 5
    assert x.asnumpy().tolist() == [1, 1, 1, 1]


def test_everything_dropped_is_zero():
    assert mx.nd.Dropout(mx.nd.ones((4,)), p=1, mode="always").asnumpy().tolist() == [0, 0, 0, 0]


def test_a_shape_can_be_inferred():
    dropped = mx.sym.Dropout(mx.sym.var("x"), mode="always")
    assert dropped.infer_shape(x=(2, 3)) == ([(2, 3)], [(2, 3)], [])
