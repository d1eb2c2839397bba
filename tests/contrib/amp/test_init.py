"""Mixed precision turned on: the types of results, the graphs that are made, and what it costs when it is off."""

from __future__ import annotations

import subprocess
import sys

import pytest

import glueball as mx
from glueball.contrib import amp

_KINDS = ["float16", "bfloat16"]
pytestmark = pytest.mark.usefixtures("switched_off")


def results(mx, kind):
    """The types that operators return for arrays of 16 bits and of float32."""
    from importlib import import_module

    amp, nd = import_module(f"{mx.__name__}.contrib.amp"), mx.nd
    amp.init(kind)
    x, w, b = nd.ones((2, 3)), nd.ones((4, 3)), nd.zeros(4)
    h = nd.cast(x, kind if kind == "float16" else amp.amp.bfloat16)
    image, filters = nd.ones((1, 2, 4, 4)), nd.ones((3, 2, 3, 3))
    arrays = {
        "dense": nd.FullyConnected(x, w, b, num_hidden=4), "by keyword": nd.op.FullyConnected(
            data=x, weight=w, bias=b, num_hidden=4), "relu": nd.relu(h), "float32": nd.exp(x), "sum": h + x,
        "convolution": nd.Convolution(image, filters, nd.zeros(3), kernel=(3, 3), num_filter=3),
        "broadcast": nd.broadcast_add(h, x), "stack": nd.stack(h, x), "where": nd.where(x, h, x), "dot": nd.dot(h, x.T),
        "double": nd.exp(x.astype("float64")), "integers": nd.mean(nd.array([1, 2], dtype="int32")),
        "dense of doubles": nd.FullyConnected(*[each.astype("float64") for each in (x, w, b)], num_hidden=4),
        "batch norm": nd.BatchNorm(h.reshape((2, 3, 1, 1)), *[nd.ones(3) for _ in range(4)]),
        "activation": nd.Activation(h, act_type="relu"),
        "contrib": nd.contrib.box_iou(nd.ones((1, 4)), nd.ones((1, 4))),
        "indices": nd.Embedding(nd.array([0, 1]), w, input_dim=4, output_dim=3), "random": nd.random.uniform(shape=2),
    }  # fmt: skip
    if kind == "bfloat16":  # of float16 arrays MXNet converts none to float32
        arrays |= {
            "exp": nd.exp(h), "method": h.exp(), "softrelu": nd.Activation(h, act_type="softrelu"), "scalar": h * 2,
            "power": h**2, "division": 2 / h, "softmax": nd.softmax(h), "total": h.sum(), "square": nd.square(h),
            "layer norm": nd.LayerNorm(h, nd.ones(3), nd.ones(3)), "gemm2": nd.linalg.gemm2(h, x.T),
            "out": nd.exp(h, out=nd.zeros((2, 3))), "loss": nd.SoftmaxOutput(h, nd.zeros(2)),
        }  # fmt: skip
    return {name: "bfloat16" if "bfloat16" in str(array.dtype) else str(array.dtype) for name, array in arrays.items()}


@pytest.mark.parametrize("kind", _KINDS)
def test_types_of_arrays(another_oracle, kind):
    theirs = another_oracle(kind).run(results, kind)
    ours = results(mx, kind)
    assert {name: text.replace("numpy.", "") for name, text in ours.items()} == {
        name: text.replace("numpy.", "") for name, text in theirs.items()
    }
    assert kind in ours["dense"] and "float32" in ours["sum"]


def test_float16_arrays_are_converted_to_float32_as_in_graphs():
    """MXNet does not: its softmax of a float16 array is float16, that of the same network hybridized float32."""
    amp.init("float16")
    half = mx.nd.ones((2, 3), dtype="float16")
    network = mx.gluon.nn.HybridLambda(lambda F, x: F.softmax(x))
    network.hybridize()
    assert mx.nd.softmax(half).dtype == network(half).dtype == mx.nd.ones(1).dtype


def graphs(mx, kind):
    """The texts of graphs, casts included."""
    from importlib import import_module

    import_module(f"{mx.__name__}.contrib.amp").init(kind)
    sym, gluon = mx.sym, mx.gluon
    x, y = sym.var("x"), sym.var("y")
    with mx.AttrScope(ctx_group="one"), mx.name.Prefix("p_"):
        scoped = sym.FullyConnected(x, num_hidden=2)
    network = gluon.nn.HybridSequential(prefix="net_")
    with network.name_scope():
        network.add(gluon.nn.Conv2D(4, 3, in_channels=2, activation="relu"), gluon.nn.BatchNorm(in_channels=4))
        network.add(gluon.nn.Flatten(), gluon.nn.Dense(2, in_units=16), gluon.nn.LayerNorm(in_channels=2))
    network.initialize()
    network.hybridize()
    network(mx.nd.ones((1, 2, 4, 4)))
    made = [
        sym.FullyConnected(x, num_hidden=2, name="f"), sym.FullyConnected(data=x, weight=y, num_hidden=2, no_bias=True),
        sym.BatchNorm(x, name="b"), sym.exp(x), x.exp(), x + y, x * y, x**2, 2 / x, sym.concat(x, y, dim=0, name="c"),
        sym.Activation(x, act_type="softrelu"), sym.Activation(x, act_type="relu"), sym.LayerNorm(x, name="l"),
        sym.broadcast_add(x, y), sym.contrib.box_iou(x, y), sym.linalg.gemm2(x, y), sym.add_n(x, y, x), sym.square(x),
        sym.Deconvolution(x, num_filter=2, kernel=(2, 2)), sym.SoftmaxOutput(x, name="s"), scoped,
        sym.amp_cast(x, dtype="float16"), network._cached_graph[1],
    ]  # fmt: skip
    return [each.tojson(remove_amp_cast=False) for each in made]


@pytest.mark.parametrize("kind", _KINDS)
def test_graphs(another_oracle, kind, caplog):
    def of(mx, kind):
        with mx.name.NameManager():
            return graphs(mx, kind)

    theirs = another_oracle(kind).run(of, kind)
    for mine, other in zip(of(mx, kind), theirs, strict=True):
        assert mine == other
    assert caplog.messages == ["SoftmaxOutput: in a graph its gradient is not scaled with the loss"]


def test_lists_of_the_caller():
    amp.init(
        "bfloat16", target_precision_ops=["exp"], fp32_ops=["relu"], conditional_fp32_ops=[("clip", "a_max", ["1"])]
    )
    half = mx.nd.ones(2).astype("bfloat16")
    assert mx.nd.exp(mx.nd.ones(2)).dtype == half.dtype
    assert mx.nd.relu(half).dtype == mx.nd.clip(half, 0, 1).dtype == mx.nd.ones(1).dtype
    assert mx.nd.softmax(half).dtype == mx.nd.clip(half, 0, 2).dtype == half.dtype


def test_gradients_are_those_of_float32_parameters():
    amp.init("bfloat16")
    weight = mx.nd.ones((1, 2))
    weight.attach_grad()
    with mx.autograd.record():
        out = mx.nd.FullyConnected(mx.nd.array([[1.0, 3.0]]), weight, num_hidden=1, no_bias=True)
    out.backward()
    assert weight.grad.dtype == weight.dtype
    assert weight.grad.asnumpy().tolist() == [[1, 3]]


def test_functions_made_before_and_after_take_part():
    before = mx.nd.FullyConnected
    before(mx.nd.ones((1, 2)), mx.nd.ones((1, 2)), num_hidden=1, no_bias=True)
    amp.init("bfloat16")
    for function in (before, mx.nd.FullyConnected, mx.nd.op.FullyConnected, mx.nd.Convolution):
        assert function.__globals__["invoke"].__self__ is amp.mode.current()


def test_a_graph_made_before_stays_as_it_is():
    network = mx.gluon.nn.Dense(1, in_units=2)
    network.initialize()
    network.hybridize()
    x = mx.nd.array([[1.0009765625, 1]])
    before = network(x)
    amp.init("bfloat16")
    assert network(x).dtype == before.dtype
    network.hybridize(clear=True)
    assert network(x).dtype != before.dtype


def test_a_second_call():
    amp.init("bfloat16")
    amp.init("bfloat16")
    with pytest.warns(UserWarning, match="amp.init: it was called before, with other arguments; bfloat16 stays"):
        amp.init("float16")
    with pytest.warns(UserWarning, match="amp.init: it was called before"):
        amp.init("bfloat16", fp32_ops=["exp"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("int8",), "target_dtype must be 'float16' or 'bfloat16'; received 'int8'"),
        (("float16", "exp"), "target_precision_ops must be a list of names of operators; received 'exp'"),
        (("float16", None, None, ["no_such"]), "fp32_ops must name operators that Glueball has; received 'no_such'"),
        (("float16", ["exp"]), "an operator must be in one list; received 'exp' in target_precision_ops and fp32_ops"),
    ],
    ids=str,
)
def test_refusals(arguments, message):
    with pytest.raises(AssertionError, match=f"^init: {message}"):
        amp.init(*arguments)
    assert amp.mode.current() is None


def test_it_costs_nothing_when_it_is_off():
    """A call goes where it went before there was mixed precision."""
    function = mx.nd.exp
    assert function.__globals__["invoke"] is mx.nd.combine.invoke
    amp.init("bfloat16")
    assert function.__globals__["invoke"] is not mx.nd.combine.invoke


def test_importing_turns_nothing_on():
    program = (
        "import glueball as mx; from glueball.contrib.amp import mode; from glueball.symbol.namespace import changes\n"
        "assert mode.current() is None and not changes\n"
        "assert mx.nd.exp(mx.nd.ones(1, dtype='float16')).dtype.__name__ == 'float16'"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, timeout=120)


def test_layers_of_packages_can_ask_whether_it_is_on(oracle):
    assert oracle.run("from mxnet.contrib.amp import amp; return amp._amp_initialized") is amp.amp._amp_initialized
    amp.init("bfloat16")
    assert amp.amp._amp_initialized
