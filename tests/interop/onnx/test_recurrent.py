"""Recurrent layers in files of ONNX, both ways; ONNX Runtime is the judge."""

from __future__ import annotations

import itertools

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import helper, numpy_helper

import glueball as mx
from glueball import nd
from glueball.core.errors import MXNetError
from glueball.gluon import nn, rnn
from tests.comparison import assert_same


def network(kind, layout, **settings):
    net = nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(getattr(rnn, kind)(3, 2, layout=layout, bidirectional=True, **settings), nn.Dense(2, flatten=False))
    net.initialize(mx.init.Uniform(0.5))
    return net


def judged(path, **inputs):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(None, inputs)


@pytest.mark.parametrize("layout", ["TNC", "NTC"])
@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_there_and_back(kind, layout, tmp_path):
    net, x = network(kind, layout), nd.random.uniform(-1, 1, (4, 3, 5))
    expected = net(x).asnumpy()
    path = net.export_onnx(str(tmp_path / "net.onnx"), x)
    assert_same(judged(path, data=x.asnumpy())[0], expected, rtol=1e-5)
    sym, args, states = mx.contrib.onnx.import_model(path)
    (result,) = sym.bind(mx.cpu(), {**args, "data": x}, aux_states=states, grad_req="null").forward()
    assert_same(result.asnumpy(), expected, rtol=1e-5)


def test_lengths_that_vary(tmp_path):
    class Net(mx.gluon.HybridBlock):
        def __init__(self):
            super().__init__()
            self.layers = rnn.LSTM(3, 2, bidirectional=True)

        def hybrid_forward(self, F, x, h, c):
            return self.layers(F.tanh(x), [h, c])[0]

    net = Net()
    net.initialize(mx.init.Uniform(0.5))
    x, shape = nd.random.uniform(-1, 1, (4, 3, 5)), ("steps", "batch", 5)
    path = net.export_onnx(
        str(tmp_path / "net.onnx"), x, *net.layers.begin_state(3), dynamic=[shape, (4, "batch", 3), (4, "batch", 3)]
    )
    x, states = nd.random.uniform(-1, 1, (7, 2, 5)), [nd.random.uniform(-1, 1, (4, 2, 3)) for _ in range(2)]
    inputs = {f"data{number}": each.asnumpy() for number, each in enumerate([x, *states])}
    assert_same(judged(path, **inputs)[0], net(x, *states).asnumpy(), rtol=1e-5)


def node(tmp_path, kind, rng, direction="forward", lengths=False, states=False, bias=True, **attributes):
    """A file of one node, and inputs for it."""
    ways, units, rows = 1 + (direction == "bidirectional"), 3, {"LSTM": 12, "GRU": 9, "RNN": 3}[kind]
    batch_first = attributes.get("layout", 0)
    shapes = {"W": (ways, rows, 5), "R": (ways, rows, units)} | ({"B": (ways, 2 * rows)} if bias else {})
    constants = {name: rng.uniform(-0.6, 0.6, shape).astype("float32") for name, shape in shapes.items()}
    inputs = {"X": rng.uniform(-1, 1, (2, 4, 5) if batch_first else (4, 2, 5)).astype("float32")}
    names = ["X", "W", "R", "B" if bias else "", "L" if lengths else ""]
    if lengths:
        inputs["L"] = np.array([2, 4], np.int32)
    for name in ["h", "c"][: 1 + (kind == "LSTM")] if states else []:
        shape = (2, ways, units) if batch_first else (ways, 2, units)
        inputs[name] = rng.uniform(-1, 1, shape).astype("float32")
        names.append(name)
    outputs = ["Y", "Y_h", *(["Y_c"] if kind == "LSTM" else [])]
    made = helper.make_node(kind, names, outputs, hidden_size=units, direction=direction, **attributes)
    types = {np.dtype("float32"): onnx.TensorProto.FLOAT, np.dtype("int32"): onnx.TensorProto.INT32}
    graph = helper.make_graph(
        [made], "test",
        [helper.make_tensor_value_info(name, types[each.dtype], each.shape) for name, each in inputs.items()],
        [
            helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, "abcd"[: 4 if name == "Y" else 3])
            for name in outputs
        ],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    path = str(tmp_path / "node.onnx")
    onnx.save(model, path)
    return path, inputs


@pytest.mark.parametrize(("kind", "own"), [("RNN", {}), ("LSTM", {}), ("GRU", {"linear_before_reset": 1}), ("GRU", {})])
def test_nodes(kind, own, tmp_path):
    rng = np.random.default_rng(3)
    for direction, lengths, states, bias in itertools.product(
        ["forward", "reverse", "bidirectional"], [False, True], [False, True], [False, True]
    ):
        path, inputs = node(tmp_path, kind, rng, direction, lengths, states, bias, **own)
        sym, args, _ = mx.contrib.onnx.import_model(path)
        arrays = {name: nd.array(each, dtype=each.dtype) for name, each in inputs.items()}
        results = sym.bind(mx.cpu(), {**args, **arrays}, grad_req="null").forward()
        for result, expected in zip(results, judged(path, **inputs), strict=True):
            assert_same(result.asnumpy(), expected, rtol=2e-5, about=f"{direction} {lengths} {states} {bias}")


def test_a_plain_layer_with_relu(tmp_path):
    path, inputs = node(tmp_path, "RNN", np.random.default_rng(3), activations=["Relu"])
    sym, args, _ = mx.contrib.onnx.import_model(path)
    (out, _) = sym.bind(mx.cpu(), {**args, "X": nd.array(inputs["X"])}, grad_req="null").forward()
    assert_same(out.asnumpy(), judged(path, **inputs)[0])


@pytest.mark.parametrize(
    ("kind", "attributes", "message"),
    [
        ("LSTM", {"clip": 0.5}, "clip has no counterpart"),
        ("LSTM", {"input_forget": 1}, "input_forget has no counterpart"),
        ("RNN", {"activations": ["Elu"]}, "have no counterpart"),
    ],
)
def test_what_has_no_counterpart(kind, attributes, message, tmp_path):
    path, _ = node(tmp_path, kind, np.random.default_rng(3), **attributes)
    with pytest.raises(MXNetError, match=message):
        mx.contrib.onnx.import_model(path)


def test_a_projection_has_no_counterpart(tmp_path):
    net = rnn.LSTM(3, projection_size=2)
    net.initialize()
    with pytest.raises(MXNetError, match=r"RNN \(with a projection\)"):
        net.export_onnx(str(tmp_path / "net.onnx"), nd.ones((2, 1, 4)))
