"""A cell over a sequence as a loop: values, gradients and graphs are MXNet's."""

from __future__ import annotations

import json

import pytest

from tests.comparison import assert_same

WAYS = {
    "steps first": {},
    "batch first": {"layout": "NTC"},
    "lengths": {"valid_length": [2, 5]},
    "batch first, lengths": {"layout": "NTC", "valid_length": [2, 5]},
    "dropout": {"drop_inputs": 0.1, "drop_outputs": 0.2},
    "batch first, dropout, lengths": {"layout": "NTC", "valid_length": [2, 5], "drop_inputs": 0.1, "drop_outputs": 0.2},
}


def unrolled(mx, kind, way):
    """Outputs, states and gradients on arrays."""
    import numpy as np

    values = np.random.RandomState(0)
    cell = getattr(mx.gluon.rnn, kind)(4, input_size=3, prefix="c_")
    cell.initialize()
    for parameter in cell.collect_params().values():
        parameter.set_data(mx.nd.array(values.uniform(-1, 1, parameter.shape)))
    way = dict(way)
    shape = (2, 5, 3) if way.get("layout") == "NTC" else (5, 2, 3)
    inputs = mx.nd.array(values.uniform(-1, 1, shape))
    inputs.attach_grad()
    if "valid_length" in way:
        way["valid_length"] = mx.nd.array(way["valid_length"])
    begin = cell.begin_state(batch_size=2, func=mx.nd.ones)
    with mx.autograd.record(train_mode=False):
        outputs, states = mx.gluon.contrib.rnn.rnn_cell.dynamic_unroll(cell, inputs, begin, **way)
        loss = sum((head * head).sum() for head in [outputs, *states])
    loss.backward()
    gradients = [inputs.grad, *[parameter.grad() for parameter in cell.collect_params().values()]]
    return outputs, states, gradients, cell._counter


def graph_of(mx, kind, way):
    cell = getattr(mx.gluon.rnn, kind)(4, input_size=3, prefix="c_")
    way = dict(way)
    if "valid_length" in way:
        way["valid_length"] = mx.sym.var("lengths")
    begin = cell.begin_state(func=mx.sym.var)
    mx.AttrScope._subgraph_names.clear()  # both libraries count from here
    with mx.name.NameManager():
        outputs, states = mx.gluon.contrib.rnn.rnn_cell.dynamic_unroll(cell, mx.sym.var("x"), begin, **way)
    return mx.sym.Group([outputs, *states]).tojson()


@pytest.mark.parametrize("kind", ["LSTMCell", "GRUCell"])
@pytest.mark.parametrize("way", WAYS)
def test_on_arrays(oracle, kind, way):
    assert_same(*oracle.both(unrolled, kind, WAYS[way]), rtol=1e-4)


@pytest.mark.parametrize("kind", ["LSTMCell", "RNNCell"])
@pytest.mark.parametrize("way", WAYS)
def test_graphs(oracle, kind, way):
    here, there = (json.loads(graph.get()) for graph in oracle.both(graph_of, kind, WAYS[way]))
    assert here["nodes"] == there["nodes"]
    assert here["heads"] == there["heads"]


@pytest.mark.parametrize(
    "code",
    [
        "cell = gluon.rnn.RNNCell(2); return gluon.contrib.rnn.rnn_cell.dynamic_unroll(cell, nd.ones((3, 2, 2)), None)",
        "cell = gluon.rnn.RNNCell(2); return gluon.contrib.rnn.rnn_cell.dynamic_unroll(cell, [nd.ones((2, 2))], [])",
    ],
)
def test_refusals(oracle, code):
    here, there = oracle.both(code)
    assert here.failed and there.failed
    assert_same(here, there)
