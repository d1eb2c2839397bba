"""GRUs and LSTMs in C: they equal the operator's own layers in float64, in networks too."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import glueball as mx
from glueball import nd
from glueball.gluon import nn, rnn
from glueball.graph.kernels import recurrent
from glueball.graph.kernels.native import CannotCompile
from glueball.graph.kernels.recurrent import Prepare, RecurrentLayers
from glueball.ops.nn.rnn_layers import Recurrent
from glueball.ops.nn.rnn_layout import length
from tests.comparison import assert_same
from tests.graph.kernels import is_compiled, take_compiler_away

pytestmark = pytest.mark.skipif(not is_compiled(), reason="there is no C compiler")

_CALLS = 3
_KERNEL = "recurrent layers"


@pytest.fixture(autouse=True)
def is_wide(monkeypatch):
    """Take the kernel also where the processor has short vectors."""
    monkeypatch.setattr(recurrent, "WIDE", 1)


def _attributes(units=5, layers=1, bidirectional=False, state_outputs=True, mode="gru"):
    return {
        "mode": mode, "state_size": units, "num_layers": layers, "bidirectional": bidirectional, "p": 0.0,
        "state_outputs": state_outputs, "projection_size": None, "lstm_state_clip_min": None,
        "lstm_state_clip_max": None, "lstm_state_clip_nan": False, "use_sequence_length": False,
    }  # fmt: skip


def _arrays(attributes, shape, scale=1.0):
    generator, (steps, rows, features) = torch.Generator().manual_seed(1), shape
    units, layers, bidirectional = (attributes[name] for name in ("state_size", "num_layers", "bidirectional"))
    count = length(attributes["mode"], features, units, layers, bidirectional=bidirectional)
    directions = layers * (1 + bidirectional)
    states = [(directions, rows, units)] * (1 + (attributes["mode"] == "lstm"))
    shapes = ((steps, rows, features), (count,), *states)
    return [scale * torch.randn(each, generator=generator) for each in shapes]


def _results(attributes, data, parameters, *states, threads=2):
    before, run = torch.get_num_threads(), RecurrentLayers(attributes, data.shape)
    try:
        torch.set_num_threads(threads)
        return run(data, Prepare(attributes, data.shape[2])(parameters), *states)
    finally:
        torch.set_num_threads(before)


@given(
    steps=st.integers(1, 6), rows=st.integers(1, 20), features=st.integers(1, 9), units=st.integers(1, 70),
    layers=st.integers(1, 3), bidirectional=st.booleans(), threads=st.integers(1, 3),
    scale=st.sampled_from([1e-6, 0.1, 1]), mode=st.sampled_from(["gru", "lstm"]),
)  # fmt: skip
def test_it_equals_the_layers_of_the_operator(
    steps, rows, features, units, layers, bidirectional, threads, scale, mode
):
    attributes = _attributes(units, layers, bidirectional, mode=mode)
    arrays = _arrays(attributes, (steps, rows, features), scale)
    data, parameters, *states = [each.double() for each in arrays]
    kept = [each.clone() for each in arrays]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recurrent, "_FEW", 0)  # several threads, however few products there are
        results = _results(attributes, *arrays, threads=threads)
    assert all(map(torch.equal, arrays, kept)), "no input has changed"
    expected = Recurrent(attributes)(data, parameters, states, None, None)
    rounded = Recurrent(attributes)(*arrays[:2], arrays[2:], None, None)
    for result, wanted, other in zip(results, expected, rounded, strict=True):
        assert result.shape == wanted.shape and result.dtype is torch.float32
        # Large weights make the errors of float32 larger from step to step, those of the operator as well.
        assert (result - wanted).norm() <= 2e-5 * wanted.norm() + 10 * (other - wanted).norm()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e30, -1e30, 100, -100])
@pytest.mark.parametrize(("mode", "where"), [
    *[(mode, where) for mode in ("gru", "lstm") for where in ("data", "state", "a weight", "a bias")],
    ("lstm", "a cell"),
])  # fmt: skip
def test_numbers_may_be_anything(mode, where, value):
    attributes = _attributes(17, mode=mode)
    arrays = _arrays(attributes, (3, 2, 4))
    number, place = {"data": (0, 3), "state": (2, 5), "a weight": (1, 250), "a bias": (1, -20), "a cell": (3, 5)}[where]
    arrays[number].view(-1)[place] = value
    results = _results(attributes, *arrays)
    expected = Recurrent(attributes)(arrays[0], arrays[1], arrays[2:], None, None)
    for result, wanted in zip(results, expected, strict=True):
        assert_same(result.numpy(), wanted.numpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("mode", "rows", "units", "suits"), [
    ("gru", 64, 512, True), ("lstm", 1, 1024, True), ("lstm", 8, 256, True), ("lstm", 9, 256, False),
])  # fmt: skip
def test_which_layers_are_faster(mode, rows, units, suits, is_wide):
    assert RecurrentLayers.suits(_attributes(units, mode=mode), (20, rows, 30)) is suits


def test_arrays_of_other_shapes_are_refused():
    attributes = _attributes()
    data, parameters, state = _arrays(attributes, (3, 2, 4))
    prepared = Prepare(attributes, 4)(parameters)
    run = RecurrentLayers(attributes, (3, 2, 4))
    for wrong in ((data[:2], state), (data, state[:, :1]), (data.double(), state)):
        with pytest.raises(ValueError, match="the shapes and types that it was made for"):
            run(wrong[0], prepared, wrong[1])


# --- in networks ------------------------------------------------------------------------------------------------------


def _kernels(net, *inputs):
    return [part for step in net.explain(*inputs).steps for part in step.kernel.split(" + ")]


@pytest.mark.parametrize("layout", ["TNC", "NTC"])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("kind", [rnn.GRU, rnn.LSTM])
def test_layers_of_gluon(kind, layout, bidirectional):
    net = nn.HybridSequential()
    net.add(kind(20, 2, layout=layout, bidirectional=bidirectional, dropout=0.5), nn.Dense(3, flatten=False))
    net.initialize()
    x = nd.random.uniform(-1, 1, (4, 5, 6))
    expected = net(x).asnumpy()
    net.hybridize(backend="onednn", strict=True)
    for _ in range(_CALLS):
        assert_same(net(x).asnumpy(), expected, rtol=1e-5, atol=1e-6)
    assert _KERNEL in _kernels(net, x)


@pytest.mark.parametrize("kind", [rnn.GRU, rnn.LSTM])
def test_states_and_parameters_are_those_of_each_call(kind):
    net, x = kind(20, 2, input_size=6), nd.random.uniform(-1, 1, (4, 5, 6))
    net.initialize()
    for number in range(3):
        states = [nd.full((2, 5, 20), number / 4), nd.full((2, 5, 20), number / 3)][: 1 + (kind is rnn.LSTM)]
        for scale in (1, 2):
            net.l0_h2h_weight.set_data(scale / 20 * nd.ones(net.l0_h2h_weight.shape))
            net.hybridize(False)
            out, after = net(x, states)
            net.hybridize(backend="onednn", strict=True)
            for _ in range(_CALLS):
                received, end = net(x, states)
                for one, other in zip([received, *end], [out, *after], strict=True):
                    assert_same(one.asnumpy(), other.asnumpy(), rtol=1e-5, atol=1e-6)
    assert _KERNEL in _kernels(net, x, states)


def test_gradients_flow_where_a_call_is_recorded():
    net, x = rnn.GRU(20, input_size=6), nd.random.uniform(-1, 1, (4, 5, 6))
    net.initialize()
    net.hybridize(backend="onednn", strict=True)
    found = []
    for _ in range(2):
        for _ in range(_CALLS):
            net(x)
        with mx.autograd.record(train_mode=False):
            loss = net(x).sum()
        loss.backward()
        found.append(net.l0_h2h_weight.grad().asnumpy())
        net.hybridize(False)
    assert_same(*found, rtol=1e-5, atol=1e-6)


def test_the_parameters_are_kept_once():
    attributes = _attributes(64, 2)
    _, parameters, _ = _arrays(attributes, (3, 2, 4))
    assert len(Prepare(attributes, 4)(parameters)) == len(parameters), "units fill vectors"
    net, x = rnn.GRU(64, 2, input_size=4), nd.ones((3, 2, 4))
    net.initialize()
    net.hybridize(backend="onednn", strict=True)
    net(x)
    assert net.explain(x).steps[0].kernel.split(" + ")[0] == _KERNEL
    (graph,) = net._glueball_graphs.values()
    run = next(iter(graph.program._ready.values())).run
    kept = next(iter(run._known.values())).plan.kept
    assert sum(each.numel() for each in kept) == len(parameters)


@pytest.mark.parametrize("how", [
    {"kind": rnn.RNN}, {"kind": rnn.LSTM, "projection_size": 4}, {"use_sequence_length": True}, {"dtype": "float64"},
    {"native": False}, {"memory": 0},
])  # fmt: skip
def test_what_others_compute(how):
    """Another kind of layer, a projection, lengths, another type, and a user who wants none of it."""
    options = {name: how[name] for name in ("native", "memory") if name in how}
    arguments = {name: value for name, value in how.items() if name not in ("kind", *options)}
    net = how.get("kind", rnn.GRU)(20, input_size=6, **arguments)
    net.initialize()
    net.hybridize(backend="onednn", **options)
    x = nd.ones((4, 5, 6), dtype=how.get("dtype", "float32"))
    more = [None, nd.full((5,), 3)] if "use_sequence_length" in how else []
    net(x, *more)
    assert _KERNEL not in _kernels(net, x, *more)


def test_without_a_compiler_torch_computes_it(monkeypatch):
    take_compiler_away(monkeypatch, recurrent, CannotCompile("there is no C compiler"))
    assert not RecurrentLayers.suits(_attributes(), (4, 5, 6))
