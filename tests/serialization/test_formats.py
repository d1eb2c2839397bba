"""The table of file formats: a new format is one new file, and a file of no known format is refused by name."""

from __future__ import annotations

import json
import os
import re
import sys
import threading
from pathlib import Path

import pytest

import glueball as mx
from glueball import formats
from glueball.cli import main
from glueball.gluon import nn
from glueball.serialization.formats import FORMATS, Format, register
from tests.serialization import files

GOLDEN = Path(__file__).resolve().parents[1] / "golden"

#: A format of arrays of one number each, "TOYA weight=1.5 bias=2", and everything that it needs.
ARRAYS = """
import torch
from glueball.core.errors import MXNetError
from glueball.serialization.formats import Format, register
from glueball.serialization.headers import Header


def read(file, name):
    fields = [field.partition("=") for field in file.read().decode().split()[1:]]
    if not all(equals for _, equals, _ in fields):
        raise MXNetError(f"{name}: a field must be NAME=NUMBER")
    return {key: torch.tensor([float(number)]) for key, _, number in fields}


def read_headers(file, name):
    return [Header(key, tensor.to("meta"), "T1") for key, tensor in read(file, name).items()]


def write(file, tensors, owner):
    file.write(" ".join(["TOYA", *[f"{key}={tensor.item()}" for key, tensor in tensors.items()]]).encode())


register(
    Format(
        name="toy-arrays", title="a toy of arrays", sniff=lambda head, name: head.startswith(b"TOYA"),
        read_arrays=read, read_headers=read_headers, write_arrays=write, endings=(".toya",),
    )
)
"""

#: A format of a graph with its parameters in one file, like ONNX: "TOYG" is a dense layer.
GRAPH = """
import torch
import glueball as mx
from glueball.serialization.formats import Format, GraphFile, register
from glueball.serialization.headers import Header


def read_graph(file, name):
    symbol = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, no_bias=True, name="fc")
    return GraphFile(tuple(symbol._entries), producer="a toy")


def read(file, name):
    return {"fc_weight": torch.ones(2, 3)}


def read_headers(file, name):
    return [Header("fc_weight", torch.empty(2, 3, device="meta"), "T2")]


register(
    Format(
        name="toy-graph", title="a toy of a graph", sniff=lambda head, name: head.startswith(b"TOYG"),
        read_arrays=read, read_headers=read_headers, read_graph=read_graph,
    )
)
"""


@pytest.fixture
def drop_in(tmp_path, monkeypatch):
    """Add a file to the existing formats, as if it were in the package."""
    folder = tmp_path / "formats"
    folder.mkdir()
    known = dict(FORMATS)
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(folder)])

    def add(name, source):
        (folder / f"{name}.py").write_text(source)
        formats.discover()

    yield add
    for name in set(FORMATS) - set(known):
        del FORMATS[name]
    for module in folder.glob("*.py"):
        sys.modules.pop(f"glueball.formats.{module.stem}", None)
        vars(formats).pop(module.stem, None)


def test_a_format_of_arrays_is_one_file(drop_in, tmp_path, capsys):
    path = tmp_path / "arrays"
    path.write_bytes(b"TOYA weight=1.5 bias=2")
    with pytest.raises(mx.MXNetError, match=r"arrays, byte 0: .*received a file that begins with b'TOYA weight=1\.5 '"):
        mx.nd.load(path)
    drop_in("toy_arrays", ARRAYS)

    assert {name: array.asscalar() for name, array in mx.nd.load(path).items()} == {"weight": 1.5, "bias": 2}
    assert mx.nd.load_frombuffer(path.read_bytes())["bias"].asscalar() == 2
    path.write_bytes(b"TOYA alpha=0.5")
    net = nn.PReLU()
    net.load_parameters(path)
    assert net.alpha.data().asscalar() == 0.5

    net.save_parameters(tmp_path / "saved.ToyA")
    assert (tmp_path / "saved.ToyA").read_bytes() == b"TOYA alpha=0.5"
    mx.nd.save(tmp_path / "toya", {"x": mx.nd.ones((1,))})  # no extension: as in MXNet
    assert FORMATS["params"].sniff((tmp_path / "toya").read_bytes(), "toya")

    assert main(["inspect", str(path)]) == 0
    assert "named arrays, format T1" in capsys.readouterr().out
    assert main(["inspect", str(path), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["kind"], report["formats"]) == ("toy-arrays", ["T1"])
    assert [(array["name"], array["shape"]) for array in report["arrays"]] == [("alpha", [1])]

    with pytest.raises(mx.MXNetError, match=r"must hold a graph; .* for a toy of arrays, mx\.nd\.load is the reader"):
        mx.sym.load(path)
    path.write_bytes(b"TOYA weight")
    with pytest.raises(mx.MXNetError, match=r"arrays: a field must be NAME=NUMBER"):
        mx.nd.load(path)
    path.write_bytes(b"TOYB")
    with pytest.raises(mx.MXNetError, match=r"formats \(.*, a toy of arrays\)"):
        mx.nd.load(path)


def test_a_format_of_parameters_reads_checkpoints(drop_in, tmp_path):
    drop_in("toy_arrays", ARRAYS)
    (tmp_path / "net-0003.params").write_bytes(b"TOYA arg:weight=1.5 aux:mean=2")
    arguments, states = mx.model.load_params(tmp_path / "net", 3)
    assert (arguments["weight"].asscalar(), states["mean"].asscalar()) == (1.5, 2)


def test_a_format_of_a_graph_and_its_arrays_is_one_file(drop_in, tmp_path, capsys):
    path = tmp_path / "net"
    path.write_bytes(b"TOYG")
    drop_in("toy_graph", GRAPH)
    assert mx.sym.load(path).list_arguments() == ["data", "fc_weight"]
    assert mx.nd.load(path)["fc_weight"].shape == (2, 3)
    net = mx.gluon.SymbolBlock.imports(str(path), ["data"], str(path))
    assert net(mx.nd.ones((1, 3))).asnumpy().tolist() == [[3, 3]]
    assert main(["inspect", str(path), "--shape", "data=1,3", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["mxnet_version"], report["params_file"], report["notes"]) == (None, str(path), [])
    assert (report["totals"]["parameters"], report["totals"]["multiply_adds"]) == (6, 6)
    assert main(["inspect", str(path), "--svg", str(tmp_path / "net.svg")]) == 0
    assert "a graph, written by a toy" in capsys.readouterr().out
    assert "a toy" in (tmp_path / "net.svg").read_text()


def test_each_name_is_registered_once():
    with pytest.raises(mx.MXNetError, match="a unique name; received 'params' again"):
        register(FORMATS["params"])
    formats.discover()  # modules that are imported already are not registered again


def test_who_reads_arrays_reads_their_headers():
    with pytest.raises(mx.MXNetError, match="read_headers must be given together; received one for 'half'"):
        register(Format(name="half", title="half", sniff=lambda head, name: False, read_arrays=lambda file, name: []))
    assert "half" not in FORMATS


@pytest.mark.parametrize(
    ("content", "received"),
    [
        (b"", "an empty file"),
        (
            b"\x89PNG\r\n\x1a\n" + bytes(100),
            r"a file that begins with b'\x89PNG\r\n\x1a\n\x00\x00\x00\x00\x00\x00\x00\x00'",
        ),
        (files.listing([], magic=0x113), r"a file that begins with b'\x13\x01\x00"),
        (b"{\0\0\0\0\0\0\0[]", r"a file that begins with b'{\x00"),
    ],
    ids=["empty", "png", "another magic", "a brace that is a number"],
)
def test_what_has_no_known_format_is_refused(tmp_path, capsys, content, received):
    path = tmp_path / "file"
    path.write_bytes(content)
    known = (
        "a graph as JSON, a NumPy .npz file, a file of ONNX, a .params file, a safetensors file, "
        "a program of torch.export, a state dict of torch"
    )
    rule = f"file, byte 0: the file must have one of the known formats ({known}); received "
    for read in (mx.nd.load, mx.sym.load):
        with pytest.raises(mx.MXNetError, match=re.escape(rule + received)):
            read(path)
    with pytest.raises(mx.MXNetError, match=re.escape(f"buffer, byte 0: {rule[14:]}{received}")):
        mx.nd.load_frombuffer(content)
    assert main(["inspect", str(path)]) == 1
    assert rule + received in capsys.readouterr().err


@pytest.mark.parametrize("length", range(1, len(files.small_file())))
def test_a_file_cut_anywhere_is_called_damaged(tmp_path, length):
    """Even within its magic number, which identifies the format."""
    path = tmp_path / "cut.params"
    path.write_bytes(files.small_file()[:length])
    with pytest.raises(mx.MXNetError, match=r"^.*cut\.params, byte \d+: .*must lie inside the file"):
        mx.nd.load(path)


@pytest.mark.parametrize(
    "path", sorted([*GOLDEN.rglob("*.params"), *GOLDEN.rglob("*.json")]), ids=lambda path: path.name
)
def test_a_file_has_one_format(path):
    head = path.read_bytes()[:4096]
    expected = "params" if path.suffix == ".params" else "graph"
    assert [each.name for each in FORMATS.values() if each.sniff(head, str(path))] == [expected]


def test_a_path_that_is_none(tmp_path):
    with pytest.raises(TypeError, match=r"nd\.load: the file must be given as a path; received 3"):
        mx.nd.load(3)
    with pytest.raises(mx.MXNetError, match=r"the file must be readable; received Is a directory"):
        mx.nd.load(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the platform has no named pipes")
def test_a_graph_may_come_through_a_pipe(tmp_path):
    """It is opened once: peeking at the first bytes does not consume them."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    text = mx.sym.relu(mx.sym.var("data"), name="r").tojson()
    writer = threading.Thread(target=path.write_text, args=(text,), daemon=True)
    writer.start()
    assert mx.sym.load(path).tojson() == text
    writer.join(10)
