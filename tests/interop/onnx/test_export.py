"""Networks as files of ONNX: what users call, what the files say, and what is refused."""

from __future__ import annotations

import logging
import os

import numpy as np
import pytest

import glueball as mx
from glueball import MXNetError, nd
from glueball.gluon import nn
from glueball.interop.onnx.exporting import weights
from tests.comparison import assert_same
from tests.interop.onnx.running import computed, onnx


def _network():
    net = nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(nn.Conv2D(4, 3, padding=1), nn.BatchNorm(), nn.Activation("relu"), nn.MaxPool2D(), nn.Dense(3))
    net.initialize(mx.init.Normal(0.3))
    net.hybridize()
    return net


def _signature(values):
    return [
        (value.name, [dim.dim_param or dim.dim_value for dim in value.type.tensor_type.shape.dim]) for value in values
    ]


@pytest.fixture
def picture():
    return nd.array(np.random.RandomState(3).uniform(-1, 1, (1, 3, 8, 8)))


@pytest.fixture
def files(tmp_path, picture):
    """A network, what it answers, and its files."""
    net = _network()
    wanted = net(picture)
    net.export(str(tmp_path / "net"))
    return wanted, str(tmp_path / "net-symbol.json"), str(tmp_path / "net-0000.params")


def _loaded(files):
    _, symbol, params = files
    return mx.sym.load(symbol), nd.load(params)


def _given(files, kind):
    symbol, params = _loaded(files)
    if kind == "files":
        return files[1:]
    if kind == "one dict with prefixes":
        return symbol, params
    bare = {name[4:]: array for name, array in params.items()}
    if kind == "one dict":
        return symbol, bare
    states = set(symbol.list_auxiliary_states())
    parts = [{name: array for name, array in bare.items() if (name in states) is which} for which in (False, True)]
    return symbol, parts


@pytest.mark.parametrize("kind", ["files", "one dict with prefixes", "one dict", "two dicts"])
def test_every_way_to_give_the_parameters(files, picture, tmp_path, kind):
    path = str(tmp_path / "out.onnx")
    assert mx.onnx.export_model(*_given(files, kind), [(1, 3, 8, 8)], np.float32, path) == path
    assert_same(computed(path, {"data": picture.asnumpy()})[0], files[0].asnumpy())


def test_the_function_is_where_programs_look_for_it():
    from glueball.contrib.onnx.mx2onnx import export_model

    assert mx.contrib.onnx.export_model is mx.onnx.mx2onnx.export_model is mx.onnx.export_model is export_model


def test_names_are_those_of_the_graph(files, tmp_path):
    path = mx.onnx.export_model(*files[1:], [(1, 3, 8, 8)], onnx_file_path=tmp_path / "out.onnx")
    graph = onnx.load(path).graph
    assert _signature(graph.input) == [("data", [1, 3, 8, 8])]
    assert _signature(graph.output) == [("net_dense0_fwd", [1, 3])]
    assert {"net_conv0_weight", "net_batchnorm0_running_mean", "net_dense0_bias"} <= {
        each.name for each in graph.initializer
    }
    assert {"net_conv0_fwd", "net_relu0_fwd"} <= {name for node in graph.node for name in node.output}


def test_outputs_of_one_layer_are_numbered(tmp_path):
    x = mx.sym.var("x")
    both = mx.sym.topk(x, k=2, ret_typ="both", name="best")
    path = mx.onnx.export_model(mx.sym.Group([both, x, x]), {}, [(2, 4)], onnx_file_path=tmp_path / "out.onnx")
    assert [name for name, _ in _signature(onnx.load(path).graph.output)] == [
        "best0", "best1", "x_output", "x_output_"
    ]  # fmt: skip
    data = np.float32([[1, 3, 2, 0], [5, 6, 7, 8]])
    assert_same(
        computed(path, {"x": data}), [data[[[0], [1]], [[1, 2], [3, 2]]], np.float32([[1, 2], [3, 2]]), data, data]
    )


@pytest.mark.parametrize("opset", [13, 17, 21])
@pytest.mark.parametrize("shapes", [None, [(None, 3, 8, 8)], [("images", 3, 8, 8)]])
def test_any_number_of_pictures(files, tmp_path, shapes, opset):
    path = mx.onnx.export_model(
        *files[1:], [(1, 3, 8, 8)], onnx_file_path=tmp_path / "out.onnx", dynamic=True, dynamic_input_shapes=shapes,
        opset_version=opset, run_shape_inference=True,
    )  # fmt: skip
    model = onnx.load(path)
    name = "images" if shapes and shapes[0][0] else "batch"
    assert _signature(model.graph.input) == [("data", [name, 3, 8, 8])]
    assert _signature(model.graph.output) == [("net_dense0_fwd", [name, 3])]
    assert model.opset_import[0].version == opset and len(model.graph.value_info) > 3
    symbol, params = _loaded(files)
    data = np.random.RandomState(1).uniform(-1, 1, (5, 3, 8, 8)).astype(np.float32)
    for count in (1, 2, 5):
        wanted = symbol.eval(data=nd.array(data[:count]), **{key[4:]: value for key, value in params.items()})
        assert_same(computed(path, {"data": data[:count]}), [wanted[0].asnumpy()])


def test_pictures_of_any_size(tmp_path):
    net = nn.HybridSequential()
    net.add(nn.Conv2D(4, 3, strides=2, padding=1), nn.MaxPool2D(3, 2, 1), nn.AvgPool2D(2, 1, ceil_mode=False),
            nn.InstanceNorm(), nn.GlobalMaxPool2D(), nn.Dense(2))  # fmt: skip
    net.initialize()
    x = nd.random.uniform(shape=(2, 3, 20, 18))
    path = net.export_onnx(tmp_path / "out.onnx", x, dynamic=True)
    (signature,) = _signature(onnx.load(path).graph.input)
    assert signature[1][0] == "batch" and signature[1][2:] == [0, 0]
    for shape in ((2, 3, 20, 18), (1, 3, 33, 25)):
        x = nd.random.uniform(shape=shape)
        assert_same(computed(path, {"data": x.asnumpy()}), [net(x).asnumpy()])


def test_a_block_with_several_inputs_that_never_ran(tmp_path):
    class Pair(mx.gluon.HybridBlock):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            with self.name_scope():
                self.dense = nn.Dense(4, flatten=False)

        def hybrid_forward(self, F, x, y):
            return F.batch_dot(self.dense(x), y, transpose_b=True), F.reshape(y, shape=(-3, 0))

    net = Pair()
    net.initialize()
    x, y = nd.random.uniform(shape=(2, 5, 3)), nd.random.uniform(shape=(2, 6, 4))
    path = net.export_onnx(tmp_path / "out.onnx", x, y, dynamic=[("batch", "queries", 3), ("batch", "keys", 4)])
    for batch, queries, keys in ((2, 5, 6), (3, 1, 7)):
        x, y = nd.random.uniform(shape=(batch, queries, 3)), nd.random.uniform(shape=(batch, keys, 4))
        results = computed(path, {"data0": x.asnumpy(), "data1": y.asnumpy()})
        assert_same(results, [each.asnumpy() for each in net(x, y)])


def test_types_other_than_float32(tmp_path):
    net = nn.HybridSequential()
    net.add(nn.Embedding(10, 4), nn.Dense(3))
    net.initialize()
    net.cast("float16")
    words = nd.array([[1, 2, 9]], dtype="int64")
    path = net.export_onnx(tmp_path / "out.onnx", words)
    assert onnx.load(path).graph.input[0].type.tensor_type.elem_type == onnx.TensorProto.INT64
    (result,) = computed(path, {"data": words.asnumpy()})
    assert result.dtype == np.float16
    assert_same(result, net(words).asnumpy())


def test_labels_may_be_left_out(tmp_path):
    net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=3, name="fc"), name="softmax")
    params = {"fc_weight": nd.random.uniform(shape=(3, 4)), "fc_bias": nd.zeros(3)}
    x = np.float32([[1, 2, 3, 4]])
    wanted = nd.softmax(nd.dot(nd.array(x), params["fc_weight"].T)).asnumpy()
    for shapes in ([(1, 4)], [(1, 4), (1,)]):
        path = mx.onnx.export_model(net, params, shapes, onnx_file_path=tmp_path / "out.onnx")
        names = [name for name, _ in _signature(onnx.load(path).graph.input)]
        assert names == ["data", "softmax_label"][: len(shapes)]
        feeds = {"data": x, "softmax_label": np.float32([0])}
        assert_same(computed(path, {name: feeds[name] for name in names}), [wanted])


def test_weights_that_are_too_large_lie_beside(files, picture, tmp_path, monkeypatch):
    monkeypatch.setattr(weights, "LARGEST", 100)
    folder = tmp_path / "large"
    folder.mkdir()
    path = mx.onnx.export_model(
        *files[1:], [(1, 3, 8, 8)], onnx_file_path=folder / "out.onnx", run_shape_inference=True
    )
    assert sorted(os.listdir(folder)) == ["out.onnx", "out.onnx.data"]
    onnx.checker.check_model(path, full_check=True)
    assert_same(computed(path, {"data": picture.asnumpy()})[0], files[0].asnumpy())


def test_all_operators_without_a_counterpart_are_named_and_nothing_is_written(tmp_path):
    x = mx.sym.var("x")
    net = mx.sym.erfinv(mx.sym.gamma(mx.sym.relu(x), name="a"), name="b") + mx.sym.gamma(x, name="c")
    with pytest.raises(
        MXNetError, match=r"gamma \(ONNX has no counterpart\): a, c; erfinv \(.*\): b; export"
    ) as caught:
        mx.onnx.export_model(net, {}, [(2, 3)], onnx_file_path=tmp_path / "out.onnx")
    assert isinstance(caught.value, AttributeError)  # MXNet's class
    assert os.listdir(tmp_path) == []


def test_an_older_file_stays_if_the_export_fails(files, tmp_path):
    path = tmp_path / "out.onnx"
    path.write_bytes(b"before")
    with pytest.raises(MXNetError):
        mx.onnx.export_model(mx.sym.gamma(mx.sym.var("x")), {}, [(2, 3)], onnx_file_path=path)
    assert path.read_bytes() == b"before"
    with pytest.raises(MXNetError, match="the file must be writable"):
        mx.onnx.export_model(*files[1:], [(1, 3, 8, 8)], onnx_file_path=tmp_path / "none" / "out.onnx")


@pytest.mark.parametrize(("change", "message"), [
    ({"in_shapes": None}, "in_shapes must be a list of shapes, one for each of data"),
    ({"in_shapes": [(1, 3, 8, 8), (1,)]}, "a shape for each of 1 inputs"),
    ({"in_types": ["float32", "float32"]}, "in_types must be one type, or 1"),
    ({"in_types": "complex64"}, "complex64"),
    ({"in_shapes": [(1, 3, 12, 12)]}, "net_dense0_fwd"),
    ({"opset_version": 12}, "the opset must be one of 13 to 21; received 12"),
    ({"dynamic_input_shapes": [(None, 3, 8, 8)]}, "dynamic must be True"),
    ({"dynamic": True, "dynamic_input_shapes": [(None, 3, 8)]}, "as many and as long as in_shapes"),
    ({"dynamic": True, "dynamic_input_shapes": [(None, None, 8, 8)]}, "axis 1 of data must be free to vary"),
    ({"params": {}}, r"received neither for net_conv0_weight, net_conv0_bias"),
])  # fmt: skip
def test_what_does_not_fit_is_refused(files, tmp_path, change, message):
    arguments = {"sym": files[1], "params": files[2], "in_shapes": [(1, 3, 8, 8)], **change}
    with pytest.raises(MXNetError, match=message):
        mx.onnx.export_model(**arguments, onnx_file_path=tmp_path / "out.onnx")
    assert not (tmp_path / "out.onnx").exists()


def test_a_length_that_decides_is_refused(tmp_path):
    x = mx.sym.var("x")
    with pytest.raises(MXNetError, match=r"_linalg_extracttrian.*varies"):
        mx.onnx.export_model(mx.sym.linalg.extracttrian(x), {}, [(4, 4)], onnx_file_path=tmp_path / "a", dynamic=True,
                             dynamic_input_shapes=[("n", "n")])  # fmt: skip


def test_the_older_names_of_arguments(files, tmp_path, caplog):
    with caplog.at_level(logging.INFO):
        mx.onnx.export_model(*files[1:], onnx_file_path=tmp_path / "out.onnx", input_shape=[(1, 3, 8, 8)],
                             input_type=[np.float32], verbose=True)  # fmt: skip
    assert "output net_dense0_fwd of type float32" in caplog.text


def test_supported_operators_are_listed():
    listed = mx.onnx.get_operator_support()
    assert {"Convolution", "null", "topk"} <= set(listed) and "erfinv" not in listed
    assert "BilinearSampler" in listed and "BilinearSampler" not in mx.onnx.get_operator_support(13)
