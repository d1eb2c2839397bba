"""Activations that become part of the layer before them, alone or written out in operators; results stay."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import glueball as mx
from glueball import nd
from glueball.gluon import nn
from glueball.graph.engines import onednn
from tests.comparison import assert_same
from tests.graph.test_passes import _counts

_SIXTH = 1 / 6

_FUSED = {
    "leaky": lambda F, x: F.LeakyReLU(x, slope=0.1),
    "elu": lambda F, x: F.LeakyReLU(x, act_type="elu", slope=1.5),
    "selu": lambda F, x: F.LeakyReLU(x, act_type="selu"),
    "gelu": lambda F, x: F.LeakyReLU(x, act_type="gelu"),
    "hard sigmoid": lambda F, x: F.hard_sigmoid(x),
    "hard sigmoid, another": lambda F, x: F.hard_sigmoid(x, alpha=0.5, beta=0.25),
}
_GATES = {
    "swish": lambda F, x: x * F.sigmoid(x),
    "swish, turned": lambda F, x: F.broadcast_mul(F.Activation(x, act_type="sigmoid"), x),
    "swish, beta": lambda F, x: x * F.sigmoid(x * 0.5),
    "swish, gluon": lambda F, x: x * F.sigmoid(1.0 * x),
    "hard swish": lambda F, x: F.clip(x + 3, 0, 6) / 6 * x,
    "hard swish, turned": lambda F, x: x * (F.clip(x + 3.0, 0, 6) / 6.0),
    "hard swish, last": lambda F, x: x * F.clip(x + 3, 0, 6) / 6,
    "hard swish, last, a factor": lambda F, x: x * F.clip(x + 3, 0, 6) * _SIXTH,
    "hard swish, a factor": lambda F, x: x * (F.clip(x + 3, 0, 6) * _SIXTH),
    "hard swish, an operator": lambda F, x: x * F.hard_sigmoid(x, alpha=_SIXTH, beta=0.5),
}
_OTHERS = {
    "prelu": lambda F, x: F.LeakyReLU(x, F.ones((1,)) / 2, act_type="prelu"),
    "rrelu": lambda F, x: F.LeakyReLU(x, act_type="rrelu")[0],
    "softrelu": lambda F, x: F.Activation(x, act_type="softrelu"),
    "another limit": lambda F, x: x * (F.clip(x + 3, 0, 5) / 6),
    "another shift": lambda F, x: x * (F.clip(x + 2, 0, 6) / 6),
    "another divisor": lambda F, x: x * (F.clip(x + 3, 0, 6) / 5),
    "another factor": lambda F, x: x * (F.clip(x + 3, 0, 6) * 0.2),
    "another slope": lambda F, x: x * F.hard_sigmoid(x),
    "no division": lambda F, x: x * F.clip(x + 3, 0, 6),
    "another gate": lambda F, x: x * F.tanh(x),
    "a square": lambda F, x: x * x,
    "a cube": lambda F, x: x * (x * x),
    "the gate of another": lambda F, x: F.abs(x) * F.sigmoid(x),
    "what others take": lambda F, x: x * F.sigmoid(x) + x,
    "a gate that others take": lambda F, x: (lambda gate: x * gate + gate)(F.sigmoid(x)),
    "products that others take": lambda F, x: (lambda y: y / 6 + y)(x * F.clip(x + 3, 0, 6)),
}
_LAYERS = {
    "convolution": (lambda: nn.Conv2D(4, 3, in_channels=4), (2, 4, 9, 7)),
    "channels last": (lambda: nn.Conv2D(4, 3, layout="NHWC", in_channels=4), (2, 9, 7, 4)),
    "dense": (lambda: nn.Dense(4, in_units=63), (8, 63)),
    "transposed": (lambda: nn.Conv2DTranspose(4, 3, in_channels=4), (2, 4, 9, 7)),
}


@pytest.mark.parametrize("name", _FUSED)
def test_activations_become_part_of_a_layer(name):
    net = nn.HybridSequential()
    net.add(nn.Conv2D(4, 3, in_channels=4), nn.BatchNorm(), nn.HybridLambda(_FUSED[name]))
    assert _counts(net) == {"collect_convolutions": 1, "fold_batch_norm": 1, "fuse_activation": 1}


@pytest.mark.parametrize("name", _GATES)
def test_gates_become_part_of_a_layer(name):
    net = nn.HybridSequential()
    net.add(nn.Conv2D(4, 3, in_channels=4), nn.BatchNorm(), nn.HybridLambda(_GATES[name]))
    assert _counts(net) == {"collect_convolutions": 1, "fold_batch_norm": 1, "fuse_gate": 1}


@pytest.mark.parametrize("name", _OTHERS)
def test_others_stay(name):
    net = nn.HybridSequential()
    net.add(nn.Conv2D(4, 3, in_channels=4), nn.HybridLambda(_OTHERS[name]))
    counts = _counts(net)
    assert not counts.get("fuse_gate", 0) and not counts.get("fuse_activation", 0)


@pytest.mark.parametrize("layer", _LAYERS)
@pytest.mark.parametrize("name", [*_FUSED, *_GATES, *_OTHERS])
@pytest.mark.parametrize("taken", ["oneDNN", "torch"])
def test_results_stay(layer, name, taken, monkeypatch):
    """Infinite numbers and NaN, and those at which a function bends, are among them."""
    monkeypatch.setattr(onednn, "seconds", lambda key, ways, alone: [float(each != taken) for each in ways])
    make, shape = _LAYERS[layer]
    net = nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(make(), nn.BatchNorm(shape.index(4)) if 4 in shape else nn.BatchNorm())
        net.add(nn.HybridLambda({**_FUSED, **_GATES, **_OTHERS}[name], prefix="last_"))
    net.initialize(mx.init.Uniform(1))
    x = nd.random.uniform(-9, 9, shape)
    flat = x.reshape(-1)
    for place, value in ((5, np.nan), (150, np.inf), (300, -np.inf), (420, 1e30)):
        flat[place] = value
    expected = net(x).asnumpy()
    assert np.isnan(expected).any() and np.isfinite(expected).any()
    net.hybridize(backend="onednn", strict=True)
    for _ in range(3):
        assert_same(net(x).asnumpy(), expected, rtol=1e-5)
    explanation = net.explain(x)
    if name not in _OTHERS:
        (step,) = explanation.steps
        calls = [node for node in net(mx.sym.var("x")).get_internals() if node.name not in net.collect_params()]
        assert len(step.nodes) == len({node.name for node in calls}) - 1, "all but the input"


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu"])
@pytest.mark.parametrize("native", [True, False])
def test_an_activation_behind_a_sum(name, native, monkeypatch):
    """oneDNN's kernel for a sum has no function but its own relu."""
    monkeypatch.setattr(onednn, "seconds", lambda key, ways, alone: [float(each == "torch") for each in ways])

    class Net(nn.HybridSequential):
        def hybrid_forward(self, F, x):
            return getattr(F, name)(super().hybrid_forward(F, x) + x)

    net = Net()
    net.add(nn.Conv2D(32, 3, padding=1, in_channels=32))
    net.initialize()
    x = nd.random.uniform(-1, 1, (2, 32, 24, 24))
    expected = net(x).asnumpy()
    net.hybridize(backend="onednn", strict=True, native=native)
    for _ in range(3):
        assert_same(net(x).asnumpy(), expected, rtol=1e-5)
    assert net.explain(x).passes["fuse_sum"] == net.explain(x).passes["fuse_activation"] == 1


@pytest.mark.parametrize("name", ["swish", "hard swish"])
def test_a_gate_behind_a_sum(name):
    class Net(nn.HybridSequential):
        def hybrid_forward(self, F, x):
            return _GATES[name](F, super().hybrid_forward(F, x) + x)

    net = Net()
    net.add(nn.Conv2D(4, 3, padding=1, in_channels=4))
    assert _counts(net) == {"collect_convolutions": 1, "fuse_sum": 1, "fuse_gate": 1}


@pytest.mark.parametrize("name", [*_FUSED, *_GATES])
def test_bfloat16(name):
    """What is fused is rounded once, so that the results are others."""
    net = nn.HybridSequential()
    net.add(nn.Conv2D(32, 3, in_channels=32), nn.HybridLambda(_FUSED.get(name) or _GATES[name]))
    net.initialize(mx.init.Uniform(0.5))
    net.cast("bfloat16")
    x = nd.random.uniform(-1, 1, (2, 32, 9, 9)).astype("bfloat16")
    with torch.no_grad():
        weight, bias = (each.data().to_torch().float() for each in (net[0].weight, net[0].bias))
        layer = nd.from_torch(torch.conv2d(x.to_torch().float(), weight, bias))
    exact = (_FUSED.get(name) or _GATES[name])(nd, layer).asnumpy()
    net.hybridize(backend="onednn", strict=True)
    for _ in range(3):
        assert_same(net(x).astype("float32").asnumpy(), exact, rtol=2e-2)
