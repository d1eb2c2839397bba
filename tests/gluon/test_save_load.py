"""Saving and loading networks: arguments and errors as in MXNet, files both ways, and no partial effects."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import torch

import glueball as mx
from glueball import gluon, nd
from glueball.gluon import nn
from tests.comparison import assert_same
from tests.gluon.networks import INPUT_SHAPE, build, draw_network, fill

#: Programs in which `path` is a file of network n, two layers of ones; `m()` makes a new network like it.
SAME = {
    "names": "return sorted(nd.load(path))",
    "names of a layer": "n[0].save_parameters(path); return sorted(nd.load(path))",
    "into a new network": """
        b = m(); b.load_parameters(path); return values(b), [str(c) for c in b[0].weight.list_ctx()]""",
    "then initialize": """
        import warnings
        b = m(); b.load_parameters(path)
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            b.initialize('zeros')
        return values(b)""",
    "into a network with values": "b = m(); b.initialize('zeros'); b.load_parameters(path); return values(b)",
    "into a deferred network": "b = m(); b.initialize('zeros'); b.load_parameters(path); return b(nd.ones((1, 3)))",
    "into itself, keeping requests": """
        n[0].weight.grad_req = 'add'; n[0].weight.grad()[:] = 4; n[0].weight.lr_mult = 3; n.load_parameters(path)
        return n[0].weight.grad_req, n[0].weight.grad(), n[0].weight.lr_mult""",
    "a layer": "n[0].save_parameters(path); b = nn.Dense(2); b.load_parameters(path); return b.weight.data()",
    "while recording": """
        with autograd.record():
            n.load_parameters(path)""",
    # names that do not match
    "missing": "b = m(); b.add(nn.Dense(1)); b.load_parameters(path)",
    "missing, allowed": """
        b = m(); b.add(nn.Dense(1)); b.load_parameters(path, allow_missing=True); return values(b[:2])""",
    "extra": "b = nn.HybridSequential(); b.add(nn.Dense(2)); b.load_parameters(path)",
    "extra, ignored": """
        b = nn.HybridSequential(); b.add(nn.Dense(2)); b.load_parameters(path, ignore_extra=True); return values(b)""",
    "extra, missing allowed": """
        b = nn.HybridSequential(); b.add(nn.Dense(2)); b.load_parameters(path, allow_missing=True)""",
    "nothing in common": """
        b = nn.HybridSequential(); b.add(m()); b.load_parameters(path, allow_missing=True, ignore_extra=True)
        return b[0][0].weight.shape""",
    "missing in a layer": """
        nn.Dense(2).load_parameters(save({'weight': nd.ones((2, 3))}))""",
    "extra in a layer": """
        nn.Dense(2, use_bias=False).load_parameters(save({'weight': nd.ones((2, 3)), 'bias': nd.ones((2,))}))""",
    "extra in a layer, ignored": """
        b = nn.Dense(2, use_bias=False)
        b.load_parameters(save({'weight': nd.ones((2, 3)), 'bias': nd.ones((2,))}), ignore_extra=True)
        return b.weight.data()""",
    # shapes and types
    "another shape": "b = nn.HybridSequential(); b.add(nn.Dense(5), nn.Dense(2)); b.load_parameters(path)",
    "another type": "b = m(); b.cast('float64'); b.load_parameters(path)",
    "another type, cast": "b = m(); b.cast('float64'); b.load_parameters(path, cast_dtype=True); return values(b)",
    "another type, that of the file": """
        b = m(); b.cast('float64'); b.load_parameters(path, cast_dtype=True, dtype_source='saved'); return values(b)""",
    "another type, that of the file, with values": """
        b = m(); b.cast('float64'); b.initialize('zeros')
        b.load_parameters(path, cast_dtype=True, dtype_source='saved'); return values(b)""",
    "an unknown dtype_source": "n.load_parameters(path, cast_dtype=True, dtype_source='nonsense')",
    "float16": """
        n.cast('float16'); n.save_parameters(path); b = m(); b.cast('float16'); b.load_parameters(path)
        return values(b)""",
    # contexts
    "on contexts": """
        b = m(); b.load_parameters(path, ctx=[mx.cpu(1), mx.cpu(2)])
        return [str(c) for c in b[0].weight.list_ctx()], b[0].weight.list_data()""",
    "on the deferred contexts": """
        b = m(); b.initialize(ctx=mx.cpu(3)); b.load_parameters(path)
        return [str(c) for c in b[1].weight.list_ctx()]""",
    "on other contexts than deferred": "b = m(); b.initialize(ctx=mx.cpu(3)); b.load_parameters(path, ctx=mx.cpu(1))",
    "on other contexts": "n.load_parameters(path, ctx=mx.cpu(1))",
    "on the same contexts": "n.load_parameters(path, ctx=mx.cpu(0)); return values(n)",
    "of several contexts": """
        b = m(); b.initialize(ctx=[mx.cpu(0), mx.cpu(1)]); b(nd.ones((1, 3)))
        b[0].weight.data(mx.cpu(0))[:] = 1; b[0].weight.data(mx.cpu(1))[:] = 4; b.save_parameters(path)
        return nd.load(path)['0.weight']""",
    # shared parameters
    "shared": "s = shared(); s.save_parameters(path); return sorted(nd.load(path))",
    "shared, once": "s = shared(); s.save_parameters(path, deduplicate=True); return sorted(nd.load(path))",
    "shared, once, into shared": """
        s = shared(); s.save_parameters(path, deduplicate=True); b = shared('zeros'); b.load_parameters(path)
        return values(b)""",
    "shared, once, into separate": """
        s = shared(); s.save_parameters(path, deduplicate=True)
        b = nn.HybridSequential(); b.add(nn.Dense(3), nn.Dense(3)); b.load_parameters(path)""",
    # full names
    "collect_params().save": "n.collect_params().save(path); return sorted(nd.load(path))",
    "full names, with the prefix": "n.collect_params().save(path); m().load_parameters(path)",
    "full names, without": "n.collect_params().save(path, 'n_'); b = m(); b.load_parameters(path); return values(b)",
    "full names, by collect_params().load": """
        n.collect_params().save(path); b = m(); b.collect_params().load(path); return values(b)""",
    "full names, restored": """
        n.collect_params().save(path, 'n_'); b = m(); b.collect_params().load(path, restore_prefix='n_')
        return values(b)""",
    "full names, restored to others": """
        n.collect_params().save(path, 'n_'); m('o_').collect_params().load(path, restore_prefix='n_')""",
    "a prefix that is not there": "n.collect_params().save(path, 'other_')",
    "full names, missing": "b = m(); b.add(nn.Dense(1)); n.collect_params().save(path); b.collect_params().load(path)",
    "full names, extra": """
        n.collect_params().save(path); b = nn.HybridSequential(prefix='n_')
        with b.name_scope():
            b.add(nn.Dense(2))
        b.collect_params().load(path)""",
    "full names with arg and aux": """
        b = nn.Dense(2, prefix='d_')
        b.collect_params().load(save({'arg:d_weight': nd.ones((2, 3)), 'aux:d_bias': nd.zeros((2,))}))
        return values([b])""",
    # other files
    "not initialized": "m().save_parameters(path)",
    "deferred": "b = m(); b.initialize(); b.save_parameters(path)",
    "nothing to save": """
        b = nn.HybridSequential(); b.save_parameters(path); b.load_parameters(path); return nd.load(path)""",
    "no such file": "n.load_parameters(path + '.none')",
    "no such directory": "n.save_parameters(path + '.none/x')",
}  # fmt: skip

_BEGINNING = """
def m(prefix='n_'):
    made = nn.HybridSequential(prefix=prefix)
    with made.name_scope():
        made.add(nn.Dense(2), nn.Dense(2))
    return made
def shared(init='ones'):
    s = nn.HybridSequential(); d = nn.Dense(3, in_units=3); s.add(d, nn.Dense(3, in_units=3, params=d.params))
    s.initialize(init); return s
def values(blocks):
    return [(p.data(), np.dtype(p.dtype).name) for b in blocks for p in b.params.values()]
def save(arrays):
    nd.save(path, arrays); return path
n = m(); n.initialize('ones'); n(nd.ones((1, 3))); n.save_parameters(path)
"""


@pytest.mark.parametrize("name", SAME)
def test_as_in_mxnet(oracle, tmp_path, name):
    import textwrap

    program = _BEGINNING + textwrap.dedent(SAME[name])
    assert_same(*oracle.both(program, path=str(tmp_path / "net.params")))


def write(mx, description, shape, place, prefixed):
    """Save a network and return its output."""
    network = build(mx, description)
    network.initialize()
    x = mx.nd.array(np.random.RandomState(5).uniform(-1, 1, shape), dtype="float32")
    network(x)
    fill(mx, network, 5)
    if prefixed:
        network.collect_params().save(place)
    else:
        network.save_parameters(place)
    return network(x)


def read(mx, description, shape, place, prefixed):
    """Load a network and return its output."""
    network = build(mx, description)
    if prefixed:
        network.collect_params().load(place)
    else:
        network.load_parameters(place)
    x = mx.nd.array(np.random.RandomState(5).uniform(-1, 1, shape), dtype="float32")
    return network(x), [p.data() for p in network.collect_params().values()]


@pytest.mark.parametrize("prefixed", [False, True], ids=["structure", "full names"])
def test_random_networks_through_files_both_ways(oracle, tmp_path, prefixed):
    random, done = Random(11), 0
    while done < 12:
        description = draw_network(random)
        here, there = str(tmp_path / f"{done}.ours"), str(tmp_path / f"{done}.theirs")
        theirs = oracle.theirs(write, description, INPUT_SHAPE, there, prefixed)
        if theirs.failed:  # two parameters with the same name, or no parameters
            continue
        with mx.name.NameManager():
            ours = write(mx, description, INPUT_SHAPE, here, prefixed).asnumpy()
        with mx.name.NameManager():
            loaded, parameters = read(mx, description, INPUT_SHAPE, there, prefixed)
        output, expected = oracle.run(read, description, INPUT_SHAPE, here, prefixed)
        assert_same(output, ours, rtol=1e-4, atol=1e-5, about=repr(description))
        assert_same(loaded.asnumpy(), theirs.value, rtol=1e-4, atol=1e-5, about=repr(description))
        assert_same([p.asnumpy() for p in parameters], expected, rtol=0, about=repr(description))
        done += 1


def network(init="ones", layers=3):
    made = nn.HybridSequential()
    made.add(*[nn.Dense(4, in_units=4) for _ in range(layers)])
    made.initialize(init)
    return made


def values(block):
    return [parameter.data().asnumpy().tolist() for parameter in block.collect_params().values()]


@pytest.mark.parametrize("harm", ["cut", "flip", "empty", "text", "last shape", "last name"])
def test_a_file_that_does_not_load_changes_nothing(tmp_path, harm):
    path = tmp_path / "net.params"
    network("ones").save_parameters(path)
    good = path.read_bytes()
    if harm.startswith("last"):
        arrays = nd.load(path)
        if harm == "last shape":
            arrays["2.bias"] = nd.ones((5,))
        else:
            arrays["2.other"] = arrays.pop("2.bias")
        nd.save(path, arrays)
    else:
        path.write_bytes({"cut": good[:-9], "flip": b"\x00" + good[1:], "empty": b"", "text": b"hello" * 9}[harm])
    other = network("zeros")
    before = values(other)
    with pytest.raises((mx.MXNetError, ValueError), match=r"net\.params|Parameter|load"):
        other.load_parameters(path)
    assert values(other) == before
    uninitialized = nn.Dense(4)
    with pytest.raises((mx.MXNetError, ValueError)):
        uninitialized.load_parameters(path)
    assert uninitialized.weight.shape == (4, 0)


@pytest.mark.skipif(torch.cuda.is_available(), reason="needs a device that is not there")
def test_a_context_that_is_not_there_changes_nothing(tmp_path):
    path = tmp_path / "net.params"
    network("ones").save_parameters(path)
    other = nn.HybridSequential()
    other.add(*[nn.Dense(4) for _ in range(3)])
    other.initialize()
    with pytest.raises(mx.MXNetError, match="gpu"):
        other.load_parameters(path, ctx=mx.gpu(0))
    assert other[0].weight.shape == (4, 0)
    other.load_parameters(path)


def test_every_truncation_is_refused(tmp_path):
    path = tmp_path / "net.params"
    nn_layer = nn.Dense(2, in_units=2)
    nn_layer.initialize()
    nn_layer.save_parameters(path)
    good = path.read_bytes()
    before = values(nn_layer)
    for length in range(len(good)):
        path.write_bytes(good[:length])
        with pytest.raises(mx.MXNetError, match=r"net.params"):
            nn_layer.load_parameters(path)
    assert values(nn_layer) == before


_SAVER = """
import sys
from glueball.gluon import nn
net = nn.Dense(1500, in_units=1500)
net.initialize("ones")
print("ready", flush=True)
while True:
    net.save_parameters(sys.argv[1])
"""


def test_killing_the_process_leaves_a_whole_file(tmp_path):
    path = tmp_path / "net.params"
    layer = nn.Dense(1500, in_units=1500)
    layer.initialize("ones")
    layer.save_parameters(path)
    source = str(Path(mx.__file__).resolve().parents[1])
    environment = {**os.environ, "PYTHONPATH": source, "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen([sys.executable, "-c", _SAVER, str(path)], stdout=subprocess.PIPE, env=environment)
    assert process.stdout is not None and process.stdout.readline() == b"ready\n"
    before = path.stat().st_mtime_ns
    while path.stat().st_mtime_ns == before and process.poll() is None:
        time.sleep(0.001)  # wait until the first save is done and the second begins
    process.send_signal(signal.SIGKILL)
    process.communicate()
    layer.load_parameters(path)
    assert float(layer.weight.data().asnumpy().min()) == 1


def test_a_save_that_fails_keeps_the_old_file(tmp_path):
    path = tmp_path / "net.params"
    network().save_parameters(path)
    good = path.read_bytes()
    bad = network()
    bad.add(nn.Dense(2))
    with contextlib.suppress(mx.MXNetError):
        bad.save_parameters(path)
    assert path.read_bytes() == good
    assert [found.name for found in tmp_path.iterdir()] == ["net.params"]


def test_names_of_pathlib_and_of_os(tmp_path):
    layer = nn.Dense(2, in_units=2)
    layer.initialize()
    for path in (tmp_path / "a.params", str(tmp_path / "b.params")):
        layer.save_parameters(path)
        layer.load_parameters(path)
        layer.collect_params().save(path)
        layer.collect_params().load(path)


def test_the_deprecated_names_warn_and_work(tmp_path):
    path = tmp_path / "net.params"
    net = nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(nn.Dense(2, in_units=3))
    net.initialize("ones")
    with pytest.warns(DeprecationWarning, match="save_params is deprecated; use save_parameters"):
        net.save_params(path)
    assert sorted(nd.load(path)) == ["dense0_bias", "dense0_weight"]
    net.initialize("zeros", force_reinit=True)
    with pytest.warns(DeprecationWarning, match="load_params is deprecated; use load_parameters"):
        net.load_params(path)
    assert net[0].weight.data().asnumpy().min() == 1


def test_a_list_of_arrays_is_no_network(tmp_path):
    path = tmp_path / "list.params"
    nd.save(path, [nd.ones((2, 2))])
    with pytest.raises(mx.MXNetError, match=r"must hold named arrays; .*list\.params"):
        nn.Dense(2).load_parameters(path)
    with pytest.raises(mx.MXNetError, match=r"must hold named arrays; .*list\.params"):
        gluon.ParameterDict().load(path)


def test_refusals_name_what_does_not_fit(tmp_path):
    path = tmp_path / "net.params"
    network().save_parameters(path)
    with pytest.raises(ValueError, match=r"unknown '2.weight', '2.bias'; .* pass ignore_extra=True to skip"):
        network(layers=2).load_parameters(path)
    with pytest.raises(mx.MXNetError, match=r"missing '3.weight', '3.bias'; .* and 1 more; pass allow_missing=True"):
        network(layers=4).load_parameters(path)
    other = nn.HybridSequential()
    other.add(*[nn.Dense(5, in_units=4, prefix="first_"), nn.Dense(4), nn.Dense(4)])
    with pytest.raises(mx.MXNetError, match=r"first_weight: .* agree with \(5, 4\); received \(4, 4\)"):
        other.load_parameters(path)
    double = network()
    double.cast("float64")
    with pytest.raises(mx.MXNetError, match="type must be float64; received float32; pass cast_dtype=True"):
        double.load_parameters(path)
    with pytest.raises(mx.MXNetError, match=r"is initialized on \[cpu\(0\)\] .* on \[cpu\(1\)\]; call reset_ctx"):
        network().load_parameters(path, ctx=mx.cpu(1))


def exported(path: Any, prefix: str, other: str) -> Any:
    """A network of one prefix, and one of another that loads what the first has exported."""
    nets = []
    for name in (prefix, other):
        net = nn.HybridSequential(prefix=name)
        with net.name_scope():
            net.add(nn.Dense(4, in_units=3), nn.BatchNorm(in_channels=4), nn.Dense(2, in_units=4))
        net.initialize(mx.init.Uniform(1.0))
        net.hybridize()
        nets.append(net)
    nets[0](nd.ones((1, 3)))
    nets[0].export(str(path / "net"))
    return nets


def test_exported_parameters_are_loaded(tmp_path):
    """MXNet puts the prefix before names that have it already."""
    net, other = exported(tmp_path, "mlp_", "mlp_")
    x, path = nd.array([[1, 2, 3]]), str(tmp_path / "net-0000.params")
    assert (net(x) != other(x)).asnumpy().all()
    other.load_parameters(path)
    # The two may run in different kernels: one has been called before.
    np.testing.assert_allclose(net(x).asnumpy(), other(x).asnumpy(), rtol=1e-5, atol=1e-6)
    single = nn.Dense(4, in_units=3, prefix="mlp_dense0_")
    single.load_parameters(path, ignore_extra=True)
    np.testing.assert_array_equal(single.weight.data().asnumpy(), net[0].weight.data().asnumpy())


def test_exported_parameters_of_another_network_are_named_truly(tmp_path):
    _, other = exported(tmp_path, "mlp_", "net_")
    with pytest.raises(AssertionError, match=r"missing 'net_dense0_weight', .* it has 'mlp_dense0_weight'") as caught:
        other.load_parameters(str(tmp_path / "net-0000.params"))
    assert isinstance(caught.value, mx.MXNetError) and "net_mlp" not in str(caught.value)


def test_a_restored_prefix_is_named(tmp_path):
    net, _ = exported(tmp_path, "mlp_", "mlp_")
    net.collect_params().save(str(tmp_path / "full"))
    with pytest.raises(AssertionError, match="after 'mlp_' has been prepended to each name"):
        net.load_parameters(str(tmp_path / "full"))
