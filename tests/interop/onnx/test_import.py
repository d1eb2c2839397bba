"""Files of ONNX as graphs: mx.contrib.onnx.import_model and its kin."""

from __future__ import annotations

import os

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

import glueball as mx
from glueball.core.errors import MXNetError
from glueball.gluon.model_zoo import vision
from tests.comparison import assert_same

_FLOAT = TensorProto.FLOAT


def written(path, nodes, inputs, outputs, parameters=None, opset=17, **more):
    """Write a small model; shapes by the names of inputs and outputs."""
    graph = helper.make_graph(
        nodes, "test", [helper.make_tensor_value_info(name, _FLOAT, shape) for name, shape in inputs.items()],
        [helper.make_tensor_value_info(name, _FLOAT, shape) for name, shape in outputs.items()],
        [numpy_helper.from_array(array, name) for name, array in (parameters or {}).items()],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], **more)
    model.ir_version = 8
    onnx.save(model, path)
    return str(path)


def run(found, **data):
    sym, args, states = found
    arrays = {name: mx.nd.array(value) for name, value in data.items()}
    executor = sym.bind(mx.cpu(), {**args, **arrays}, aux_states=states, grad_req="null")
    return [output.asnumpy() for output in executor.forward()]


@pytest.fixture(scope="module")
def network():
    net = mx.gluon.nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(mx.gluon.nn.Conv2D(8, 3, padding=1, in_channels=3), mx.gluon.nn.BatchNorm(in_channels=8))
        net.add(mx.gluon.nn.Activation("relu"), mx.gluon.nn.MaxPool2D(), mx.gluon.nn.GlobalAvgPool2D())
        net.add(mx.gluon.nn.Flatten(), mx.gluon.nn.Dense(4, in_units=8))
    net.initialize(mx.init.Xavier())
    x = mx.nd.random.uniform(-1, 1, (2, 3, 8, 8))
    with mx.autograd.record():
        net(x)  # moves the statistics
    return net, x


def test_a_network_comes_back(network, tmp_path):
    net, x = network
    path = net.export_onnx(str(tmp_path / "net.onnx"), x)
    sym, args, states = mx.contrib.onnx.import_model(path)
    assert set(states) == {"net_batchnorm0_running_mean", "net_batchnorm0_running_var"}
    (result,) = run((sym, args, states), data=x.asnumpy())
    assert_same(result, net(x).asnumpy(), rtol=1e-5)


def test_metadata(network, tmp_path):
    net, x = network
    path = net.export_onnx(str(tmp_path / "net.onnx"), x)
    found = mx.contrib.onnx.get_model_metadata(path)
    assert found["input_tensor_data"] == [("data", (2, 3, 8, 8))]
    assert [shape for _, shape in found["output_tensor_data"]] == [(2, 4)]


def test_it_trains_further(network, tmp_path):
    net, x = network
    block = mx.contrib.onnx.import_to_gluon(net.export_onnx(str(tmp_path / "net.onnx"), x), mx.cpu())
    assert_same(block(x).asnumpy(), net(x).asnumpy(), rtol=1e-5)
    trainer = mx.gluon.Trainer(block.collect_params(), "sgd", {"learning_rate": 0.5})
    loss, losses = mx.gluon.loss.SoftmaxCrossEntropyLoss(), []
    for _ in range(20):
        with mx.autograd.record():
            value = loss(block(x), mx.nd.array([1, 3])).mean()
        value.backward()
        trainer.step(1)
        losses.append(value.asscalar())
    assert losses[-1] < losses[0] / 2


def in_mxnet(oracle, found, folder, **data):
    """What real MXNet computes with the graph and the parameters, from files of ours."""
    sym, args, states = found
    sym.save(str(folder / "net-symbol.json"))
    arrays = {f"arg:{name}": array for name, array in args.items()}
    mx.nd.save(str(folder / "net.params"), arrays | {f"aux:{name}": array for name, array in states.items()})

    def load(mx, folder, data):
        sym = mx.sym.load(folder + "/net-symbol.json")
        arrays = mx.nd.load(folder + "/net.params") or {}
        args = {name[4:]: array for name, array in arrays.items() if name.startswith("arg:")}
        states = {name[4:]: array for name, array in arrays.items() if name.startswith("aux:")}
        args.update({name: mx.nd.array(value) for name, value in data.items()})
        outputs = sym.bind(mx.cpu(), args, aux_states=states, grad_req="null").forward()
        return [output.asnumpy() for output in outputs]

    return oracle.run(load, str(folder), data)


def test_mxnet_computes_the_same(oracle, network, tmp_path):
    net, x = network
    found = mx.contrib.onnx.import_model(net.export_onnx(str(tmp_path / "net.onnx"), x))
    (result,) = in_mxnet(oracle, found, tmp_path, data=x.asnumpy())
    assert_same(result, net(x).asnumpy(), rtol=1e-5)


@pytest.mark.parametrize("name", ["resnet18_v1", "mobilenetv2_0.25", "squeezenet1.1", "alexnet"])
def test_networks_of_the_zoo(name, tmp_path):
    net = vision.get_model(name, classes=10)
    net.initialize(mx.init.Xavier())
    x = mx.nd.random.uniform(-1, 1, (1, 3, 224, 224))
    block = mx.contrib.onnx.import_to_gluon(net.export_onnx(str(tmp_path / "net.onnx"), x))
    assert_same(block(x).asnumpy(), net(x).asnumpy(), rtol=1e-4)


def test_a_batch_that_varies(tmp_path):
    """A reshape as torch writes it: (lengths of the input, -1)."""
    nodes = [
        helper.make_node("Shape", ["x"], ["lengths"]), helper.make_node("Gather", ["lengths", "zero"], ["length"]),
        helper.make_node("Unsqueeze", ["length", "axes"], ["one"]),
        helper.make_node("Concat", ["one", "rest"], ["shape"], axis=0),
        helper.make_node("Reshape", ["x", "shape"], ["y"]),
    ]  # fmt: skip
    parameters = {"zero": np.array(0), "axes": np.array([0]), "rest": np.array([-1])}
    path = written(tmp_path / "m.onnx", nodes, {"x": ["n", 2, 3]}, {"y": ["n", 6]}, parameters)
    found = mx.contrib.onnx.import_model(path)
    for count in (1, 5):
        x = np.random.RandomState(0).normal(size=(count, 2, 3)).astype(np.float32)
        assert_same(run(found, x=x)[0], x.reshape(count, 6), rtol=0)


@pytest.mark.parametrize("mode", ["linear", "nearest", "cubic"])
def test_resizing_that_mxnet_has_no_operator_for(mode, tmp_path):
    nodes = [
        helper.make_node("Resize", ["x", "", "scales"], ["y"], mode=mode, coordinate_transformation_mode="asymmetric")
    ]
    scales = np.array([1, 1, 1.5, 0.7], np.float32)
    path = written(tmp_path / "m.onnx", nodes, {"x": [1, 2, 6, 10]}, {"y": [1, 2, 9, 7]}, {"scales": scales})
    x = np.random.RandomState(0).normal(size=(1, 2, 6, 10)).astype(np.float32)
    session = pytest.importorskip("onnxruntime").InferenceSession(path, providers=["CPUExecutionProvider"])
    assert_same(run(mx.contrib.onnx.import_model(path), x=x)[0], session.run(None, {"x": x})[0], rtol=1e-4)


# --- what is refused --------------------------------------------------------------------------------------------------


def test_all_that_has_no_counterpart_is_named(tmp_path):
    nodes = [
        helper.make_node("Relu", ["x"], ["h"], name="fine"),
        helper.make_node("Unique", ["h"], ["n"], name="first"),
        helper.make_node("DFT", ["x"], ["y"], name="second"),
    ]
    path = written(tmp_path / "m.onnx", nodes, {"x": [1, 3, 1]}, {"y": [1, 3, 2], "n": ["count"]})
    with pytest.raises(MXNetError, match=r"Unique \(first\)(.|\n)*DFT \(second\)"):
        mx.contrib.onnx.import_model(path)


_FUNCTIONS = ["import_model", "import_to_gluon", "get_model_metadata"]


@pytest.mark.parametrize("function", _FUNCTIONS)
@pytest.mark.parametrize("content", [b"", b"no model", b"\x08\x07" + b"\xff" * 50])
def test_what_is_no_model(function, content, tmp_path):
    path = tmp_path / "m.onnx"
    path.write_bytes(content)
    with pytest.raises(MXNetError, match=f"{function}: .*m.onnx must (be a file of ONNX|say which version)"):
        getattr(mx.contrib.onnx, function)(str(path))
    with pytest.raises(MXNetError, match=function):
        getattr(mx.contrib.onnx, function)(str(tmp_path / "missing.onnx"))


def test_every_truncation(network, tmp_path):
    net, x = network
    with open(net.export_onnx(str(tmp_path / "net.onnx"), x), "rb") as file:
        content = file.read()
    path = tmp_path / "cut.onnx"
    for end in range(0, len(content), max(len(content) // 40, 1)):
        path.write_bytes(content[:end])
        with pytest.raises(MXNetError):
            mx.contrib.onnx.import_model(str(path))


def _external(path, location, length=16, offset=0, dims=(2, 2)):
    graph = helper.make_graph([helper.make_node("MatMul", ["x", "w"], ["y"])], "test",
                              [helper.make_tensor_value_info("x", _FLOAT, [1, 2])],
                              [helper.make_tensor_value_info("y", _FLOAT, [1, 2])])  # fmt: skip
    tensor = TensorProto(name="w", data_type=_FLOAT, dims=dims, data_location=TensorProto.EXTERNAL)
    for key, value in (("location", location), ("offset", offset), ("length", length)):
        tensor.external_data.add(key=key, value=str(value))
    graph.initializer.append(tensor)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    path.write_bytes(model.SerializeToString())
    return str(path)


def test_external_data(tmp_path):
    (tmp_path / "w.bin").write_bytes(np.arange(4, dtype=np.float32).tobytes())
    found = mx.contrib.onnx.import_model(_external(tmp_path / "m.onnx", "w.bin"))
    assert run(found, x=np.ones((1, 2), np.float32))[0].tolist() == [[2, 4]]


@pytest.mark.parametrize("location", ["../w.bin", "missing.bin", "link.bin", "{absolute}"])
def test_external_data_must_be_beside_the_file(location, tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (tmp_path / "w.bin").write_bytes(bytes(16))
    os.symlink(tmp_path / "w.bin", folder / "link.bin")
    path = _external(folder / "m.onnx", location.format(absolute=tmp_path / "w.bin"))
    with pytest.raises(MXNetError, match="import_model"):
        mx.contrib.onnx.import_model(path)


@pytest.mark.parametrize("how", [{"length": 8}, {"offset": 8}, {"dims": (2**20, 2**20)}, {"offset": -4}])
def test_external_data_must_fit(how, tmp_path):
    (tmp_path / "w.bin").write_bytes(bytes(16))
    with pytest.raises(MXNetError, match="import_model"):
        mx.contrib.onnx.import_model(_external(tmp_path / "m.onnx", "w.bin", **how))


def test_a_short_file_does_not_ask_for_all_memory(tmp_path):
    nodes = [helper.make_node("ConstantOfShape", ["shape"], ["big"]), helper.make_node("ReduceSum", ["big"], ["s"]),
             helper.make_node("Add", ["x", "s"], ["y"])]  # fmt: skip
    parameters = {"shape": np.array([2**20, 2**20])}
    path = written(tmp_path / "m.onnx", nodes, {"x": [1]}, {"y": [1, 1]}, parameters)
    _, args, _ = mx.contrib.onnx.import_model(path)
    assert sum(array.size for array in args.values()) < 100


def test_a_graph_in_a_circle(tmp_path):
    nodes = [helper.make_node("Relu", ["b"], ["a"]), helper.make_node("Relu", ["a"], ["b"])]
    with pytest.raises(MXNetError, match="import_model"):
        mx.contrib.onnx.import_model(written(tmp_path / "m.onnx", nodes, {"x": [1]}, {"b": [1]}))


def test_functions_of_a_file_are_written_out(tmp_path):
    """So are operators that ONNX explains by others: HardSwish is one of those in the function."""
    nodes = [helper.make_node("Add", ["a", "b"], ["c"]), helper.make_node("Relu", ["c"], ["d"])]
    function = helper.make_function("own", "AddRelu", ["a", "b"], ["d"], nodes, [helper.make_opsetid("", 17)])
    nodes = [
        helper.make_node("AddRelu", ["x", "w"], ["z"], domain="own"),
        helper.make_node("AddRelu", ["z", "w"], ["y"], domain="own"),
    ]
    path = written(
        tmp_path / "m.onnx", nodes, {"x": (2, 2)}, {"y": (2, 2)}, {"w": np.float32([[1, -9]])}, functions=[function]
    )
    model = onnx.load(path)
    model.opset_import.append(helper.make_opsetid("own", 1))
    onnx.save(model, path)
    x, w = np.float32([[1, 2], [-3, 20]]), np.float32([[1, -9]])
    (result,) = run(mx.contrib.onnx.import_model(path), x=x)
    assert_same(result, np.maximum(np.maximum(x + w, 0) + w, 0))


@pytest.mark.parametrize(("chosen", "expected"), [(True, 3.0), (False, -1.0)])
def test_a_branch_that_is_known_takes_the_place_of_the_condition(tmp_path, chosen, expected):
    def branch(name, operator):
        result = helper.make_tensor_value_info(f"{name}_y", _FLOAT, (1,))
        return helper.make_graph([helper.make_node(operator, ["x", "w"], [f"{name}_y"])], name, [], [result])

    node = helper.make_node("If", ["c"], ["y"], then_branch=branch("one", "Add"), else_branch=branch("other", "Sub"))
    parameters = {"w": np.float32([2]), "c": np.array(chosen)}
    path = written(tmp_path / "m.onnx", [node], {"x": (1,)}, {"y": (1,)}, parameters)
    (result,) = run(mx.contrib.onnx.import_model(path), x=np.float32([1]))
    assert result.tolist() == [expected]


def test_boxes_that_overlap_less_remain(tmp_path):
    """Against ONNX Runtime, with boxes that begin anywhere."""
    runtime = pytest.importorskip("onnxruntime")
    node = helper.make_node("NonMaxSuppression", ["boxes", "scores", "most", "overlap", "least"], ["y"])
    random = np.random.RandomState(1)
    boxes, scores = random.rand(2, 30, 4).astype(np.float32), random.rand(2, 3, 30).astype(np.float32)
    parameters = {"most": np.int64([7]), "overlap": np.float32([0.3]), "least": np.float32([0.2])}
    path = written(
        tmp_path / "m.onnx", [node], {"boxes": boxes.shape, "scores": scores.shape}, {"y": (None, 3)}, parameters
    )
    model = onnx.load(path)
    model.graph.output[0].type.tensor_type.elem_type = TensorProto.INT64
    onnx.save(model, path)
    (result,) = run(mx.contrib.onnx.import_model(path), boxes=boxes, scores=scores)
    session = runtime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (expected,) = session.run(None, {"boxes": boxes, "scores": scores})
    assert result.tolist() == expected.tolist()


@pytest.mark.parametrize("reduction", ["none", "add", "mul", "max", "min"])
def test_numbers_written_to_the_same_place_are_joined_in_order(tmp_path, reduction):
    runtime = pytest.importorskip("onnxruntime")
    node = helper.make_node("ScatterElements", ["x", "places", "numbers"], ["y"], axis=1, reduction=reduction)
    random = np.random.RandomState(2)
    x, numbers = random.randn(3, 5).astype(np.float32), random.randn(3, 4).astype(np.float32)
    places = np.array([[0, -1, 0, 4], [1, 2, 3, -2], [2, 2, 2, 2]], np.int64)
    path = written(
        tmp_path / "m.onnx", [node], {"x": x.shape}, {"y": x.shape}, {"places": places, "numbers": numbers}, opset=18
    )
    (result,) = run(mx.contrib.onnx.import_model(path), x=x)
    (expected,) = runtime.InferenceSession(path, providers=["CPUExecutionProvider"]).run(None, {"x": x})
    assert_same(result, expected, rtol=1e-6)


def judged(oracle, path, folder, **data):
    """Compare with ONNX Runtime what the imported graph computes here and in MXNet."""
    runtime = pytest.importorskip("onnxruntime")
    expected = runtime.InferenceSession(path, providers=["CPUExecutionProvider"]).run(None, data)
    found = mx.contrib.onnx.import_model(path)
    for results in (run(found, **data), in_mxnet(oracle, found, folder, **data)):
        for result, other in zip(results, expected, strict=True):
            assert_same(result, other, rtol=1e-5)


@pytest.mark.parametrize(
    ("equation", "shapes", "out"),
    [
        ("...ii->...i", [(2, 3, 3)], (2, 3)),
        ("...ij,...jk->...ik", [(2, 3, 4), (2, 4, 5)], (2, 3, 5)),
        ("ij,jk,kl->il", [(2, 3), (3, 4), (4, 2)], (2, 2)),
        ("ij,jk", [(3, 4), (4, 5)], (3, 5)),
    ],
)
def test_sums_of_einstein(equation, shapes, out, oracle, tmp_path):
    random, names = np.random.RandomState(3), "xyz"[: len(shapes)]
    arrays = {name: random.randn(*shape).astype(np.float32) for name, shape in zip(names, shapes, strict=True)}
    node = helper.make_node("Einsum", list(names), ["out"], equation=equation)
    path = written(tmp_path / "m.onnx", [node], dict(zip(names, shapes, strict=True)), {"out": out})
    judged(oracle, path, tmp_path, **arrays)


@pytest.mark.parametrize("name", ["BitwiseAnd", "BitwiseOr", "BitwiseXor", "BitwiseNot"])
def test_integers_bit_by_bit(name, oracle, tmp_path):
    inputs = ["a", "mask"][: 1 if name == "BitwiseNot" else 2]
    nodes = [
        helper.make_node("Cast", ["x"], ["a"], to=TensorProto.INT32), helper.make_node(name, inputs, ["b"]),
        helper.make_node("Cast", ["b"], ["y"], to=_FLOAT),
    ]  # fmt: skip
    masks = {"mask": np.array([6, -1, 255], np.int32)}
    path = written(tmp_path / "m.onnx", nodes, {"x": (2, 3)}, {"y": (2, 3)}, masks, opset=18)
    judged(oracle, path, tmp_path, x=np.array([[5, -3, 1000], [0, 7, -129]], np.float32))


def test_bits_of_numbers_that_mxnet_has_not_are_refused(tmp_path):
    node = helper.make_node("BitwiseNot", ["x"], ["y"])
    graph = helper.make_graph(
        [node], "test", [helper.make_tensor_value_info("x", TensorProto.UINT32, (2,))],
        [helper.make_tensor_value_info("y", TensorProto.UINT32, (2,))],
    )  # fmt: skip
    path = str(tmp_path / "m.onnx")
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)]), path)
    with pytest.raises(MXNetError, match=r"BitwiseNot .*uint32"):
        mx.contrib.onnx.import_model(path)


def test_graphs_of_the_package_are_read_as_files_are(network, tmp_path):
    net, x = network
    graph = onnx.load(net.export_onnx(str(tmp_path / "net.onnx"), x)).graph
    reader = mx.contrib.onnx.onnx2mx.import_onnx.GraphProto()
    (result,) = run(reader.from_onnx(graph, opset_version=17), data=x.asnumpy())
    assert_same(result, net(x).asnumpy(), rtol=1e-5)
    assert len(reader.arg_dict) == 6
    assert len(reader.aux_dict) == 2
    assert reader.get_graph_metadata(graph)["input_tensor_data"] == [("data", (2, 3, 8, 8))]
    assert_same(reader.graph_to_gluon(graph, mx.cpu(), 17)(x).asnumpy(), net(x).asnumpy(), rtol=1e-5)
    for wrong in (None, "net.onnx", helper.make_node("Relu", ["x"], ["y"])):
        with pytest.raises(MXNetError, match="from_onnx"):
            reader.from_onnx(wrong, 17)


def test_names_of_mxnet_with_a_stroke_are_the_same_functions():
    for name in ("export_model", "import_model", "get_model_metadata", "import_to_gluon"):
        assert getattr(mx.contrib.onnx, f"{name}_") is getattr(mx.contrib.onnx, name)
