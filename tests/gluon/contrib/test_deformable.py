"""The layers of gluon.contrib.cnn, against MXNet, whose CPU build has no gradient of the modulated one."""

from __future__ import annotations

from typing import Any

import pytest

from glueball import MXNetError
from glueball.gluon.contrib import cnn
from tests.comparison import assert_same
from tests.oracle.client import Oracle

LAYERS = ("DeformableConvolution", "ModulatedDeformableConvolution")


def _run(mx: Any, name: str, options: dict[str, Any], way: str) -> list[Any]:
    """Run a layer with offsets that are not zero; returns its names, shapes, result and gradients."""
    import numpy as np

    rng = np.random.RandomState(3)
    layer = getattr(mx.gluon.contrib.cnn, name)(6, offset_weight_initializer="ones", **options)
    layer.initialize()
    x = mx.nd.array(rng.uniform(-1, 1, (2, 4, 6, 7)))
    layer(x)
    parameters = layer.collect_params()
    for parameter in parameters.values():
        parameter.set_data(mx.nd.array(rng.uniform(-0.5, 0.5, parameter.shape)))
    if way == "hybridized":
        layer.hybridize()
    x.attach_grad()
    with mx.autograd.record():
        y = layer(x)
    gradients = []
    if name == "DeformableConvolution":
        y.backward()
        gradients = [x.grad, *[parameter.grad() for parameter in parameters.values()]]
    names = list(parameters), [tuple(parameter.shape) for parameter in parameters.values()], repr(layer)
    return [names, y, gradients, layer(mx.sym.var("data")).get_internals().list_outputs()]


@pytest.mark.parametrize("way", ["imperative", "hybridized"])
@pytest.mark.parametrize(
    "options",
    [
        {"kernel_size": 3, "padding": 1},
        {"kernel_size": (3, 2), "strides": 2, "dilation": (1, 2), "num_deformable_group": 2, "activation": "tanh"},
        {"use_bias": False, "offset_use_bias": False, "in_channels": 4},
    ],
    ids=["plain", "strided", "without biases"],
)
@pytest.mark.parametrize("name", LAYERS)
def test_a_layer(name: str, options: dict[str, Any], way: str, oracle: Oracle) -> None:
    ours, theirs = oracle.both(_run, name, options, way)
    assert ours.get()[0] == theirs.get()[0]
    assert_same(ours.get()[1], theirs.get()[1], 2e-5)
    assert_same(ours.get()[2], theirs.get()[2], 1e-4)
    assert ours.get()[3] == theirs.get()[3]


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_refuses(name: str) -> None:
    make = getattr(cnn, name)
    with pytest.raises(MXNetError, match=f"{name}: adj must be None"):
        make(4, adj=(1, 1))
    with pytest.raises(MXNetError, match=f"{name}: strides must be"):
        make(4, strides=(1, 1, 1))
    with pytest.raises(AssertionError, match=f"{name}: layout must be 'NCHW'"):
        make(4, layout="NHWC")
    with pytest.raises(MXNetError, match=f"{name}: num_deformable_group must be a positive int"):
        make(4, num_deformable_group=0)
