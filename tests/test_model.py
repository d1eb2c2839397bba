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


def test_feed_forward_is_absent():
    with pytest.raises(AttributeError, match=r"FeedForward.*does not provide yet; .*mx\.mod\.Module"):
        mx.model.FeedForward  # noqa: B018


def test_a_failed_checkpoint_leaves_no_half_pair(tmp_path):
    net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc")
    for arrays in ({"fc_weight": 3}, {"a\0b": mx.nd.ones((2,))}):
        with pytest.raises(mx.MXNetError, match="save_checkpoint: "):
            mx.model.save_checkpoint(tmp_path / "net", 1, net, arrays, {})
    assert list(tmp_path.iterdir()) == []
