"""Recurrent cells with convolutions, in drawn settings."""

from __future__ import annotations

import json
from random import Random

import pytest

from tests.comparison import assert_same
from tests.oracle.client import ours

BATCHES, CELLS = 3, 20


def draw_case(seed):
    random = Random(seed)
    dims = random.choice([1, 1, 2, 2, 3])
    channels = random.randint(1, 3)

    def sizes(low, high):
        return random.choice([random.randint(low, high), tuple(random.randint(low, high) for _ in range(dims))])

    return {
        "kind": f"Conv{dims}D{random.choice(['RNN', 'LSTM', 'GRU'])}Cell", "seed": seed,
        "input_shape": [channels, *(random.randint(5, 7) for _ in range(dims))],
        "hidden_channels": random.randint(1, 3), "i2h_kernel": sizes(1, 3), "h2h_kernel": random.choice([1, 3]),
        "options": {
            "i2h_pad": sizes(0, 2), "i2h_dilate": sizes(1, 2), "h2h_dilate": sizes(1, 2),
            "activation": random.choice(["tanh", "relu", "sigmoid", "softsign"]),
        },
        "unknown": random.random() < 0.3, "length": random.randint(1, 3), "hybrid": random.random() < 0.3,
    }  # fmt: skip


def build(mx, case):
    shape = list(case["input_shape"])
    if case["unknown"]:
        shape[0] = 0
    kind = getattr(mx.gluon.contrib.rnn, case["kind"])
    return kind(tuple(shape), case["hidden_channels"], case["i2h_kernel"], case["h2h_kernel"], **case["options"])


def unrolled(mx, cases):
    """What comes of each case; MXNet's convolutions cannot do all: it cannot read out what some leave in memory."""
    results = []
    for case in cases:
        try:
            results.append(_unrolled(mx, case))
        except mx.MXNetError:
            results.append("MXNetError")
    return results


def _unrolled(mx, case):
    import numpy as np

    values = np.random.RandomState(case["seed"])
    cell = build(mx, case)
    inputs = mx.nd.array(values.uniform(-1, 1, [2, case["length"], *case["input_shape"]]))
    inputs.attach_grad()
    cell.initialize()
    if case["hybrid"]:
        cell.hybridize()
    cell.unroll(case["length"], inputs)
    parameters = cell.collect_params()
    for parameter in parameters.values():
        parameter.set_data(mx.nd.array(values.uniform(-1, 1, parameter.shape)))
    with mx.autograd.record():
        outputs, states = cell.unroll(case["length"], inputs, merge_outputs=True)
        loss = sum((head * head).sum() for head in [outputs, *states])
    loss.backward()
    arrays = [outputs, *states, inputs.grad, *(parameter.grad() for parameter in parameters.values())]
    names = list(parameters.keys())
    return [array.asnumpy() for array in arrays], names, repr(cell), cell.state_info(2)


def graphs(mx, cases):
    found = []
    for case in cases:
        cell = build(mx, case)
        outputs, states = cell.unroll(2, mx.sym.var("x"), cell.begin_state(func=mx.sym.var))
        found.append(mx.sym.Group(outputs + states).tojson())
    return found


@pytest.mark.parametrize("batch", range(BATCHES))
def test_same_as_mxnet(oracle, batch):
    cases = [draw_case(seed) for seed in range(batch * CELLS, (batch + 1) * CELLS)]
    here, there = ours(unrolled, cases).get(), oracle.run(unrolled, cases)
    assert there.count("MXNetError") < CELLS // 4
    for case, one, other in zip(cases, here, there, strict=True):
        if other != "MXNetError":
            assert_same(one, other, rtol=1e-4, atol=1e-6, about=str(case))
    for case, one, other in zip(cases, ours(graphs, cases).get(), oracle.run(graphs, cases), strict=True):
        assert json.loads(one)["nodes"] == json.loads(other)["nodes"], case


def last_axis(mx, kind, shape):
    """The graph of a cell whose channels are last: MXNet computes it only on GPUs."""
    layout = {3: "NHWC", 4: "NDHWC"}[len(shape)]
    cell = getattr(mx.gluon.contrib.rnn, kind)(shape, 2, 3, 3, conv_layout=layout)
    output, states = cell(mx.sym.var("x"), cell.begin_state(func=mx.sym.var))
    graph = mx.sym.Group([output, *states])
    return graph.tojson(), repr(cell), cell.state_info(1), [p.shape for p in cell.collect_params().values()]


@pytest.mark.parametrize(("kind", "shape"), [("Conv2DLSTMCell", (5, 6, 3)), ("Conv3DGRUCell", (5, 6, 7, 2))])
def test_channels_may_be_last(oracle, kind, shape):
    here, there = oracle.both(last_axis, kind, shape)
    assert here.get() == there.get()


def test_channels_that_are_last_compute_the_same():
    import numpy as np

    import glueball as mx

    first = mx.gluon.contrib.rnn.Conv2DLSTMCell((3, 5, 6), 2, 3, 3)
    last = mx.gluon.contrib.rnn.Conv2DLSTMCell((5, 6, 3), 2, 3, 3, conv_layout="NHWC")
    first.initialize(mx.init.Uniform(0.5))
    last.initialize()
    for one, other in zip(first.collect_params().values(), last.collect_params().values(), strict=True):
        data = one.data()
        other.set_data(data.transpose((0, 2, 3, 1)) if data.ndim == 4 else data)
    inputs = mx.nd.random.uniform(shape=(2, 3, 5, 6))
    expected, _ = first(inputs, first.begin_state(batch_size=2))
    output, _ = last(inputs.transpose((0, 2, 3, 1)), last.begin_state(batch_size=2))
    np.testing.assert_allclose(output.transpose((0, 3, 1, 2)).asnumpy(), expected.asnumpy(), rtol=1e-5, atol=1e-6)
