"""Whole networks as files of ONNX: ONNX Runtime computes what Glueball does."""

from __future__ import annotations

import gzip
from pathlib import Path
from random import Random

import numpy as np
import pytest

import glueball as mx
from glueball import nd
from tests.comparison import assert_same
from tests.exchange import zoo
from tests.exchange.building import build_block, fill_parameters, flatten, input_names, make_arguments
from tests.exchange.drawing import draw_network
from tests.interop.onnx.running import computed, onnx

_SHARED = Path(__file__).resolve().parents[4] / "shared"
_ONE_OF_EACH_KIND = ["mobilenet0.25", "mobilenetv2_0.25", "resnet18_v1", "resnet18_v2", "squeezenet1.1"]
_GENERATED = 60


def _export_zoo(name, path, opset):
    """Export a network of the zoo for any number of pictures, and compare for two numbers of them."""
    network = mx.gluon.model_zoo.vision.get_model(name, classes=zoo.CLASSES)
    picture = zoo.picture(name)
    network.infer_shape(nd.array(picture))
    network.initialize(mx.init.Zero())
    zoo.fill_network(mx, network)
    network.export_onnx(path, nd.array(picture), dynamic=[("batch", *picture.shape[1:])], opset_version=opset)
    onnx.checker.check_model(path, full_check=True)
    for data in (picture, np.concatenate([picture, picture[:, :, ::-1]])):
        wanted = network(nd.array(data)).asnumpy()
        assert np.isfinite(wanted).all() and np.ptp(wanted) > 1e-2
        assert_same(computed(path, {"data": data})[0], wanted, rtol=1e-4)


@pytest.mark.parametrize("opset", [13, 21])
@pytest.mark.parametrize("name", _ONE_OF_EACH_KIND)
def test_some_networks_of_the_zoo(name, opset, tmp_path):
    _export_zoo(name, tmp_path / "net.onnx", opset)
    (tmp_path / "net.onnx").unlink()


@zoo.every
@pytest.mark.parametrize("name", zoo.NAMES)
def test_all_networks_of_the_zoo(name, tmp_path):
    _export_zoo(name, tmp_path / "net.onnx", 17)
    (tmp_path / "net.onnx").unlink()


@pytest.mark.parametrize("opset", [13, 21])
@pytest.mark.parametrize("dynamic", [False, True])
def test_generated_networks(opset, dynamic, tmp_path):
    path = tmp_path / "net.onnx"
    compared = 0
    for seed in range(_GENERATED):
        description = draw_network(Random(seed))
        network = build_block(mx, description["block"], [])
        network.initialize()
        network.cast(description["dtype"])
        arguments = make_arguments(mx, description)
        network(*arguments)
        fill_parameters(mx, network)
        network.export_onnx(path, *arguments, dynamic=dynamic, opset_version=opset)
        onnx.checker.check_model(path, full_check=True)
        leaves = flatten(arguments)
        feeds = dict(zip(input_names(arguments), [each.asnumpy() for each in leaves], strict=True))
        taken = {value.name for value in onnx.load(path).graph.input}
        results = computed(path, {name: array for name, array in feeds.items() if name in taken})
        if results is not None:
            compared += 1
            outputs = flatten([network(*arguments)])
            assert_same(results, [each.asnumpy() for each in outputs], rtol=1e-4, atol=1e-6, about=f"seed {seed}")
    assert compared > 0.8 * _GENERATED


def _run(path, feeds):
    """Read a file as a graph; return it, its arrays and what it computes."""
    symbol, arguments, states = mx.contrib.onnx.import_model(str(path))
    given = {name: array for name, array in feeds.items() if name in symbol.list_inputs()}
    executor = symbol.bind(mx.cpu(), {**arguments, **given}, aux_states=states, grad_req="null")
    return symbol, {**arguments, **states}, given, [output.asnumpy() for output in executor.forward()]


def test_generated_networks_come_back_and_go_out_again(tmp_path):
    """Out, in, out and in: the graph that is read is one of MXNet's operators, which can be written as any other."""
    first, second = tmp_path / "first.onnx", tmp_path / "second.onnx"
    for seed in range(_GENERATED // 3):
        description = draw_network(Random(seed))
        network = build_block(mx, description["block"], [])
        network.initialize()
        network.cast(description["dtype"])
        arguments = make_arguments(mx, description)
        network(*arguments)
        fill_parameters(mx, network)
        network.export_onnx(first, *arguments)
        feeds = dict(zip(input_names(arguments), flatten(arguments), strict=True))
        symbol, arrays, given, results = _run(first, feeds)
        expected = [each.asnumpy() for each in flatten([network(*arguments)])]
        about = {"rtol": 1e-2, "atol": 1e-2} if description["dtype"] == "float16" else {"rtol": 1e-4, "atol": 1e-5}
        assert_same(results, expected, about=f"seed {seed}", **about)
        names = [name for name in symbol.list_inputs() if name in given]
        shapes, types = [given[name].shape for name in names], [given[name].dtype for name in names]
        mx.onnx.export_model(symbol, arrays, shapes, types, second)
        assert_same(_run(second, feeds)[-1], expected, about=f"seed {seed}", **about)


@pytest.mark.skipif(not _SHARED.is_dir(), reason="the trained networks are next to the repository: ../shared is absent")
@pytest.mark.parametrize("opset", [13, 21])
def test_networks_that_others_trained(opset, tmp_path):
    path = tmp_path / "net.onnx"
    data = np.random.RandomState(2).uniform(-2, 2, (3, 3, 32, 32)).astype(np.float32)
    images = gzip.decompress((_SHARED / "data/mnist-10k/t10k-images-idx3-ubyte.gz").read_bytes())
    digits = np.frombuffer(images, np.uint8, offset=16)[: 50 * 784].reshape(50, 1, 28, 28).astype(np.float32) / 255
    for name, epoch, inputs in (("cifar_resnet20_v1/cifar_resnet20_v1", 0, data), ("lenet/LeNet", 10, digits)):
        files = [str(_SHARED / "models" / f"{name}{end}") for end in ("-symbol.json", f"-{epoch:04d}.params")]
        shape = (1, *inputs.shape[1:])
        mx.onnx.export_model(
            *files, [shape], onnx_file_path=path, dynamic=True, dynamic_input_shapes=[(None, *shape[1:])],
            opset_version=opset,
        )  # fmt: skip
        onnx.checker.check_model(path, full_check=True)
        symbol, arrays = mx.sym.load(files[0]), {key[4:]: value for key, value in nd.load(files[1]).items()}
        for count in (1, len(inputs)):
            given = {"data": nd.array(inputs[:count])}
            given |= {each: nd.zeros((count,)) for each in symbol.list_arguments() if each.endswith("_label")}
            wanted = symbol.eval(**given, **arrays)[0].asnumpy()
            assert_same(computed(path, {"data": inputs[:count]})[0], wanted, rtol=1e-4)
