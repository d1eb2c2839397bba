"""``glueball convert``: every step is checked, and files appear whole and where nothing was before."""

from __future__ import annotations

import itertools
import os
import re
from pathlib import Path

import pytest
import torch

import glueball as mx
from glueball.cli import main
from glueball.cli._convert_check import Difference, largest_difference
from tests.comparison import assert_same

_MODELS = Path(__file__).resolve().parents[2].parent / "shared" / "models"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of a small network with a batch normalization, as `export` writes it."""
    monkeypatch.chdir(tmp_path)
    nn = mx.gluon.nn
    net = nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(nn.Conv2D(4, 3, in_channels=3), nn.BatchNorm(in_channels=4), nn.Activation("relu"))
        net.add(nn.Conv2D(4, 3, in_channels=4), nn.Activation("relu"), nn.Dense(2, in_units=4 * 144))
    net.initialize(mx.init.Normal(0.2))
    net.hybridize()
    net(mx.nd.ones((1, 3, 16, 16)))
    net.export("net")
    return tmp_path


def _convert(capsys, *arguments, status=0):
    assert main(["convert", *arguments]) == status
    return capsys.readouterr()


def test_a_network_is_written_and_checked(folder, capsys):
    out, err = _convert(capsys, "net-symbol.json", "copy-symbol.json", "--shape", "data=2,3,16,16")
    assert err == ""
    assert re.fullmatch(
        r"wrote copy-0000\.params, [\d,]+ bytes\nwrote copy-symbol\.json, [\d,]+ bytes\n"
        r"checked: random inputs data=2,3,16,16; largest difference 0\.0e\+00 of [\d.]+, computed by Glueball\n", out,
    )  # fmt: skip
    old, new = mx.nd.load("net-0000.params"), mx.nd.load("copy-0000.params")
    assert set(old) == set(new)
    for name in old:
        assert_same(new[name].asnumpy(), old[name].asnumpy())
    assert (folder / "copy-symbol.json").read_bytes() == (folder / "net-symbol.json").read_bytes()


def test_arrays_go_through_all_formats_and_come_back_the_same(folder, capsys):
    pytest.importorskip("safetensors", reason="needs the extra glueball[safetensors]")
    names = ["net-0000.params", "a.safetensors", "b.npz", "b.pt", "c.params"]
    for source, target in itertools.pairwise(names):
        out, err = _convert(capsys, source, target)
        assert (out.splitlines()[-1], err) == ("checked: 10 arrays, all equal bit for bit", "")
    assert (folder / "c.params").read_bytes() == (folder / "net-0000.params").read_bytes()
    _convert(capsys, "net", "d", "--to", "npz")
    assert list(mx.nd.load("d")) == list(mx.nd.load("net-0000.params"))
    net = mx.gluon.SymbolBlock.imports("net-symbol.json", ["data"], "a.safetensors")
    assert net(mx.nd.ones((1, 3, 16, 16))).shape == (1, 2)


def test_a_graph_takes_its_parameters_from_another_format(folder, capsys):
    _convert(capsys, "net-0000.params", "weights.npz")
    os.remove("net-0000.params")
    error = _convert(capsys, "net-symbol.json", "new-symbol.json", status=1).err
    assert error.splitlines()[-1].endswith("pass them with --params FILE")
    _convert(capsys, "net-symbol.json", "new-symbol.json", "--params", "weights.npz")
    assert sorted(mx.nd.load("new-0000.params"))[0].startswith("arg:net_")


def test_nothing_is_overwritten_without_force(folder, capsys):
    (folder / "x-0000.params").write_bytes(b"precious")
    for target, named in (("net-symbol.json", "net-symbol.json"), ("x-symbol.json", "x-0000.params")):
        error = _convert(capsys, "net-symbol.json", target, status=1).err
        assert error.splitlines()[-1] == (
            f"glueball convert: {named} exists; pass --force to replace it, or another name"
        )
    assert (folder / "x-0000.params").read_bytes() == b"precious"
    assert not (folder / "x-symbol.json").exists()
    _convert(capsys, "net-symbol.json", "x-symbol.json", "--force")
    assert set(mx.nd.load("x-0000.params")) == set(mx.nd.load("net-0000.params"))
    assert sorted(each.name for each in folder.iterdir()) == [
        "net-0000.params", "net-symbol.json", "x-0000.params", "x-symbol.json",
    ]  # fmt: skip


def test_what_counts_as_different():
    assert Difference(2e-4, 1.0).exceeds(1e-4)
    assert not Difference(2e-4, 10.0).exceeds(1e-4)
    assert Difference(1e-9, 1e-8).exceeds(1e-4)  # small numbers may be all wrong
    assert not Difference(1e-9, 0.0).exceeds(1e-4)
    assert Difference(float("inf"), 1.0).exceeds(1e-4)
    assert Difference(float("nan"), 1.0).exceeds(1e-4)


def test_another_shape_is_a_difference():
    found = largest_difference([torch.ones(2, 1)], [torch.ones(2)])
    assert found.exceeds(1e9)
    assert str(found) == "the shape (2, 1) in place of (2,)"
    assert largest_difference([torch.ones(1)], [torch.tensor(1.0)]) == (0.0, 1.0, ""), "MXNet has no array without axes"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["net", "x.tflite"], r"the second file must end in one of -symbol\.json, .*; received 'x\.tflite'"),
        (["net", "x", "--to", "onx"], r"--to must be one of mxnet, .*; received 'onx'"),
        (["none", "x.npz"], r"none: the file must be readable"),
        (["net", "no/such/x.npz"], r"the folder must exist; received 'no/such/x\.npz'; run mkdir -p "),
        (["net", "x.npz", "--shape", "data=1,3,16,16"], r"--shape is for networks; received it for a NumPy \.npz file"),
        (["net", "x-symbol.json", "--opset", "17"], r"--opset is not for MXNet's -symbol\.json"),
        (["net", "x-symbol.json", "--shape", "data=1,3,9,9"], r"FullyConnected: weight must have shape"),
    ],
)
def test_what_is_refused(folder, capsys, arguments, message):
    out, err = _convert(capsys, *arguments, status=1)
    assert out == ""
    assert re.match(rf"glueball convert: .*{message}", err.splitlines()[-1]), err
    assert sorted(each.name for each in folder.iterdir()) == ["net-0000.params", "net-symbol.json"]


def test_a_damaged_source(folder, capsys):
    content = (folder / "net-0000.params").read_bytes()
    (folder / "net-0000.params").write_bytes(content[:-100])
    error = _convert(capsys, "net-symbol.json", "x-symbol.json", status=1).err
    assert "net-0000.params, byte" in error
    assert sorted(each.name for each in folder.iterdir()) == ["net-0000.params", "net-symbol.json"]


@pytest.mark.skipif(not _MODELS.exists(), reason="the models in ../shared are not on this machine")
def test_old_files_of_mxnet(tmp_path, capsys):
    """The labels of a SoftmaxOutput need no shape."""
    out, err = _convert(capsys, str(_MODELS / "lenet"), str(tmp_path / "new-symbol.json"))
    assert "random inputs data=1,1,28,28; largest difference 0.0e+00" in out
    assert "the shape of the data follows from the layers" in err
    weights = _MODELS / "cifar_resnet20_v1" / "cifar_resnet20_v1-0000.params"
    _convert(capsys, str(_MODELS / "cifar_resnet20_v1"), str(tmp_path / "w.npz"))
    _convert(capsys, str(tmp_path / "w.npz"), str(tmp_path / "w.params"))
    assert (tmp_path / "w.params").read_bytes() == weights.read_bytes()
