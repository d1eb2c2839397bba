"""The engine ``onednn``: what it computes is what imperative calls do, whatever has changed since the last call."""

from __future__ import annotations

import copy
import gc
import pickle
import threading
import weakref

import numpy as np
import pytest
import torch

import glueball as mx
from glueball import MXNetError, autograd, gluon, nd
from glueball.gluon import nn
from glueball.graph import engines, prediction
from glueball.graph.engines import onednn
from glueball.graph.kernels import packed
from tests.comparison import assert_same

_CALLS = 3  # the first call after a change runs the graph as it was lowered, the next makes a plan, the last uses it


@pytest.fixture(autouse=True)
def always(monkeypatch):
    """Take oneDNN for small convolutions too, where torch may be faster."""
    monkeypatch.setattr(onednn, "seconds", lambda key, ways, alone: [float(name != "oneDNN") for name in ways])


class _Residual(nn.HybridSequential):
    def hybrid_forward(self, F, x):
        return F.relu(super().hybrid_forward(F, x) + x)


def _residual(layout: str = "NCHW") -> nn.HybridSequential:
    net, axis = _Residual(), layout.index("C")
    net.add(nn.Conv2D(6, 3, padding=1, layout=layout, use_bias=False), nn.BatchNorm(axis), nn.Activation("relu"))
    net.add(nn.Conv2D(4, 1, layout=layout), nn.BatchNorm(axis, scale=False))
    return net


def _filled(net: gluon.HybridBlock, x: nd.NDArray) -> gluon.HybridBlock:
    """Give a network parameters and statistics that no layer has by itself."""
    net.initialize(mx.init.Uniform(0.5))
    net(x)
    for name, parameter in net.collect_params().items():
        low = 0.5 if name.endswith(("var", "gamma")) else -0.5
        parameter.set_data(nd.random.uniform(low, 1.5, parameter.shape))
    return net


def _assert_as_imperative(net: gluon.HybridBlock, *inputs: nd.NDArray) -> None:
    net.hybridize(False)
    expected = net(*inputs).asnumpy()
    net.hybridize(backend="onednn")
    for _ in range(_CALLS):
        assert_same(net(*inputs).asnumpy(), expected, rtol=1e-5)


def _planned() -> tuple[gluon.HybridBlock, nd.NDArray, np.ndarray]:
    """Return a network that has a plan, its input and its output."""
    x = nd.random.uniform(-1, 1, (2, 4, 7, 6))
    net = _filled(_residual(), x)
    net.hybridize(backend="onednn")
    for _ in range(_CALLS):
        output = net(x)
    return net, x, output.asnumpy()


_NETWORKS = {
    "residual": lambda: (_residual(), (2, 4, 7, 6)),
    "residual, channels last": lambda: (_residual("NHWC"), (2, 7, 6, 4)),
    "strides": lambda: (nn.Conv2D(6, (3, 2), (2, 1), (1, 0), activation="sigmoid"), (2, 4, 9, 7)),
    "dilation": lambda: (nn.Conv2D(6, 3, dilation=(2, 1), activation="tanh"), (1, 4, 9, 7)),
    "groups": lambda: (nn.Conv2D(6, 3, groups=2, activation="relu"), (2, 4, 9, 7)),
    "depthwise": lambda: (nn.Conv2D(8, 3, padding=1, groups=8, use_bias=False), (2, 8, 9, 7)),
    "channels last, strides": lambda: (nn.Conv2D(6, 3, 2, 1, layout="NHWC", activation="relu"), (2, 9, 7, 4)),
    "row": lambda: (nn.Conv1D(6, 3, activation="relu"), (2, 4, 9)),
    "volume": lambda: (nn.Conv3D(6, 3, activation="relu"), (2, 4, 5, 6, 4)),
}


@pytest.mark.parametrize("kind", _NETWORKS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_results_are_those_of_imperative_calls(kind, dtype):
    net, shape = _NETWORKS[kind]()
    _filled(net, nd.ones((2, *shape[1:])))
    net.cast(dtype)
    _assert_as_imperative(net, nd.random.uniform(-1, 1, shape, dtype=dtype))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_goes_through(value):
    x = nd.random.uniform(-1, 1, (1, 4, 9, 9))
    net = _filled(_residual(), x)
    x[0, 1, 2, 3] = value
    _assert_as_imperative(net, x)
    x[0, 1, 2, 3] = 0
    net[3].weight.data()[1, 2] = value
    _assert_as_imperative(net, x)


def test_float16_is_computed_as_imperatively():
    net = nn.Conv2D(4, 3, in_channels=4, activation="relu")
    net.initialize()
    net.cast("float16")
    _assert_as_imperative(net, nd.ones((1, 4, 8, 8), dtype="float16"))


@pytest.mark.parametrize("kind", _NETWORKS)
def test_bfloat16_is_as_exact_as_imperatively(kind):
    """What is fused is rounded once, so that the results are others."""
    net, shape = _NETWORKS[kind]()
    x = nd.random.uniform(-1, 1, shape)
    _filled(net, x)
    net.cast("bfloat16")
    x = x.astype("bfloat16")
    exact = _in_float32(net, x)
    net.hybridize(False)
    imperative = _distance(net(x), exact)
    net.hybridize(backend="onednn")
    for _ in range(_CALLS):
        assert _distance(net(x), exact) < max(2 * imperative, 4e-3)


def _in_float32(net: gluon.HybridBlock, x: nd.NDArray) -> np.ndarray:
    other = copy.deepcopy(net)
    other.cast("float32")
    other.hybridize(False)
    return other(x.astype("float32")).asnumpy()


def _distance(found: nd.NDArray, exact: np.ndarray) -> float:
    return float(np.linalg.norm(found.astype("float32").asnumpy() - exact) / np.linalg.norm(exact))


def test_bfloat16_has_onednns_kernels(monkeypatch):
    called, kernel = [], packed.Packed.__call__
    monkeypatch.setattr(
        packed.Packed, "__call__", lambda self, data, *rest: called.append(data.dtype) or kernel(self, data, *rest)
    )
    if not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        pytest.skip("this CPU computes bfloat16 no faster than float32")
    net = nn.HybridSequential()
    net.add(nn.Conv2D(32, 3, padding=1, in_channels=32), nn.BatchNorm(in_channels=32), nn.Activation("relu"))
    net.add(nn.Conv2D(32, 3, padding=1, in_channels=32))
    net.initialize()
    net.cast("bfloat16")
    net.hybridize(backend="onednn")
    for _ in range(_CALLS):
        net(nd.ones((2, 32, 24, 24), dtype="bfloat16"))
    assert called[-2:] == [torch.bfloat16] * 2


# oneDNN on CPUs with AMX computes these from uninitialized memory: (width, kernel, padding, stride).
_NARROW = [(1, 3, 1, 2), (2, 5, 2, 3), (6, 7, 1, 4)]


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize(("width", "kernel", "padding", "stride"), _NARROW)
def test_bfloat16_with_strides_is_computed_in_float32(layout, width, kernel, padding, stride):
    net = nn.Conv2D(16, (3, kernel), (1, stride), (1, padding), in_channels=4, layout=layout, activation="relu")
    net.initialize()
    net.cast("bfloat16")
    x = nd.random.uniform(-1, 1, (2, 4, 5, width) if layout == "NCHW" else (2, 5, width, 4)).astype("bfloat16")
    exact = _in_float32(net, x)
    net.hybridize(backend="onednn")
    for _ in range(_CALLS):
        memory = [torch.full((size,), np.nan, dtype=torch.bfloat16) for size in (1000, 5000, 20000)]
        del memory  # so that what is not initialized is NaN
        assert _distance(net(x), exact) < 4e-3


@pytest.mark.parametrize("activation", [
    lambda F, x: F.relu(x), lambda F, x: F.sigmoid(x), lambda F, x: F.tanh(x), lambda F, x: F.clip(x, -0.5, 0.5),
    lambda F, x: F.clip(x, 0.5, -0.5), lambda F, x: F.Activation(x, act_type="softsign"),
])  # fmt: skip
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_activations(activation, layout):
    net = nn.HybridSequential()
    net.add(nn.Conv2D(6, 3, layout=layout, use_bias=False), nn.BatchNorm(layout.index("C")))
    net.add(nn.HybridLambda(activation), nn.Flatten())
    x = nd.random.uniform(-9, 9, (2, 4, 7, 6) if layout == "NCHW" else (2, 7, 6, 4))
    _assert_as_imperative(_filled(net, x), x)


def test_windows_that_lie_far_apart():
    net = nn.Conv2D(6, 3, 100000, in_channels=4)
    net.initialize()
    _assert_as_imperative(net, nd.ones((2, 4, 5, 5)))


def test_inference_that_refuses_what_runs(monkeypatch):
    def refuse(*arguments):
        raise MXNetError("no")

    monkeypatch.setattr(prediction, "infer_arrays", refuse)
    x = nd.random.uniform(-1, 1, (2, 4, 7, 6))
    _assert_as_imperative(_filled(_residual(), x), x)


@pytest.mark.parametrize("taken", ["oneDNN", "torch"])
def test_both_ways_of_a_small_convolution_are_right(taken, monkeypatch):
    def seconds(key, ways, alone):
        tried = {name for name, make in ways.items() if make()().shape}
        assert tried in ({"oneDNN", "torch"}, {taken, "planar convolution"})
        return [float(name != taken) for name in ways]

    monkeypatch.setattr(onednn, "seconds", seconds)
    for layout, shape in (("NCHW", (1, 4, 7, 6)), ("NHWC", (1, 7, 6, 4))):
        x = nd.random.uniform(-1, 1, shape)
        _assert_as_imperative(_filled(_residual(layout), x), x)


def test_ways_are_tried_with_filters_that_are_not_in_a_cache(monkeypatch):
    """As in a graph, where other layers have had the cache meanwhile."""
    seen, run = set(), packed.Packed.__call__

    def seconds(key, ways, alone):
        if ways.keys() >= {"oneDNN", "torch"}:
            attempt = ways["oneDNN"]()
            for _ in range(8):
                attempt()
        return [1.0] * len(ways)

    monkeypatch.setattr(onednn, "seconds", seconds)
    monkeypatch.setattr(
        packed.Packed,
        "__call__",
        lambda self, data, filters, *more: (seen.add(id(filters)), run(self, data, filters, *more))[1],
    )
    x = nd.random.uniform(-1, 1, (1, 4, 7, 6))
    net = _filled(_residual(), x)
    net.hybridize(backend="onednn")
    net(x)
    assert len(seen) >= 8


def test_times_are_taken_for_each_layout(monkeypatch):
    keys = []
    monkeypatch.setattr(onednn, "seconds", lambda key, ways, alone: [keys.append(key), *[1.0] * len(ways)][1:])
    for layout, shape in (("NCHW", (1, 4, 6, 6)), ("NHWC", (1, 6, 6, 4))):
        net = nn.Conv2D(4, 3, layout=layout)
        net.initialize()
        net.hybridize(backend="onednn")
        for _ in range(_CALLS):
            net(nd.ones(shape))
    assert len({key for key in keys if key[0] == "Convolution"}) == 2


def test_an_empty_batch():
    net = _filled(_residual(), nd.ones((1, 4, 7, 6)))
    _assert_as_imperative(net, nd.array(np.empty((0, 4, 7, 6))))


def test_an_output_owns_its_memory_and_is_contiguous():
    x = nd.random.uniform(shape=(2, 4, 7, 6))
    net = _filled(_residual(), x)
    net.hybridize(backend="onednn")
    outputs = [net(x) for _ in range(_CALLS)]
    first = outputs[1].asnumpy()
    outputs[2][:] = 0
    assert outputs[1].asnumpy().tolist() == first.tolist()
    assert all(output._data.is_contiguous() for output in outputs)


def test_an_output_that_is_a_parameter_is_a_copy_of_it():
    class Net(nn.HybridSequential):
        def hybrid_forward(self, F, x):
            kernel = F.identity(self[0].weight.var())
            return super().hybrid_forward(F, x), kernel

    net = Net()
    net.add(nn.Conv2D(2, 1, in_channels=2), nn.BatchNorm(in_channels=2))
    net.initialize()
    net.hybridize(backend="onednn")
    for _ in range(_CALLS):
        _, kernel = net(nd.ones((2, 2, 3, 3)))
        assert kernel.asnumpy().tolist() == net[0].weight.data().asnumpy().tolist()
        kernel[:] = 7


def _step(net):
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
    with autograd.record():
        loss = net(nd.ones((2, 4, 7, 6))).sum()
    loss.backward()
    trainer.step(2)


def _load(net, path):
    net.save_parameters(path)
    arrays = {name: array * 1.5 for name, array in nd.load(path).items()}
    nd.save(path, arrays)
    net.load_parameters(path)


_CHANGES = {
    "set_data": lambda net, path: net[0].weight.set_data(net[0].weight.data() * 2),
    "statistics": lambda net, path: net[1].running_var.set_data(net[1].running_var.data() * 4),
    "training step": lambda net, path: _step(net),
    "load_parameters": _load,
    "in place": lambda net, path: net[3].weight.data().__imul__(2),
    "a part": lambda net, path: net[3].bias.data().__setitem__(0, 5),
    "a view": lambda net, path: net[3].weight.data()[1:2].__setitem__(0, 5),
    "torch": lambda net, path: net[0].weight.data().to_torch()[1:2].mul_(3),
    "DLPack": lambda net, path: torch.from_dlpack(net[0].weight.data()).mul_(3),
    "initialize": lambda net, path: net.initialize(mx.init.Uniform(0.3), force_reinit=True),
    "reset_ctx": lambda net, path: net.collect_params().reset_ctx(mx.cpu()),
}


@pytest.mark.parametrize("change", _CHANGES)
def test_the_next_call_sees_what_has_changed(change, tmp_path):
    net, x, before = _planned()
    _CHANGES[change](net, str(tmp_path / "net.params"))
    after = [net(x).asnumpy() for _ in range(_CALLS)]
    net.hybridize(False)
    expected = net(x).asnumpy()
    assert change == "reset_ctx" or not np.allclose(before, expected)
    for each in after:
        assert_same(each, expected, rtol=1e-5)


def test_memory_that_was_given_away_is_read_again_in_each_call():
    x = nd.random.uniform(-1, 1, (2, 4, 7, 6))
    net = _filled(_residual(), x)
    shared = torch.from_dlpack(net[0].weight.data())
    net.hybridize(backend="onednn")
    for _ in range(_CALLS):
        before = net(x).asnumpy()
    shared.mul_(2)
    assert not np.allclose(net(x).asnumpy(), before)


def _bound():
    x = nd.random.uniform(-1, 1, (2, 4, 7, 6))
    net = _filled(_residual(), x)
    symbol = net(mx.sym.var("data")).get_backend_symbol("onednn")
    values = {name: parameter.data() for name, parameter in net.collect_params().items()}
    names = symbol.list_auxiliary_states()
    arguments = {"data": x, **{name: value for name, value in values.items() if name not in names}}
    return symbol.bind(mx.cpu(), arguments, aux_states={name: values[name] for name in names}, grad_req="null")


_CHANGES_OF_AN_EXECUTOR = {
    "nothing": lambda executor, name: None,
    "data": lambda executor, name: executor.arg_dict["data"].__setitem__(0, 3),
    "weight": lambda executor, name: executor.arg_dict[name].__imul__(2),
    "statistics": lambda executor, name: next(iter(executor.aux_dict.values())).__iadd__(1),
    "copy_params_from": lambda executor, name: executor.copy_params_from({name: executor.arg_dict[name] * 3}),
}


@pytest.mark.parametrize("change", _CHANGES_OF_AN_EXECUTOR)
def test_an_executor_finds_its_parameters(change):
    executor = _bound()
    for _ in range(_CALLS):
        before = executor.forward()[0].asnumpy()
    _CHANGES_OF_AN_EXECUTOR[change](executor, next(name for name in executor.arg_dict if name.endswith("weight")))
    after = [executor.forward()[0].asnumpy() for _ in range(_CALLS)]
    eager = executor._symbol.get_backend_symbol("eager")
    expected = eager.bind(mx.cpu(), executor.arg_dict, aux_states=executor.aux_dict, grad_req="null").forward()[0]
    assert (change == "nothing") == np.allclose(before, expected.asnumpy(), rtol=1e-3, atol=1e-3)
    for each in after:
        assert_same(each, expected.asnumpy(), rtol=1e-5)


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))])
def test_a_copy_makes_plans_of_its_own(duplicate):
    net, x, expected = _planned()
    other = duplicate(net)
    for _ in range(_CALLS):
        assert_same(other(x).asnumpy(), expected, rtol=1e-5)


def test_an_executor_can_be_copied():
    executor = _bound()
    for _ in range(_CALLS):
        expected = executor.forward()[0].asnumpy()
    assert_same(copy.deepcopy(executor).forward()[0].asnumpy(), expected, rtol=1e-5)


def test_parameters_of_another_type():
    net, x, _ = _planned()
    for parameter in net.collect_params().values():
        parameter.cast("float64")
    _assert_as_imperative(net, x.astype("float64"))


def test_shapes_that_vary():
    shapes = [(2, 4, 7, 6), (1, 4, 7, 6), (1, 4, 7, 6), (1, 4, 12, 5), (2, 4, 7, 6), (1, 4, 12, 5), (1, 4, 12, 5)]
    arrays = [nd.random.uniform(-1, 1, shape) for shape in shapes]
    net = _filled(_residual(), arrays[0])
    expected = [net(x).asnumpy() for x in arrays]
    net.hybridize(backend="onednn")
    for x, result in zip(arrays, expected, strict=True):
        assert_same(net(x).asnumpy(), result, rtol=1e-5)


@pytest.mark.parametrize("attached", ["input", "parameters"])
def test_gradients_flow_when_prediction_is_recorded(attached):
    gradients = []
    x = nd.random.uniform(-1, 1, (2, 4, 7, 6))
    net = _filled(_residual(), x)
    if attached == "input":
        net.collect_params().setattr("grad_req", "null")
        x.attach_grad()
    for hybridized in (False, True):
        net.hybridize(hybridized, backend="onednn" if hybridized else None)
        for _ in range(_CALLS):
            net(x)
        with autograd.record(train_mode=False):
            output = net(x)
        output.backward()
        gradients.append((x.grad if attached == "input" else net[0].weight.grad()).asnumpy())
    assert_same(gradients[1], gradients[0], rtol=1e-5)
    assert np.abs(gradients[0]).max() > 0


def test_a_network_keeps_no_parameter_that_its_user_has_replaced():
    net, _, _ = _planned()
    old = weakref.ref(net[0].weight.data()._data)
    net[0].weight.reset_ctx([mx.cpu()])
    net[0].weight.initialize(force_reinit=True)
    gc.collect()
    assert old() is None


def test_an_error_names_the_node():
    net = nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(nn.Conv2D(2, 1, in_channels=2, activation="relu"))
        net.add(nn.HybridLambda(lambda F, x: F.take(x, F.argmax(x, axis=0) * 0 + 9, mode="raise", name="taken")))
    net.initialize()
    net.hybridize(backend="onednn")
    for _ in range(_CALLS):
        with pytest.raises(MXNetError, match=r"^net_hybridlambda0_taken: take:"):
            net(nd.ones((2, 2, 3, 3)))
    executor = net(mx.sym.var("data")).simple_bind(mx.cpu(), data=(2, 2, 3, 3))
    for each in (executor, copy.deepcopy(executor)):
        with pytest.raises(MXNetError, match=r"^net_hybridlambda0_taken: take:"):
            each.forward()
    with pytest.raises(MXNetError, match=r"^net_conv0_fwd: Convolution: weight must have shape"):
        net(nd.ones((1, 3, 3, 3)))


def test_threads_that_predict_while_parameters_change():
    """Each result belongs to a state that the network has had."""
    x = nd.ones((1, 1, 1, 1))
    net = nn.Conv2D(1, 1, in_channels=1)
    net.initialize(mx.init.Zero())
    net.hybridize(backend="onednn")
    net(x)
    results, failures = [], []

    def predict():
        try:
            for _ in range(300):
                results.append(net(x).asscalar())
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=predict) for _ in range(8)]
    for thread in threads:
        thread.start()
    for number in range(200):
        net.weight.set_data(nd.full((1, 1, 1, 1), number))
    for thread in threads:
        thread.join()
    assert not failures
    assert all(result == int(result) and 0 <= result < 200 for result in results)
    net.weight.set_data(nd.full((1, 1, 1, 1), 7))
    assert [net(x).asscalar() for _ in range(_CALLS)] == [7, 7, 7]


def test_torch_without_the_operators_has_another_default(monkeypatch):
    monkeypatch.setattr(engines, "_found", {})
    monkeypatch.setattr(packed, "is_right", lambda: torch.ops.mkldnn.no_such_operator)
    net = nn.Conv2D(2, 1, in_channels=2)
    with pytest.raises(MXNetError, match="the backend 'onednn' must be able to run here; torch's operators"):
        net.hybridize(backend="onednn")
    net.initialize()
    net.hybridize()
    assert net(nd.ones((1, 2, 3, 3))).shape == (1, 2, 3, 3)
