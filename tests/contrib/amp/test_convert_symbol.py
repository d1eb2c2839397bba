"""Graphs converted to mixed precision, node for node as by MXNet 1.9.1."""

from __future__ import annotations

import json
import random
import re

import pytest

import glueball as mx
from glueball.contrib import amp
from tests.contrib.amp.graphs import LISTS, convert_all, draw

_NETWORKS = [
    "resnet18_v1",
    "resnet18_v2",
    "mobilenetv2_0.25",
    "vgg11_bn",
    "densenet121",
    "squeezenet1.0",
    "inceptionv3",
]


def a_network():
    data = mx.sym.var("data")
    body = mx.sym.Activation(
        mx.sym.BatchNorm(mx.sym.Convolution(data, num_filter=4, kernel=(3, 3), name="c"), name="b"), act_type="relu"
    )
    dense = mx.sym.FullyConnected(body, num_hidden=3, name="f")
    return mx.sym.broadcast_add(mx.sym.softmax(dense, name="s"), dense, name="add")


@pytest.mark.parametrize("kind", ["float16", "bfloat16"])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"data_names": ["data"]},
        {"data_names": ["data"], "cast_optional_params": True},
        {"data_names": ["data", "b_gamma"], "cast_optional_params": True},
        {"excluded_sym_names": ["f"]},
        {"excluded_sym_names": ["c", "no_such_node"], "data_names": ["data"]},
        {"target_dtype_ops": ["FullyConnected"], "fp32_ops": ["Convolution"]},
        {"conditional_fp32_ops": [("Activation", "act_type", ["relu", "tanh"])]},
        {"conditional_fp32_ops": [["Activation", "act_type", ["relu"]], ("BatchNorm", "axis", ["1"])]},
    ],
    ids=str,
)
def test_options(oracle, kind, options):
    call = (a_network().tojson(), {"target_dtype": kind, **options})
    assert convert_all(mx, [call]) == oracle.run(convert_all, [call])


def test_drawn_graphs(oracle):
    """They may differ where 16-bit and float32 arrays meet in one operator that takes any: such a graph cannot run."""
    rng = random.Random(5)
    calls = [draw(rng) for _ in range(400)]
    theirs, ours = oracle.run(convert_all, calls), convert_all(mx, calls)
    different = [pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1]]
    assert len(different) <= 4
    for mine, other in different:
        assert mine.startswith("error") or _without_types(mine) == _without_types(other)
    assert sum("amp_cast" in text for text in ours) > 300
    assert sum("amp_multicast" in text for text in ours) > 100


def _without_types(text):
    return re.sub(r'"__dtype__": "\d+"', "", text)


def convert_networks(mx, names):
    from importlib import import_module

    amp = import_module(f"{mx.__name__}.contrib.amp")
    found = []
    for name in names:
        network = mx.gluon.model_zoo.vision.get_model(name, prefix="net_")(mx.sym.var("data"))
        for kind, cast in (("float16", True), ("bfloat16", False)):
            found.append(
                amp.convert_symbol(network, kind, data_names=["data"], cast_optional_params=cast).tojson(False)
            )
    return found


def test_networks(oracle):
    ours, theirs = oracle.both(convert_networks, _NETWORKS)
    assert ours.get() == theirs.get()


def test_every_kind_of_operator(oracle):
    """The cast of an output is called as MXNet calls the output, by name or by number."""
    x, y = mx.sym.var("x"), mx.sym.var("y")
    made = [
        mx.sym.SliceChannel(x, num_outputs=2, name="n"), mx.sym.Pad(x, mode="edge", pad_width=(0,) * 8, name="n"),
        mx.sym.dot(x, y, name="n"), mx.sym.log_softmax(x, name="n"), mx.sym.softmin(x, name="n"), x + y, x * y, 2 / x,
        mx.sym.SwapAxis(x, name="n"), mx.sym.LRN(x, nsize=3, name="n"), mx.sym.LeakyReLU(x, name="n"),
        mx.sym.SequenceReverse(x, name="n"), mx.sym.topk(x, name="n"), mx.sym.sort(x, name="n"),
        mx.sym.norm(x, name="n"), mx.sym.contrib.box_iou(x, y, name="n"), mx.sym.Dropout(x, name="n"),
        mx.sym.UpSampling(x, scale=2, sample_type="nearest", name="n"), mx.sym.Cast(x, dtype="float16", name="n"),
        mx.sym.SoftmaxOutput(x, name="n"), mx.sym.LinearRegressionOutput(x, name="n"),
        mx.sym.L2Normalization(x, name="n"),
    ]  # fmt: skip
    calls = [
        (
            mx.sym.sigmoid(mx.sym.FullyConnected(each[0], num_hidden=2, name="f"), name="l").tojson(),
            {"target_dtype": kind},
        )
        for each in made
        for kind in ("float16", "bfloat16")
    ]
    assert convert_all(mx, calls) == oracle.run(convert_all, calls)


def test_the_graph_given_stays_as_it_is():
    network = a_network()
    before = network.tojson(remove_amp_cast=False)
    converted = amp.convert_symbol(network, data_names=["data"], cast_optional_params=True)
    assert network.tojson(remove_amp_cast=False) == before
    assert json.loads(converted.tojson())["nodes"][0]["name"] == "data"
    assert "amp_cast" not in amp.convert_symbol(network).tojson().replace("add_0_amp_cast", "")


def test_states_are_not_converted():
    """A state behind a cast would not be one any more."""
    network = mx.sym.BatchNorm(mx.sym.var("data"), eps=0.5, name="b")
    converted = amp.convert_symbol(network, conditional_fp32_ops=[("BatchNorm", "eps", ["0.5"])])
    assert [name for name in converted.get_internals().list_outputs() if "b_gamma" in name][1:]
    assert converted.list_auxiliary_states() == ["b_moving_mean", "b_moving_var"]


def test_no_cast_where_the_type_is_known():
    """MXNet casts once more behind reshape_like, broadcast_like and slice_like, to the type that is there."""
    like = mx.sym.reshape_like(mx.sym.sigmoid(mx.sym.var("x"), name="l"), mx.sym.var("y"), name="like")
    converted = amp.convert_symbol(mx.sym.sigmoid(like, name="m"), **LISTS)
    assert "like_0_amp_cast_float16" not in converted.tojson(False)


def test_a_default_is_no_condition(oracle):
    """As in MXNet: act_type is 'leaky' by default."""
    data = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="f")
    graphs = [mx.sym.LeakyReLU(data, name="l"), mx.sym.LeakyReLU(data, act_type="leaky", name="l")]
    calls = [(each.tojson(), {"conditional_fp32_ops": [("LeakyReLU", "act_type", ["leaky"])]}) for each in graphs]
    converted = convert_all(mx, calls)
    assert converted == oracle.run(convert_all, calls)
    assert ["f_output_amp_cast_float32" in text for text in converted] == [False, True]


def test_a_variable_keeps_its_own_type():
    indices = mx.sym.var("indices", dtype="int32")
    network = mx.sym.FullyConnected(mx.sym.Embedding(indices, input_dim=3, output_dim=2, name="e"), num_hidden=1)
    converted = amp.convert_symbol(network)
    assert converted.attr_dict()["indices"]["__dtype__"] == "4"


def test_a_converted_graph_computes_what_the_graph_does():
    network = a_network()
    converted = amp.convert_symbol(network, "bfloat16")
    arrays = {"data": mx.nd.random.uniform(shape=(2, 3, 5, 5))}
    shapes, _, states = network.infer_shape(data=(2, 3, 5, 5))
    for names, found in ((network.list_arguments()[1:], shapes[1:]), (network.list_auxiliary_states(), states)):
        arrays |= {name: mx.nd.random.uniform(0.5, 1, shape=shape) for name, shape in zip(names, found, strict=True)}
    results = []
    for graph in (network, converted):
        executor = graph.simple_bind(mx.cpu(), data=(2, 3, 5, 5))
        for name, array in arrays.items():
            (executor.arg_dict if name in executor.arg_dict else executor.aux_dict)[name][:] = array
        results.append(executor.forward()[0])
    assert results[1].dtype == results[0].dtype
    mx.test_utils.assert_almost_equal(results[1], results[0], rtol=0.03, atol=0.03)
    assert (results[1] != results[0]).sum().asscalar() > 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target_dtype": "float32"}, "target_dtype must be 'float16' or 'bfloat16'; received 'float32'"),
        ({"target_dtype_ops": ("sigmoid",)}, "target_dtype_ops must be a list of names of operators"),
        ({"fp32_ops": "exp"}, "fp32_ops must be a list of names of operators; received 'exp'"),
        ({"fp32_ops": ["elemwise_add"]}, "fp32_ops must name operators of list_lp16_ops, .*; received 'elemwise_add'"),
        ({"target_dtype_ops": ["expp"]}, "target_dtype_ops must name operators .*received 'expp'; did you mean 'exp"),
        ({"target_dtype_ops": ["exp"], "fp32_ops": ["exp"]}, "'exp' in target_dtype_ops and fp32_ops"),
        (
            {"conditional_fp32_ops": ["relu"]},
            r"conditional_fp32_ops must be a list of \(operator, attribute, \[values\]\)",
        ),
        ({"conditional_fp32_ops": [("Activation", "act_type", "relu")]}, "conditional_fp32_ops must be a list of"),
        ({"conditional_fp32_ops": [("Activation", "act_type")]}, "conditional_fp32_ops must be a list of"),
        ({"excluded_sym_names": "f"}, "excluded_sym_names must be a list of names of nodes; received 'f'"),
    ],
    ids=str,
)
def test_refusals(options, message):
    with pytest.raises(AssertionError, match=f"^convert_symbol: .*{message}") as caught:
        amp.convert_symbol(a_network(), **options)
    assert isinstance(caught.value, mx.MXNetError)


def test_other_refusals():
    with pytest.raises(AssertionError, match=r"^convert_symbol: sym must be a Symbol; received int"):
        amp.convert_symbol(3)
    with pytest.raises(mx.MXNetError, match=r"data_names must be variables of the graph; received 'dat'; did you mean"):
        amp.convert_symbol(a_network(), data_names=["dat"])
    with pytest.raises(mx.MXNetError, match=r"f: the inputs and outputs of FullyConnected must agree in type"):
        amp.convert_symbol(mx.sym.FullyConnected(mx.sym.sigmoid(mx.sym.var("x")), num_hidden=1, name="f"), **LISTS)
