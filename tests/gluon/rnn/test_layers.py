"""Recurrent layers: what they compute, what they are called, their files, and what they refuse."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

import glueball as mx
from glueball import MXNetError, autograd, gluon, nd
from glueball.gluon import nn, rnn
from tests.comparison import assert_same
from tests.gluon.rnn.layers import all_computed, drawn, fill, flat
from tests.ops.nn.recurrent_reference import recurrent


@pytest.mark.parametrize("seed", range(6))
def test_drawn_layers(oracle, seed):
    """Three hundred in all: outputs, last states, gradients of inputs, states and parameters."""
    descriptions = drawn(seed, 50)
    ours, theirs = (outcome.get() for outcome in oracle.both(all_computed, descriptions))
    for description, one, other in zip(descriptions, ours, theirs, strict=True):
        for number, (actual, expected) in enumerate(zip(one, other, strict=True)):
            assert_same(actual, expected, rtol=2e-5, atol=1e-6, about=f"{description}, array {number}")


def named(mx):
    """Names, shapes, texts and graphs of layers of every kind."""
    rnn, found = mx.gluon.rnn, []
    for layer in (
        rnn.RNN(4), rnn.RNN(4, 3, "tanh", "NTC", 0.5, True), rnn.LSTM(5, 2, bidirectional=True, input_size=3),
        rnn.LSTM(4, projection_size=2, layout="NTC"), rnn.GRU(3, 2, dropout=0.25), rnn.GRU(2, prefix="mine_"),
        rnn.LSTM(3, state_clip_min=-1, state_clip_max=1, state_clip_nan=True), rnn.RNN(3, use_sequence_length=True),
    ):  # fmt: skip
        params = [(name, each.shape, str(each.dtype)) for name, each in layer.collect_params().items()]
        info = [(each["shape"], each["__layout__"], each["dtype"]) for each in layer.state_info(7)]
        found += [repr(layer), layer.name, params, info, [each.shape for each in layer.begin_state(2)]]
        if not layer._use_sequence_length:
            out = layer(mx.sym.var("data"))
            states = [mx.sym.var("h"), mx.sym.var("c")][: len(info)]
            with_states, last = layer(mx.sym.var("data"), states)
            found += [out.tojson(), mx.sym.Group([with_states, *last]).tojson()]
            found += [out.infer_shape(data=(2, 3, 4)), out.infer_shape_partial(data=(2, 0, 4))]
    return found


def test_names_texts_and_graphs(oracle):
    assert_same(*oracle.both(named))


def network(mx):
    """A network with recurrent layers, whose values follow from a seed."""
    net = mx.gluon.nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(
            mx.gluon.nn.Embedding(9, 4), mx.gluon.rnn.LSTM(5, 2, layout="NTC", bidirectional=True),
            mx.gluon.rnn.GRU(3, layout="NTC"), mx.gluon.rnn.RNN(4, layout="NTC", activation="tanh"),
            mx.gluon.nn.Dense(2, flatten=False),
        )  # fmt: skip
    net.initialize()
    return net


def saved(mx, folder, hybridized):
    """Write the network in both forms; returns what it computes."""
    from tests.gluon.rnn.layers import fill

    net, x = network(mx), mx.nd.array([[1, 2, 3], [4, 5, 6]])
    if hybridized:
        net.hybridize()
    net(x)
    fill(mx, net, 11)
    out = net(x)
    net.save_parameters(folder + "/net.params")
    if hybridized:
        net.export(folder + "/net")
    return out


def loaded(mx, folder):
    """Read what `saved` wrote, and compute."""
    x = mx.nd.array([[1, 2, 3], [4, 5, 6]])
    net = network(mx)
    net.load_parameters(folder + "/net.params")
    block = mx.gluon.SymbolBlock.imports(folder + "/net-symbol.json", ["data"], folder + "/net-0000.params")
    return net(x), block(x)


def test_files_both_ways(oracle, tmp_path):
    (tmp_path / "ours").mkdir()
    (tmp_path / "theirs").mkdir()
    ours = saved(mx, str(tmp_path / "ours"), True)
    theirs = oracle.run(saved, str(tmp_path / "theirs"), True)
    assert_same(ours.asnumpy(), theirs)
    assert (tmp_path / "ours/net-symbol.json").read_text() == (tmp_path / "theirs/net-symbol.json").read_text()
    assert (tmp_path / "ours/net-0000.params").read_bytes() == (tmp_path / "theirs/net-0000.params").read_bytes()
    for received in (*loaded(mx, str(tmp_path / "theirs")), *oracle.run(loaded, str(tmp_path / "ours"))):
        assert_same(received if isinstance(received, np.ndarray) else received.asnumpy(), theirs)


@pytest.mark.parametrize("backend", ["eager", "onednn"])
def test_engines(backend):
    net = network(mx)
    x = nd.array([[1, 2, 3], [4, 5, 6]])
    expected = net(x).asnumpy()
    net.hybridize(backend=backend, strict=True)
    assert_same(net(x).asnumpy(), expected)


@pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor:UserWarning")  # torch's, at each cut in training
def test_a_compiler_does_not_look_into_layers():
    """It would unroll the steps, and has no code for oneDNN's layers."""
    net = nn.HybridSequential()
    net.add(rnn.LSTM(3, 2, dropout=0.5), nn.Dense(2, flatten=False))
    net.initialize()
    x = nd.random.uniform(shape=(40, 2, 4))
    expected = net(x).asnumpy()
    net.hybridize(backend="inductor", strict=True)
    assert_same(net(x).asnumpy(), expected)
    with autograd.record():
        loss = (net(x) ** 2).sum()
    loss.backward()
    assert float(net[0].l0_i2h_weight.grad().abs().sum().asscalar()) > 0


def test_calls_with_and_without_states_are_kept_apart():
    layer = rnn.LSTM(3)
    layer.initialize()
    x = nd.ones((4, 2, 5))
    expected = layer(x).asnumpy()
    layer.hybridize()
    for _ in range(2):
        assert_same(layer(x).asnumpy(), expected)
        out, states = layer(x, layer.begin_state(2))
        assert_same(out.asnumpy(), expected)
        assert [each.shape for each in states] == [(1, 2, 3), (1, 2, 3)]


@pytest.mark.parametrize("hybridized", [False, True])
@pytest.mark.parametrize("layout", ["TNC", "NTC"])
@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_lengths(kind, layout, hybridized):
    layer = getattr(rnn, kind)(3, 2, bidirectional=True, layout=layout, use_sequence_length=True, dtype="float64")
    layer.initialize()
    x, lengths = nd.random.uniform(shape=(5, 3, 4), dtype="float64"), nd.array([1, 5, 3])
    given = x if layout == "TNC" else x.swapaxes(0, 1)
    layer(given, sequence_length=lengths)
    fill(mx, layer, 3)
    if hybridized:
        layer.hybridize()
    vector = nd.concat(*[layer._reg_params[part.name].data().reshape(-1) for part in layer._glueball_parts()], dim=0)
    first = [each.asnumpy() for each in layer.begin_state(3)]
    cells = first[1] if len(first) == 2 else None
    expected = recurrent(x.asnumpy(), vector.asnumpy(), first[0], cells, lengths.asnumpy().astype(int),
                         mode=kind.lower(), state_size=3, num_layers=2, bidirectional=True)  # fmt: skip
    alone = layer(given, None, lengths)
    out, states = layer(given, layer.begin_state(3), lengths)
    for one, other in zip([alone, out, *states], [expected[0], *expected], strict=False):
        one = one if one.shape[-1] == 3 or layout == "TNC" else one.swapaxes(0, 1)
        np.testing.assert_allclose(one.asnumpy(), other, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
@pytest.mark.parametrize("kind", [rnn.RNN, rnn.LSTM, rnn.GRU])
def test_types(kind, dtype):
    layer = kind(4, 2, bidirectional=True)
    layer.initialize()
    x = nd.random.uniform(shape=(3, 2, 5))
    expected = layer(x).asnumpy()
    layer.cast(dtype)
    with autograd.record():
        out, states = layer(x.astype(dtype), layer.begin_state(2))
        out.sum().backward()
    assert {str(each.dtype) for each in [out, *states]} == {str(nd.zeros((1,), dtype=dtype).dtype)}
    error = {"float16": 5e-3, "bfloat16": 5e-2, "float64": 1e-6}[dtype]
    np.testing.assert_allclose(out.astype("float32").asnumpy(), expected, rtol=error, atol=error)
    assert sum(float(each.grad().abs().sum().astype("float32").asscalar()) for each in layer.params.values()) > 0


def test_dropout_is_for_training_only():
    layer = rnn.GRU(6, 2, dropout=0.5)
    layer.initialize()
    x = nd.random.uniform(shape=(3, 2, 5))
    for hybridized in (False, True):
        layer.hybridize(hybridized)
        assert_same(layer(x).asnumpy(), layer(x).asnumpy(), rtol=0)
        with autograd.train_mode():
            assert np.abs(layer(x).asnumpy() - layer(x).asnumpy()).max() > 1e-4


def test_parameters_are_shared():
    one = rnn.LSTM(3, 2, prefix="one_")
    other = rnn.LSTM(3, 2, prefix="other_", params=one.collect_params())
    one.initialize()
    x = nd.ones((2, 1, 3))
    assert_same(other(x).asnumpy(), one(x).asnumpy(), rtol=0)
    assert list(other.collect_params()) == list(one.collect_params())


def initialized(mx):
    """Values that initializers give to the parameters of a layer."""
    layer = mx.gluon.rnn.LSTM(
        2, i2h_weight_initializer="ones", h2h_weight_initializer=mx.init.Constant(2), i2h_bias_initializer="ones",
        h2h_bias_initializer=mx.init.LSTMBias(3), projection_size=3, h2r_weight_initializer=mx.init.One(),
    )  # fmt: skip
    layer.initialize()
    layer(mx.nd.ones((2, 1, 3)))
    other = mx.gluon.rnn.GRU(2, input_size=3)
    other.initialize(mx.init.Constant(4))
    return [each.data() for block in (layer, other) for each in block.collect_params().values()]


def test_initializers(oracle):
    assert_same(*oracle.both(initialized))


def unfused(mx):
    """What cells are that do the same as a layer, and what they compute."""
    from tests.gluon.rnn.layers import fill

    rnn, found = mx.gluon.rnn, []
    for layer in (
        rnn.LSTM(5, 2, dropout=0.3, prefix="a_"), rnn.GRU(4, 2, bidirectional=True, prefix="b_"),
        rnn.RNN(3, 3, "tanh", layout="NTC", prefix="c_"),
    ):  # fmt: skip
        layer.initialize()
        x = mx.nd.array(np.random.RandomState(1).uniform(-1, 1, (2, 4, 6)))
        layer(x)
        fill(mx, layer, 5)
        cells = layer._unfuse()
        result, _ = cells.unroll(x.shape[layer._layout.find("T")], x, layout=layer._layout, merge_outputs=True)
        found += [
            bool(abs((result - layer(x)).asnumpy()).max() < 1e-6),
            repr(cells),
            cells.prefix,
            list(cells.collect_params().keys()),
            result,
        ]
    return found


def test_cells_that_do_the_same(oracle):
    assert_same(*oracle.both(unfused))
    for settings in ({"projection_size": 2}, {"state_clip_min": -1.0, "state_clip_max": 1.0}):
        with pytest.raises(AssertionError, match=r"LSTM\._unfuse: a layer must be one that cells can be; it has a "):
            rnn.LSTM(3, **settings)._unfuse()


def test_copies():
    layer = rnn.LSTM(3, layout="NTC")
    layer.initialize()
    layer.hybridize()
    x = nd.ones((2, 4, 5))
    expected = layer(x).asnumpy()
    for again in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert_same(again(x).asnumpy(), expected, rtol=0)


def test_states_made_by_any_function():
    layer = rnn.LSTM(3, 2)
    assert [float(each.mean().asscalar()) for each in layer.begin_state(2, func=nd.ones)] == [1, 1]
    assert [each.name for each in layer.begin_state(func=mx.sym.var)] == [f"{layer.name}_h0_{i}"
                                                                          for i in range(2)]  # fmt: skip
    assert layer.begin_state(2, dtype="float16")[0].dtype == np.float16
    seen = []
    layer.begin_state(5, func=lambda **given: seen.append(given), ctx=mx.cpu())
    assert sorted(seen[0]) == ["__layout__", "ctx", "dtype", "name", "shape"]


def test_a_step_of_training_lowers_the_loss():
    net = nn.HybridSequential()
    net.add(rnn.LSTM(8, layout="NTC"), nn.Dense(1, flatten=False))
    net.initialize(mx.init.Xavier())
    net.hybridize()
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.02})
    x = nd.random.uniform(shape=(4, 6, 2))
    target, losses = x.sum(axis=2, keepdims=True), []
    for _ in range(60):
        with autograd.record():
            loss = gluon.loss.L2Loss()(net(x), target)
        loss.backward()
        trainer.step(4)
        losses.append(loss.mean().asscalar())
    assert losses[-1] < losses[0] / 5


@pytest.mark.parametrize(
    ("message", "make"),
    [
        ("LSTM: layout must be 'TNC' or 'NTC'; received 'NCT'", lambda: rnn.LSTM(3, layout="NCT")),
        ("RNN: activation must be one of", lambda: rnn.RNN(3, activation="sigmoid")),
        ("GRU: hidden_size must be a positive int; received 0", lambda: rnn.GRU(0)),
        ("GRU: num_layers must be a positive int; received 0", lambda: rnn.GRU(2, 0)),
        ("GRU: dropout must be from 0 to 1; received 2", lambda: rnn.GRU(2, dropout=2)),
        ("LSTM: projection_size must be an int of at least 0; received -1", lambda: rnn.LSTM(2, projection_size=-1)),
        ("LSTM: state_clip_min and state_clip_max must be given together", lambda: rnn.LSTM(2, state_clip_min=-1.0)),
    ],
)
def test_arguments_that_are_refused(message, make):
    with pytest.raises(MXNetError, match=message):
        make()


@pytest.mark.parametrize("hybridized", [False, True])
def test_inputs_that_are_refused(hybridized):
    layer, lengths = rnn.LSTM(3), rnn.GRU(3, use_sequence_length=True)
    for each in (layer, lengths):
        each.initialize()
        each.hybridize(hybridized)
    x, state = nd.ones((4, 2, 5)), nd.zeros((1, 2, 3))
    with pytest.raises(ValueError, match="LSTM: inputs must have 3 dimensions, TNC; received \\(4, 5\\)"):
        layer(nd.ones((4, 5)))
    with pytest.raises(MXNetError, match="LSTM: states must be 2 arrays; received 1"):
        layer(x, state)
    with pytest.raises(MXNetError, match=r"states? must have shapes? \(1, 2, 3\).*; received \(1, 1, 3\)"):
        layer(x, [nd.zeros((1, 1, 3)), state])
    with pytest.raises(MXNetError, match="LSTM: sequence_length must be left out unless use_sequence_length=True"):
        layer(x, None, nd.array([1, 2]))
    with pytest.raises(MXNetError, match="GRU: sequence_length must be given with use_sequence_length=True"):
        lengths(x)
    assert len(flat(layer(x, [state, state]))) == 3
