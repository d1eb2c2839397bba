"""Networks exported while ``mx.np`` is on, in the files of one library, run by the other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import glueball as mx
from tests.comparison import assert_same
from tests.oracle.client import Oracle


def _exported(mx: Any, folder: str) -> Any:
    """Export a network whose graph has nodes of mx.np, and return what it computes."""
    import numpy as onp

    class Net(mx.gluon.HybridBlock):
        def __init__(self) -> None:
            super().__init__(prefix="net_")
            with self.name_scope():
                self.conv = mx.gluon.nn.Conv2D(3, 3, activation="relu")
                self.dense = mx.gluon.nn.Dense(4)

        def hybrid_forward(self, F: Any, x: Any) -> Any:
            features = self.dense(self.conv(x))
            return F.np.tanh(features) * 2 + F.npx.softmax(features), (features > 0)[0], features[:, 1]

    mx.npx.set_np()
    net = Net()
    net.initialize()
    x = mx.np.array(onp.arange(50.0).reshape(2, 1, 5, 5) / 25, dtype="float32")
    net.hybridize()
    net(x)
    for number, parameter in enumerate(net.collect_params().values()):
        values = onp.sin(onp.arange(parameter.data().size) + number).reshape(parameter.shape)
        parameter.set_data(mx.np.array(values, dtype="float32"))
    results = net(x)
    net.export(f"{folder}/net")
    mx.npx.reset_np()
    return [[type(each).__name__, each.asnumpy()] for each in results]


def _imported(mx: Any, folder: str) -> Any:
    import numpy as onp

    mx.npx.set_np()
    net = mx.gluon.SymbolBlock.imports(f"{folder}/net-symbol.json", ["data"], f"{folder}/net-0000.params")
    x = mx.np.array(onp.arange(50.0).reshape(2, 1, 5, 5) / 25, dtype="float32")
    results = [[type(each).__name__, each.asnumpy()] for each in net(x)]
    mx.npx.reset_np()
    return results


def test_files_of_mxnet_run_here(oracle: Oracle, tmp_path: Path) -> None:
    expected = oracle.run(_exported, str(tmp_path))
    assert_same(_imported(mx, str(tmp_path)), expected)


def test_files_run_in_mxnet(oracle: Oracle, tmp_path: Path) -> None:
    expected = _exported(mx, str(tmp_path))
    found = oracle.run(_imported, str(tmp_path))
    assert_same(expected, found)
    assert json.loads((tmp_path / "net-symbol.json").read_text())["attrs"]["is_np_shape"] == ["int", 1]


def test_graphs_are_equal(oracle: Oracle, tmp_path: Path) -> None:
    nodes = []
    for run, name in [
        (lambda folder: _exported(mx, folder), "ours"),
        (lambda folder: oracle.run(_exported, folder), "mxnet"),
    ]:
        (tmp_path / name).mkdir()
        run(str(tmp_path / name))
        document = json.loads((tmp_path / name / "net-symbol.json").read_text())
        nodes.append([(node["op"], node["name"], node.get("attrs")) for node in document["nodes"]])
    assert nodes[0] == nodes[1]


def test_an_array_file_says_what_shapes_mean(tmp_path: Path) -> None:
    with mx.util.np_shape(True):
        mx.nd.save(str(tmp_path / "numpy"), [mx.nd.ones((2,))])
    mx.nd.save(str(tmp_path / "classic"), [mx.nd.ones((2,))])
    # The fourth and the third version of a record; MXNet reads each in its own mode only.
    assert (tmp_path / "numpy").read_bytes()[24:28].hex() == "cafa93f9"
    assert (tmp_path / "classic").read_bytes()[24:28].hex() == "c9fa93f9"
