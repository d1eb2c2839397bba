"""``glueball convert`` to ONNX and to PyTorch: the files run without Glueball, and give what the network gives."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

import glueball as mx
from glueball.cli import main
from glueball.interop.torch import as_block, import_program
from tests.comparison import assert_same

_MODELS = Path(__file__).resolve().parents[2].parent / "shared" / "models"

#: Runs a network in a process that has only torch, or only ONNX Runtime.
_ALONE = {
    "pt2": "outputs = torch.export.load(path).module()(data)",
    "py": "import importlib.util as u; s = u.spec_from_file_location('net', path); m = u.module_from_spec(s); "
    "s.loader.exec_module(m); outputs = m.load()(data)",
    "onnx": "import onnxruntime as o; s = o.InferenceSession(path); "
    "outputs = torch.tensor(s.run(None, {'data': data.numpy()})[0])",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of a network that ends in a loss with a label, as Module writes it."""
    monkeypatch.chdir(tmp_path)
    data = mx.sym.var("data")
    net = mx.sym.Convolution(data, kernel=(3, 3), num_filter=4, name="conv")
    net = mx.sym.Activation(mx.sym.BatchNorm(net, name="norm", fix_gamma=False), act_type="relu", name="act")
    net = mx.sym.FullyConnected(mx.sym.Pooling(net, global_pool=True, pool_type="avg", kernel=(1, 1)), num_hidden=3)
    net = mx.sym.SoftmaxOutput(net, name="softmax")
    module = mx.mod.Module(net)
    module.bind([("data", (2, 3, 8, 8))], [("softmax_label", (2,))])
    module.init_params(mx.init.Normal(0.5))
    module.save_checkpoint("net", 1)
    return tmp_path


def _expected(data):
    symbol, arguments, states = mx.model.load_checkpoint("net", 1)
    module = mx.mod.Module(symbol)
    module.bind([("data", data.shape)], [("softmax_label", data.shape[:1])], for_training=False)
    module.set_params(arguments, states)
    return module.predict(mx.io.NDArrayIter(data, batch_size=len(data))).asnumpy()


@pytest.mark.parametrize("ending", ["onnx", "pt2", "py"])
def test_files_run_without_glueball(folder, capsys, ending):
    if ending == "onnx":
        pytest.importorskip("onnxruntime", reason="needs the extra glueball[onnxruntime]")
    command = ["convert", "net", f"net.{ending}", "--shape", "data=2,3,8,8", "--dynamic-batch"]
    assert main(command) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert re.search(
        r"\nchecked: random inputs data=2,3,8,8 and a larger batch; largest difference \S+ of 0\.\d+,", out
    )
    data = np.random.RandomState(0).randn(5, 3, 8, 8).astype("float32")
    np.save("data.npy", data)
    code = (
        "import sys, warnings; warnings.simplefilter('ignore'); import numpy, torch\n"
        f"path, data = 'net.{ending}', torch.tensor(numpy.load('data.npy'))\n"
        f"with torch.no_grad(): exec({_ALONE[ending]!r})\n"
        "assert not any(name.startswith('glueball') for name in sys.modules)\n"
        "numpy.save('outputs.npy', outputs.numpy())"
    )
    subprocess.run([sys.executable, "-I", "-c", code], check=True, timeout=120)
    assert_same(np.load("outputs.npy"), _expected(data), rtol=1e-5)
    assert main(command) == 1
    assert f"net.{ending} exists; pass --force" in capsys.readouterr().err


def test_the_python_file_has_its_values_beside_it(folder, capsys):
    assert main(["convert", "net", "net.py", "--shape", "data=1,3,8,8"]) == 0
    assert capsys.readouterr().out.splitlines()[0].startswith("wrote net.pt, ")
    state = torch.load("net.pt", weights_only=True)
    assert "conv.weight" in state
    assert sorted(each.name for each in folder.iterdir()) == [
        "net-0001.params", "net-symbol.json", "net.pt", "net.py",
    ]  # fmt: skip


def test_an_operator_without_a_counterpart(folder, capsys):
    pytest.importorskip("onnx", reason="needs the extra glueball[onnx]")
    mx.sym.contrib.bipartite_matching(mx.sym.var("data"), threshold=0.5, name="pairs").save("pairs-symbol.json")
    assert main(["convert", "pairs-symbol.json", "pairs.onnx", "--shape", "data=2,8"]) == 1
    error = capsys.readouterr().err.splitlines()[-1]
    assert "pairs" in error
    assert error.startswith("glueball convert: all operators must have a counterpart")
    assert not (folder / "pairs.onnx").exists()


@pytest.mark.skipif(not _MODELS.exists(), reason="the models in ../shared are not on this machine")
@pytest.mark.parametrize("ending", ["onnx", "pt2", "py"])
@pytest.mark.parametrize("name", ["lenet", "cifar_resnet20_v1"])
def test_old_files_of_mxnet(tmp_path, capsys, name, ending):
    if ending == "onnx":
        pytest.importorskip("onnx", reason="needs the extra glueball[onnx]")
    assert main(["convert", str(_MODELS / name), str(tmp_path / f"net.{ending}")]) == 0
    found = re.search(r"largest difference (\S+) of (\S+),", capsys.readouterr().out)
    assert found is not None
    assert float(found[1]) <= 1e-5 * max(1, float(found[2]))


def test_onnx_is_a_source_too(folder, capsys):
    pytest.importorskip("onnx", reason="needs the extra glueball[onnx]")
    assert main(["convert", "net-symbol.json", "net.onnx", "--shape", "data=2,3,8,8"]) == 0
    assert main(["convert", "net.onnx", "back-symbol.json"]) == 0
    assert "computed by Glueball" in capsys.readouterr().out
    assert main(["convert", "net.onnx", "arrays.npz"]) == 0
    arrays, expected = mx.nd.load("arrays.npz"), mx.nd.load("back-0000.params")
    assert set(arrays) == set(expected)
    assert "aux:norm_moving_mean" in arrays
    data = np.random.RandomState(0).normal(size=(2, 3, 8, 8)).astype(np.float32)
    back = mx.gluon.SymbolBlock.imports("back-symbol.json", ["data"], "back-0000.params")
    assert_same(back(mx.nd.array(data)).asnumpy(), _expected(data), rtol=1e-5)


def test_programs_of_torch_are_a_source_if_they_are_trusted(tmp_path, capsys, monkeypatch):
    pytest.importorskip("onnxscript", reason="needs the extra glueball[pt2]")
    monkeypatch.chdir(tmp_path)
    layers = torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.ReLU(), torch.nn.Flatten()
    module = torch.nn.Sequential(*layers, torch.nn.Linear(4 * 36, 5)).eval()
    data = torch.randn(2, 3, 8, 8)
    program = torch.export.export(module, (data,))
    torch.export.save(program, "net.pt2")
    assert main(["inspect", "net.pt2"]) == 0
    assert "aten.conv2d.default" in capsys.readouterr().out
    for command in (["convert", "net.pt2", "net-symbol.json"], ["convert", "net.pt2", "net.npz"]):
        assert main(command) == 1
        assert "--trust" in capsys.readouterr().err
    assert main(["convert", "net.pt2", "net.npz", "--trust"]) == 0
    assert_same(mx.nd.load("net.npz")["arg:4.weight"].asnumpy(), module[4].weight.detach().numpy())
    assert main(["convert", "net.pt2", "net-symbol.json", "--trust"]) == 0
    net = mx.gluon.SymbolBlock.imports("net-symbol.json", ["input"], "net-0000.params")
    expected = module(data).detach().numpy()
    assert_same(net(mx.nd.array(data.numpy())).asnumpy(), expected, rtol=1e-4, atol=1e-6)
    sym, arguments, states = import_program(program)
    assert set(sym.list_inputs()) - {"input"} == {*arguments, *states}
    block = as_block(program)
    assert_same(block(mx.nd.array(data.numpy())).asnumpy(), expected, rtol=1e-4, atol=1e-6)


def test_a_program_with_an_operator_without_a_counterpart_names_it(tmp_path, capsys):
    pytest.importorskip("onnxscript", reason="needs the extra glueball[pt2]")

    class Net(torch.nn.Module):
        def forward(self, x):
            return torch.unique(x).sum() + torch.special.bessel_j0(x)

    program = torch.export.export(Net(), (torch.ones(3),))
    with pytest.raises(mx.MXNetError, match=r"import_program: .*(unique|bessel_j0)"):
        import_program(program)


@pytest.mark.parametrize(
    "content", [b"PK\3\4" + bytes(22) + b"\x16\0\0\0m/data/weights/weight_0", b"PK\3\4" + bytes(90)]
)
def test_damaged_programs_are_refused(tmp_path, capsys, content):
    path = tmp_path / "net.pt2"
    path.write_bytes(content)
    for command in (["inspect", str(path)], ["convert", str(path), "x-symbol.json", "--trust"]):
        assert main(command) == 1
        assert str(path) in capsys.readouterr().err
    command = [sys.executable, "-m", "glueball", "convert", str(path), "x-symbol.json", "--trust"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, "torch logs what it raises"
