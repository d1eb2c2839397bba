"""Pooling in all its forms against a plain NumPy reference, which is itself checked against MXNet 1.9.1."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.ops.nn.pooling_reference import pool

_SIZES = {1: (9,), 2: (6, 9), 3: (5, 6, 7)}


def configurations(rank, count, seed):
    """Random windows: kernel, stride, pad, convention, type, include_pad."""
    random = np.random.RandomState(seed)
    drawn = []
    for _ in range(count):
        kernel = tuple(int(n) for n in random.randint(1, 5, rank))
        stride = tuple(int(n) for n in random.randint(1, 4, rank))
        pad = tuple(int(random.randint(0, k)) for k in kernel)
        convention = ["valid", "full"][random.randint(2)]
        pool_type = ["max", "avg", "sum", "lp"][random.randint(4)]
        drawn.append((kernel, stride, pad, convention, pool_type, bool(random.randint(2))))
    return drawn


def pooling(mx, data, head, attributes):
    """Output and gradient."""
    x = mx.nd.array(data, dtype=data.dtype)
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.Pooling(x, **attributes)
    y.backward(mx.nd.array(head, dtype=data.dtype))
    return y.asnumpy(), x.grad.asnumpy()


def _case(rank, configuration, seed):
    kernel, stride, pad, convention, pool_type, include_pad = configuration
    random = np.random.default_rng(seed)
    shape = (2, 2, *_SIZES[rank])
    # No two values are equal, so that the maximum does not depend on the order.
    data = random.permutation(np.linspace(0.5, 2, int(np.prod(shape)))).reshape(shape)
    p_value = 3 if pad == (0,) * rank else 2
    expected = pool(data, kernel, stride, pad, pool_type, convention, include_pad, p_value)
    head = random.standard_normal(expected.shape)
    attributes = {
        "kernel": kernel, "stride": stride, "pad": pad, "pooling_convention": convention, "pool_type": pool_type,
        "count_include_pad": include_pad, "p_value": p_value,
    }  # fmt: skip
    gradient = pool(data, kernel, stride, pad, pool_type, convention, include_pad, p_value, head)[1]
    return data, head, attributes, expected, gradient


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_every_form_is_what_the_reference_says(rank):
    for number, configuration in enumerate(configurations(rank, 60, rank)):
        data, head, attributes, expected, gradient = _case(rank, configuration, number)
        output, slope = pooling(mx, data, head, attributes)
        assert output.shape == expected.shape
        # Windows of only padding give 1e308 in magnitude: compare element-wise, not by norm.
        np.testing.assert_allclose(output, expected, rtol=1e-12, err_msg=str(attributes))
        np.testing.assert_allclose(slope, gradient, rtol=1e-10, atol=1e-12, err_msg=str(attributes))


@pytest.mark.parametrize("rank", [1, 2])
def test_the_reference_is_mxnet(oracle, rank):
    for number, configuration in enumerate(configurations(rank, 60, rank)):
        data, head, attributes, expected, gradient = _case(rank, configuration, number)
        output, slope = oracle.run(pooling, data, head, attributes)
        np.testing.assert_allclose(output, expected, rtol=1e-6, err_msg=str(attributes))
        np.testing.assert_allclose(slope, gradient, rtol=1e-6, atol=1e-7, err_msg=str(attributes))


def test_the_reference_is_mxnet_in_three_dimensions_without_ceil(oracle):
    for number, configuration in enumerate(configurations(3, 40, 3)):
        if configuration[3] == "full":
            continue
        data, head, attributes, expected, _ = _case(3, configuration, number)
        data = data.astype("float32")
        output = oracle.run(pooling, data, head, attributes)[0]
        np.testing.assert_allclose(output, expected, rtol=1e-5, err_msg=str(attributes))


@pytest.mark.parametrize("layout", ["NCDHW", "NDHWC"])
def test_ceil_mode_in_three_dimensions(layout):
    data = np.random.default_rng(0).standard_normal((2, 3, 7, 8, 6)).astype("float32")
    expected = pool(data, (3, 3, 3), (2, 2, 2), (0, 0, 0), "max", "full")
    assert expected.shape == (2, 3, 3, 4, 3)
    last = layout[-1] == "C"
    x = mx.nd.array(np.moveaxis(data, 1, -1) if last else data)
    y = mx.nd.Pooling(x, kernel=(3, 3, 3), stride=(2, 2, 2), pooling_convention="full", layout=layout).asnumpy()
    np.testing.assert_array_equal(np.moveaxis(y, -1, 1) if last else y, expected.astype("float32"))


@pytest.mark.parametrize("pool_type", ["max", "avg", "sum"])
@pytest.mark.parametrize("kernel", [1, 2, 4])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_same_convention(oracle, pool_type, kernel, stride):
    data = np.random.default_rng(1).standard_normal((1, 2, 7))
    attributes = {
        "kernel": (kernel,), "stride": (stride,), "pool_type": pool_type, "pooling_convention": "same",
        "pad": (0, 0, 0),
    }  # fmt: skip
    head = np.ones((1, 2, -(-7 // stride)))
    ours, theirs = oracle.both(pooling, data, head, attributes)
    assert_same(ours, theirs)
    assert_same(ours.get()[0], pool(data, (kernel,), (stride,), (0,), pool_type, "same"))


def test_a_window_in_padding_only():
    x = mx.nd.ones((1, 1, 5))
    window = {"kernel": (2,), "stride": (3,), "pad": (1,), "pooling_convention": "full"}
    assert mx.nd.Pooling(x, pool_type="max", **window).asnumpy().ravel()[-1] == np.finfo("float32").min
    for pool_type in ("avg", "sum"):
        assert mx.nd.Pooling(x, pool_type=pool_type, **window).asnumpy().ravel()[-1] == 0


def test_of_equal_values_the_first_gets_the_gradient():
    x = mx.nd.ones((1, 1, 2, 3))
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.Pooling(x, global_pool=True)
    y.backward()
    assert x.grad.asnumpy().ravel().tolist() == [1, 0, 0, 0, 0, 0]


def test_the_norm_of_zeros_has_a_gradient_of_zero():
    for p_value in (2, 3):
        x = mx.nd.zeros((1, 1, 4))
        x.attach_grad()
        with mx.autograd.record():
            y = mx.nd.Pooling(x, kernel=(2,), pool_type="lp", p_value=p_value)
        y.backward()
        assert x.grad.asnumpy().tolist() == [[[0, 0, 0, 0]]]


def test_global_pooling_does_not_look_at_the_window():
    x = mx.nd.array(np.random.default_rng(2).standard_normal((2, 3, 4, 5)))
    plain = mx.nd.Pooling(x, global_pool=True, pool_type="avg").asnumpy()
    odd = mx.nd.Pooling(x, global_pool=True, pool_type="avg", kernel=(9, 9, 9), stride=(0, 4), pad=(7,)).asnumpy()
    np.testing.assert_array_equal(plain, odd)
    np.testing.assert_allclose(plain, x.asnumpy().mean((2, 3), keepdims=True), rtol=1e-5)


_LONGER = {"kernel": (3, 2), "stride": (1, 2, 9), "pad": (1, 0, 5, -1)}


@pytest.mark.parametrize("pool_type", ["max", "avg", "sum"])
@pytest.mark.parametrize("name", ["Pooling", "Pooling_v1"])
def test_numbers_beyond_those_of_the_kernel_are_ignored(oracle, name, pool_type):
    def both_ways(mx, name, attributes):
        data = mx.nd.array([[[[3, 1, 4, 1], [5, 9, 2, 6], [5, 3, 5, 8]]]])
        graph = getattr(mx.sym, name)(mx.sym.var("data"), **attributes)
        computed = getattr(mx.nd, name)(data, **attributes), graph.eval(data=data)[0]
        return computed, graph.infer_shape(data=data.shape)[1], graph.attr("pad")

    assert_same(*oracle.both(both_ways, name, {**_LONGER, "pool_type": pool_type}))


@pytest.mark.parametrize("name", ["stride", "pad"])
def test_fewer_numbers_than_axes_are_refused(oracle, name):
    attributes = {"kernel": (3, 2), "stride": (1, 2), "pad": (1, 0), name: (1,)}
    for outcome in oracle.both("nd.Pooling(nd.ones((1, 1, 4, 4)), **attributes)", attributes=attributes):
        assert outcome.class_name == "MXNetError"
