"""Graphs with their arrays, and blocks, converted to mixed precision, as by MXNet 1.9.1."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import glueball as mx
from glueball.contrib import amp


def convert_a_model(mx, kind, cast):
    """The converted graph, and the types of the arrays."""
    from importlib import import_module

    amp, sym, nd = import_module(f"{mx.__name__}.contrib.amp"), mx.sym, mx.nd
    body = sym.BatchNorm(sym.Convolution(sym.var("data"), num_filter=2, kernel=(1, 1), name="c"), name="b")
    network = sym.SoftmaxOutput(sym.FullyConnected(body, num_hidden=2, name="f"), name="softmax")
    bias = "float64" if kind == "float16" else "float32"  # MXNet does not convert from float64 to bfloat16
    arguments = {
        "c_weight": nd.ones((2, 3, 1, 1)), "c_bias": nd.ones(2, dtype=bias), "b_gamma": nd.ones(2),
        "b_beta": nd.ones(2), "f_weight": nd.ones((2, 2)), "f_bias": nd.ones(2), "of another network": nd.ones(3),
    }  # fmt: skip
    states = {"b_moving_mean": nd.ones(2), "b_moving_var": nd.ones(2)}
    converted, *dicts = amp.convert_model(network, arguments, states, kind, cast_optional_params=cast)
    names = [{name: "bfloat16" if "bfl" in str(a.dtype) else np_name(a.dtype) for name, a in d.items()} for d in dicts]
    return converted.tojson(remove_amp_cast=False), names


def np_name(kind):
    return str(kind).rpartition(".")[-1].rstrip("'>")


@pytest.mark.parametrize("cast", [False, True])
@pytest.mark.parametrize("kind", ["float16", "bfloat16"])
def test_a_model(oracle, kind, cast):
    ours, theirs = oracle.both(convert_a_model, kind, cast)
    assert ours.get() == theirs.get()


def test_the_given_dicts_stay_as_they_are():
    network = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, no_bias=True, name="f")
    given = {"f_weight": mx.nd.ones((2, 3))}
    before = copy.copy(given)
    _, arguments, states = amp.convert_model(network, given, {}, "bfloat16", cast_optional_params=True)
    assert given == before
    assert arguments["f_weight"].dtype == amp.amp.bfloat16
    assert states == {}


def a_block(mx, hybridize=True):
    nn = mx.gluon.nn
    network = nn.HybridSequential(prefix="net_")
    with network.name_scope():
        network.add(nn.Conv2D(4, 3, in_channels=2, activation="relu"), nn.BatchNorm(in_channels=4), nn.Flatten())
        network.add(nn.Dense(3, in_units=36))
    mx.random.seed(3)
    network.initialize()
    if hybridize:
        network.hybridize()
        network(mx.nd.ones((1, 2, 5, 5)))
    return network


def convert_a_block(mx, kind, cast):
    from importlib import import_module

    amp = import_module(f"{mx.__name__}.contrib.amp")
    block = amp.convert_hybrid_block(a_block(mx), kind, ctx=mx.cpu(), cast_optional_params=cast)
    block(mx.nd.ones((1, 2, 5, 5)))
    parameters = [
        (
            name,
            "bfloat16" if "bfl" in str(one.data().dtype) else np_name(one.data().dtype),
            one.grad_req,
            one.data().shape,
        )
        for name, one in block.collect_params().items()
    ]
    return type(block).__name__, block._cached_graph[1].tojson(remove_amp_cast=False), sorted(parameters)


@pytest.mark.filterwarnings("ignore:Cannot decide type")
@pytest.mark.parametrize("cast", [False, True])
def test_a_block(oracle, cast):
    """MXNet runs it on a CPU with bfloat16 alone."""
    ours, theirs = oracle.both(convert_a_block, "bfloat16", cast)
    assert ours.get() == theirs.get()


@pytest.mark.parametrize("kind", ["float16", "bfloat16"])
@pytest.mark.parametrize("cast", [False, True])
def test_results_are_near(kind, cast):
    network, x = a_block(mx), mx.nd.random.uniform(shape=(2, 2, 5, 5))
    converted = amp.convert_hybrid_block(network, kind, ctx=mx.cpu(), cast_optional_params=cast)
    expected, found = network(x).asnumpy(), converted(x).asnumpy()
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=0.02 * np.abs(expected).max())
    assert (found != expected).any()
    np.testing.assert_array_equal(converted(x).asnumpy(), found)  # the second call has a plan


def test_parameters_are_copies():
    network = a_block(mx)
    converted = amp.convert_hybrid_block(network, "bfloat16", ctx=mx.cpu())
    x = mx.nd.ones((1, 2, 5, 5))
    before = converted(x).asnumpy()
    network[3].bias.set_data(mx.nd.ones(3))
    np.testing.assert_array_equal(converted(x).asnumpy(), before)
    converted.collect_params()["net_dense0_bias"].set_data(mx.nd.ones(3) * 100)
    assert (converted(x).asnumpy() > 90).all()


def test_a_block_of_several_inputs():
    class Two(mx.gluon.HybridBlock):
        def hybrid_forward(self, F, a, b):
            return [F.exp(a), F.dot(a, b)]

    network = Two()
    network.hybridize()
    x, y = mx.nd.random.uniform(shape=(2, 2)), mx.nd.ones((2, 2))
    expected = network(x, y)
    found = amp.convert_hybrid_block(network, ctx=mx.cpu())(x, y)
    for mine, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine.asnumpy(), other.asnumpy(), rtol=1e-6)


def test_a_block_from_files(tmp_path):
    network = a_block(mx)
    network.export(str(tmp_path / "net"))
    files = str(tmp_path / "net-symbol.json"), ["data"], str(tmp_path / "net-0000.params")
    converted = amp.convert_hybrid_block(mx.gluon.SymbolBlock.imports(*files), "bfloat16", ctx=mx.cpu())
    x = mx.nd.ones((1, 2, 5, 5))
    assert np.abs(converted(x).asnumpy() - network(x).asnumpy()).max() < 0.02
    converted.export(str(tmp_path / "fast"), remove_amp_cast=False)
    assert '"op": "amp_cast"' in (tmp_path / "fast-symbol.json").read_text()


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: 3, AssertionError, "block must be a HybridBlock; received int"),
        (lambda: mx.gluon.nn.Sequential(), AssertionError, "block must be a HybridBlock; received Sequential"),
        (lambda: a_block(mx, hybridize=False), RuntimeError, "must have been run as a graph; call hybridize"),
    ],
)
def test_refused_blocks(make, error, message):
    with pytest.raises(error, match=f"^convert_hybrid_block: .*{message}"):
        amp.convert_hybrid_block(make(), ctx=mx.cpu())


def test_refused_models():
    network = mx.sym.relu(mx.sym.var("data"))
    with pytest.raises(AssertionError, match=r"^convert_model: sym must be a Symbol; received str"):
        amp.convert_model("network", {}, {})
    for arguments, name in (((None, {}), "arg_params"), (({}, {"mean": 3}), "aux_params")):
        with pytest.raises(
            AssertionError, match=f"^convert_model: {name} must be a dict of names to NDArrays; received"
        ):
            amp.convert_model(network, *arguments)
    with pytest.raises(AssertionError, match=r"target_dtype must be 'float16' or 'bfloat16'; received 'float32'"):
        amp.convert_model(network, {}, {}, "float32")
