"""gluon.contrib.nn: SyncBatchNorm and SparseEmbedding."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from glueball.core.errors import MXNetError
from glueball.gluon import contrib
from tests.comparison import assert_same


def normalized(mx, options):
    layer = mx.gluon.contrib.nn.SyncBatchNorm(num_devices=1, prefix="norm_", **options)
    layer.initialize()
    x = mx.nd.arange(24).reshape((2, 3, 2, 2)) ** 1.5
    x.attach_grad()
    with mx.autograd.record():
        y = layer(x)
        loss = (y * y * y).sum()
    loss.backward()
    parameters = layer.collect_params()
    graph = mx.gluon.contrib.nn.SyncBatchNorm(num_devices=2, prefix="other_", **options)(mx.sym.var("x")).tojson()
    return [y, x.grad, repr(layer), {name: p.data() for name, p in parameters.items()}, graph]


@pytest.mark.parametrize(
    "options", [{}, {"in_channels": 3, "momentum": 0.5, "epsilon": 0.1}, {"center": False, "scale": False},
                {"use_global_stats": True, "running_mean_initializer": "ones"}]
)  # fmt: skip
def test_sync_batch_norm_of_one_device(oracle, options):
    assert_same(*oracle.both(normalized, options), rtol=1e-5, atol=1e-5)


def test_third_output_is_the_variance(oracle):
    code = """
        arrays = [nd.array(x), nd.ones(3), nd.zeros(3), nd.zeros(3), nd.ones(3)]
        with autograd.train_mode():
            return nd.contrib.SyncBatchNorm(*arrays, key="third", output_mean_var=True)
    """
    drawn = np.random.default_rng(1).normal(size=(4, 3, 2, 2))
    assert_same(*oracle.both(code, x=drawn), rtol=1e-5, atol=1e-6)


def test_number_of_devices_is_that_of_the_gpus():
    with pytest.warns(UserWarning, match="num_devices is left out"):
        layer = contrib.nn.SyncBatchNorm()
    assert f"ndev={max(1, mx.context.num_gpus())}" in repr(layer)


def embedded(mx, options):

    layer = mx.gluon.contrib.nn.SparseEmbedding(5, 3, prefix="words_", **options)
    return repr(layer), layer.weight.name, layer.weight.shape


@pytest.mark.parametrize("options", [{}, {"dtype": "float64"}])
def test_sparse_embedding_is_described_as_mxnets(oracle, options):
    assert_same(*oracle.both(embedded, options))


def test_sparse_embedding_has_a_gradient_of_the_rows_of_a_batch():
    layer = contrib.nn.SparseEmbedding(5, 2, weight_initializer="ones")
    layer.initialize()
    trainer = mx.gluon.Trainer(layer.collect_params(), "sgd")
    with mx.autograd.record():
        y = layer(mx.nd.array([[1, 3, 3]]))
    y.backward()
    assert y.shape == (1, 3, 2)
    assert layer.weight.grad().asnumpy()[:, 0].tolist() == [0, 1, 0, 2, 0]
    assert layer.weight.grad().indices.asnumpy().tolist() == [1, 3]
    trainer.step(1)
    with pytest.raises(MXNetError, match="SparseEmbedding: output_dim must be"):
        contrib.nn.SparseEmbedding(5, 0)
