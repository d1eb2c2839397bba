"""Slices of joined arrays that are one of them: what is left out, what stays, and that results do."""

from __future__ import annotations

import pytest

import glueball as mx
from glueball import nd
from glueball.gluon import nn
from tests.comparison import assert_same


class _Net(nn.HybridSequential):
    """Joins x (4 channels), a convolution of it (4), and both added (4), and hands that to a function."""

    def __init__(self, function):
        super().__init__()
        self.add(nn.Conv2D(4, 3, padding=1, in_channels=4))
        self._glueball_function = function

    def hybrid_forward(self, F, x):
        y = super().hybrid_forward(F, x)
        return self._glueball_function(F, x, y)


def _join(F, x, y, **options):
    return F.concat(x, y, x * y, **{"dim": 1, **options})


def _taken(F, x, y):
    first, second, _ = F.split(_join(F, x, y), num_outputs=3)
    return F.exp(first) + second


def _both(F, x, y):
    joined = _join(F, x, y)
    return F.slice_axis(joined, axis=1, begin=0, end=4) + F.slice_axis(joined, axis=1, begin=1, end=5)


@pytest.mark.parametrize(("function", "fires", "dropped"), [
    (lambda F, x, y: F.relu(F.slice_axis(_join(F, x, y), axis=1, begin=0, end=4)), 1, 2),
    (lambda F, x, y: F.relu(F.slice_axis(_join(F, x, y), axis=-3, begin=-8, end=-4)), 1, 2),
    (lambda F, x, y: F.relu(F.slice_axis(_join(F, x, y, dim=-3), axis=1, begin=8, end=None)), 1, 2),
    (lambda F, x, y: F.slice_axis(_join(F, x, y), axis=1, begin=0, end=4), 1, 2),
    (lambda F, x, y: F.slice_axis(_join(F, x, y, dim=0), axis=0, begin=2, end=4), 1, 2),
    (_taken, 2, 2),
    (lambda F, x, y: F.split(_join(F, x, y), num_outputs=3)[2], 1, 2),
    (_both, 1, 1),
    (lambda F, x, y: F.slice_axis(_join(F, x, y), axis=1, begin=0, end=5), 0, 0),
    (lambda F, x, y: F.slice_axis(_join(F, x, y), axis=1, begin=0, end=8), 0, 0),
    (lambda F, x, y: F.slice_axis(_join(F, x, y), axis=2, begin=0, end=4), 0, 0),
    (lambda F, x, y: F.split(_join(F, x, y), num_outputs=2)[1], 0, 0),
    (lambda F, x, y: F.split(_join(F, x, y), num_outputs=6)[1], 0, 0),
    (lambda F, x, y: F.split(_join(F, x, y), num_outputs=12, squeeze_axis=True)[0], 0, 0),
    (lambda F, x, y: F.split(_join(F, x, y), num_outputs=1), 0, 0),
    (lambda F, x, y: F.split(F.concat(x, y, F.concat(x, y, dim=1), dim=1), num_outputs=4)[1], 1, 3),
    (lambda F, x, y: F.split(F.concat(F.concat(x, y, dim=1), x, y, dim=1), num_outputs=2)[1], 0, 0),
])  # fmt: skip
def test_slices_of_joined_arrays(function, fires, dropped):
    net = _Net(function)
    net.add(nn.BatchNorm(in_channels=4))
    net.initialize(mx.init.Uniform(0.5))
    x = nd.random.uniform(-1, 1, (2, 4, 5, 5))
    expected = net(x).asnumpy()
    net.hybridize(backend="onednn", strict=True)
    for _ in range(3):
        result = net(x)
        assert_same(result.asnumpy(), expected, rtol=1e-5)
    explanation = net.explain(x)
    assert (explanation.passes["skip_concat"], len(explanation.dropped)) == (fires, dropped)
    given = x.asnumpy()
    result[:] = 7
    assert_same(x.asnumpy(), given)


def test_an_output_that_is_a_slice_has_memory_of_its_own():
    net = _Net(lambda F, x, y: F.split(_join(F, x, y), num_outputs=3))
    net.initialize()
    net.hybridize(backend="onednn", strict=True)
    x = nd.random.uniform(-1, 1, (2, 4, 5, 5))
    for _ in range(3):
        results = net(x)
        before = [each.asnumpy() for each in (*results[1:], x)]
        results[0][:] = 7
        assert_same([each.asnumpy() for each in (*results[1:], x)], before)
    assert net.explain(x).passes["skip_concat"] == 3
