"""Loops and branches as Scan, Loop and If of ONNX, both ways."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from glueball import MXNetError, gluon
from tests.control_flow.test_running import NAMES, inputs
from tests.control_flow.test_running import computed as made_by
from tests.interop.onnx.running import computed, onnx

X, Y, S = (mx.sym.var(name) for name in "xys")


def dense_loop():
    """A loop with a layer, whose parameters it takes from around it, over items that are numbers too."""
    fc = mx.sym.FullyConnected
    body = lambda d, s: (mx.sym.broadcast_mul(fc(d[0], num_hidden=3, name="fc"), d[1]), s + d[1])  # noqa: E731
    out, last = mx.sym.contrib.foreach(body, [X, Y], S)
    return mx.sym.Group([out, last, out + 1])


def branches(outer):
    """Branches in a loop in a branch, which take what is around all of them."""
    total = Y.sum()

    def step(n, t):
        more = mx.sym.contrib.cond(n > 1, lambda: mx.sym.broadcast_mul(t, total), lambda: t + S)
        return mx.sym.broadcast_add(t, total), [n + 1, more]

    def loop():
        rows, last = mx.sym.contrib.while_loop(lambda n, t: n < 3, step, [mx.sym.zeros((1,)), S], max_iterations=4)
        return [rows.sum(axis=0), last[1]]

    return mx.sym.Group(mx.sym.contrib.cond(X.sum() > outer, loop, lambda: [S, S * 2]))


GRAPHS = {
    **{name: (lambda name=name: mx.sym.Group(made_by(mx.sym, name, X, Y, S))) for name in NAMES},
    "a layer in a loop": dense_loop, "taken": lambda: branches(0), "not taken": lambda: branches(100),
}  # fmt: skip


def arrays_of(graph, name):
    if name == "a layer in a loop":
        random = np.random.RandomState(0)
        shapes = {"x": (4, 2, 5), "y": (4,), "s": (1,), "fc_weight": (3, 5), "fc_bias": (3,)}
        return {each: mx.nd.array(random.uniform(-1, 1, shape)) for each, shape in shapes.items()}
    return {each: array for each, array in zip("xys", inputs(mx), strict=True) if each in graph.list_arguments()}


def written(tmp_path, graph, arrays, **options):
    parameters = {name: array for name, array in arrays.items() if len(name) > 1}
    given = {name: array for name, array in arrays.items() if len(name) == 1}
    return given, mx.onnx.export_model(
        graph, parameters, [array.shape for array in given.values()], onnx_file_path=tmp_path / "out.onnx", **options,
    )  # fmt: skip


@pytest.mark.parametrize("opset", [13, 17, 21])
@pytest.mark.parametrize("name", GRAPHS)
def test_graphs_out_and_in(tmp_path, name, opset):
    graph = GRAPHS[name]()
    arrays = arrays_of(graph, name)
    ordered = {each: arrays[each] for each in graph.list_arguments()}
    given, path = written(tmp_path, graph, ordered, opset_version=opset)
    expected = graph.eval(**arrays)
    found = computed(path, {each: array.asnumpy() for each, array in given.items()})
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other.asnumpy(), rtol=1e-5, atol=1e-6)
    back, arguments, states = mx.contrib.onnx.import_model(path)
    assert not states and back.list_arguments()
    for one, other in zip(back.eval(**{**given, **arguments}), expected, strict=True):
        np.testing.assert_allclose(one.asnumpy(), other.asnumpy(), rtol=1e-5, atol=1e-6)


def test_lengths_that_vary(tmp_path):
    graph = dense_loop()
    arrays = arrays_of(graph, "a layer in a loop")
    _, path = written(
        tmp_path, graph, {each: arrays[each] for each in graph.list_arguments()}, dynamic=True,
        dynamic_input_shapes=[("steps", "batch", 5), ("steps",), (1,)],
    )  # fmt: skip
    for steps, batch in ((4, 2), (7, 3), (1, 1)):
        random = np.random.RandomState(steps)
        longer = {"x": random.uniform(-1, 1, (steps, batch, 5)), "y": random.uniform(-1, 1, (steps,)), "s": np.ones(1)}
        longer = {each: array.astype("float32") for each, array in longer.items()}
        expected = graph.eval(**{**arrays, **{each: mx.nd.array(array) for each, array in longer.items()}})
        for one, other in zip(computed(path, longer), expected, strict=True):
            np.testing.assert_allclose(one, other.asnumpy(), rtol=1e-5, atol=1e-6)


def test_what_a_graph_lacks_is_named(tmp_path):
    out, _ = mx.sym.contrib.foreach(lambda d, s: (mx.sym.gamma(d, name="g"), s + d), X, S)
    with pytest.raises(MXNetError, match=r"_foreach \(in its graph, gamma \(ONNX has no counterpart\): g\): _foreach"):
        mx.onnx.export_model(out, {}, [(2, 3), (3,)], onnx_file_path=tmp_path / "out.onnx")


def test_a_block_with_a_loop(tmp_path):
    class Net(gluon.HybridBlock):
        def __init__(self):
            super().__init__(prefix="net_")
            with self.name_scope():
                self.cell = gluon.rnn.LSTMCell(4)

        def hybrid_forward(self, F, x, h, c):
            out, states = F.contrib.foreach(self.cell, x, [h, c])
            return out, states[0]

    net = Net()
    net.initialize()
    given = [mx.nd.array(np.random.RandomState(1).uniform(-1, 1, shape)) for shape in ((5, 2, 3), (2, 4), (2, 4))]
    expected = net(*given)
    path = net.export_onnx(tmp_path / "net.onnx", *given)
    found = computed(path, {f"data{number}": array.asnumpy() for number, array in enumerate(given)})
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other.asnumpy(), rtol=1e-5, atol=1e-6)


def of_text(tmp_path, text):
    """A file of what ONNX's own notation says."""
    path = tmp_path / "own.onnx"
    model = onnx.parser.parse_model(f'<ir_version: 8, opset_import: ["" : 17]> {text}')
    onnx.save(onnx.shape_inference.infer_shapes(model), path)
    return path


#: A loop that may end before its most steps, over numbers without axes, whose rows are as many as its steps.
_UNTIL = """g (float[2] x, float most) => (float[n, 2] rows, float[2] last, float[n] sums) {
    limit = Constant<value = int64 {6}>()
    yes = Constant<value = bool {1}>()
    last, rows, sums = Loop(limit, yes, x)<body = b (int64 step, bool before, float[2] v)
        => (bool goes_on, float[2] w, float[2] row, float sum) {
        w = Add(v, x)
        row = Identity(v)
        sum = ReduceSum<keepdims = 0>(w)
        goes_on = Less(sum, most)
    }>
}"""

#: One that hands its condition on, and uses the number of its step.
_COUNTED = """g (float[2] x, float most) => (float[3, 2] rows, float[2] last) {
    limit = Constant<value = int64 {3}>()
    yes = Constant<value = bool {1}>()
    last, rows = Loop(limit, yes, x)<body = b (int64 step, bool before, float[2] v)
        => (bool goes_on, float[2] w, float[2] row) {
        number = Cast<to = 1>(step)
        w = Add(v, number)
        row = Mul(w, most)
        goes_on = Identity(before)
    }>
}"""

#: A scan without states over numbers, and a branch on a condition that is computed.
_CHOSEN = """g (float[2] x, float most) => (float[2] y, float[2] twice) {
    twice = Scan<num_scan_inputs = 1, body = s (float item) => (float double) { double = Add(item, item) }>(x)
    total = ReduceSum<keepdims = 0>(x)
    small = Less(total, most)
    y = If(small)<then_branch = t () => (float[2] one) { one = Mul(x, most) },
                  else_branch = e () => (float[2] other) { other = Neg(twice) }>
}"""


@pytest.mark.parametrize("most", [0.0, 5.0, 100.0])
@pytest.mark.parametrize("text", [_UNTIL, _COUNTED, _CHOSEN], ids=["until", "counted", "chosen"])
def test_files_of_others(tmp_path, text, most):
    path = of_text(tmp_path, text)
    feeds = {"x": np.float32([0.5, 1]), "most": np.array(most, "float32")}
    graph, arguments, _ = mx.contrib.onnx.import_model(path)
    given = {name: mx.nd.array(feeds[name].reshape(-1)) for name in graph.list_arguments() if name in feeds}
    for one, other in zip(graph.eval(**given, **arguments), computed(path, feeds), strict=True):
        assert one.shape == other.shape
        np.testing.assert_allclose(one.asnumpy(), other, rtol=1e-6)


@pytest.mark.parametrize(
    ("text", "message"),
    [("""g (float[2] x, int64 most) => (float[2] last) {
        yes = Constant<value = bool {1}>()
        last = Loop(most, yes, x)<body = b (int64 s, bool c, float[2] v) => (bool d, float[2] w)
            { w = Add(v, v) d = Identity(c) }>
    }""", r"Loop \(last\): the most steps must be a constant, at least 1"),
     ("""g (float[2,3] x) => (float[3,2] y) {
        y = Scan<num_scan_inputs = 1, scan_input_axes = [1], body = s (float[2] item) => (float[2] z)
            { z = Neg(item) }>(x)
    }""", r"Scan \(y\): scan_input_axes must be 0"),
     ("""g (float[2] x) => (float[2] y) {
        total = ReduceSum<keepdims = 0>(x)
        none = Constant<value = float {0}>()
        small = Less(total, none)
        y = If(small)<then_branch = t () => (float[k] one) { one = Unique(x) },
                      else_branch = e () => (float[2] other) { other = Neg(x) }>
    }""", r"If \(y\): there is no such operator in MXNet")],
    ids=["steps", "axes", "inside"],
)  # fmt: skip
def test_what_is_refused(tmp_path, text, message):
    with pytest.raises(MXNetError, match=message):
        mx.contrib.onnx.import_model(of_text(tmp_path, text))
