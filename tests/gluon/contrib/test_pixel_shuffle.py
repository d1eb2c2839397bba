"""PixelShuffle: values, gradients and graphs are MXNet's."""

from __future__ import annotations

import pytest

import glueball as mx
from glueball.core.errors import MXNetError
from tests.comparison import assert_same


def shuffled(mx, axes, factor, shape, hybrid):
    import json

    net = getattr(mx.gluon.contrib.nn, f"PixelShuffle{axes}D")(factor)
    if hybrid:
        net.hybridize()
    x = mx.nd.arange(mx.nd.zeros(shape).size).reshape(shape)
    x.attach_grad()
    with mx.autograd.record():
        y = net(x)
        loss = (y * mx.nd.arange(y.size).reshape(y.shape)).sum()
    loss.backward()
    nodes = json.loads(net(mx.sym.var("data")).tojson())["nodes"]
    graph = [(node["op"], node["name"], node.get("attrs"), node["inputs"]) for node in nodes]
    return y, x.grad, repr(net), net.name, graph


@pytest.mark.parametrize("hybrid", [False, True])
@pytest.mark.parametrize(
    ("axes", "factor", "shape"),
    [
        (1, 2, (2, 4, 3)),
        (1, 3, (1, 3, 2)),
        (2, 2, (2, 8, 2, 3)),
        (2, (2, 3), (1, 12, 2, 3)),
        (2, 1, (1, 2, 2, 2)),
        (3, 2, (1, 8, 2, 1, 3)),
        (3, (2, 1, 3), (2, 12, 2, 3, 1)),
    ],
)
def test_like_mxnet(oracle, axes, factor, shape, hybrid):
    assert_same(*oracle.both(shuffled, axes, factor, shape, hybrid))


def test_refusals():
    nn = mx.gluon.contrib.nn
    with pytest.raises(
        MXNetError, match=r"PixelShuffle2D: factor must be an int or 2 positive ints; received \(1, 2, 3\)"
    ):
        nn.PixelShuffle2D((1, 2, 3))
    with pytest.raises(MXNetError, match="PixelShuffle3D: factor must be an int or 3 positive ints; received 0"):
        nn.PixelShuffle3D(0)
    with pytest.raises(MXNetError):
        nn.PixelShuffle2D(2)(mx.nd.zeros((1, 6, 2, 2)))
