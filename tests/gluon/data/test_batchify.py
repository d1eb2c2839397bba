"""default_batchify_fn and default_mp_batchify_fn, against MXNet: values, dtypes and errors."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import glueball as mx
from glueball import nd
from glueball.core.errors import MXNetError
from glueball.gluon.data.dataloader import default_batchify_fn, default_mp_batchify_fn
from tests.comparison import assert_same


def batch(mx, name, expression):
    nd = mx.nd
    samples = eval(expression, {"np": np, "nd": nd})
    return getattr(mx.gluon.data.dataloader, name)(samples)


@pytest.mark.parametrize("name", ["default_batchify_fn", "default_mp_batchify_fn"])
@pytest.mark.parametrize(
    "samples",
    [
        "[1, 2]",
        "[1.5, 2.5]",
        "[1, 2.5]",
        "[True, False]",
        "[2**40]",
        "[np.float32(1), np.float32(2)]",
        "[np.int32(1)]",
        "[np.float16(1)]",
        "[np.array(1.0)]",
        "[np.zeros((2, 3), 'uint8'), np.ones((2, 3), 'uint8')]",
        "[[1, 2], [3, 4]]",
        "[(1, 2.0), (3, 4.0)]",
        "[((1, 2), 3), ((4, 5), 6)]",
        "[nd.ones((2,)), nd.zeros((2,))]",
        "[nd.ones((2, 2), dtype='uint8')] * 3",
        "[(nd.ones((2,), dtype='int32'), [1, 2]), (nd.ones((2,), dtype='int32'), [3, 4])]",
        "[]",
        "[nd.ones((2,)), nd.zeros((3,))]",
        "[nd.ones((2,)), nd.ones((2,), dtype='int32')]",
        "['a', 'b']",
        "[{'a': 1}]",
        "[np.uint16(3)]",
    ],
)
def test_like_mxnet(oracle, name, samples):
    assert_same(*oracle.both(batch, name, samples))


@pytest.mark.parametrize(
    ("samples", "received"),
    [
        (["a", "b"], "received str"),
        ([None], "received NoneType"),
        ([{"a": 1}], "received dict"),
        ([np.uint16(3)], r"received uint16 \(\) uint16"),
        ([1 + 2j], "received complex"),
        ([np.zeros(2), np.zeros(3)], r"received ndarray \(2,\) float64, ndarray \(3,\) float64"),
        (
            [nd.ones((2,)), nd.ones((3,))],
            r"one shape and dtype; received NDArray \(2,\) float32, NDArray \(3,\)",
        ),
        ([nd.ones((2,)), np.ones(2)], r"received NDArray \(2,\) float32, ndarray \(2,\) float64"),
        ([(1, 2), (3,)], "all samples must be tuples of one length"),
        ([(1, 2), 3], "all samples must be tuples of one length"),
    ],
)
def test_what_does_not_fit_is_described(samples, received):
    for function in (default_batchify_fn, default_mp_batchify_fn):
        with pytest.raises(MXNetError, match=received):
            function(samples)


def test_the_batch_is_a_copy():
    image = np.zeros((2, 2), "float32")
    array = nd.zeros((2,))
    stacked = default_batchify_fn(image)
    images, arrays = default_batchify_fn([(image, array)])
    for made in (stacked, images, arrays):
        made[:] = 5
    assert image.sum() == 0
    assert array.asnumpy().sum() == 0


def test_byte_order_does_not_matter():
    batch = default_batchify_fn([np.array([1, 2], ">f4"), np.array([3, 4], ">f4")])
    assert batch.asnumpy().tolist() == [[1, 2], [3, 4]]


def test_contexts():
    with mx.cpu(1):
        assert default_batchify_fn([1, 2]).context == mx.cpu(1)
        assert default_mp_batchify_fn([1, 2]).context == mx.cpu(0)
    assert default_batchify_fn([nd.ones((2,), ctx=mx.cpu(1))]).context == mx.cpu(1)


def test_mp_batches_lie_in_shared_memory():
    for samples in ([1, 2], [nd.ones((2,))]):
        assert default_mp_batchify_fn(samples).to_torch().is_shared()
        assert not default_batchify_fn(samples).to_torch().is_shared()


def test_bfloat16():
    array = nd.from_torch(torch.tensor([1.5], dtype=torch.bfloat16))
    assert default_batchify_fn([array, array]).to_torch().dtype == torch.bfloat16
