"""`from_torch_state_dict`: networks of torchvision's naming scheme in Gluon networks of the same structure."""

from __future__ import annotations

import pickle
from collections import OrderedDict

import numpy as np
import pytest
import torch
from torch import nn as tnn
from torch.nn import functional as F

import glueball as mx
from glueball import nd
from glueball.core.errors import MXNetError
from glueball.gluon import nn, rnn
from glueball.gluon.model_zoo import vision
from glueball.interop.torch import from_torch_state_dict


class _Basic(tnn.Module):
    """A residual block, with torchvision's names."""

    def __init__(self, inside, outside, stride):
        super().__init__()
        self.conv1 = tnn.Conv2d(inside, outside, 3, stride, 1, bias=False)
        self.bn1 = tnn.BatchNorm2d(outside)
        self.conv2 = tnn.Conv2d(outside, outside, 3, 1, 1, bias=False)
        self.bn2 = tnn.BatchNorm2d(outside)
        self.downsample = None
        if stride != 1 or inside != outside:
            self.downsample = tnn.Sequential(
                tnn.Conv2d(inside, outside, 1, stride, bias=False), tnn.BatchNorm2d(outside)
            )

    def forward(self, x):
        residual = x if self.downsample is None else self.downsample(x)
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + residual)


class _ResNet18(tnn.Module):
    def __init__(self, classes):
        super().__init__()
        self.conv1 = tnn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = tnn.BatchNorm2d(64)
        inside = 64
        for number, width in enumerate((64, 128, 256, 512), 1):
            blocks = [_Basic(inside, width, 1 + (number > 1)), _Basic(width, width, 1)]
            setattr(self, f"layer{number}", tnn.Sequential(*blocks))
            inside = width
        self.fc = tnn.Linear(512, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        for stage in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = stage(x)
        return self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1))


def _vgg11(classes):
    layers, inside = [], 3
    for width in (64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"):
        if width == "M":
            layers.append(tnn.MaxPool2d(2))
        else:
            layers += [tnn.Conv2d(inside, width, 3, padding=1), tnn.ReLU()]
            inside = width
    features = tnn.Sequential(*layers)
    head = [tnn.Linear(512, 4096), tnn.ReLU(), tnn.Dropout(), tnn.Linear(4096, 4096), tnn.ReLU()]
    classifier = tnn.Sequential(*head, tnn.Dropout(), tnn.Linear(4096, classes))
    return tnn.Sequential(OrderedDict(features=features, flatten=tnn.Flatten(), classifier=classifier))


def _trained(model):
    """Moving statistics other than 0 and 1."""
    model.train()
    with torch.no_grad():
        model(torch.randn(4, 3, 32, 32))
    return model.eval()


def _outputs(net, x):
    return net(nd.from_torch(x)).asnumpy()


def test_a_resnet_of_torchvision():
    torch.manual_seed(0)
    model, x = _trained(_ResNet18(10)), torch.randn(2, 3, 32, 32)
    net = vision.resnet18_v1(classes=10)
    report = from_torch_state_dict(net, model.state_dict())
    with torch.no_grad():
        np.testing.assert_allclose(_outputs(net, x), model(x).numpy(), rtol=1e-4, atol=1e-4)
    assert not report.missing
    assert {one.reason for one in report.loaded} == {"structure"}
    assert {one.reason for one in report.unused} == {"Gluon does not count batches"}
    where = {one.source: one.target for one in report.loaded}
    assert where["layer2.0.downsample.1.running_var"] == "features.5.0.downsample.1.running_var"
    assert "layer2.0.downsample.1.running_var" in str(report)


def test_a_vgg_of_torchvision_from_a_file(tmp_path):
    torch.manual_seed(0)
    model, x = _vgg11(10).eval(), torch.randn(2, 3, 32, 32)
    torch.save(
        {"state_dict": {f"module.{name}": each for name, each in model.state_dict().items()}}, tmp_path / "v.pth"
    )
    net = vision.vgg11(classes=10)
    from_torch_state_dict(net, tmp_path / "v.pth")
    with torch.no_grad():
        np.testing.assert_allclose(_outputs(net, x), model(x).numpy(), rtol=1e-4, atol=1e-5)


def _small():
    net = nn.HybridSequential()
    net.add(nn.Dense(4, in_units=4), nn.Dense(4, in_units=4), nn.Dense(2, in_units=4))
    return net


def _state(*order):
    shapes = {"a": (4, 4), "b": (4, 4), "c": (2, 4)}
    return {
        f"{name}.{what}": torch.randn(shapes[name] if what == "weight" else shapes[name][:1])
        for name in order
        for what in ("weight", "bias")
    }


def test_another_order_is_refused_where_it_is_ambiguous():
    net, state = _small(), _state("c", "a", "b")
    with pytest.raises(MXNetError, match=r"clear which layer is which.*c .*could be|a .*could be 0.* or 1"):
        from_torch_state_dict(net, state)
    assert net[0].weight._data is None  # nothing has changed
    where = {"a.weight": "1.weight", "a.bias": "1.bias", "b.weight": "0.weight", "b.bias": net[0].bias.name}
    report = from_torch_state_dict(net, state, map=where)
    assert (net[1].weight.data().asnumpy() == state["a.weight"].numpy()).all()
    assert (net[0].bias.data().asnumpy() == state["b.bias"].numpy()).all()
    assert {one.source: one.reason for one in report.loaded}["c.weight"] == "structure"


def test_layers_that_occur_once_are_found_in_any_order():
    net = nn.HybridSequential()
    net.add(nn.Dense(3, in_units=5), nn.Dense(5, in_units=3), nn.Embedding(7, 5))
    layers = {"table.weight": torch.randn(7, 5), "up.weight": torch.randn(5, 3), "up.bias": torch.randn(5),
              "down.weight": torch.randn(3, 5), "down.bias": torch.randn(3)}  # fmt: skip
    from_torch_state_dict(net, layers)
    assert (net[1].weight.data().asnumpy() == layers["up.weight"].numpy()).all()
    assert (net[2].weight.data().asnumpy() == layers["table.weight"].numpy()).all()


def test_what_is_left_is_refused_or_reported():
    net, state = _small(), _state("a", "b", "c")
    del state["c.bias"]
    net.initialize()
    before = net[2].bias.data().asnumpy()
    where = {f"{torch_name}.{each}": f"{number}.{each}" for number, torch_name in enumerate("ab")
             for each in ("weight", "bias")}  # fmt: skip
    with pytest.raises(MXNetError, match=r"left of torch: \['c.weight'\]; left of Gluon: \['2.weight', '2.bias'\]"):
        from_torch_state_dict(net, state, map=where)
    report = from_torch_state_dict(net, state, map=where, strict=False)
    assert report.missing == ("2.bias",)
    assert "missing: keeps its values" in str(report)
    assert (net[2].weight.data().asnumpy() == state["c.weight"].numpy()).all()
    assert (net[2].bias.data().asnumpy() == before).all()


def test_a_map_may_be_a_function_and_leave_tensors_out():
    net, state = _small(), {**_state("a", "b", "c"), "head.weight": torch.ones(3, 3)}
    report = from_torch_state_dict(net, state, map=lambda name: None if name.startswith("head") else _numbered(name))
    assert [(one.source, one.reason) for one in report.unused] == [("head.weight", "map")]
    assert {one.reason for one in report.loaded} == {"map"}


def _numbered(name):
    return f"{'abc'.index(name[0])}{name[1:]}"


@pytest.mark.parametrize("where, message", [
    ({"z.weight": "0.weight"}, "it has no 'z.weight'"),
    ({"a.weight": "9.weight"}, "'a.weight' has '9.weight'"),
    ({"a.weight": "0.weight", "b.weight": "0.weight"}, "'b.weight' has '0.weight'"),
])  # fmt: skip
def test_a_wrong_map_is_refused(where, message):
    with pytest.raises(MXNetError, match=message):
        from_torch_state_dict(_small(), _state("a", "b", "c"), map=where)


def test_shapes_that_do_not_agree_are_refused_and_nothing_changes():
    net, state = _small(), _state("a", "b", "c")
    net.initialize()
    before = net[0].weight.data().asnumpy()
    state["c.weight"] = torch.ones(3, 4)
    with pytest.raises(MXNetError, match=r"torch has c \(weight 3x4, bias 2\) where Gluon has 2"):
        from_torch_state_dict(net, state)
    assert (net[0].weight.data().asnumpy() == before).all()


class _Harmful:
    def __reduce__(self):
        return exec, ("raise SystemExit('executed')",)


@pytest.mark.parametrize("content", [
    pickle.dumps(_Harmful()), pickle.dumps({"weight": _Harmful()}), b"", b"PK\x03\x04 not an archive", b"\x80\x02.",
], ids=["object", "value", "empty", "archive", "pickle"])  # fmt: skip
def test_files_that_lie_execute_nothing(content, tmp_path):
    (tmp_path / "bad.pth").write_bytes(content)
    with pytest.raises(MXNetError):
        from_torch_state_dict(_small(), tmp_path / "bad.pth")


@pytest.mark.parametrize("state, message", [
    ({}, "dict of tensors"), ({"a": 3}, "'a' is none"), ([torch.ones(1)], "received list"),
    ({1: torch.ones(1)}, "1 is none"),
], ids=["empty", "number", "list", "key"])  # fmt: skip
def test_what_is_no_state_dict_is_refused(state, message):
    with pytest.raises(MXNetError, match=message):
        from_torch_state_dict(_small(), state)


class _Tagger(tnn.Module):
    def __init__(self, kind):
        super().__init__()
        self.words = tnn.Embedding(10, 8)
        self.layers = getattr(tnn, kind)(8, 3, 2, bidirectional=True)
        self.head = tnn.Linear(6, 2)

    def forward(self, x):
        return self.head(self.layers(self.words(x))[0])


@pytest.mark.parametrize("as_graph", [False, True])
@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_recurrent_layers(kind, as_graph):
    model, x = _Tagger(kind), torch.randint(0, 10, (5, 4))
    net = nn.HybridSequential()
    settings = {"activation": "tanh"} if kind == "RNN" else {}
    with net.name_scope():
        net.add(nn.Embedding(10, 8), getattr(rnn, kind)(3, 2, bidirectional=True, **settings))
        net.add(nn.Dense(2, flatten=False))
    data = nd.array(x.numpy())
    if as_graph:
        net.initialize()
        outputs = net(mx.sym.var("data"))
        net = mx.gluon.SymbolBlock(outputs, mx.sym.var("data"), net.collect_params())
    report = from_torch_state_dict(net, model.state_dict())
    assert not report.unused
    assert len(report.loaded) == 3 + 16
    np.testing.assert_allclose(net(data).asnumpy(), model(x).detach().numpy(), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_recurrent_cells(kind):
    cell, x = getattr(tnn, f"{kind}Cell")(5, 3), torch.randn(2, 5)
    state = tuple(torch.randn(2, 3) for _ in range(1 + (kind == "LSTM")))
    net = getattr(rnn, f"{kind}Cell")(3)
    assert len(from_torch_state_dict(net, cell.state_dict()).loaded) == 4
    out, _ = net(nd.from_torch(x), [nd.from_torch(each) for each in state])
    wanted = cell(x, state if kind == "LSTM" else state[0])
    wanted = wanted[0] if kind == "LSTM" else wanted
    np.testing.assert_allclose(out.asnumpy(), wanted.detach().numpy(), rtol=1e-4, atol=1e-6)


def test_a_layer_without_biases_is_refused():
    with pytest.raises(MXNetError, match=r"left of torch: \['weight_ih_l0', 'weight_hh_l0'\]; left of Gluon"):
        from_torch_state_dict(rnn.GRU(3), tnn.GRU(5, 3, bias=False).state_dict())
