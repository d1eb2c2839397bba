"""Attributes of any size: computed, or refused by an MXNetError; in time that follows the size of the result."""

from __future__ import annotations

import time

import pytest

import glueball as mx
from glueball import autograd, nd


@pytest.mark.parametrize("stride", [20_000, 100_000, 10**6, 2**31 - 1, 2**40])
@pytest.mark.parametrize("length", [1, 5])
def test_a_deconvolution_may_have_any_stride(stride, length):
    """OneDNN would read beyond its arrays and end the process."""
    data, weight = nd.ones((2, 4, length)), nd.ones((4, 6, 3))
    try:
        result = nd.Deconvolution(data, weight, kernel=(3,), num_filter=6, stride=(stride,))
    except mx.MXNetError:
        assert stride * length > 10**7  # there is no room for the result
    else:
        assert result.shape == (2, 6, (length - 1) * stride + 3)
        assert float(result.sum().asscalar()) == 2 * 6 * length * 3 * 4


@pytest.mark.parametrize(("shape", "kernel", "stride"), [((2, 16, 71), 2, 10**6), ((2, 3, 3), 2, 202_440)])
def test_a_convolution_with_a_gradient_may_have_any_stride(shape, kernel, stride):
    data, weight = nd.ones(shape), nd.ones((2, shape[1], kernel))
    data.attach_grad()
    with autograd.record():
        result = nd.Convolution(data, weight, kernel=(kernel,), num_filter=2, stride=(stride,), pad=(1,), no_bias=True)
    result.backward()
    assert data.grad.sum().asscalar() == 2 * shape[0] * shape[1]


def test_very_many_parts_of_few_points_are_pooled_at_once():
    rois = nd.array([[0, 0, 0, 6, 4], [0, 1, 2, 5, 3]])
    began = time.process_time()
    result = nd.ROIPooling(nd.random.uniform(shape=(1, 2, 5, 7)), rois, pooled_size=(200_000, 2), spatial_scale=1)
    assert time.process_time() - began < 2
    assert result.shape == (2, 2, 200_000, 2)
    shape = mx.sym.ROIPooling(mx.sym.var("x"), mx.sym.var("r"), pooled_size=(10**9, 2), spatial_scale=1).infer_shape(
        x=(1, 2, 5, 7), r=(2, 5)
    )[1]
    assert shape == [(2, 2, 10**9, 2)]
