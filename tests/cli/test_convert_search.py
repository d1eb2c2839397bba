"""A conversion that changes what a network computes fails, and names the layer where that begins, in any direction."""

from __future__ import annotations

import re

import pytest
import torch

import glueball as mx
from glueball.cli import main
from glueball.cli._targets import mxnet as mxnet_target
from glueball.cli._targets import torch as torch_targets
from glueball.interop.onnx.importing.rules import RULES
from glueball.interop.onnx.rules import activation as onnx_activations
from glueball.interop.torch.code.call import RULES as CODE
from glueball.interop.torch.code.rules import activation as torch_activations


def _network():
    """Two branches, of which the second one stands later and does not depend on the first."""
    data = mx.sym.var("data")
    left = mx.sym.Convolution(data, kernel=(3, 3), pad=(1, 1), num_filter=4, name="left")
    left = mx.sym.Activation(left, act_type="relu", name="act")
    left = mx.sym.Convolution(left, kernel=(3, 3), pad=(1, 1), num_filter=4, name="behind")
    right = data
    for number in range(6):
        right = mx.sym.Convolution(right, kernel=(3, 3), pad=(1, 1), num_filter=4, name=f"right{number}")
    return mx.sym.FullyConnected(mx.sym.broadcast_add(left, right, name="sum"), num_hidden=3, name="dense")


def _replaced(symbol):
    """Return the network with another activation."""
    return mx.sym.load_json(symbol.tojson().replace('"relu"', '"softrelu"'))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    module = mx.mod.Module(_network(), label_names=None)
    module.bind([("data", (2, 3, 8, 8))])
    module.init_params(mx.init.Xavier())
    module.save_checkpoint("net", 1)
    return tmp_path


def _refused(capsys, folder, *arguments, status=1):
    """Run a conversion that must fail; return what it says of the layer."""
    before = set(folder.iterdir())
    assert main(["convert", *arguments]) == status
    assert set(folder.iterdir()) == before
    error = capsys.readouterr().err.splitlines()[-1]
    found = re.search(
        r"must differ by at most 0\.0001 of the largest; received [^;]+; it begins at the layer (.+), which differs by "
        r"([^;]+) as it was (\w+); nothing was written; choose another (\w+)", error,
    )  # fmt: skip
    assert found, error
    assert found[4] == {"read": "source", "written": "target"}[found[3]]
    return found[1], found[3]


def _damage_onnx(monkeypatch):
    monkeypatch.setitem(onnx_activations._BY_TYPE, "relu", "Softplus")


def _damage_code(monkeypatch):
    monkeypatch.setitem(torch_activations._BY_TYPE, "relu", "F.softplus({})")


def _damage_program(monkeypatch):
    export = torch_targets.export_program
    monkeypatch.setattr(
        torch_targets, "export_program",
        lambda path, symbol, *given, **options: export(path, _replaced(symbol), *given, **options),
    )  # fmt: skip


def _damage_mxnet(monkeypatch):
    save = mxnet_target.save_with_arrays
    monkeypatch.setattr(
        mxnet_target, "save_with_arrays", lambda owner, symbol, *rest: save(owner, _replaced(symbol), *rest)
    )


_WRITTEN = {"onnx": _damage_onnx, "py": _damage_code, "pt2": _damage_program, "-symbol.json": _damage_mxnet}


@pytest.mark.parametrize("ending", _WRITTEN)
def test_what_is_written_wrongly(folder, capsys, monkeypatch, ending):
    if ending == "onnx":
        pytest.importorskip("onnx", reason="needs the extra glueball[onnx]")
    _WRITTEN[ending](monkeypatch)
    target = f"out{ending}" if ending.startswith("-") else f"out.{ending}"
    found = _refused(capsys, folder, "net", target, "--shape", "data=2,3,8,8")
    assert found == ("act (Activation)", "written")


def test_a_larger_tolerance_writes_it(folder, capsys, monkeypatch):
    _damage_code(monkeypatch)
    assert main(["convert", "net", "out.py", "--shape", "data=2,3,8,8", "--tolerance", "9"]) == 0
    assert "wrote out.py" in capsys.readouterr().out


def test_a_batch_that_is_written_as_a_number(folder, capsys, monkeypatch):
    """What is right for the sample alone is found with a larger batch, and so is the layer."""
    monkeypatch.setitem(torch_activations._BY_TYPE, "relu", "F.relu({})[:2]")
    arguments = ["net", "out.py", "--shape", "data=2,3,8,8", "--dynamic-batch"]
    assert main(["convert", *arguments]) == 1
    assert "must run where there is only torch; it says: RuntimeError" in capsys.readouterr().err


@pytest.mark.parametrize("target", ["back-symbol.json", "back.py"])
def test_what_is_read_wrongly_from_onnx(folder, capsys, monkeypatch, target):
    """The file itself is run, so that what was read of it is not its own standard."""
    pytest.importorskip("onnxruntime", reason="needs the extra glueball[onnxruntime]")
    assert main(["convert", "net", "net.onnx", "--shape", "data=2,3,8,8"]) == 0
    monkeypatch.setitem(RULES, "Relu", RULES["Softplus"])
    assert _refused(capsys, folder, "net.onnx", target) == ("act (Relu)", "read")


def test_a_number_without_axes_is_no_difference(tmp_path, capsys, monkeypatch):
    """ONNX has arrays without axes, where MXNet's have one: what comes behind such an array is found, not the array."""
    onnx = pytest.importorskip("onnx", reason="needs the extra glueball[onnx]")
    monkeypatch.chdir(tmp_path)
    value = onnx.helper.make_tensor_value_info
    nodes = [
        onnx.helper.make_node("ReduceSum", ["x"], ["sum"], "sum", keepdims=0),
        onnx.helper.make_node("Relu", ["sum"], ["y"], "act"),
    ]
    graph = onnx.helper.make_graph(nodes, "g", [value("x", 1, (2, 3))], [value("y", 1, ())])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.save(model, "net.onnx")
    assert main(["convert", "net.onnx", "back-symbol.json"]) == 0
    capsys.readouterr()
    monkeypatch.setitem(RULES, "Relu", RULES["Softplus"])
    assert _refused(capsys, tmp_path, "net.onnx", "other-symbol.json") == ("act (Relu)", "read")


def test_without_a_runtime_the_evaluator_of_onnx_finds_it(folder, capsys, monkeypatch):
    pytest.importorskip("onnx", reason="needs the extra glueball[onnx]")
    assert main(["convert", "net", "net.onnx", "--shape", "data=2,3,8,8"]) == 0
    monkeypatch.setattr("glueball.cli._onnx_runtime._has_runtime", lambda: False)
    monkeypatch.setitem(RULES, "Relu", RULES["Softplus"])
    assert _refused(capsys, folder, "net.onnx", "back-symbol.json") == ("act (Relu)", "read")


def test_what_is_read_well_and_written_wrongly(folder, capsys, monkeypatch):
    pytest.importorskip("onnxruntime", reason="needs the extra glueball[onnxruntime]")
    assert main(["convert", "net", "net.onnx", "--shape", "data=2,3,8,8"]) == 0
    monkeypatch.setitem(CODE, "relu", CODE["softsign"])
    assert _refused(capsys, folder, "net.onnx", "back.py") == ("act (relu)", "written")


def test_what_is_read_wrongly_from_torch(tmp_path, capsys, monkeypatch):
    pytest.importorskip("onnxscript", reason="needs the extra glueball[pt2]")
    monkeypatch.chdir(tmp_path)
    layers = [torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.ReLU(inplace=True)]
    module = torch.nn.Sequential(*layers, torch.nn.Flatten(), torch.nn.Linear(4 * 36, 5)).eval()
    torch.export.save(torch.export.export(module, (torch.randn(2, 3, 8, 8),)), "net.pt2")
    monkeypatch.setitem(RULES, "Relu", RULES["Softplus"])
    found = _refused(capsys, tmp_path, "net.pt2", "net-symbol.json", "--trust")
    assert found == ("relu (aten.relu.default)", "read")
    convolution = RULES["Conv"]
    monkeypatch.setitem(RULES, "Conv", lambda call: 2 * convolution(call))
    name, _ = _refused(capsys, tmp_path, "net.pt2", "net-symbol.json", "--trust")
    assert "batch_norm" in name  # torch.onnx has put it into the convolution
