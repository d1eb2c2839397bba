"""Files that torch reads without Glueball: programs of torch.export, and Python."""

from __future__ import annotations

import keyword
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

import glueball as mx
from glueball import gluon, nd
from glueball.core.errors import MXNetError
from glueball.gluon import nn
from glueball.gluon.model_zoo import vision
from glueball.interop.torch import check_program, check_python, export_program, export_python
from tests.exchange import zoo

_MODELS = Path(__file__).resolve().parents[3].parent / "shared" / "models"

_WITHOUT_GLUEBALL = """
import importlib.util, sys
sys.modules["glueball"] = None  # importing it fails
import numpy, torch
path, data, output = sys.argv[1:]
if path.endswith(".py"):
    spec = importlib.util.spec_from_file_location("written", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    net = module.load()
else:
    net = torch.export.load(path).module()
x = torch.from_numpy(numpy.load(data))
with torch.no_grad():
    numpy.save(output, net(x).numpy())
"""


def _run_without_glueball(path, data, folder):
    np.save(folder / "data.npy", data)
    arguments = [str(path), str(folder / "data.npy"), str(folder / "output.npy")]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _WITHOUT_GLUEBALL, *arguments], capture_output=True, text=True,
        timeout=300, check=False, cwd=folder, env={**os.environ, "PYTHONPATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return np.load(folder / "output.npy")


def _load(name):
    folder = _MODELS / name
    if not folder.exists():
        pytest.skip(f"{folder} does not exist")
    symbol = mx.sym.load(next(folder.glob("*-symbol.json")))
    arrays = nd.load(next(folder.glob("*.params")))
    kinds = {kind: {name[4:]: each for name, each in arrays.items() if name.startswith(f"{kind}:")}
             for kind in ("arg", "aux")}  # fmt: skip
    return symbol, kinds["arg"], kinds["aux"]


@pytest.mark.parametrize("name, shape", [("lenet", (2, 1, 28, 28)), ("cifar_resnet20_v1", (2, 3, 32, 32))])
@pytest.mark.parametrize("way", ["program", "python"])
def test_trained_networks_of_mxnet_run_without_glueball(name, shape, way, tmp_path):
    symbol, args, auxes = _load(name)
    data = np.random.default_rng(0).uniform(size=shape).astype("float32")
    path = tmp_path / ("net.pt2" if way == "program" else "net.py")
    if way == "program":
        export_program(path, symbol, {"data": data}, args, auxes, dynamic_batch=True)
        assert check_program(path, symbol, {"data": data}, args, auxes) < 1e-5
    else:
        assert export_python(path, symbol, {"data": data}, args, auxes) == str(tmp_path / "net.pt")
        assert check_python(path, symbol, {"data": data}, args, auxes) < 1e-5
    more = np.concatenate([data, data[:1]])  # another length of the batch
    executor = symbol.simple_bind(mx.cpu(), data=more.shape, grad_req="null")
    executor.copy_params_from(args, auxes)
    expected = executor.forward(data=nd.array(more))[0].asnumpy()
    np.testing.assert_allclose(_run_without_glueball(path, more, tmp_path), expected, rtol=1e-4, atol=1e-5)


def _network():
    class Net(gluon.HybridBlock):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            with self.name_scope():
                self.stem = nn.Conv2D(4, 3, padding=1, use_bias=False)
                self.norm = nn.BatchNorm(momentum=0.8, epsilon=1e-3)
                self.right = nn.Conv2D(4, 1)
                self.bias = self.params.get("bias", shape=(1, 4, 1, 1), init="ones")
                self.head = nn.Dense(3)

        def hybrid_forward(self, F, x, bias):
            y = F.relu(self.norm(self.stem(x)))
            y = F.broadcast_add(self.right(y), bias) + y
            y = self.right(F.Pooling(y, kernel=(3, 3), stride=(2, 2), pool_type="max", pooling_convention="full"))
            return self.head(y)

    mx.random.seed(0)
    net = Net(prefix="net_")
    net.initialize(mx.init.Xavier())
    return net


_CODE = """\
class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.net_conv0 = nn.Conv2d(2, 4, 3, padding=1, bias=False)
        self.net_batchnorm0 = nn.BatchNorm2d(4, eps=0.001, momentum=0.2)
        self.net_conv1 = nn.Conv2d(4, 4, 1)
        self.net_bias = nn.Parameter(torch.empty(1, 4, 1, 1))
        self.net_dense0 = nn.Linear(64, 3)

    def forward(self, data):
        x = self.net_conv0(data)
        x = self.net_batchnorm0(x)
        x = F.relu(x)
        y = self.net_conv1(x)
        y = y + self.net_bias
        x = y + x
        x = F.max_pool2d(x, 3, stride=2, ceil_mode=True)
        x = self.net_conv1(x)
        x = self.net_dense0(x.flatten(1))
        return x"""


def test_the_code_is_what_a_person_would_write(tmp_path):
    net, x = _network(), nd.random.normal(shape=(2, 2, 8, 8))
    path = tmp_path / "net.py"
    export_python(path, net, x, name="Small")
    assert _CODE in path.read_text()
    assert check_python(path, net, x) < 1e-6
    state = torch.load(tmp_path / "net.pt", weights_only=True)
    assert torch.equal(state["net_batchnorm0.weight"], net.norm.gamma.data()._data)


def test_it_trains(tmp_path):
    net, x = _network(), nd.random.normal(shape=(2, 2, 8, 8))
    export_python(tmp_path / "net.py", net, x)
    space = {"__file__": str(tmp_path / "net.py"), "__name__": "written"}
    exec((tmp_path / "net.py").read_text(), space)
    module = space["load"]().train()
    module(x._data).sum().backward()
    assert all(parameter.grad is not None for parameter in module.parameters())


@pytest.mark.parametrize("name", ["squeezenet1.1", "mobilenetv2_0.25"])
def test_networks_of_the_zoo(name, tmp_path):
    _check_python(name, tmp_path)


@zoo.every
@pytest.mark.parametrize("name", zoo.NAMES)
def test_all_networks_of_the_zoo(name, tmp_path):
    _check_python(name, tmp_path)


def _check_python(name, folder):
    net = vision.get_model(name, classes=10)
    net.initialize(mx.init.MSRAPrelu())
    size = 299 if name == "inceptionv3" else 224
    x = nd.random.normal(shape=(1, 3, size, size))
    export_python(folder / "net.py", net, x)
    largest = float(net(x).abs().max().asscalar())
    assert largest > 0
    assert check_python(folder / "net.py", net, x) < 1e-5 * largest
    (folder / "net.pt").unlink()


@pytest.mark.parametrize("dtype", ["float16", "float64"])
def test_other_types(dtype, tmp_path):
    net = _network()
    net(nd.ones((1, 2, 8, 8)))
    net.cast(dtype)
    if dtype == "float16":
        net.norm.cast("float32")
    x = nd.random.normal(shape=(2, 2, 8, 8)).astype(dtype)
    if dtype == "float64":
        export_python(tmp_path / "net.py", net, x)
        assert check_python(tmp_path / "net.py", net, x) < 1e-12
    export_program(tmp_path / "net.pt2", net, x)
    assert check_program(tmp_path / "net.pt2", net, x) <= (1e-2 if dtype == "float16" else 1e-12)


def test_names_of_a_hostile_graph_are_harmless(tmp_path):
    names = ["x\nimport os", "class", "self", "0day", "__init__", "forward", 'a"""; raise SystemExit', "a.weight", ""]
    x = symbol = mx.sym.var('data"""\nraise SystemExit')
    arrays = {}
    for number, name in enumerate(names):
        symbol = mx.sym.FullyConnected(symbol, mx.sym.var(f"{name}_weight"), mx.sym.var(f"{number}{name}_bias"),
                                       num_hidden=2, name=f"fc{number}")  # fmt: skip
        symbol = mx.sym.broadcast_add(symbol, mx.sym.var(name or "plain"))
        arrays.update({f"{name}_weight": nd.ones((2, 2)), f"{number}{name}_bias": nd.ones((2,)),
                       name or "plain": nd.ones((1, 2))})  # fmt: skip
    data = {x.name: nd.ones((1, 2))}
    export_python(tmp_path / "net.py", symbol, data, arrays)
    assert check_python(tmp_path / "net.py", symbol, data, arrays) == 0
    code = (tmp_path / "net.py").read_text()
    attributes = [line.split(" = ")[0].strip()[5:] for line in code.splitlines() if " = nn." in line]
    assert len(attributes) == len(set(attributes)) == 2 * len(names)
    assert all(each.isidentifier() and not keyword.iskeyword(each) for each in attributes)


def test_what_has_no_counterpart_is_named_all_at_once(tmp_path):
    x = mx.sym.var("data")
    symbol = mx.sym.topk(x, k=2, name="best")
    symbol = mx.sym.Group([symbol, mx.sym.Pooling(x, kernel=(2, 2), layout="NHWC", name="pool"),
                           mx.sym.linalg.gemm2(x, x, transpose_b=True, name="gemm")])  # fmt: skip
    with pytest.raises(MXNetError) as raised:
        export_python(tmp_path / "net.py", symbol, {"data": nd.ones((1, 4, 4, 4))})
    text = str(raised.value)
    for part in ("topk (no counterpart): best", "Pooling (layout NHWC): pool", "_linalg_gemm2", "export_program"):
        assert part in text
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("export", [export_program, export_python])
def test_what_is_wrong_is_said_and_nothing_is_written(export, tmp_path):
    path = tmp_path / "net.py"
    symbol = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc")
    with pytest.raises(MXNetError, match=r"missing \['fc_weight', 'fc_bias'\]"):
        export(path, symbol, {"data": nd.ones((1, 3))})
    with pytest.raises(MXNetError, match=r"unknown \['dat'\]|missing"):
        export(path, symbol, {"dat": nd.ones((1, 3))}, {"fc_weight": nd.ones((2, 3)), "fc_bias": nd.ones((2,))})
    with pytest.raises(MXNetError, match="dict of arrays by name"):
        export(path, symbol, nd.ones((1, 3)))
    with pytest.raises(MXNetError, match="must be a Block or a Symbol"):
        export(path, torch.nn.Linear(1, 1), nd.ones((1, 1)))
    with pytest.raises(MXNetError, match="must be a HybridBlock"):
        export(path, nn.Sequential(), nd.ones((1, 1)))
    with pytest.raises(MXNetError, match="belong to a Symbol"):
        export(path, _network(), nd.ones((1, 2, 8, 8)), {})
    assert not list(tmp_path.iterdir())


def test_wrong_files_are_refused(tmp_path):
    net, x = _network(), nd.ones((2, 2, 8, 8))
    (tmp_path / "net.pt2").write_bytes(b"no program")
    with pytest.raises(MXNetError, match=r"ExportedProgram, or a file of one; received .*net\.pt2"):
        check_program(tmp_path / "net.pt2", net, x)
    (tmp_path / "net.py").write_text("raise ValueError('no')")
    with pytest.raises(MXNetError, match="must run; ValueError: no"):
        check_python(tmp_path / "net.py", net, x)
    with pytest.raises(MXNetError, match=r"path must end in \.py"):
        export_python(tmp_path / "net.txt", net, x)
    with pytest.raises(MXNetError, match="name must be a name of a class"):
        export_python(tmp_path / "net.py", net, x, name="a b")
    with pytest.raises(MXNetError, match="length of at least 2"):
        export_program(tmp_path / "net.pt2", net, x[:1], dynamic_batch=True)


def test_a_difference_is_found(tmp_path):
    net, x = _network(), nd.random.normal(shape=(2, 2, 8, 8))
    export_python(tmp_path / "net.py", net, x)
    export_program(tmp_path / "net.pt2", net, x)
    net.head.bias.set_data(net.head.bias.data() + nd.array([0, 0.5, 0]))
    assert check_python(tmp_path / "net.py", net, x) == pytest.approx(0.5, rel=1e-4)
    assert check_program(tmp_path / "net.pt2", net, x) == pytest.approx(0.5, rel=1e-4)


@pytest.mark.parametrize("name, shape", [
    ("SoftmaxOutput", (3, 4)), ("SoftmaxOutput", (3, 4, 2)), ("LogisticRegressionOutput", (3, 4)),
    ("LinearRegressionOutput", (3, 4)), ("MAERegressionOutput", (3, 4)), ("SVMOutput", (3, 4)),
])  # fmt: skip
def test_labels_are_left_out(name, shape, tmp_path):
    symbol = getattr(mx.sym, name)(mx.sym.var("data") * 2, name="out")
    data = {"data": nd.random.normal(shape=shape)}
    export_python(tmp_path / "net.py", symbol, data)
    assert "def forward(self, data):" in (tmp_path / "net.py").read_text()
    assert check_python(tmp_path / "net.py", symbol, data) < 1e-6
