"""Predictions that are captured: which calls are replayed, and what they see; on a GPU, and with a stand-in for it."""

from __future__ import annotations

import copy
import threading
import types
import warnings

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

import glueball as mx
from glueball import MXNetError, autograd, nd
from glueball.gluon import nn
from glueball.graph import cuda

needs_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs CUDA")


class _Card(cuda.Card):
    """Takes the CPU for a GPU: a replay computes again from the same tensors, into the same results."""

    def __init__(self):
        self.captures = self.replays = 0
        self.current = 7
        self.in_replay = lambda: None

    def is_present(self):
        return True

    def is_here(self, device):
        return True

    def stream(self, device):
        return self.current

    def capture(self, run, device):
        self.captures += 1
        # A replay reads the memory that was there, whatever is a parameter now.
        arguments = [each.detach() if isinstance(each, torch.Tensor) else each for each in run.args]
        results = run.func(*arguments)

        def launch():
            self.replays += 1
            self.in_replay()
            for old, new in zip(results, run.func(*arguments), strict=True):
                old.copy_(new)

        return cuda.Replay(launch, results)


class _Convolutions(TorchDispatchMode):
    """Sees whether the data of convolutions have their channels last."""

    def __init__(self):
        super().__init__()
        self.formats = []

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        if function is torch.ops.aten.convolution.default:
            self.formats.append(args[0].is_contiguous(memory_format=torch.channels_last))
        return function(*args, **(kwargs or {}))


def _failing_capture():
    """Return a function that fails as one of torch, which no frame of a test is."""

    def capture(run, device):
        raise RuntimeError("operation not permitted when stream is capturing\nmore")

    return types.FunctionType(capture.__code__, {"__name__": "torch.cuda", "__builtins__": __builtins__})


@pytest.fixture
def card(monkeypatch):
    made = _Card()
    monkeypatch.setattr(cuda, "CARD", made)
    return made


def _network(*layers, backend="eager", **flags):
    net = nn.HybridSequential()
    net.add(*(layers or (nn.Dense(3, in_units=2), nn.Dropout(0.5))))
    net.initialize()
    net.hybridize(backend=backend, **{"static_alloc": True, "static_shape": True, **flags})
    return net


def _expected(net, x):
    weight, bias = (each.data().asnumpy() for each in net[0].collect_params().values())
    return x.asnumpy() @ weight.T + bias


def _agrees(net, x):
    np.testing.assert_allclose(net(x).asnumpy(), _expected(net, x), rtol=1e-5, atol=1e-6)


def test_the_second_call_is_captured_and_later_ones_are_replayed(card):
    net, seen = _network(), []
    for _ in range(4):
        _agrees(net, nd.random.uniform(shape=(5, 2)))
        seen.append((card.captures, card.replays))
    assert seen == [(0, 0), (1, 1), (1, 2), (1, 3)]


def test_only_what_is_static_is_captured(card):
    net = _network(static_shape=False)
    for _ in range(3):
        _agrees(net, nd.ones((5, 2)))
    assert card.captures == 0
    net.hybridize(backend="eager", clear=False, static_alloc=True, static_shape=True)
    for _ in range(3):
        _agrees(net, nd.ones((5, 2)))
    assert (card.captures, card.replays) == (1, 2)


def test_results_stay_and_inputs_are_not_kept(card):
    net, x = _network(), nd.ones((1, 2))
    results = [net(x * factor) for factor in range(5)]
    for factor, result in enumerate(results):
        np.testing.assert_allclose(result.asnumpy(), _expected(net, x * factor), rtol=1e-5, atol=1e-6)
    kept = net(x)
    before = kept.asnumpy()
    kept[:] = 9
    np.testing.assert_array_equal(net(x).asnumpy(), before)


def test_a_written_parameter_is_seen_by_a_replay(card):
    net, x = _network(), nd.ones((4, 2))
    for _ in range(2):
        net(x)
    net[0].weight.data()[:] = 3
    _agrees(net, x)
    nd.from_dlpack(nd.to_dlpack_for_write(net[0].bias.data()))[:] = -1
    _agrees(net, x)
    assert (card.captures, card.replays) == (1, 3)


def test_a_parameter_elsewhere_is_not_replayed(card):
    net, x = _network(), nd.ones((4, 2))
    for _ in range(2):
        net(x)
    net[0].weight.data()._data = torch.full((3, 2), 5.0)
    _agrees(net, x)
    assert (card.captures, card.replays) == (1, 1)
    _agrees(net, x)
    assert (card.captures, card.replays) == (2, 2)


@pytest.mark.parametrize("other", ["shape", "type", "stream"])
def test_another_kind_of_call_runs_as_it_was_lowered_and_does_not_end_the_capture(card, other):
    net, x = _network(nn.Activation("relu")), nd.array([[1, -2]])
    for _ in range(2):
        net(x)
    y = {"shape": nd.array([[1, -2]] * 3), "type": x.astype("float64"), "stream": x}[other]
    card.current = 8 if other == "stream" else 7
    result = net(y)
    np.testing.assert_array_equal(result.asnumpy(), np.maximum(y.asnumpy(), 0))
    assert result.dtype == y.dtype
    assert (card.captures, card.replays) == (1, 1)
    card.current = 7
    net(x)
    assert (card.captures, card.replays) == (1, 2)


def test_no_stream_no_replay(card):
    net = _network()
    for _ in range(2):
        net(nd.ones((1, 2)))
    card.current = None  # a user captures a graph
    for _ in range(3):
        _agrees(net, nd.ones((1, 2)))
    assert (card.captures, card.replays) == (1, 1)


@pytest.mark.parametrize("training", [True, False])
def test_a_recorded_call_has_gradients(card, training):
    net, x = _network(nn.Dense(3, in_units=2)), nd.ones((4, 2))
    for _ in range(2):
        net(x)
    with autograd.record(train_mode=training):
        loss = net(x).sum()
    loss.backward()
    np.testing.assert_array_equal(net[0].weight.grad().asnumpy(), np.full((3, 2), 4))
    assert card.replays == 1


def test_a_graph_that_draws_is_not_captured(card):
    net = _network(nn.HybridLambda(lambda F, x: x + F.random.uniform(shape=(4, 2))))
    results = [net(nd.zeros((4, 2))).asnumpy() for _ in range(4)]
    assert card.captures == 0
    assert len({result.tobytes() for result in results}) == 4


def test_a_graph_that_looks_at_values_is_not_captured(card):
    net = _network(nn.HybridLambda(lambda F, x: F.contrib.boolean_mask(x, F.squeeze(F.slice_axis(x, 1, 0, 1)))))
    for ones in (1, 2, 3, 1):
        x = nd.array([[number < ones, 2] for number in range(3)])
        assert net(x).shape == (ones, 2)
    assert card.captures == 0


def test_a_call_within_a_call_does_not_disturb_it(card):
    net, x, y = _network(), nd.ones((1, 2)), nd.array([[4, 5]])
    for _ in range(2):
        net(x)
    inner = []
    card.in_replay = lambda: inner.append(net(y)) if not inner else None
    _agrees(net, x)
    np.testing.assert_allclose(inner[0].asnumpy(), _expected(net, y), rtol=1e-5, atol=1e-6)
    assert card.replays == 2


def test_threads(card):
    net, wrong = _network(), []
    expected = {factor: _expected(net, nd.ones((64, 2)) * factor) for factor in range(8)}

    def predict(factor):
        for _ in range(50):
            result = net(nd.ones((64, 2)) * factor).asnumpy()
            if not np.allclose(result, expected[factor], rtol=1e-5, atol=1e-6):
                wrong.append(factor)

    threads = [threading.Thread(target=predict, args=(factor,)) for factor in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert card.replays


def test_what_cannot_be_captured_runs_as_it_was_lowered_with_one_warning(card):
    net, x = _network(), nd.ones((1, 2))
    card.capture = _failing_capture()
    net(x)
    with pytest.warns(UserWarning, match="able to capture the graph; operation not permitted when stream is capturing"):
        _agrees(net, x)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(3):
            _agrees(net, x)


def test_what_cannot_be_captured_is_an_error_if_strict(card):
    net, x = _network(strict=True), nd.ones((1, 2))
    card.capture = _failing_capture()
    net(x)
    with pytest.raises(MXNetError, match="static_shape: CUDA must be able to capture the graph"):
        net(x)


def test_a_refused_input_names_the_node(card):
    net = _network()
    for _ in range(2):
        net(nd.ones((1, 2)))
    with pytest.raises(MXNetError, match="dense"):
        net(nd.ones((1, 3)))


def test_inference_mode_leaves_nothing_behind(card):
    net, x = _network(), nd.ones((1, 2))
    with torch.inference_mode():
        for _ in range(2):
            net(x)
    _agrees(net, x)
    assert card.replays == 2


def test_an_executor_can_be_copied(card):
    symbol = mx.sym.Convolution(mx.sym.var("x"), kernel=(3, 3), num_filter=2, no_bias=True)
    executor = symbol.simple_bind(mx.cpu(), x=(1, 2, 4, 4))
    executor.arg_arrays[1][:] = 1
    expected = executor.forward()[0].asnumpy()
    np.testing.assert_array_equal(copy.deepcopy(executor).forward()[0].asnumpy(), expected)


def test_a_copy_captures_its_own(card):
    net, x = _network(), nd.ones((1, 2))
    for _ in range(2):
        net(x)
    other = copy.deepcopy(net)
    other[0].weight.data()[:] = 2
    for _ in range(3):
        _agrees(other, x)
        _agrees(net, x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("is_static", [True, False])
def test_images_have_their_channels_last_inside(card, is_static, dtype):
    layers = (nn.Conv2D(4, 3, in_channels=3), nn.BatchNorm(in_channels=4), nn.Activation("relu"))
    net = _network(*layers, static_shape=is_static)
    net.cast(dtype)
    x = nd.random.uniform(shape=(2, 3, 8, 8)).astype(dtype)
    net.hybridize(False)
    expected = net(x).asnumpy()
    net.hybridize(backend="eager", static_alloc=True, static_shape=is_static)

    with _Convolutions() as convolutions:
        for _ in range(3):
            result = net(x)
            assert result._data.is_contiguous()
            np.testing.assert_allclose(result.asnumpy(), expected, rtol=1e-4, atol=1e-5)
    assert set(convolutions.formats) == {dtype == "float32"}


def test_without_a_gpu_nothing_changes(monkeypatch):
    net, x = _network(), nd.ones((1, 2))
    card = _Card()
    card.is_present = lambda: False
    monkeypatch.setattr(cuda, "CARD", card)
    for _ in range(3):
        _agrees(net, x)
    assert card.captures == 0


@pytest.mark.parametrize("before", [True, False])
def test_the_flag_of_cudnn_is_set_during_a_capture_only(before):
    flags = torch.backends.cudnn
    was = flags.benchmark
    try:
        flags.benchmark = before
        with pytest.raises(RuntimeError), cuda._measuring():
            assert flags.benchmark
            raise RuntimeError
        assert flags.benchmark is before
    finally:
        flags.benchmark = was


@needs_cuda
def test_a_gpu_replays_with_parameters_live():
    net = nn.HybridSequential()
    net.add(nn.Conv2D(8, 3, in_channels=3), nn.BatchNorm(in_channels=8), nn.Activation("relu"), nn.Dense(4))
    net.initialize(ctx=mx.gpu())
    x = nd.random.uniform(shape=(2, 3, 16, 16), ctx=mx.gpu())
    net(x)
    flag = torch.backends.cudnn.benchmark
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for factor in (1, 1, 1, 2):
            net[0].weight.data()[:] = net[0].weight.data() * factor
            net.hybridize(False)
            expected = net(x).asnumpy()
            net.hybridize(static_alloc=True, static_shape=True, clear=False)
            kept = [net(x) for _ in range(4)]
            for result in kept:
                np.testing.assert_allclose(result.asnumpy(), expected, rtol=2e-2, atol=2e-2)
    assert torch.backends.cudnn.benchmark is flag
