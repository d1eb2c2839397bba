"""The operator RNN where MXNet's CPU build has no answer: lengths, clipped cells, projections, dropout, 16 bits."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

import glueball as mx
from glueball import autograd, nd
from glueball.ops.nn.rnn_layout import GATES, length, parts
from tests.comparison import assert_same
from tests.ops.nn.recurrent_reference import recurrent

MODES = sorted(GATES)


def drawn(mode, *, seed=0, steps=5, batch=3, features=4, units=3, layers=2, bidirectional=True, projection=None):
    """Arrays for a call, in float64."""
    rng, count = np.random.default_rng(seed), layers * (1 + bidirectional)
    size = length(mode, features, units, layers, bidirectional=bidirectional, projection=projection)
    shapes = [(steps, batch, features), (size,), (count, batch, projection or units), (count, batch, units)]
    return [rng.uniform(-1, 1, shape) for shape in shapes[: 4 if mode == "lstm" else 3]]


def computed(arrays, mode, *, dtype="float64", lengths=None, **attributes):
    inputs = [nd.array(each, dtype=dtype) for each in arrays]
    if lengths is not None:
        attributes |= {"sequence_length": nd.array(lengths), "use_sequence_length": True}
    settings = {"state_size": 3, "num_layers": 2, "bidirectional": True, **attributes}
    return nd.RNN(*inputs, mode=mode, state_outputs=True, **settings)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("lengths", [None, [5, 5, 5], [0, 2, 5]], ids=str)
def test_lengths(mode, lengths):
    arrays = drawn(mode)
    expected = recurrent(*arrays, *[None] * (4 - len(arrays)), lengths, mode=mode, state_size=3, num_layers=2,
                         bidirectional=True)  # fmt: skip
    received = computed(arrays, mode, lengths=lengths)
    assert len(received) == (3 if mode == "lstm" else 2)
    for one, other in zip(received, expected, strict=False):
        np.testing.assert_allclose(one.asnumpy(), other, rtol=1e-12, atol=1e-12)


def test_lengths_of_any_type():
    arrays = drawn("gru")
    inputs = [nd.array(each) for each in arrays]
    kinds = [
        nd.RNN(*inputs, sequence_length=nd.array([1, 2, 5], dtype=kind), mode="gru", state_size=3, num_layers=2,
               bidirectional=True, use_sequence_length=True).asnumpy()
        for kind in ("float32", "int32", "int64")
    ]  # fmt: skip
    assert_same(kinds[1], kinds[0], rtol=0)
    assert_same(kinds[2], kinds[0], rtol=0)


def test_what_lies_beyond_a_length_does_not_matter():
    arrays = drawn("lstm")
    other = [arrays[0].copy(), *arrays[1:]]
    other[0][2:, 0] = np.nan
    for one, same in zip(computed(arrays, "lstm", lengths=[2, 5, 5]), computed(other, "lstm", lengths=[2, 5, 5]),
                         strict=True):  # fmt: skip
        assert_same(one.asnumpy(), same.asnumpy(), rtol=0)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("lengths", [None, [1, 4, 5]], ids=str)
def test_projections(bidirectional, lengths):
    arrays = drawn("lstm", projection=2, bidirectional=bidirectional)
    settings = {"projection_size": 2, "bidirectional": bidirectional}
    expected = recurrent(*arrays, lengths, mode="lstm", state_size=3, num_layers=2, **settings)
    for one, other in zip(computed(arrays, "lstm", lengths=lengths, **settings), expected, strict=True):
        np.testing.assert_allclose(one.asnumpy(), other, rtol=1e-12, atol=1e-12)


def test_clipped_cells():
    arrays = drawn("lstm")
    arrays[3] *= 9
    expected = recurrent(*arrays, mode="lstm", state_size=3, num_layers=2, bidirectional=True, clip=(-0.5, 0.25))
    received = computed(arrays, "lstm", lstm_state_clip_min=-0.5, lstm_state_clip_max=0.25)
    for one, other in zip(received, expected, strict=True):
        np.testing.assert_allclose(one.asnumpy(), other, rtol=1e-12, atol=1e-12)
    assert received[2].max().asscalar() == 0.25


def test_clipped_cells_that_are_nan():
    arrays = drawn("lstm")
    arrays[0][1, 0, 0] = np.nan
    settings = {"lstm_state_clip_min": -0.5, "lstm_state_clip_max": 0.5}
    assert np.isnan(computed(arrays, "lstm", **settings)[2].asnumpy()).any()
    assert not np.isnan(computed(arrays, "lstm", lstm_state_clip_nan=True, **settings)[2].asnumpy()).any()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize(("dtype", "error"), [("float16", 4e-3), ("bfloat16", 4e-2), ("float32", 1e-5)])
def test_types(mode, bidirectional, dtype, error):
    arrays = [
        nd.array(each, dtype=dtype).astype("float64").asnumpy() for each in drawn(mode, bidirectional=bidirectional)
    ]
    expected = recurrent(*arrays, mode=mode, state_size=3, num_layers=2, bidirectional=bidirectional)
    for one, other in zip(computed(arrays, mode, dtype=dtype, bidirectional=bidirectional), expected, strict=False):
        assert str(np.dtype(one.dtype)) == dtype or dtype == "bfloat16"
        np.testing.assert_allclose(one.astype("float64").asnumpy(), other, rtol=error, atol=error)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("settings", [{}, {"use_sequence_length": True}, {"p": 0.5}], ids=str)
def test_dropout_and_lengths_in_training(mode, settings):
    """Gradients of all inputs against finite differences along one direction, with the same random numbers."""
    arrays = drawn(mode)
    inputs = [nd.array(each, dtype="float64") for each in arrays]
    steps = [nd.array(np.random.default_rng(7).normal(size=each.shape), dtype="float64") for each in arrays]
    more = {"sequence_length": nd.array([2, 5, 3])} if "use_sequence_length" in settings else {}

    def loss(at):
        mx.random.seed(3)
        shifted = [array + at * step for array, step in zip(inputs, steps, strict=True)] if at else inputs
        with autograd.record():
            results = nd.RNN(*shifted, mode=mode, state_size=3, num_layers=2, bidirectional=True, state_outputs=True,
                             **more, **settings)  # fmt: skip
            return sum((result * result).sum() for result in results)

    for each in inputs:
        each.attach_grad()
    loss(0).backward()
    slope = sum((each.grad * step).sum().asscalar() for each, step in zip(inputs, steps, strict=True))
    difference = (loss(1e-5) - loss(-1e-5)).asscalar() / 2e-5
    np.testing.assert_allclose(slope, difference, rtol=1e-4)


def test_dropout_is_between_layers_only():
    arrays = [nd.array(each) for each in drawn("gru", layers=3, bidirectional=False)]
    attributes = {"mode": "gru", "state_size": 3, "num_layers": 3, "state_outputs": True}
    plain = nd.RNN(*arrays, p=0.5, **attributes)
    with autograd.train_mode():
        mx.random.seed(1)
        first = nd.RNN(*arrays, p=0.5, **attributes)
        second = nd.RNN(*arrays, p=0.5, **attributes)
        mx.random.seed(1)
        again = nd.RNN(*arrays, p=0.5, **attributes)
        one = nd.RNN(*[nd.array(each) for each in drawn("gru", layers=1, bidirectional=False)], p=0.5, mode="gru",
                     state_size=3, num_layers=1)  # fmt: skip
    assert_same(first[0].asnumpy(), again[0].asnumpy(), rtol=0)
    assert np.abs(first[0].asnumpy() - second[0].asnumpy()).max() > 1e-3
    # The first layer has nothing before it that is dropped, so that its state is that of prediction.
    assert_same(first[1][0].asnumpy(), plain[1][0].asnumpy(), rtol=1e-6)
    assert np.abs(first[1][1].asnumpy() - plain[1][1].asnumpy()).max() > 1e-3
    assert (one.asnumpy() != 0).all()


def test_dropout_draws_from_no_generator_of_torch():
    arrays = [nd.array(each) for each in drawn("lstm")]
    before = torch.random.get_rng_state()
    with autograd.record():
        nd.RNN(*arrays, p=0.5, mode="lstm", state_size=3, num_layers=2, bidirectional=True)
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_many_steps(mode, dtype):
    given = [each.astype(dtype) for each in drawn(mode, steps=20)]
    expected = recurrent(*given, *[None] * (4 - len(given)), None, mode=mode, state_size=3, num_layers=2,
                         bidirectional=True)  # fmt: skip
    error = 1e-12 if dtype == "float64" else 1e-4
    inputs = [nd.array(each, dtype=dtype) for each in given]
    received = nd.RNN(*inputs, mode=mode, state_outputs=True, state_size=3, num_layers=2, bidirectional=True)
    for one, other in zip(received, expected, strict=False):
        np.testing.assert_allclose(one.asnumpy(), other, rtol=error, atol=error)
    assert_same([each.asnumpy() for each in inputs], given)  # steps write to no input


@pytest.mark.parametrize("mode", MODES)
def test_many_sequences(mode):
    """With lengths, torch computes each operation of a step."""
    arrays = drawn(mode, steps=20, batch=1100)
    received, expected = [computed(arrays, mode, lengths=lengths) for lengths in (None, [20] * 1100)]
    for one, other in zip(received, expected, strict=True):
        np.testing.assert_allclose(one.asnumpy(), other.asnumpy(), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("steps", [5, 20])
def test_gradients_of_gradients(mode, steps):
    """Those with lengths are torch's; the first state depends on the data, whose gradient must not count it twice."""
    data, *rest = drawn(mode, steps=steps, features=3)
    found = []
    for lengths in (None, nd.full((3,), steps, dtype="float64")):
        inputs = [nd.array(each, dtype="float64") for each in (data, *rest)]
        for each in inputs:
            each.attach_grad()
        more = {} if lengths is None else {"sequence_length": lengths, "use_sequence_length": True}
        with autograd.record():
            x, parameters, state, *cells = inputs
            state = state * nd.slice_axis(x, axis=0, begin=0, end=4)
            y = nd.RNN(x, parameters, state, *cells, mode=mode, state_size=3, num_layers=2, bidirectional=True, **more)
            slopes = autograd.grad((y**2).sum(), inputs, create_graph=True)
            total = nd.add_n(*[(slope**2).sum() for slope in slopes])
        total.backward()
        found.append([each.asnumpy() for each in (*slopes, *[each.grad for each in inputs])])
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)
        assert np.abs(one).max() > 0


def test_the_layout_has_the_length_that_it_says():
    for mode, ways, projection in itertools.product(MODES, [False, True], [None, 2]):
        kept = projection if mode == "lstm" else None
        every = parts(mode, 5, 3, 3, bidirectional=ways, projection=kept)
        total = sum(int(np.prod(part.shape)) for part in every)
        assert total == length(mode, 5, 3, 3, bidirectional=ways, projection=kept)
    assert [part.name for part in parts("gru", 5, 3, 1)] == [
        "l0_i2h_weight", "l0_h2h_weight", "l0_i2h_bias", "l0_h2h_bias",
    ]  # fmt: skip
