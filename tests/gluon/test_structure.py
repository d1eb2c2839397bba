"""Block.save and Block.load: MXNet's two files, written and read both ways."""

from __future__ import annotations

import json

import numpy as np
import pytest

import glueball as mx
from glueball import gluon, nd
from glueball.gluon import nn
from tests.comparison import assert_same


def network(mx, kind, prefix=None):
    """One of several networks; all layers find out their shapes in the first call."""
    nn = mx.gluon.nn

    class Net(mx.gluon.HybridBlock):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            with self.name_scope():
                self.first = nn.HybridSequential(prefix="")
                self.first.add(nn.Dense(3), nn.BatchNorm())
                self.last = nn.Dense(2)
                self.shift = self.params.get("shift", shape=(1, 2), init="ones")

        def hybrid_forward(self, F, x, shift):
            return F.broadcast_add(self.last(self.first(x)), shift)

    class Plain(mx.gluon.Block):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            with self.name_scope():
                self.one = nn.Dense(3, activation="relu")
                self.two = Net()

        def forward(self, x):
            return self.two(self.one(x))

    class Many(mx.gluon.HybridBlock):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.shared = nn.Dense(2)
            self.again = self.shared

        def hybrid_forward(self, F, x):
            return [self.shared(x), [self.again(x * 2), x]]

    return {"net": Net, "plain": Plain, "many": Many, "layer": lambda prefix: nn.Dense(2, prefix=prefix)}[kind](
        prefix=prefix
    )


def written(mx, kind, hybridized, prefix):
    """The files of a network, and its output."""
    net = network(mx, kind, "net_")
    net.initialize(mx.init.Constant(0.25))
    if hybridized:
        net.hybridize()
    x = mx.nd.array([[1, 2, 3, 4], [4, 3, 2, 0]])
    output = net(x)
    net.save(prefix)
    with open(f"{prefix}-model.json") as file:
        text = file.read()
    return text, mx.nd.load(f"{prefix}-model.params"), output


def read(mx, kind, prefix):
    """What loading gives, in a network of other names."""
    import warnings

    for _ in range(3):
        net = network(mx, kind)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of MXNet, about a shared parameter
        net.load(prefix)
        output = net(mx.nd.array([[1, 2, 3, 4], [4, 3, 2, 0]]))
    children = [(child.name, getattr(child, "_active", None)) for child in net._children.values()]
    return output, net.name, getattr(net, "_active", None), children, list(net.collect_params())


KINDS = ["net", "plain", "many", "layer"]


@pytest.mark.parametrize("hybridized", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_files_are_mxnets(oracle, tmp_path, kind, hybridized):
    assert_same(*oracle.both(written, kind, hybridized, str(tmp_path / "net")), rtol=1e-5)


@pytest.mark.parametrize("writer", ["ours", "theirs"])
@pytest.mark.parametrize("hybridized", [False, True])
@pytest.mark.parametrize("kind", ["net", "plain"])
def test_files_are_read_both_ways(oracle, tmp_path, kind, hybridized, writer):
    prefix = str(tmp_path / "net")
    output = written(mx, kind, hybridized, prefix)[2] if writer == "ours" else oracle.run(
        written, kind, hybridized, prefix
    )[2]  # fmt: skip
    ours, theirs = oracle.both(read, kind, prefix)
    assert_same(ours, theirs, rtol=1e-5)
    found = output.asnumpy() if writer == "ours" else output
    np.testing.assert_allclose(ours.get()[0], found, rtol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_graph_runs_without_its_program(tmp_path, kind):
    """The graph that was saved is what runs, not the hybrid_forward of the network that loads it."""
    prefix = str(tmp_path / "net")
    net = network(mx, kind)
    net.initialize()
    net.hybridize()
    x = nd.array([[1, 2, 3, 4]])
    expected = net(x)
    net.save(prefix)
    other = network(mx, kind)
    other.load(prefix)
    if kind == "plain":
        type(other.two).hybrid_forward = None
    elif kind != "layer":
        type(other).hybrid_forward = None
    for one, two in zip(nested(other(x)), nested(expected), strict=True):
        np.testing.assert_array_equal(one.asnumpy(), two.asnumpy())


def nested(value):
    return [each for part in value for each in nested(part)] if isinstance(value, tuple | list) else [value]


def test_a_loaded_network_is_exported_and_saved_again(tmp_path):
    """Its parameters have the names of its graph; MXNet's export has none of them."""
    net = network(mx, "net")
    net.initialize()
    net.hybridize()
    x = nd.array([[1, 2, 3, 4]])
    expected = net(x).asnumpy()
    net.save(tmp_path / "net")
    other = network(mx, "net")
    other.load(tmp_path / "net")
    other.export(str(tmp_path / "graph"))
    loaded = gluon.SymbolBlock.imports(
        str(tmp_path / "graph-symbol.json"), ["data"], str(tmp_path / "graph-0000.params")
    )
    np.testing.assert_array_equal(loaded(x).asnumpy(), expected)
    other.save(tmp_path / "again")
    assert (tmp_path / "again-model.json").read_text() == (tmp_path / "net-model.json").read_text()
    trainer = gluon.Trainer(other.collect_params(), "sgd")
    with mx.autograd.record():
        loss = other(x).sum()
    loss.backward()
    trainer.step(1)
    assert not np.array_equal(other(x).asnumpy(), expected)


def test_loading_twice(tmp_path):
    """MXNet fails the second time."""
    net = network(mx, "net")
    net.initialize()
    net.hybridize()
    x = nd.array([[1, 2, 3, 4]])
    expected = net(x).asnumpy()
    net.save(tmp_path / "net")
    other = network(mx, "net")
    for _ in range(2):
        other.load(tmp_path / "net")
        np.testing.assert_array_equal(other(x).asnumpy(), expected)


def mismatched(mx, make, prefix):
    nn = mx.gluon.nn
    net = nn.HybridSequential()
    net.add(nn.Dense(2, in_units=4), nn.Dense(3, in_units=2))
    net.initialize()
    net.save(prefix)
    other = eval(make, {"nn": nn})
    for _ in range(3 * (type(other).__name__ == "HybridSequential" and "+" in make)):
        other.add(nn.Dense(2))
    other.load(prefix if "+" in make or "Seq" in make else f"{prefix}-none")


@pytest.mark.parametrize("make", ["nn.HybridSequential('a' + 'b_')", "nn.HybridSequential()", "nn.Sequential()",
                                  "nn.Dense(2)"])  # fmt: skip
def test_other_networks_are_refused_with_mxnets_class(oracle, tmp_path, make):
    ours, theirs = oracle.both(mismatched, make, str(tmp_path / "net"))
    assert ours.failed
    assert_same(ours, theirs)


GOOD = {"dense0": {"orig_name": "dense7", "hybridized": False, "children": {}}}
VARIABLE = mx.sym.var("data").tojson()
GRAPH = {"in_format": [0], "out_format": 0, "inputs": [VARIABLE], "symbol": VARIABLE, "hybridized": True}


def changed(**entries):
    return json.dumps({"dense0": {**GOOD["dense0"], **GRAPH, **entries}})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must be a structure that Block.save wrote"),
        ("[" * 100_000, "must be a structure that Block.save wrote"),
        ("[]", "has no dense0 there"),
        ('{"dense0": 3}', "must have the name of dense0; received 3"),
        ('{"dense0": {"orig_name": 3}}', "must have the name of dense0"),
        (changed(inputs=None), "must have inputs and a symbol"),
        (changed(symbol="{}"), "nodes"),
        (changed(inputs=[mx.sym.relu(mx.sym.var("x")).tojson()]), "the inputs of a graph must be variables"),
        (changed(in_format=[0, 0]), "must fit 1 inputs and 1 outputs"),
        (changed(out_format=[0, [0]]), "must fit 1 inputs and 1 outputs"),
        (changed(in_format="x"), "a format must be made of"),
        (changed(in_format=10**9), "a format must be made of"),
    ],
)
def test_damaged_files_change_nothing(tmp_path, text, message):
    net = nn.Dense(2, in_units=3)
    net.initialize()
    name = net.name
    net.save(tmp_path / "net")
    (tmp_path / "net-model.json").write_text(text)
    with pytest.raises(mx.MXNetError, match=message):
        net.load(tmp_path / "net")
    assert net.name == name
    assert net(nd.ones((1, 3))).shape == (1, 2)


def test_both_files_are_written_or_none(tmp_path):
    net = nn.Dense(2)
    net.initialize()
    with pytest.raises(mx.MXNetError, match="its values do not exist yet"):
        net.save(tmp_path / "net")
    with pytest.raises(TypeError, match=r"Dense\.save: prefix must be a path; received 3"):
        net.save(3)
    assert list(tmp_path.iterdir()) == []
