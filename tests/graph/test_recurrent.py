"""Recurrent layers in prediction: their parameters are joined once, and again when one of them changes."""

from __future__ import annotations

import pytest

from glueball import nd
from glueball.gluon import nn, rnn
from tests.comparison import assert_same


@pytest.mark.parametrize("kind", [rnn.RNN, rnn.LSTM, rnn.GRU])
def test_parameters_are_joined_once(kind):
    net = nn.HybridSequential()
    net.add(kind(3, 2, input_size=4), nn.Dense(2, flatten=False, in_units=3))
    net.initialize()
    net.hybridize(backend="onednn", strict=True)
    x = nd.random.uniform(shape=(20, 2, 4))
    for scale in (1, 2):
        net[0].l1_h2h_weight.set_data(scale * nd.ones(net[0].l1_h2h_weight.shape))
        expected = net[1](net[0](x)).asnumpy()
        for _ in range(3):
            assert_same(net(x).asnumpy(), expected, rtol=1e-5)
    explanation = net.explain(x)
    assert explanation.passes["join_parameters"] == 1
    assert "_rnn_param_concat" not in str(explanation)


def test_states_are_read_in_each_run():
    net = rnn.GRU(3, input_size=4)
    net.initialize()
    net.hybridize(backend="onednn", strict=True)
    x = nd.random.uniform(shape=(20, 2, 4))
    for value in range(3):
        state = nd.full((1, 2, 3), value)
        received = net(x, state)
        expected = net._unfuse().unroll(20, x, [state[0]], layout="TNC", merge_outputs=True)
        for one, other in zip((received[0], received[1][0][0]), (expected[0], expected[1][0]), strict=True):
            assert_same(one.asnumpy(), other.asnumpy(), rtol=1e-5)
