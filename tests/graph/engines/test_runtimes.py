"""The engines ``onnxruntime`` and ``openvino``: what they compute is what imperative calls do, whatever has changed."""

from __future__ import annotations

import copy
import operator
import subprocess
import sys
import threading

import numpy as np
import pytest
import torch
from torch.overrides import TorchFunctionMode

import glueball as mx
from glueball import MXNetError, autograd, gluon, nd
from glueball.gluon import nn
from glueball.gluon.model_zoo import vision
from glueball.graph import runtime
from glueball.graph.outputs import Output
from glueball.graph.parts import call_opened
from glueball.interop.onnx.document import Document
from tests.comparison import assert_same

_CALLS = 3  # the first call after a change runs the graph as it was lowered, the next makes a plan, the last uses it

_SIZES = {"alexnet": 224, "densenet121": 224, "inceptionv3": 299, "squeezenet1.1": 224}
_ZOO = ["alexnet", "densenet121", "inceptionv3", "mobilenet0.25", "mobilenetv2_0.25", "resnet18_v1", "resnet18_v2",
        "squeezenet1.1", "vgg11_bn"]  # fmt: skip


# What torch computes with several threads if an array is large.
_WITH_THREADS = {"abs", "all", "amax", "any", "clone", "copy_", "isfinite", "max", "mul", "sum"}


def _network() -> nn.HybridSequential:
    net = nn.HybridSequential()
    net.add(nn.Conv2D(6, 3, padding=1, in_channels=4), nn.BatchNorm(in_channels=6), nn.Activation("relu"))
    net.add(nn.MaxPool2D(), nn.Dropout(0.5), nn.Flatten(), nn.Dense(5, in_units=96))
    net.initialize(mx.init.Uniform(0.5))
    return net


def _input() -> nd.NDArray:
    return nd.random.uniform(-1, 1, (2, 4, 8, 8))


def _imperative(net: gluon.HybridBlock, x: nd.NDArray) -> np.ndarray:
    net.hybridize(False)
    return net(x).asnumpy()


def _assert_as_imperative(net: gluon.HybridBlock, x: nd.NDArray, engine: str, rtol: float = 1e-5) -> None:
    expected = _imperative(net, x)
    net.hybridize(backend=engine)
    for _ in range(_CALLS):
        assert_same(net(x).asnumpy(), expected, rtol)


def _called(graph) -> list[str]:
    """Return what a graph calls, one after another: operators by name, and a runtime as 'part'."""
    found = []
    for node in graph.nodes:
        is_wiring = node.target is operator.getitem or isinstance(node.target, Output)
        if node.op == "call_function" and not is_wiring:
            is_part = node.target is call_opened or isinstance(node.target, runtime.Opened)
            applied = node.meta.get("applied")
            found.append("part" if is_part else applied.operator.name if applied else node.target.__name__)
    return found


def _calls(net: gluon.HybridBlock) -> list[str]:
    """Return what the plan of a network calls."""
    (known,) = net._cached_op.program._ready[False].run._known.values()
    return _called(known.plan.run.func.__self__.graph)


@pytest.mark.parametrize("name", _ZOO)
def test_networks_of_the_zoo_are_one_part(name, engine):
    net = vision.get_model(name, classes=10)
    net.initialize(mx.init.Xavier(magnitude=2))
    size = _SIZES.get(name, 64)
    x = nd.random.uniform(-1, 1, (1, 3, size, size))
    _assert_as_imperative(net, x, engine, rtol=1e-4)
    assert _calls(net) == ["part"]


def test_a_call_leaves_torchs_threads_asleep(engine):
    """They would wait for more work on the processors that the threads of the runtime need then."""

    class Started(TorchFunctionMode):
        def __torch_function__(self, function, types, args=(), kwargs=None):
            name = getattr(function, "__name__", str(function))
            assert name not in _WITH_THREADS, f"{name} starts threads if an array is large"
            return function(*args, **kwargs or {})

    net, x = _network(), _input()
    net.hybridize(backend=engine)
    for _ in range(_CALLS):
        net(x)
    with Started():
        net(x)


def test_torch_computes_what_has_no_rule(engine):
    class Net(nn.HybridSequential):
        def hybrid_forward(self, F, x):
            x = F.erfinv(F.tanh(super().hybrid_forward(F, x)) * 0.5)
            return F.softmax(F.relu(x) * 2)

    net = Net()
    net.add(*_network()._children.values())
    _assert_as_imperative(net, _input(), engine)
    assert _calls(net) == ["part", "erfinv", "part"]


@pytest.mark.parametrize("dtype", ["float64", "bfloat16"])
def test_torch_computes_other_types(dtype, engine):
    net = _network()
    net.cast(dtype)
    _assert_as_imperative(net, _input().astype(dtype), engine)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_goes_through(value, engine):
    net, x = _network(), _input()
    x[0, 1, 2, 3] = value
    _assert_as_imperative(net, x, engine)
    x[0, 1, 2, 3] = 0
    net[0].weight.data()[1, 2] = value
    _assert_as_imperative(net, x, engine)


def test_results_are_kept(engine):
    net, x = _network(), _input()
    net.hybridize(backend=engine)
    results = [net(x * number) for number in range(4)]
    values = [result.asnumpy() for result in results]
    net(x * 9)
    for result, value in zip(results, values, strict=True):
        assert_same(result.asnumpy(), value)
    assert abs(values[1] - values[2]).max() > 0.01


def test_other_shapes_and_layouts(engine):
    net = nn.HybridSequential()
    net.add(nn.Conv2D(6, 3, layout="NHWC", in_channels=4), nn.BatchNorm(3), nn.GlobalAvgPool2D(layout="NHWC"))
    net.initialize(mx.init.Uniform(0.5))
    for shape in ((2, 8, 8, 4), (1, 5, 9, 4), (2, 8, 8, 4)):
        _assert_as_imperative(net, nd.random.uniform(-1, 1, shape), engine)
    net.hybridize(backend=engine)
    for shape in ((2, 8, 8, 4), (1, 5, 9, 4), (2, 8, 8, 4)):
        net(nd.random.uniform(-1, 1, shape))


def test_arrays_between_parts_may_have_gaps(engine):
    net = nn.HybridLambda(lambda F, x: F.relu(F.diag(F.tanh(x))))
    _assert_as_imperative(net, nd.random.uniform(-1, 1, (4, 4)), engine)
    assert _calls(net) == ["part", "diag", "part"]


def test_what_follows_from_parameters_is_computed_once(engine):
    class Net(nn.Dense):
        def hybrid_forward(self, F, x, weight, bias):
            return super().hybrid_forward(F, x, F.tanh(weight * 2), bias)

    net = Net(3, in_units=4)
    net.initialize(mx.init.Uniform(0.5))
    _assert_as_imperative(net, nd.random.uniform(-1, 1, (2, 4)), engine)
    (made,) = net._cached_op.program._ready[False].run._made.values()
    assert _called(made.split.run.graph) == ["part"]
    assert _called(made.split.prepare.graph) == ["_mul_scalar", "tanh", "open_part"]


@pytest.mark.parametrize("change", [
    lambda net: net[0].weight.set_data(nd.ones((6, 4, 3, 3))),
    lambda net: net[0].weight.data().__setitem__(slice(None), 2),
    lambda net: net[1].running_var.set_data(nd.full((6,), 4)),
    lambda net: net[6].bias.data()._data.add_(3),
    lambda net: net.initialize(mx.init.Constant(0.1), force_reinit=True),
], ids=["set_data", "item", "statistics", "torch", "initialize"])  # fmt: skip
def test_changed_parameters_are_seen_by_the_next_call(change, engine):
    net, x = _network(), _input()
    net.hybridize(backend=engine)
    before = [net(x).asnumpy() for _ in range(_CALLS)][-1]
    change(net)
    after = [net(x).asnumpy() for _ in range(_CALLS)]
    expected = _imperative(net, x)
    assert abs(expected - before).max() > 0.01
    for each in after:
        assert_same(each, expected, rtol=1e-5)


def test_a_training_step_between_predictions(engine):
    net, x = _network(), _input()
    net.hybridize(backend=engine)
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 1e-3})
    for _ in range(3):
        for _ in range(_CALLS):
            before = net(x).asnumpy()
        with autograd.record():
            loss = (net(x) ** 2).sum()
        loss.backward()
        trainer.step(1)
        after = net(x).asnumpy()
        other = copy.deepcopy(net)
        assert_same(after, _imperative(other, x), rtol=1e-5)
        assert abs(after - before).max() > 1e-3


def test_gradients_are_those_of_imperative_calls(engine):
    net, x = _network(), _input()
    net[4]._rate = 0
    gradients = []
    for backend in (None, engine):
        if backend:
            net.hybridize(backend=backend)
            net(x)
        x.attach_grad()
        with autograd.record(train_mode=False):
            y = net(x)
        y.backward()
        gradients.append(x.grad.asnumpy())
    assert_same(*gradients)


def test_eight_threads_on_one_network(engine):
    net = nn.HybridSequential()
    net.add(*[nn.Conv2D(8, 3, padding=1, in_channels=channels, activation="relu") for channels in (3, 8, 8)])
    net.initialize(mx.init.Uniform(0.5))
    inputs = [nd.random.uniform(-1, 1, (1, 3, 64, 64)) for _ in range(8)]
    expected = [_imperative(net, x) for x in inputs]
    net.hybridize(backend=engine)
    failed = []

    def predict(number):
        for _ in range(20):
            found = net(inputs[number]).asnumpy()
            if not np.allclose(found, expected[number], rtol=1e-4, atol=1e-5):
                failed.append(number)

    threads = [threading.Thread(target=predict, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not failed


def test_sessions_have_as_many_threads_as_torch(engine, monkeypatch):
    net, x = _network(), _input()
    expected = _imperative(net, x)
    net.hybridize(backend=engine)
    net(x)
    (known,) = net._cached_op.program._ready[False].run._known.values()
    (opened,) = known.plan.kept
    for count in (1, 3, 1):
        monkeypatch.setattr(torch, "get_num_threads", lambda count=count: count)
        assert_same(net(x).asnumpy(), expected, rtol=1e-5)
    assert {1, 3} <= {threads for _, threads in opened._sessions}


def test_symbols_and_modules(engine):
    symbol = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=3, name="fc")
    symbol = mx.sym.SoftmaxOutput(symbol, name="softmax")
    x = nd.random.uniform(shape=(2, 4))
    given = {
        "data": x,
        "fc_weight": nd.random.uniform(shape=(3, 4)),
        "fc_bias": nd.ones(3),
        "softmax_label": nd.ones(2),
    }
    expected = symbol.bind(mx.cpu(), given).forward()[0].asnumpy()
    executor = symbol.optimize_for(engine).bind(mx.cpu(), given)
    for each in (executor, copy.copy(executor)):
        for _ in range(_CALLS):
            assert_same(each.forward()[0].asnumpy(), expected, rtol=1e-5)


def test_a_runtime_that_fails_names_the_part(engine, monkeypatch):
    monkeypatch.setattr(Document, "write", lambda *arguments, **options: b"nonsense")
    net = nn.Dense(2, in_units=3, prefix="dense_")
    net.initialize()
    net.hybridize(backend=engine, strict=True)
    with pytest.raises(MXNetError, match=f"the backend '{engine}' must be able to compile dense_fwd; .+") as caught:
        net(nd.ones((1, 3)))
    assert "\n" not in str(caught.value)
    net.hybridize(backend=engine)
    with pytest.warns(UserWarning, match="must be able to compile dense_fwd"):
        assert net(nd.ones((1, 3))).shape == (1, 2)


def test_explain_names_the_runtime_and_its_layers(engine):
    net, x = _network(), _input()
    net.hybridize(backend=engine)
    net(x)
    step = net.explain(x).steps[0]
    assert step.kernel == engine and len(step.nodes) == 7
    net.hybridize(backend="auto", seconds=0.1, engines=[engine])
    net(x)
    assert net.explain(x).steps[0].kernel == engine


@pytest.mark.parametrize(("precision", "rule"), [
    ("int8", "precision must not be 'int8'"),
    ("float64", "precision must be one of 'float32', 'bf16', 'fp16'; received 'float64'"),
    (16, "precision must be one of"),
])  # fmt: skip
def test_other_precisions_are_refused(precision, rule):
    pytest.importorskip("openvino")
    with pytest.raises(MXNetError, match=f"hybridize: {rule}"):
        nn.Dense(2).hybridize(backend="openvino", precision=precision)


def test_bf16_where_the_processor_has_it():
    openvino = pytest.importorskip("openvino")
    if "BF16" not in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
        pytest.skip("this CPU has no bfloat16")
    net, x = _network(), _input()
    expected = _imperative(net, x)
    net.hybridize(backend="openvino", precision="bf16")
    difference = np.linalg.norm(net(x).asnumpy() - expected) / np.linalg.norm(expected)
    assert 1e-5 < difference < 2e-2


def test_float32_is_what_others_have():
    pytest.importorskip("openvino")
    net, x = _network(), _input()
    expected = _imperative(net, x)
    net.hybridize(backend="openvino", precision="float32")
    assert_same(net(x).asnumpy(), expected, rtol=1e-5)


def test_OpenVINO_forks_no_process(engine):
    """Its package reports by a forked process that it was imported; with threads of torch that may hang."""
    if engine != "openvino":
        pytest.skip("another engine")
    code = """
import os
os.register_at_fork(before=lambda: os.write(1, b"forked"))
import glueball as mx
net = mx.gluon.nn.Dense(2, in_units=2)
net.initialize()
net.hybridize(backend="openvino", strict=True)
for _ in range(3):
    net(mx.nd.ones((1, 2)))
import sys, time
time.sleep(0.5)
assert "openvino" in sys.modules and "openvino_telemetry" not in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "forked" not in done.stdout
