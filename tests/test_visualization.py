"""``mx.viz`` against MXNet: the printed table, and the drawing passed to Graphviz."""

from __future__ import annotations

import sys
import types

import pytest

import glueball as mx
from glueball.visualization.network import study
from tests.comparison import assert_same


def _convolutional(mx):
    net = mx.sym.Convolution(mx.sym.var("data"), kernel=(5, 5), num_filter=6, name="conv1")
    net = mx.sym.Activation(net, act_type="relu", name="relu1")
    net = mx.sym.Pooling(net, kernel=(2, 2), stride=(2, 2), pool_type="max", name="pool1")
    net = mx.sym.BatchNorm(net, name="bn")
    net = mx.sym.LeakyReLU(net, act_type="leaky", name="leaky")
    net = mx.sym.Convolution(net, kernel=(3, 3), num_filter=4, num_group=2, no_bias=True, name="grouped")
    net = mx.sym.Flatten(net, name="flat")
    net = mx.sym.FullyConnected(net, num_hidden=10, name="fc")
    return mx.sym.SoftmaxOutput(net, name="softmax")


def _residual(mx):
    data = mx.sym.var("data")
    left = mx.sym.Convolution(data, kernel=(3, 3), num_filter=4, pad=(1, 1), no_bias=True, name="a")
    right = mx.sym.Convolution(left, kernel=(3, 3), num_filter=4, pad=(1, 1), stride=(1, 1), name="b")
    total = mx.sym.elemwise_add(left, right, name="total")
    parts = mx.sym.split(total, num_outputs=2, name="parts")
    joined = mx.sym.concat(parts[0], parts[1], total, dim=1, name="a_name_that_is_longer_than_the_column_is_wide")
    return mx.sym.Embedding(mx.sym.mean(joined, axis=1, name="m"), input_dim=3, output_dim=2, name="embedding")


def _many_kinds(mx):
    net = mx.sym.Convolution(mx.sym.var("data"), kernel=(3,), num_filter=4, stride=(2,), name="one")
    net = mx.sym.Convolution(net, kernel=(3, 3, 2), num_filter=4, stride=(2, 1, 1), name="three")
    net = mx.sym.Convolution(net, kernel=(3, 3), num_filter=4, stride=(), name="empty_stride")
    net = mx.sym.Deconvolution(net, kernel=(2, 2), num_filter=3, name="up")
    net = mx.sym.Pooling(net, kernel=(7, 7), pool_type="avg", global_pool=True, name="pool")
    net = mx.sym.LeakyReLU(mx.sym.LeakyReLU(net, name="default"), act_type="prelu", name="prelu")
    net = mx.sym.reshape(net, shape=(0, -1), name="shaped")
    net = mx.sym.broadcast_mul(net, mx.sym.var("scale"), name="scaled")
    net = mx.sym.softmax(mx.sym.Dropout(mx.sym.relu(net, name="r"), name="d"), name="s")
    net = mx.sym.FullyConnected(mx.sym.LayerNorm(net, name="ln"), num_hidden=3, no_bias=True, name="fc")
    return mx.sym.add_n(net, net, mx.sym.var("x_running_mean"), mx.sym.var("weight"), mx.sym.var("_weight"), name="sum")


def _build(mx, name):
    # A dict of functions cannot be sent to MXNet's process; names can.
    if name == "convolutional":
        return _convolutional(mx)
    return _residual(mx) if name == "residual" else _many_kinds(mx)


@pytest.mark.parametrize(
    ("name", "keywords"),
    [
        ("convolutional", {"shape": {"data": (1, 1, 28, 28)}}),
        ("convolutional", {"shape": {"data": (7, 3, 12, 16)}, "line_length": 90, "positions": [0.3, 0.5, 0.7, 1.0]}),
        ("convolutional", {"shape": {"data": (1, 1, 28, 28)}, "line_length": 60}),
        ("convolutional", {"shape": {"data": (1, 1, 28, 28)}, "line_length": 90, "positions": (30, 50, 70, 90)}),
        ("convolutional", {"shape": {"data": (1, 1, 28, 28)}, "line_length": 50, "positions": [0.1, 0.2, 0.3, 0.4]}),
        ("residual", {"shape": {"data": (2, 3, 8, 6)}}),
        ("residual", {"shape": {"data": (2, 3, 8, 6)}, "line_length": 200}),
    ],
)
def test_summary_is_that_of_mxnet(oracle, name, keywords):
    assert_same(*oracle.both(_printed, name, keywords))


def _printed(mx, name, keywords):
    import contextlib
    import io

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        result = mx.viz.print_summary(_build(mx, name), **keywords)
    return [result is None, out.getvalue()]


def _total(symbol, capsys, **shapes):
    mx.viz.print_summary(symbol, shape=shapes)
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Total params")]
    return int(line.removeprefix("Total params: "))


def test_parameters_are_counted_where_mxnet_is_wrong(capsys):
    data, weight = mx.sym.var("data"), mx.sym.var("shared_weight")
    by_channel = mx.sym.Convolution(data, kernel=(3, 3), num_filter=4, layout="NHWC")
    assert _total(by_channel, capsys, data=(2, 8, 8, 5)) == 4 * 3 * 3 * 5 + 4
    up = mx.sym.Deconvolution(data, kernel=(2, 2), num_filter=3)
    assert _total(up, capsys, data=(1, 5, 4, 4)) == 5 * 3 * 2 * 2
    unflattened = mx.sym.FullyConnected(data, num_hidden=4)
    assert _total(unflattened, capsys, data=(2, 3, 5, 7)) == 4 * 3 * 5 * 7 + 4
    assert _total(mx.sym.LayerNorm(data), capsys, data=(2, 6)) == 12
    assert _total(mx.sym.LeakyReLU(data, act_type="prelu"), capsys, data=(2, 6)) == 6
    twice = mx.sym.FullyConnected(data, weight=weight, num_hidden=4, no_bias=True)
    twice = mx.sym.FullyConnected(twice, weight=weight, num_hidden=4, no_bias=True)
    assert _total(twice, capsys, data=(2, 4)) == 16


def test_what_is_not_known_is_not_made_up(capsys):
    mx.viz.print_summary(_convolutional(mx))
    rows = {line.split("(")[0]: line.split() for line in capsys.readouterr().out.splitlines()}
    assert rows["conv1"] == ["conv1(Convolution)", "?", "data"]
    assert rows["relu1"] == ["relu1(Activation)", "0", "conv1"]
    assert rows["Total params: ?"]


@pytest.mark.parametrize(
    "keywords",
    [
        {"shape": {"data": (1, 28)}},
        {"shape": {"dat": (1, 1, 28, 28)}},
        {"shape": {}},
        {"shape": (1, 28)},
        {"shape": {"data": 3}},
    ],
)
@pytest.mark.parametrize("function", ["print_summary", "plot_network"])
def test_shapes_are_refused_as_by_mxnet(oracle, function, keywords):
    ours, theirs = oracle.both(_refused, function, keywords)
    assert theirs.failed and theirs.class_name in ours.mro, (ours, theirs)


def _refused(mx, function, keywords):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if function == "plot_network":
            _drawn(mx, "convolutional", keywords)
        else:
            mx.viz.print_summary(_build(mx, "convolutional"), **keywords)


def test_what_is_no_symbol_is_refused():
    with pytest.raises(TypeError, match=r"print_summary: symbol must be a Symbol; received str"):
        mx.viz.print_summary("net")
    with pytest.raises(ValueError, match=r"print_summary: positions must be 4 numbers; received \[0.5, 1.0\]"):
        mx.viz.print_summary(mx.sym.var("data"), positions=[0.5, 1.0])


def test_other_types_are_refused_in_words():
    net = mx.sym.var("data")
    with pytest.raises(
        TypeError, match=r"line_length must be an int and positions a list of numbers; received 'a' and"
    ):
        mx.viz.print_summary(net, line_length="a")
    with pytest.raises(TypeError, match="plot_network: symbol must be a Symbol; received NoneType"):
        mx.viz.plot_network(None)
    with pytest.raises(TypeError, match="node_attrs must be a dict of str to str; received 5"):
        mx.viz.plot_network(net, node_attrs=5)


def _drawn(mx, name, keywords):
    """What is passed to Graphviz, without its Python package being installed."""
    import sys
    import types

    calls = []

    class Digraph:
        def __init__(self, name=None, format=None):
            calls.append(["digraph", name, format])

        def node(self, name, label=None, **attributes):
            calls.append(["node", name, label, sorted(attributes.items())])

        def edge(self, tail_name, head_name, **attributes):
            calls.append(["edge", tail_name, head_name, sorted(attributes.items())])

    before = sys.modules.get("graphviz")
    sys.modules["graphviz"] = types.ModuleType("graphviz")
    sys.modules["graphviz"].Digraph = Digraph
    try:
        drawing = mx.viz.plot_network(_build(mx, name), **keywords)
        calls.append(["returned", type(drawing).__name__])
    finally:
        del sys.modules["graphviz"]
        if before is not None:
            sys.modules["graphviz"] = before
    return calls


@pytest.mark.parametrize(
    ("name", "keywords"),
    [
        ("convolutional", {}),
        ("convolutional", {"hide_weights": False, "shape": {"data": (1, 1, 28, 28)}, "title": "a <b>"}),
        ("convolutional", {"shape": {"data": (1, 1, 28, 28)}, "dtype": {"data": "float16"}, "save_format": "png"}),
        ("convolutional", {"dtype": {"data": "float16"}}),
        (
            "convolutional",
            {"node_attrs": {"shape": "diamond", "fixedsize": "false", "fillcolor": "red", "color": "blue"}},
        ),
        ("residual", {"shape": {"data": (2, 3, 8, 6)}}),
        ("many_kinds", {}),
        ("many_kinds", {"hide_weights": False}),
    ],
)
def test_drawing_is_that_of_mxnet(oracle, name, keywords):
    assert_same(*oracle.both(_drawn, name, keywords))


def test_a_drawing_needs_graphviz(monkeypatch):
    monkeypatch.setitem(sys.modules, "graphviz", None)
    with pytest.raises(ImportError, match=r"plot_network: the package graphviz must be installed.*glueball inspect"):
        mx.viz.plot_network(mx.sym.var("data"))


def test_repeated_names_are_pointed_out(monkeypatch):
    monkeypatch.setitem(sys.modules, "graphviz", types.ModuleType("graphviz"))
    calls = types.SimpleNamespace(node=lambda **_: None, edge=lambda **_: None)
    monkeypatch.setattr(sys.modules["graphviz"], "Digraph", lambda **_: calls, raising=False)
    with pytest.warns(RuntimeWarning, match="repeated are data"):
        mx.viz.plot_network(mx.sym.var("data") + mx.sym.var("data"))


def test_study_tells_inputs_from_parameters():
    network = study(_many_kinds(mx), owner="test")
    names = {layer.name for layer in network.layers if layer.is_input}
    # Neither name nor use tells: an input, which a parameter file can correct.
    assert names == {"data", "scale", "weight"}
    assert {array.name for array in network.parameters if array.is_state} == set()
    assert {array.name for array in study(_convolutional(mx)).parameters if array.is_state} == {
        "bn_moving_mean", "bn_moving_var",
    }  # fmt: skip


def test_work_of_layers():
    network = study(_convolutional(mx), {"data": (2, 3, 28, 28)})
    work = {layer.name: layer.work for layer in network.layers}
    assert work["conv1"] == 2 * 2 * 6 * 24 * 24 * (3 * 5 * 5) + 2 * 6 * 24 * 24
    assert work["relu1"] == 2 * 6 * 24 * 24
    assert work["pool1"] == 2 * 6 * 12 * 12 * 4
    assert work["bn"] == 2 * 2 * 6 * 12 * 12
    assert work["grouped"] == 2 * 2 * 4 * 10 * 10 * (3 * 3 * 3)
    assert work["flat"] == 0
    assert work["fc"] == 2 * 2 * 10 * 400 + 2 * 10
    assert network.multiply_adds == (work["conv1"] - 6912 + work["grouped"] + work["fc"] - 20) // 2


def test_work_of_products_and_transposed_convolution():
    a, b = mx.sym.var("a"), mx.sym.var("b")
    assert study(mx.sym.dot(a, b), {"a": (3, 4), "b": (4, 5)}).work == 2 * 3 * 4 * 5
    assert study(mx.sym.dot(a, b, transpose_a=True), {"a": (4, 3), "b": (4, 5)}).work == 2 * 3 * 4 * 5
    assert study(mx.sym.batch_dot(a, b, transpose_a=True), {"a": (2, 4, 3), "b": (2, 4, 5)}).work == 2 * 2 * 3 * 4 * 5
    up = mx.sym.Deconvolution(a, kernel=(2, 2), stride=(2, 2), num_filter=3)
    assert study(up, {"a": (1, 5, 4, 4)}).work == 2 * (5 * 4 * 4) * (3 * 2 * 2)
    assert study(mx.sym.add_n(a, a, a), {"a": (2, 3)}).work == 12
