"""Optimizers take sparse weights and gradients of each precision, and a Trainer decides as MXNet's who updates them."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same

#: Those with which MXNet updates through a copy in float32 in some way of its own are among them, and the rest.
_OPTIMIZERS = [
    ("sgd", {}), ("sgd", {"momentum": 0.9}), ("sgd", {"momentum": 0.9, "lazy_update": False}),
    ("nag", {"momentum": 0.9}), ("adam", {}), ("adam", {"lazy_update": False}), ("ftrl", {}), ("signum", {}),
    ("signsgd", {}), ("rmsprop", {}), ("rmsprop", {"centered": True}), ("adadelta", {}), ("adamax", {}), ("nadam", {}),
    ("ftml", {}), ("lamb", {}), ("lars", {}), ("dcasgd", {}), ("lbsgd", {}),
]  # fmt: skip


def _steps(mx, name, options, stype, grad_stype):
    """Return what two steps make of a weight in float16, and how it is stored."""
    optimizer = mx.optimizer.create(name, learning_rate=0.5, multi_precision=True, wd=0.01, **options)
    updater = mx.optimizer.get_updater(optimizer)
    weight = mx.nd.ones((4, 2), dtype="float16").tostype(stype)
    gradient = mx.nd.array([[0, 0], [2, 2], [0, 0], [1, 1]], dtype="float16").tostype(grad_stype)
    for _ in range(2):
        updater(0, gradient, weight)
    return [weight.tostype("default"), weight.stype, gradient.tostype("default")]


@pytest.mark.parametrize("grad_stype", ["default", "row_sparse"])
@pytest.mark.parametrize("stype", ["default", "row_sparse"])
@pytest.mark.parametrize(("name", "options"), _OPTIMIZERS, ids=str)
def test_low_precision(oracle, name, options, stype, grad_stype):
    """Through the copy in float32, all rows or those alone that the gradient has, as MXNet's optimizer does it."""
    ours, theirs = oracle.both(_steps, name, options, stype, grad_stype)
    assert_same(ours, theirs, rtol=2e-3, atol=1e-3)


def _decayed(mx, options, stype, grad_stype):
    """Return what three steps with weight decay make of a weight in float32 and of its momentum."""
    import numpy as np

    optimizer = mx.optimizer.create("nag", learning_rate=0.1, wd=0.3, rescale_grad=0.5, clip_gradient=0.4, **options)
    weight = mx.nd.array(np.arange(12).reshape(4, 3) / 4).tostype(stype)
    state, found = optimizer.create_state(0, weight), []
    for number in range(3):
        gradient = np.zeros((4, 3), np.float32)
        gradient[[0, 1 + number]] = [[1, -0.5, 0.25], [0.5, 1, 2]]
        optimizer.update(0, weight, mx.nd.array(gradient).tostype(grad_stype), state)
        found.append(weight.tostype("default"))
    return [*found, state]


@pytest.mark.parametrize("grad_stype", ["default", "row_sparse"])
@pytest.mark.parametrize("stype", ["default", "row_sparse"])
@pytest.mark.parametrize("options", [{}, {"momentum": 0.9}], ids=str)
def test_the_decay_of_nag(oracle, options, stype, grad_stype):
    """Rows without a gradient do not decay without momentum; that of row_sparse weights decays by the old weight."""
    assert_same(*oracle.both(_decayed, options, stype, grad_stype))


def _decision(mx, kvstore, contexts, stype, grad_stype, wanted, is_made):
    """Return what a Trainer decides before its first step."""
    parameters = mx.gluon.ParameterDict()
    parameters.get("x", shape=(10, 1), stype=stype, grad_stype=grad_stype)
    parameters.initialize(ctx=[mx.cpu(number) for number in range(contexts)], init="zeros")
    store = mx.kv.create(kvstore) if is_made else kvstore
    try:
        trainer = mx.gluon.Trainer(parameters, "sgd", kvstore=store, update_on_kvstore=wanted)
        trainer._init_kvstore()
    except ValueError:
        return ["ValueError"]
    return [str(trainer._update_on_kvstore), str(trainer._kvstore is None), str(trainer._distributed)]


@pytest.mark.parametrize("is_made", [False, True])
@pytest.mark.parametrize("wanted", [None, True, False])
@pytest.mark.parametrize("stypes", [("default", "row_sparse"), ("row_sparse", "row_sparse")], ids=str)
@pytest.mark.parametrize("contexts", [1, 2])
def test_a_trainer_decides_where_rows_are_updated(oracle, contexts, stypes, wanted, is_made):
    has_no_effect = wanted and contexts == 1 and stypes[0] == "default" and not is_made
    with pytest.warns(UserWarning, match="has no effect") if has_no_effect else contextlib.nullcontext():
        ours, theirs = oracle.both(_decision, "device", contexts, *stypes, wanted, is_made)
    assert ours.get() == theirs.get()


@pytest.mark.parametrize(("stypes", "wanted", "decision"), [
    (("default", "row_sparse"), None, "True"), (("default", "row_sparse"), False, "ValueError"),
    (("row_sparse", "row_sparse"), None, "True"), (("row_sparse", "row_sparse"), False, "ValueError"),
    (("default", "default"), False, "False"),
])  # fmt: skip
def test_a_trainer_decides_over_processes(stypes, wanted, decision):
    """MXNet's answers of a run of two workers; one process is a world of its own here."""
    for contexts in (1, 2):
        assert _decision(mx, "dist_sync", contexts, *stypes, wanted, False)[0] == decision


def _rows(mx):
    """Ask for rows of a parameter before the first step."""
    parameters = mx.gluon.ParameterDict()
    parameter = parameters.get("x", shape=(4, 2), stype="row_sparse")
    parameters.initialize(init="ones")
    trainer = mx.gluon.Trainer(parameters, "sgd")
    before = trainer._kv_initialized
    rows = parameter.row_sparse_data(mx.nd.array([1, 3]))
    return [rows.tostype("default"), before, trainer._kv_initialized, trainer._update_on_kvstore]


def test_the_store_is_made_when_rows_are_asked_for(oracle):
    ours, theirs = oracle.both(_rows)
    assert_same(ours, theirs)


def test_a_layer_that_waits_for_its_shape_does_not_keep_rows_back():
    net = mx.gluon.nn.Sequential()
    net.add(mx.gluon.contrib.nn.SparseEmbedding(6, 3), mx.gluon.nn.Dense(2))
    net.initialize()
    trainer = mx.gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 1.0})
    before = net[0].weight._check_and_get(net[0].weight._data, mx.cpu()).asnumpy()
    with mx.autograd.record():
        loss = net(mx.nd.array([1, 4])).sum()
    assert not trainer._kv_initialized, "the second layer has no weight yet"
    loss.backward()
    trainer.step(1)
    changed = before != net[0].weight.row_sparse_data(mx.nd.arange(6)).asnumpy()
    assert np.array_equal(changed.any(1), [False, True, False, False, True, False])
