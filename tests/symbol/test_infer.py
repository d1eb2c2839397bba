"""infer_shape, infer_type and their partial forms: in both directions, and what they refuse."""

from __future__ import annotations

import subprocess
import sys
import warnings
from typing import Any

import numpy as np
import pytest
import torch

import glueball as mx
from glueball import sym
from glueball.symbol.infer import infer
from glueball.symbol.infer.propagate import Propagation
from tests.comparison import assert_same
from tests.oracle.client import Oracle, ours
from tests.symbol.facts import tells_as_much

# Expressions in the variables x, y and z whose values are MXNet's.
AS_IN_MXNET = """
(x + y).infer_shape()
(x + y).infer_shape(x=(2, 3))
(x + y).infer_shape(x=(2, 0))
(x + y).infer_shape(x=(2, -1))
(x + y).infer_shape(x=())
(x + y).infer_shape_partial(x=(2, 0), y=(0, 3))
(x + y).infer_shape(x=(2, 3), y=(3, 3))
(x + y).infer_shape(x=(2, 3), y=(2,))
(x + y).infer_shape(zz=(2, 3))
(x + y).infer_shape((2, 3), y=(2, 3))
(x + y).infer_shape(x=None)
(x + y).infer_shape(x=[2, 3])
(x + y).infer_shape(x=3)
(x + y).infer_shape(x=(2, "a"))
(sym.relu(x) + y).infer_shape(y=(2, 3))
(sym.relu(x) + y).infer_shape_partial(y=(2, 0))
((x > y) + z).infer_shape(z=(3, 4))
((x + 1) * 2 + z).infer_shape(z=(3, 4))
(sym.Cast(x, dtype="float16") + y).infer_shape(y=(3, 4))
(sym.zeros_like(x) + y).infer_shape(y=(3, 4))
sym.add_n(x, y, z).infer_shape(y=(3, 4))
sym.Group([x + y, sym.relu(x)]).infer_shape(y=(2, 3))
(sym.relu(x) + sym.var("x")).infer_shape(x=(2, 3))
sym.zeros((0, 3)).infer_shape()
sym.zeros((0, 3)).infer_shape_partial()
(sym.where(x, sym.zeros((0, 3)), y) + z).infer_shape_partial(x=(2, 3), z=(2, 3))
(sym.where(x, y, sym.var("w")) + z).infer_shape_partial(x=(2, 3), z=(2, 3))
(sym.where(x, y, sym.var("w")) + z).infer_shape_partial(x=(0, 3), z=(2, 3))
(sym.zeros((0, 3)) + y).infer_shape(y=(2, 3))
(sym.ones((0, 3)) + y).infer_shape(y=(2, 3))
(sym.full((0, 3), 2) + y).infer_shape(y=(2, 3))
(sym.random.uniform(shape=(2, 0)) + x).infer_shape(x=(2, 3))
sym.FullyConnected(x, num_hidden=3, name="f").infer_shape(x=(2, 4))
sym.FullyConnected(x, num_hidden=3, name="f").infer_shape(x=(2, 4), f_weight=(3, 9))
sym.FullyConnected(x, num_hidden=3, name="f").infer_shape_partial(x=(0, 4))
sym.FullyConnected(x, num_hidden=3, name="f", flatten=False).infer_shape_partial(x=(2, 0, 4))
(sym.FullyConnected(x, num_hidden=3, name="f") + y).infer_shape_partial(x=(0, 4), y=(7, 3))
(sym.FullyConnected(sym.zeros((0, 4)), num_hidden=3, name="f") + y).infer_shape(y=(7, 3))
sym.Convolution(x, kernel=(3, 3), num_filter=3, name="f").infer_shape_partial(x=(0, 4, 0, 9))
sym.Convolution(x, kernel=(3, 3), num_filter=3, name="f").infer_shape_partial(x=(2, 0, 9, 9))
(sym.Convolution(x, kernel=(3, 3), num_filter=3, name="f") + y).infer_shape(x=(0, 4, 0, 0), y=(2, 3, 5, 5))
(sym.Convolution(x, kernel=(3, 3), num_filter=3, pad=(1, 1)) + y).infer_shape(x=(0, 4, 0, 0), y=(2, 3, 5, 5))
sym.Deconvolution(x, kernel=(3, 3), num_filter=3, name="f").infer_shape_partial(x=(0, 4, 0, 9))
sym.Pooling(x, kernel=(2, 2), global_pool=True).infer_shape_partial(x=(0, 4, 0, 9))
sym.BatchNorm(x, name="b").infer_shape_partial(x=(0, 4, 0, 9))
sym.BatchNorm(x, name="b").infer_shape(x=(2, 3), b_moving_mean=(3,))
sym.BatchNorm(x, name="b", output_mean_var=True).infer_shape(x=(2, 3))
sym.InstanceNorm(x, name="i").infer_shape_partial(x=(0, 4, 5))
sym.reshape(x, (-1, 4)).infer_shape_partial(x=(0, 8))
(sym.reshape(x, (0, -1)) + y).infer_shape(x=(0, 8), y=(2, 8))
(sym.reshape(x, (-1, 8)) + y).infer_shape(x=(0, 2, 8), y=(6, 8))
sym.concat(x, y, dim=1).infer_shape(x=(2, 3), y=(0, 4))
sym.concat(x, y, dim=1).infer_shape_partial(x=(2, 3), y=(2, 0))
(sym.concat(x, y, dim=1) + z).infer_shape(x=(0, 3), y=(0, 2), z=(2, 5))
sym.transpose(x).infer_shape_partial(x=(0, 3))
(sym.transpose(x) + y).infer_shape(x=(0, 0), y=(2, 3))
(sym.transpose(x, axes=(1, 0, 2)) + y).infer_shape(y=(2, 3, 4))
(sym.expand_dims(x, axis=1) + y).infer_shape(y=(2, 1, 4))
sym.swapaxes(x, dim1=0, dim2=1).infer_shape_partial(x=(0, 4))
sym.slice(x, begin=(0, 0), end=(2, 2)).infer_shape_partial(x=(0, 5))
sym.sum(x, axis=1).infer_shape_partial(x=(0, 5))
sym.sum(x, axis=0).infer_shape_partial(x=(0, 5))
sym.sum(x).infer_shape_partial(x=(0, 5))
sym.transpose(x, axes=(5, 1, 0, 2, 3, 4)).infer_shape_partial(x=(0, 0, 3, 0, 0, 0))
(sym.transpose(x, axes=(5, 1, 0, 2, 3, 4)) + y).infer_shape(x=(0, 0, 3, 0, 0, 0), y=(2, 3, 4, 3, 5, 6))
(sym.transpose(x, axes=(4, 1, 0, 2, 3)) + y).infer_shape(x=(0, 0, 0, 0, 0), y=(2, 3, 4, 3, 5))
(sym.concat(x, y, dim=1) + z).infer_shape(x=(0, 3, 0, 0, 0, 0), y=(0, 2, 0, 0, 0, 0), z=(2, 5, 3, 4, 5, 6))
(sym.expand_dims(x, axis=1) + y).infer_shape(x=(0,) * 6, y=(2, 1, 4, 5, 6, 7, 8))
sym.slice_axis(x, axis=1, begin=0, end=2).infer_shape_partial(x=(0, 5, 0, 0, 0, 0))
sym.dot(x, y).infer_shape_partial(x=(0, 4), y=(4, 5))
sym.broadcast_add(x, y).infer_shape_partial(x=(2, 3))
sym.broadcast_add(x, y).infer_shape_partial(x=(0, 3), y=(1, 3))
sym.Embedding(x, input_dim=5, output_dim=2, name="e").infer_shape_partial(x=(0, 3))
sym.split(x, num_outputs=2, axis=1).infer_shape_partial(x=(0, 4))
(sym.split(x, num_outputs=2, axis=1)[0] + y).infer_shape(x=(0, 4), y=(3, 2))
sym.softmax(x).infer_shape_partial(x=(0, 4))
sym.SoftmaxOutput(x, y).infer_shape(x=(3, 4))
sym.SoftmaxOutput(x, y, multi_output=True).infer_shape(x=(3, 4, 5))
sym.LinearRegressionOutput(x, y).infer_shape(x=(3, 1))
sym.SequenceMask(x, y, use_sequence_length=True).infer_shape(x=(3, 4))
sym.pick(x, y, axis=1).infer_shape(x=(3, 4))
sym.var("q", shape=(2, 3)).infer_shape()
(sym.var("q", shape=(2, 0)) + x).infer_shape(x=(2, 3))
(sym.var("q", shape=(2, 3)) + x).infer_shape(q=(4, 3))
(sym.var("q", shape=(2, 3)) + x).infer_shape(x=(4, 3))
(x + y).infer_type()
(x + y).infer_type_partial()
(x + y).infer_type(x="float16")
(x + y).infer_type(x=np.float16)
(x + y).infer_type(x="bool")
(x + y).infer_type(x="float16", y="float32")
(x + y).infer_type(zz="float16")
(x + y).infer_type("float16", y="float16")
(x + y).infer_type(x=3)
(x + y).infer_type(x="foo")
((x + 1.5) + y).infer_type(y="float16")
(x + 1.5).infer_type(x="int32")
(x + 1).infer_type(x="bool")
(x > 1.5).infer_type(x="int32")
(sym.relu(x) + y).infer_type(y="float64")
sym.FullyConnected(x, num_hidden=3, name="f").infer_type(f_weight="float16")
sym.BatchNorm(x, name="b").infer_type(x="float16")
sym.BatchNorm(x, name="b").infer_type(x="float64")
sym.BatchNorm(x, name="b").infer_type(b_gamma="float16")
sym.BatchNorm(x, name="b").infer_type_partial(b_gamma="float32")
(sym.BatchNorm(x, name="b") + y).infer_type(y="float16")
(sym.Convolution(x, kernel=(1, 1), num_filter=2, name="b") + y).infer_type(y="float16")
sym.Cast(x, dtype="float16").infer_type()
sym.Cast(x, dtype="float16").infer_type_partial()
sym.Cast(x, dtype="float16").infer_type(x="int32")
sym.amp_cast(x, dtype="float16").infer_type(x="int32")
sym.amp_cast(x, dtype="float16").infer_type(x="float32")
sym.Embedding(x, input_dim=3, output_dim=2, name="e").infer_type(x="int32")
sym.Embedding(x, input_dim=3, output_dim=2, name="e", dtype="float16").infer_type(x="int32")
sym.Embedding(x, input_dim=3, output_dim=2, name="e", dtype="float16").infer_type(x="int32", e_weight="float32")
sym.one_hot(x, depth=3, dtype="int8").infer_type(x="int32")
sym.take(x, y).infer_type_partial(y="int32")
sym.where(x, y, z).infer_type_partial(z="int32")
sym.topk(x, ret_typ="both", dtype="int64").infer_type_partial()
sym.topk(x).infer_type(x="float64")
sym.argmax(x, axis=1).infer_type(x="int32")
sym.softmax(x, dtype="float32").infer_type(x="float16")
sym.batch_take(x, y).infer_type(x="float16")
sym.shape_array(x).infer_type_partial()
sym.SequenceMask(x, y, use_sequence_length=True).infer_type(x="float16")
sym.SoftmaxOutput(x, y).infer_type(x="float32", y="int32")
sym.concat(x, y, dim=0).infer_type(x="int32", y="float32")
(sym.zeros((2,)) + x).infer_type()
(sym.zeros((2,)) + sym.Cast(x, dtype="float16")).infer_type(x="int32")
(sym.var("q", dtype="float16") + x).infer_type()
(sym.var("q", dtype="float16") + x).infer_type(q="float32")
sym.random.normal(x, y).infer_type(x="float64")
sym.random.multinomial(x, get_prob=True).infer_type(x="float64")
(sym.sum(x, axis=1) + y).infer_shape(x=(0, 5), y=(3,))
(sym.Dropout(x) + y).infer_shape(y=(3, 4))
""".strip().splitlines()

F16, I32, F32 = np.float16, np.int32, np.float32

# Where Glueball finds out more than MXNet, or what MXNet contradicts, refuses or has broken.
BEYOND_MXNET = {
    "(x + y).infer_shape((2, 3))": ([(2, 3), (2, 3)], [(2, 3)], []),
    "(x + y).infer_shape(None, (2, 3))": ([(2, 3), (2, 3)], [(2, 3)], []),
    "(x + y).infer_type(None, 'float16')": ([F16, F16], [F16], []),
    "sym.concat(x, y, dim=1).infer_shape_partial(x=(2, 3))": ([(2, 3), (2, 0)], [(2, 0)], []),
    "(sym.concat(x, y, dim=1) + z).infer_shape_partial(x=(2, 3), z=(2, 5))":
        ([(2, 3), (2, 0), (2, 5)], [(2, 5)], []),
    "sym.Pooling(x, kernel=(2, 2)).infer_shape_partial(x=(0, 4, 0, 9))": ([(0, 4, 0, 9)], [(0, 4, 0, 8)], []),
    "sym.split(x, num_outputs=2, axis=0).infer_shape_partial(x=(0, 4))": ([(0, 4)], [(0, 4), (0, 4)], []),
    "sym.dot(x, y).infer_shape(x=(2, 0), y=(4, 5))": ([(2, 4), (4, 5)], [(2, 5)], []),
    "sym.broadcast_to(x, shape=(2, 3)).infer_shape_partial(x=(0, 3))": ([(0, 3)], [()], []),
    "sym.BatchNorm(x, name='b', fix_gamma=False).infer_shape_partial(b_beta=(3,))": ([(), (), (3,)], [()], [(), ()]),
    "sym.Pad(x, mode='constant', pad_width=(0, 0, 0, 0, 1, 1, 1, 1)).infer_shape_partial(x=(0, 3, 4, 0))":
        ([(0, 3, 4, 0)], [(0, 3, 6, 0)], []),
    "sym.slice(x, begin=(0,), end=(2,)).infer_shape_partial(x=(0, 7))": ([(0, 7)], [(0, 7)], []),
    "(sym.transpose(x) + y).infer_shape(y=(3, 4))": ([(4, 3), (3, 4)], [(3, 4)], []),
    "(sym.reshape(x, (6,)) + y).infer_shape_partial(y=(6,))": ([(), (6,)], [(6,)], []),
    "sym.take(x, y).infer_type_partial(x='float16')": ([F16, None], [F16], []),
    "sym.softmax(x, y, use_length=True).infer_type(x='float16')": ([F16, I32], [F16], []),
    "sym.random.normal(x, y).infer_type_partial()": ([None, None], [F32], []),
}  # fmt: skip


def evaluate(mx: Any, expressions: list[str]) -> list[Any]:
    """The value of each expression, or the classes of the error and 'refused'."""
    import warnings

    results: list[Any] = []
    for expression in expressions:
        names = {name: mx.sym.var(name) for name in "xyz"}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                results.append(eval(expression, {"mx": mx, "sym": mx.sym, "np": np, **names}))
            except Exception as error:
                results.append(["refused", [base.__name__ for base in type(error).__mro__]])
    return results


def _is_refusal(result: Any) -> bool:
    return isinstance(result, list) and result[0] == "refused"


def test_inference_is_as_in_mxnet(oracle: Oracle) -> None:
    results = ours(evaluate, AS_IN_MXNET).get()
    for expression, result, answer in zip(AS_IN_MXNET, results, oracle.run(evaluate, AS_IN_MXNET), strict=True):
        if _is_refusal(answer):
            assert _is_refusal(result) and answer[1][0] in result[1], f"{expression}: {result}, not {answer}"
        else:
            assert result == answer, expression


def test_inference_goes_beyond_mxnet(oracle: Oracle) -> None:
    expressions = list(BEYOND_MXNET)
    results, answers = ours(evaluate, expressions).get(), oracle.run(evaluate, expressions)
    for expression, result, answer in zip(expressions, results, answers, strict=True):
        assert result == BEYOND_MXNET[expression], expression
        if not _is_refusal(answer) and answer[0] is not None:
            differs_on_purpose = expression.startswith(("sym.concat", "sym.Pad", "sym.BatchNorm", "sym.slice"))
            assert differs_on_purpose or tells_as_much(result, answer), f"{expression}: {answer}"


def _dense(units: int = 3) -> mx.sym.Symbol:
    return mx.sym.FullyConnected(mx.sym.var("x"), num_hidden=units, name="fc")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: _dense().infer_shape(x=(2, 4), fc_weight=(3, 9)),
         r"fc: FullyConnected: weight must have shape .*\(3, 4\).*fc_weight \(3, 9\)"),
        (lambda: (mx.sym.relu(_dense(), name="r") + mx.sym.var("y")).infer_shape(x=(2, 4), y=(2, 5)),
         r"_plus0: elemwise_add: all inputs .* must have one shape.* r \(2, 3\), y \(2, 5\)"),
        (lambda: (_dense(), mx.sym.elemwise_add(_dense(), mx.sym.var("y"), name="a"))[1].infer_shape(
            x=(2, 4), y=(7, 3)), r"a: elemwise_add"),
        (lambda: _dense().infer_shape(fc_wieght=(3, 4)), "received 'fc_wieght'; did you mean 'fc_weight'"),
        (lambda: _dense().infer_shape((2, 4), (3, 4), (3,), (1,)), "at most 3 can be given.*received 4"),
        (lambda: _dense().infer_type(x="float16", fc_bias="float32"), "fc: .*FullyConnected must agree in type"),
        (lambda: mx.sym.Convolution(mx.sym.var("x"), kernel=(9, 9), num_filter=1, name="c").infer_shape(
            x=(1, 1, 4, 4)), r"c: Convolution: the dilated kernel"),
        (lambda: mx.sym.var("x", __shape__="(2,").infer_shape(), "x: __shape__ must be"),
        (lambda: mx.sym.var("x", __dtype__="77").infer_type(), "x: __dtype__ must be"),
    ],
)  # fmt: skip
def test_refusals_name_the_node(call: Any, message: str) -> None:
    with mx.name.NameManager(), pytest.raises(mx.MXNetError, match=message):
        call()


@pytest.mark.parametrize("shape", [(2**62, 9), (10**30,), (2**40, 2**40), (0, 2**62, 2**62), (0,) * 12])
def test_no_length_is_too_large_to_be_refused(shape: tuple[int, ...]) -> None:
    """Torch raises RuntimeError or TypeError for lengths that it cannot multiply."""
    x, y = sym.var("x"), sym.var("y")
    for symbol in (sym.argmax(x), sym.sum(x), sym.broadcast_add(x, y), sym.relu(x), sym.topk(x), sym.dot(x, y)):
        for infer_shapes in (symbol.infer_shape, symbol.infer_shape_partial):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    infer_shapes(x=shape)
            except mx.MXNetError as error:
                assert "inputs of the node are x" in str(error)
    if 0 not in shape:
        with pytest.raises(mx.MXNetError):
            sym.argmax(sym.var("x", attr={"__shape__": str(shape)})).infer_shape()


def test_incomplete_results_are_none_with_a_warning() -> None:
    with pytest.warns(UserWarning, match=r"unknown are x \(\), fc_weight \(\)") as caught:
        assert _dense().infer_shape() == (None, None, None)
    assert caught[0].filename == __file__
    with pytest.warns(UserWarning, match="unknown are _zeros0_output"), mx.name.NameManager():
        assert mx.sym.zeros((0, 3)).infer_shape() == (None, None, None)
    with pytest.warns(UserWarning, match="unknown are x None, fc_weight None"):
        assert _dense().infer_type() == (None, None, None)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert _dense().infer_shape_partial() == ([(), (), ()], [()], [])


def test_shapes_and_types_of_everything_at_once() -> None:
    begin = mx.sym.zeros((0, 4), name="begin", dtype="float64")
    net = begin + mx.sym.FullyConnected(mx.sym.var("x"), num_hidden=4, name="fc")
    found = infer(net._entries, {"x": (2, 3)}, {"fc_weight": torch.float64, "fc_bias": torch.float64})
    assert found.complete
    assert found.shape("fc_weight") == (4, 3)
    assert found.type("x") is torch.float64
    assert found.applied(begin._node()).attributes == {"shape": (2, 4), "ctx": "", "dtype": torch.float64}
    alone = _dense()
    assert infer(alone._entries, {"x": (2, 3)}, {}, default=None).type("fc_weight") is None
    assert infer(alone._entries, {"x": (2, 3)}, {}).type("fc_weight") is torch.float32
    assert not infer(alone._entries, {}, {}).complete


def test_unfinished_states_of_a_recurrent_cell(oracle: Oracle) -> None:
    def unrolled(mx: Any) -> Any:
        x, hidden = mx.sym.var("x"), mx.sym.zeros((0, 5))
        cell = mx.sym.zeros((0, 5))
        for step in range(2):
            from_input = mx.sym.FullyConnected(x, num_hidden=20, name=f"i{step}")
            from_hidden = mx.sym.FullyConnected(hidden, num_hidden=20, name=f"h{step}")
            gates = mx.sym.SliceChannel(from_input + from_hidden, num_outputs=4)
            cell = mx.sym.sigmoid(gates[0]) * cell + mx.sym.sigmoid(gates[1]) * mx.sym.tanh(gates[2])
            hidden = mx.sym.sigmoid(gates[3]) * mx.sym.tanh(cell)
        return hidden.infer_shape(x=(7, 3))

    assert_same(*oracle.both(unrolled))


def test_a_deep_graph_is_looked_at_once_in_each_direction(monkeypatch: pytest.MonkeyPatch) -> None:
    visits = []
    visit = Propagation._visit
    monkeypatch.setattr(Propagation, "_visit", lambda self, node: (visits.append(node), visit(self, node)))
    net = mx.sym.var("x")
    depth = 3000  # three times as deep as Python lets a function recurse
    for _ in range(depth):
        net = mx.sym.relu(net)
    net = net + mx.sym.var("y")
    assert net.infer_shape(y=(2, 3))[0] == [(2, 3), (2, 3)]
    # Of types and of shapes each: once in vain, once to learn, once to check.
    assert len(visits) < 7 * depth


def test_a_network_of_sequences_is_inferred_without_torchs_compiler():
    """It takes a second to load, which arithmetic on tensors without values does."""
    text = """if True:
        import sys
        import glueball as mx
        from glueball import gluon
        net = gluon.nn.HybridSequential()
        net.add(gluon.nn.Embedding(5, 4), gluon.rnn.LSTM(3), gluon.nn.Dense(5, flatten=False))
        net.initialize()
        loss = gluon.loss.SoftmaxCrossEntropyLoss()
        for block in (net, loss):
            block.hybridize()
        words = mx.nd.array([[1, 2], [3, 4]])
        with mx.autograd.record():
            total = loss(net(words), words)
        total.backward()
        taken = mx.sym.pick(mx.sym.take(mx.sym.var("x"), mx.sym.var("y")), mx.sym.var("z"))
        mx.mod.Module(taken, ["x", "y", "z"], None).bind([("x", (2, 3)), ("y", (2,)), ("z", (2,))])
        assert "torch._dynamo" not in sys.modules
    """
    subprocess.run([sys.executable, "-c", text], check=True, timeout=120)
