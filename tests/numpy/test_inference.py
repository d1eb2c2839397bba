"""Inference with NumPy's meaning of shapes, where -1 is unknown and 0 a length; against MXNet."""

from __future__ import annotations

from typing import Any

import glueball as mx
from tests.comparison import assert_same
from tests.oracle.client import Oracle

_NETWORKS = {
    "dense": "mx.sym.FullyConnected(x, num_hidden=4, name='net')",
    "conv": "mx.sym.Convolution(x, num_filter=4, kernel=(3, 3), name='net')",
    "deconv": "mx.sym.Deconvolution(x, num_filter=4, kernel=(3, 3), name='net')",
    "norm": "mx.sym.BatchNorm(x, name='net')",
    "layer_norm": "mx.sym.LayerNorm(x, name='net')",
    "embedding": "mx.sym.Embedding(x, input_dim=5, output_dim=3, name='net')",
    "prelu": "mx.sym.LeakyReLU(x, act_type='prelu', name='net')",
    "loss": "mx.sym.SoftmaxOutput(x, name='net')",
    "variable": "x",
    "given": "mx.sym.var('z', shape=(0, 3)) + x",
    "partly": "mx.sym.var('z', shape=(-1, 3)) + x",
    "scalar": "mx.sym.var('z', shape=()) + x",
    "zeros": "mx.sym.zeros((0, 3)) + x",
    "add": "x.as_np_ndarray() + y.as_np_ndarray()",
    "number": "x.as_np_ndarray() * 2",
    "broadcast": "mx.sym.broadcast_add(x, y)",
    "relu": "mx.sym.relu(x)",
    "sum": "mx.sym.sum(x, axis=1)",
    "take": "mx.sym.take(x, y)",
    "flatten": "mx.sym.flatten(x)",
    "transpose": "mx.sym.transpose(x)",
}

_SHAPES: list[dict[str, tuple[int, ...]]] = [
    {}, {"x": (2, 3)}, {"x": (0, 3)}, {"x": (-1, 3)}, {"x": (2, 0)}, {"x": (0, 3, 5, 5)}, {"x": (-1, 3, 5, 5)},
    {"x": (0, 2, 3)}, {"x": (-1, 2, 3)}, {"x": (2, 3), "y": (2, 3)}, {"x": (0, 3), "y": (0, 3)},
    {"x": (1, 3), "y": (0, 3)},
    {"x": (0, 3), "y": (-1, 3)}, {"x": (0, 0, 0)},
]  # fmt: skip


def _inferred(mx: Any, networks: Any, given: Any) -> list[Any]:
    """Infer the shapes of each network from each of the given shapes, or the error's class."""
    import warnings

    found = []
    for name, text in networks.items():
        network = eval(text, {"mx": mx, "x": mx.sym.var("x"), "y": mx.sym.var("y")})
        for shapes in given:
            known = {key: shape for key, shape in shapes.items() if key in network.list_arguments()}
            for infer in (network.infer_shape, network.infer_shape_partial):
                with mx.util.np_shape(True), warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    try:
                        result = [each and list(map(str, each)) for each in infer(**known)]
                    except Exception as error:
                        result = isinstance(error, mx.MXNetError)
                found.append([name, infer.__name__, str(known), result])
    return found


def test_lengths_of_zero_are_known(oracle: Oracle) -> None:
    ours, theirs = oracle.both(_inferred, _NETWORKS, _SHAPES)
    assert_same(ours.get(), theirs.get())


def _described(mx: Any) -> list[Any]:
    x, y = mx.sym.var("x").as_np_ndarray(), mx.sym.var("y").as_np_ndarray()
    with mx.util.np_shape(True):
        return [
            (x + 1).infer_shape_partial(), (x + y).infer_shape(x=(2, 3), y=(0, 1, 3)),
            (x + 1).infer_type(x="float64")[1], (x > 1).infer_type(x="float64")[1], (x + y).infer_type(x="int32",
            y="int32")[1],
            mx.sym.var("v", shape=(0, 2)).attr("__shape__"), mx.sym.var("v", shape=(-1, 2)).attr("__shape__"),
        ]  # fmt: skip


def test_shapes_and_types_described(oracle: Oracle) -> None:
    ours, theirs = oracle.both(_described)
    assert str(ours.get()) == str(theirs.get())


def test_the_warning_says_what_is_unknown() -> None:
    import pytest

    with mx.util.np_shape(True), pytest.warns(UserWarning, match=r"unknown are x \(-1, 3\) \(a length of -1, or None"):
        mx.sym.var("x").infer_shape(x=(-1, 3))


def test_empty_batches() -> None:
    # MXNet 1.9.1 runs no network on them.
    with mx.util.np_shape(True), mx.util.np_array(True):
        for first in (0, 2):
            nn = mx.gluon.nn
            net = nn.HybridSequential()
            net.add(nn.Conv2D(4, 3), nn.BatchNorm(), nn.Activation("relu"), nn.MaxPool2D(), nn.Dense(5), nn.LayerNorm())
            net.initialize()
            for size in (first, 0, 2):
                result = net(mx.np.zeros((size, 3, 8, 8)))
                assert type(result) is mx.np.ndarray
                assert result.shape == (size, 5)
                net.hybridize()
            assert net[0].weight.shape == (4, 3, 3, 3)
            assert net[4].weight.shape == (5, 36)


def test_an_empty_batch_has_a_gradient_of_zero() -> None:
    with mx.util.np_shape(True), mx.util.np_array(True):
        net = mx.gluon.nn.Dense(2)
        net.initialize()
        net.hybridize()
        with mx.autograd.record():
            result = net(mx.np.zeros((0, 3)))
        result.backward()
        assert result.shape == (0, 2)
        assert net.weight.grad().asnumpy().tolist() == [[0, 0, 0], [0, 0, 0]]
