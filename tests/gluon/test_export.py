"""What `HybridBlock.export` writes: graph, kinds of arrays, and mixed-precision casts."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from glueball import autograd, gluon, nd
from glueball.gluon import nn


def exported_cast(mx, keep):
    """The graph file of a block that computes in half precision."""
    import os
    import tempfile

    class Half(mx.gluon.HybridBlock):
        def hybrid_forward(self, F, x):
            half = F.relu(F.amp_cast(x, dtype="float16"))
            return F.amp_cast(half, dtype="float32") + 1

    net = Half(prefix="half_")
    net.hybridize()
    net(mx.nd.ones((2,)))
    path = os.path.join(tempfile.mkdtemp(), "half")
    if keep is None:
        net.export(path)
    else:
        net.export(path, remove_amp_cast=not keep)
    with open(path + "-symbol.json") as file:
        return file.read()


@pytest.mark.parametrize(("keep", "casts"), [(None, 0), (False, 0), (True, 2)])
def test_casts_of_mixed_precision_are_left_out_unless_they_are_wanted(keep, casts):
    assert exported_cast(mx, keep).count('"op": "amp_cast"') == casts


@pytest.mark.parametrize("keep", [None, False, True])
def test_the_casts_are_mxnets(oracle, keep):
    ours, theirs = oracle.both(exported_cast, keep)
    assert ours.get() == theirs.get()


class _Sum(gluon.HybridBlock):
    def hybrid_forward(self, F, x, y=None):
        return x if y is None else x + y


def test_the_graph_that_was_traced_last_is_written(tmp_path):
    net = _Sum()
    for inputs in (1, 2):
        net.hybridize()
        net(*[nd.ones((2,))] * inputs)
        net.export(tmp_path / "net")
        assert len(mx.sym.load(tmp_path / "net-symbol.json").list_inputs()) == inputs


def test_states_are_named_as_such(tmp_path):
    net = nn.BatchNorm(prefix="norm_")
    net.initialize()
    net.hybridize()
    with autograd.record():
        net(nd.array(np.random.RandomState(0).rand(4, 3)))
    net.export(tmp_path / "net", epoch=2)
    arrays = nd.load(str(tmp_path / "net-0002.params"))
    assert set(arrays) == {
        "arg:norm_gamma", "arg:norm_beta", "aux:norm_running_mean", "aux:norm_running_var",
    }  # fmt: skip
    for name, parameter in net.collect_params().items():
        kind = "aux" if "running" in name else "arg"
        assert arrays[f"{kind}:{name}"].asnumpy().tolist() == parameter.data().asnumpy().tolist()


@pytest.mark.parametrize("file", ["net-symbol.json", "net-0000.params"])
@pytest.mark.parametrize("exists", [False, True])
def test_a_failed_export_leaves_no_half_pair(tmp_path, file, exists):
    net = nn.Dense(2, in_units=3)
    net.initialize()
    net.hybridize()
    net(nd.ones((1, 3)))
    other = "net-0000.params" if file.endswith("json") else "net-symbol.json"
    if exists:
        (tmp_path / other).write_bytes(b"old")
    (tmp_path / file).mkdir()
    with pytest.raises(mx.MXNetError, match=r"export: the file must be writable; received .*Is a directory"):
        net.export(tmp_path / "net")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([file] + [other] * exists)
    assert not exists or (tmp_path / other).read_bytes() == b"old"
