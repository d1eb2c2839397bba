"""Networks that others trained with MXNet, on real images."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from tests.comparison import assert_same
from tests.oracle.client import ours
from tests.oracle.readers import read_with_c_predict, read_with_module, read_with_symbol_block

SHARED = Path(__file__).resolve().parents[3] / "shared"
CIFAR = SHARED / "models/cifar_resnet20_v1/cifar_resnet20_v1"
LENET = SHARED / "models/lenet/LeNet"
IMAGES = [SHARED / "images/mt_baker.jpg", SHARED / "images/plane-draw.jpeg"]
DIGITS = SHARED / "data/mnist-10k"

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the trained networks and images are next to the repository: ../shared is absent"
)


def logits_of_lenet(mx, symbol_file, parameter_file, digits):
    """The input of LeNet's softmax."""
    inside = mx.sym.load(symbol_file).get_internals()["fc3_output"]
    network = mx.gluon.SymbolBlock(inside, mx.sym.var("data"))
    network.collect_params().load(parameter_file, mx.cpu())
    return network(mx.nd.array(digits))


def export_again(mx, symbol_file, parameter_file, data, path):
    """Import a network and export it; returns its output."""
    network = mx.gluon.SymbolBlock.imports(symbol_file, ["data"], parameter_file)
    network.hybridize()
    output = network(mx.nd.array(data))
    network.export(path)
    return output


@pytest.fixture(scope="module")
def pictures(oracle):
    """Crops of the two images, resized and normalized like CIFAR's training images."""
    mean, deviation = np.float32([0.4914, 0.4822, 0.4465]), np.float32([0.2023, 0.1994, 0.2010])
    crops = []
    for path in IMAGES:
        image = oracle.run("mx.image.resize_short(mx.image.imread(path), 64)", path=str(path)).astype(np.float32) / 255
        for top, left in [(0, 0), (image.shape[0] - 32, image.shape[1] - 32), (16, 16), (8, 24)]:
            crops.append(((image[top : top + 32, left : left + 32] - mean) / deviation).transpose(2, 0, 1))
        crops.append(((image[:64:2, :64:2] - mean) / deviation).transpose(2, 0, 1))
    return np.stack(crops)


@pytest.fixture(scope="module")
def digits():
    """The 2,000 digits of the test set and their labels."""
    images = np.frombuffer(gzip.decompress((DIGITS / "t10k-images-idx3-ubyte.gz").read_bytes()), np.uint8, offset=16)
    labels = np.frombuffer(gzip.decompress((DIGITS / "t10k-labels-idx1-ubyte.gz").read_bytes()), np.uint8, offset=8)
    return images.reshape(-1, 1, 28, 28).astype(np.float32) / 255, labels


@pytest.mark.parametrize("way", [read_with_symbol_block, read_with_module])
def test_cifar_network_sees_the_same(oracle, pictures, way):
    files = f"{CIFAR}-symbol.json", f"{CIFAR}-0000.params"
    logits, expected = oracle.both(way, *files, {"data": pictures})
    assert np.ptp(expected.get()[0]) > 5
    assert_same(logits, expected, rtol=1e-4)
    assert_same(oracle.run(read_with_c_predict, *files, {"data": pictures}), logits.get(), rtol=1e-4)


def test_lenet_reads_the_same_digits(oracle, digits):
    images, labels = digits
    files = f"{LENET}-symbol.json", f"{LENET}-0010.params"
    logits, expected = oracle.both(logits_of_lenet, *files, images)
    assert_same(logits, expected, rtol=1e-4)
    assert np.mean(logits.get().argmax(axis=1) == labels) > 0.97


@pytest.mark.parametrize("way", [read_with_symbol_block, read_with_module, read_with_c_predict])
def test_lenet_gives_the_same_probabilities(oracle, digits, way):
    files = f"{LENET}-symbol.json", f"{LENET}-0010.params"
    inputs = {"data": digits[0][:200], "softmax_label": np.zeros(200, np.float32)}
    mine = read_with_symbol_block if way is read_with_c_predict else way
    assert_same(ours(mine, *files, inputs).get(), oracle.run(way, *files, inputs), rtol=1e-4)


def test_cifar_network_exported_again_is_the_same(oracle, pictures, tmp_path):
    files = f"{CIFAR}-symbol.json", f"{CIFAR}-0000.params"
    again = str(tmp_path / "again")
    output = ours(export_again, *files, pictures, again).get()
    assert_same(oracle.run(read_with_c_predict, f"{again}-symbol.json", f"{again}-0000.params", {"data": pictures}),
                [output], rtol=1e-4)  # fmt: skip
    before, after = (json.loads(Path(path).read_text()) for path in (files[0], f"{again}-symbol.json"))
    assert [(node["op"], node["name"]) for node in before["nodes"]] == [(n["op"], n["name"]) for n in after["nodes"]]
