"""save_rnn_checkpoint and its kin: files both ways."""

from __future__ import annotations

import os

import pytest

import glueball as mx
from tests.comparison import assert_same, succeeded
from tests.rnn.networks import flat, made

KINDS = ["LSTMCell", "FusedRNNCell", "BidirectionalCell"]


def saved(mx, kind, prefix):
    """Write a checkpoint; return the graph's arrays and the names in the file."""
    import numpy as np

    cell = made(mx, kind)
    graph = mx.sym.Group(flat(cell.unroll(2, mx.sym.var("data"), layout="TNC")))
    shapes = dict(zip(graph.list_arguments(), graph.infer_shape(data=(2, 1, 4))[0], strict=True))
    random = np.random.RandomState(5)
    arrays = {name: mx.nd.array(random.normal(size=shapes[name])) for name in sorted(shapes) if name != "data"}
    mx.rnn.save_rnn_checkpoint(cell, prefix, 3, graph, arrays, {})
    return arrays, sorted(mx.nd.load(f"{prefix}-0003.params"))


def loaded(mx, kind, prefix):
    graph, arguments, states = mx.rnn.load_rnn_checkpoint([made(mx, kind)], prefix, 3)
    return graph.list_arguments(), {name: arguments[name] for name in sorted(arguments)}, dict(states)


@pytest.mark.parametrize("kind", KINDS)
def test_files_both_ways(oracle, tmp_path, kind):
    ours, names = saved(mx, kind, str(tmp_path / "ours"))
    theirs, their_names = oracle.run(saved, kind, str(tmp_path / "theirs"))
    assert_same({name: array.asnumpy() for name, array in ours.items()}, theirs)
    assert names == their_names
    for prefix in ("ours", "theirs"):
        found = succeeded(oracle.both(loaded, kind, str(tmp_path / prefix)))
        assert_same(*found)
        assert_same(found[0][1], theirs)


def test_a_callback_saves_every_second_epoch(tmp_path):
    cell = mx.rnn.RNNCell(2)
    graph = cell.unroll(1, mx.sym.var("data"))[0][0]
    shapes = dict(zip(graph.list_arguments(), graph.infer_shape(data=(1, 1, 3))[0], strict=True))
    arrays = {name: mx.nd.ones(shape) for name, shape in shapes.items() if name != "data"}
    callback = mx.rnn.do_rnn_checkpoint(cell, str(tmp_path / "net"), period=2)
    for epoch in range(4):
        callback(epoch, graph, arrays, {})
    assert sorted(os.listdir(tmp_path)) == ["net-0002.params", "net-0004.params", "net-symbol.json"]


def test_rnn_unroll_is_unroll():
    with pytest.warns(UserWarning, match=r"call cell.unroll"):
        outputs, _ = mx.rnn.rnn_unroll(mx.rnn.RNNCell(2), 2, mx.sym.var("data"))
    assert [output.name for output in outputs] == ["rnn_t0_out", "rnn_t1_out"]
    with pytest.warns(UserWarning), pytest.raises(mx.MXNetError, match="input_prefix must be empty"):
        mx.rnn.rnn_unroll(mx.rnn.RNNCell(2), 2, mx.sym.var("data"), input_prefix="x")
