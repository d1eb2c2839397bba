"""Checkpoint files: names, contents, and errors for bad ones."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same


def saved(mx, folder, epoch):
    import os
    from pathlib import Path

    net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc"), name="softmax")
    mx.model.save_checkpoint(folder + "/net", epoch, net, {"fc_weight": mx.nd.ones((2, 3))}, {"m": mx.nd.zeros(1)})
    mx.model.save_checkpoint(folder + "/bare", epoch, None, {"fc_weight": mx.nd.ones((2, 3))}, {})
    return {name: Path(folder, name).read_bytes() for name in sorted(os.listdir(folder))}


@pytest.mark.parametrize("epoch", [0, 7, 12345])
def test_files_are_mxnets_byte_for_byte(oracle, tmp_path, epoch):
    folders = [tmp_path / "ours", tmp_path / "theirs"]
    for folder in folders:
        folder.mkdir()
    from tests.oracle.client import ours

    mine, other = ours(saved, str(folders[0]), epoch).get(), oracle.run(saved, str(folders[1]), epoch)
    assert list(mine) == [f"bare-{epoch:04d}.params", f"net-{epoch:04d}.params", "net-symbol.json"]
    assert_same(mine, other)


def test_loading(oracle, tmp_path):
    prefix = str(tmp_path / "net")
    oracle.run(
        "nd.save(p, {'arg:a': nd.ones(1), 'aux:b': nd.ones(2), 'arg:c:d': nd.ones(3)})", p=prefix + "-0003.params"
    )
    assert_same(*oracle.both("mx.model.load_params(prefix, 3)", prefix=prefix))
    oracle.run("mx.sym.var('x').save(prefix + '-symbol.json')", prefix=prefix)
    program = "s, a, b = mx.model.load_checkpoint(prefix, 3); return s.name, a, b"
    assert_same(*oracle.both(program, prefix=prefix))


@pytest.mark.parametrize("names", [["arg:a", "c"], ["foo:a", "arg:b"], []])
def test_names_in_a_file(oracle, tmp_path, names, caplog):
    prefix = str(tmp_path / "net")
    mx.nd.save(prefix + "-0003.params", {name: mx.nd.ones((2,)) for name in names})
    assert_same(*oracle.both("mx.model.load_params(prefix, 3)", prefix=prefix))
    if "foo:a" in names:
        assert "'foo:a'" in caplog.text and "is skipped" in caplog.text
    if not names:
        assert "there are no parameters" in caplog.text


def test_a_list_has_no_names(tmp_path):
    prefix = str(tmp_path / "net")
    mx.nd.save(prefix + "-0001.params", [mx.nd.ones((2,))])
    with pytest.raises(mx.MXNetError, match="must have names; received a list of 1"):
        mx.model.load_params(prefix, 1)


@pytest.mark.parametrize(
    "program",
    [
        "mx.model.load_params('/nowhere/x', 1)",
        "mx.model.load_checkpoint('/nowhere/x', 1)",
        "mx.model.save_checkpoint('/nowhere/x', 1, None, {'a': nd.ones(1)}, {})",
        "mx.model.save_checkpoint('/nowhere/x', 'one', None, {'a': nd.ones(1)}, {})",
    ],
)
def test_refusals(oracle, program):
    assert_same(*oracle.both(program))


def test_what_is_refused_leaves_no_file(tmp_path):
    for epoch, symbol, arrays, error, message in (
        ("one", mx.sym.var("x"), {}, TypeError, "save_checkpoint: epoch must be an int; received 'one'"),
        (1, mx.sym.var("x"), None, mx.MXNetError, "arg_params must be a dict of NDArrays; received NoneType"),
        (1, "graph", {}, mx.MXNetError, "symbol must be a Symbol or None; received str"),
    ):
        with pytest.raises(error, match=message):
            mx.model.save_checkpoint(tmp_path / "net", epoch, symbol, arrays, {})
    with pytest.raises(TypeError, match="load_checkpoint: the file must be given as a path; received None"):
        mx.model.load_checkpoint(None, 1)
    assert not list(tmp_path.iterdir())


def test_an_old_file_stays_whole(tmp_path):
    prefix = str(tmp_path / "net")
    mx.model.save_checkpoint(prefix, 1, None, {"a": mx.nd.ones((2,))}, {})
    with pytest.raises(mx.MXNetError, match="aux_params must be a dict of NDArrays; received NoneType"):
        mx.model.save_checkpoint(prefix, 1, None, {"a": mx.nd.zeros((2,))}, None)
    np.testing.assert_array_equal(mx.model.load_params(prefix, 1)[0]["a"].asnumpy(), [1, 1])


def test_what_callbacks_are_given(oracle):
    assert_same(
        *oracle.both(
            "str(mx.model.BatchEndParam(1, nbatch=2, eval_metric=None, locals={})), mx.model.BatchEndParam._fields"
        )
    )


def test_a_failed_checkpoint_leaves_no_half_pair(tmp_path):
    net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc")
    for arrays in ({"fc_weight": 3}, {"a\0b": mx.nd.ones((2,))}):
        with pytest.raises(mx.MXNetError, match="save_checkpoint: "):
            mx.model.save_checkpoint(tmp_path / "net", 1, net, arrays, {})
    assert list(tmp_path.iterdir()) == []


def _store(mx, kvstore, devices, large):
    arrays = {"w": mx.nd.ones((4097, 4097) if large else (2,))}
    given = mx.kv.create("local") if kvstore == "a store" else kvstore
    store, updates = mx.model._create_kvstore(given, devices, arrays)
    return store if store is None else (store.type, store is given), updates


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("devices", [1, 2])
@pytest.mark.parametrize("kvstore", [None, "local", "device", "a store", 3])
def test_create_kvstore(oracle, kvstore, devices, large):
    assert_same(*oracle.both(_store, kvstore, devices, large))


def test_create_kvstore_reads_the_environment(monkeypatch):
    monkeypatch.setenv("MXNET_UPDATE_ON_KVSTORE", "0")
    assert mx.model._create_kvstore("local", 2, {"w": mx.nd.ones((2,))})[1] is False


def _updated(mx, devices):
    def copies(*values):
        return [[mx.nd.array([value + 1.0 * position]) for position in range(devices)] for value in values]

    names, values = ["w", "b"], {"w": mx.nd.array([10.0]), "b": mx.nd.array([30.0])}
    found = []
    for on_store in (True, False):
        store, weights, gradients = mx.kv.create("local"), copies(1, 3), copies(5, 7)
        mx.model._initialize_kvstore(store, weights, values, names, on_store)
        found.append([[each.copy() for each in both] for both in weights])
        optimizer = mx.optimizer.SGD(learning_rate=0.5, momentum=0.9, param_idx2name=dict(enumerate(names * devices)))
        if on_store:
            store.set_optimizer(optimizer)
            mx.model._update_params_on_kvstore(weights, gradients, store, names)
            mx.model._update_params_on_kvstore(weights, [[None] * devices, gradients[1]], store, names)
        else:
            updater = mx.optimizer.get_updater(optimizer)
            mx.model._update_params(weights, gradients, updater, devices, store, names)
            mx.model._update_params(weights, [[None] * devices, gradients[1]], updater, devices)
            found.append(sorted(updater.states))
        found += [weights, gradients]
    calls = []
    mx.model._update_params(copies(1, 3), copies(1, 3), lambda *args: calls.append(args[0]), devices)
    return found, calls


@pytest.mark.parametrize("devices", [1, 2])
def test_updating_as_programs_do_it_themselves(oracle, devices):
    assert_same(*oracle.both(_updated, devices))


def test_multiple_callbacks():
    seen = []
    for callbacks in (None, [], seen.append, [seen.append, lambda value: seen.append(-value)]):
        mx.model._multiple_callbacks(callbacks, 3)
    assert seen == [3, 3, -3]
    assert mx.model._create_sparse_kvstore("local")[1] is True
    with pytest.raises(TypeError, match="kvstore must be a KVStore or a str; received None"):
        mx.model._create_sparse_kvstore(None)
