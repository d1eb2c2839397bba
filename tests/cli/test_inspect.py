"""``glueball inspect``: its output for graphs and parameters, and how it refuses anything else."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import torch

import glueball as mx
from glueball.cli import main
from glueball.serialization import write_params
from glueball.serialization.headers import read_headers

_MODELS = Path(__file__).resolve().parents[2].parent / "shared" / "models"
_LENET = _MODELS / "lenet" / "LeNet-symbol.json"
_RESNET = _MODELS / "cifar_resnet20_v1" / "cifar_resnet20_v1-symbol.json"
_GOLDEN = Path(__file__).resolve().parents[1] / "golden"

needs_models = pytest.mark.skipif(not _MODELS.exists(), reason="the models in ../shared are not on this machine")


def _inspect(capsys, *arguments):
    status = main(["inspect", *map(str, arguments)])
    out, err = capsys.readouterr()
    return status, out, err


def _read(capsys, *arguments):
    status, out, err = _inspect(capsys, *arguments, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


@pytest.fixture
def pair(tmp_path):
    """A graph and its parameters, as two files next to each other."""
    net = mx.sym.Convolution(mx.sym.var("data"), kernel=(3, 3), num_filter=4, name="conv")
    net = mx.sym.BatchNorm(net, name="norm")
    mx.sym.FullyConnected(net, num_hidden=2, name="fc").save(tmp_path / "net-symbol.json")
    arrays = {
        "arg:conv_weight": torch.zeros(4, 3, 3, 3), "arg:conv_bias": torch.zeros(4), "arg:norm_gamma": torch.zeros(4),
        "arg:norm_beta": torch.zeros(4), "aux:norm_moving_mean": torch.zeros(4), "aux:norm_moving_var": torch.zeros(4),
        "arg:fc_weight": torch.zeros(2, 144), "arg:fc_bias": torch.zeros(2),
    }  # fmt: skip
    write_params(tmp_path / "net-0000.params", {**arrays, "arg:fc_weight": torch.zeros(2, 7)})
    write_params(tmp_path / "net-0010.params", arrays)
    return tmp_path / "net-symbol.json"


def test_a_graph_with_the_newest_parameters_beside_it(pair, capsys):
    report = _read(capsys, pair)
    assert report["mxnet_version"] == "1.9.1"
    assert report["params_file"] == str(pair.with_name("net-0010.params"))
    assert report["inputs"] == [{"name": "data", "shape": None}]
    assert report["totals"] == {
        "parameters": 112 + 8 + 290, "states": 8, "bytes": 4 * (112 + 8 + 290 + 8),
        "flops": None, "multiply_adds": None,
    }  # fmt: skip
    assert [layer["parameters"] for layer in report["layers"]] == [
        ["conv_weight", "conv_bias"],
        ["norm_gamma", "norm_beta", "norm_moving_mean", "norm_moving_var"],
        ["fc_weight", "fc_bias"],
    ]
    assert report["notes"] == ["For outputs and FLOPs give the shapes of inputs: --shape data=1,3,224,224"]


@pytest.mark.parametrize("text", ["data=2,3,8,8", "data=(2, 3, 8, 8)"])
def test_with_the_shape_of_the_input_everything_is_known(pair, capsys, text):
    report = _read(capsys, pair, "--shape", text)
    assert [layer["shapes"] for layer in report["layers"]] == [[[2, 4, 6, 6]], [[2, 4, 6, 6]], [[2, 2]]]
    products = 2 * 4 * 36 * 27 + 2 * 2 * 144
    assert report["totals"]["multiply_adds"] == products
    assert report["totals"]["flops"] == 2 * products + 2 * 4 * 36 + 2 * (2 * 4 * 36) + 2 * 2
    assert report["outputs"] == [{"name": "fc_output", "shape": [2, 2]}]
    assert report["notes"] == []


def test_the_text_for_people(pair, capsys):
    status, out, err = _inspect(capsys, pair, "--shape", "data=2,3,8,8")
    assert (status, err) == (0, "")
    rows = [line.split() for line in out.splitlines()]
    assert ["conv", "Convolution", "3×3,", "4", "2×4×6×6", "112", "15.8", "k"] in rows  # noqa: RUF001
    assert ["norm_moving_var", "state", "4", "float32", "16"] in rows
    assert "3 operators, 410 parameters and 8 numbers of state in 1,672 bytes" in out
    assert "2 per multiply-add" in out


def test_a_shape_in_the_graph_is_enough(tmp_path, capsys):
    path = tmp_path / "net-symbol.json"
    mx.sym.relu(mx.sym.var("data", shape=(2, 3)), name="r").save(path)
    assert _read(capsys, path)["totals"]["flops"] == 6


def test_parameters_that_do_not_match_are_pointed_out(pair, capsys, tmp_path):
    write_params(tmp_path / "other.params", {"arg:conv_weight": torch.zeros(4, 3, 3, 3), "arg:more": torch.zeros(1)})
    notes = _read(capsys, pair, "--params", tmp_path / "other.params")["notes"]
    lacking = "lacks conv_bias, norm_gamma, norm_beta, norm_moving_mean, norm_moving_var and 2 more."
    assert any(lacking in note for note in notes)
    assert any("has more than the graph needs: more." in note for note in notes)


def test_damaged_parameters_beside_a_graph_do_not_hide_it(pair, capsys):
    pair.with_name("net-0010.params").write_bytes(b"\x12\x01")
    report = _read(capsys, pair)
    assert report["params_file"] is None and len(report["layers"]) == 3
    assert "are not used: " in report["notes"][0]
    assert _inspect(capsys, pair, "--params", pair.with_name("net-0010.params"))[0] == 1


def test_parameters(pair, capsys):
    path = pair.with_name("net-0010.params")
    report = _read(capsys, path)
    assert report["formats"] == ["V2"]
    assert report["totals"] == {"arrays": 8, "elements": 418, "bytes": 1672, "file_bytes": path.stat().st_size}
    assert report["arrays"][4] == {
        "name": "aux:norm_moving_mean", "kind": "state", "shape": [4], "dtype": "float32", "bytes": 16,
    }  # fmt: skip
    status, out, _ = _inspect(capsys, path)
    assert status == 0 and "named arrays, format V2" in out and "8 arrays, 418 elements" in out


def test_a_list_of_arrays_has_places(tmp_path, capsys):
    path = tmp_path / "list.params"
    write_params(path, [torch.zeros(2, dtype=torch.int8), torch.zeros(())])
    report = _read(capsys, path)
    assert report["formats"] == ["V3"]
    arrays = [(array["name"], array["dtype"], array["shape"]) for array in report["arrays"]]
    assert arrays == [(None, "int8", [2]), (None, "float32", [])]
    assert "a list of arrays, format V3" in _inspect(capsys, path)[1]
    write_params(path, [])
    assert "0 arrays" in _inspect(capsys, path)[1]


@pytest.mark.parametrize("path", sorted(_GOLDEN.rglob("*.params")), ids=lambda path: path.name)
def test_headers_are_those_of_the_arrays(path):
    values = mx.nd.load(str(path))
    named = values if isinstance(values, dict) else {str(place): array for place, array in enumerate(values)}
    headers = read_headers(path)
    assert [tuple(header.tensor.shape) for header in headers] == [array.shape for array in named.values()]
    assert [header.name for header in headers] == [name if isinstance(values, dict) else "" for name in named]


@pytest.mark.parametrize("length", [0, 7, 8, 24, 60, 200, -1])
def test_truncated_parameters_are_refused_by_their_headers(pair, capsys, length):
    path = pair.with_name("net-0010.params")
    path.write_bytes(path.read_bytes()[:length])
    status, out, err = _inspect(capsys, path)
    assert (status, out) == (1, "")
    assert err.startswith("glueball inspect: ") and err.count("\n") == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"nodes": [], "arg_nodes": [], "heads": [[0, 0, 0]]}', b"hello\nyou\n"],
)
def test_what_is_neither_is_refused_in_one_line(tmp_path, capsys, content):
    path = tmp_path / "net-symbol.json"
    path.write_bytes(content)
    status, out, err = _inspect(capsys, path)
    assert (status, out) == (1, "")
    assert err.startswith("glueball inspect: ") and err.count("\n") == 1


def test_other_mistakes_are_refused_in_one_line(pair, capsys, tmp_path):
    params = pair.with_name("net-0010.params")
    for arguments, part in [
        ((tmp_path / "none.json",), "No such file"),
        ((params, "--svg", tmp_path / "x.svg"), "--svg needs a graph"),
        ((params, "--shape", "data=1"), "--shape needs a graph"),
        ((params, "--engine", "eager"), "--engine needs a graph"),
        (
            (pair, "--engine", "eager"),
            "--engine: the shapes of all inputs must be known; received none for data",
        ),
        (
            (pair, "--engine", "eagr", "--shape", "data=2,3,8,8"),
            "inspect --engine: backend must be one of 'auto', 'eager', ",
        ),
        ((pair, "--shape", "dta=1,3,8,8"), "received 'dta'; did you mean 'data'?"),
        ((pair, "--shape", "data=1,3,9,9"), "fc"),
        ((pair, "--params", tmp_path / "none.params"), "none.params"),
        ((pair, "--svg", tmp_path / "none" / "x.svg"), "none"),
    ]:
        status, out, err = _inspect(capsys, *arguments)
        assert (status, out) == (1, ""), arguments
        assert part in err and err.count("\n") == 1, err


@pytest.mark.parametrize("has_parameters", [True, False])
def test_how_an_engine_runs_it(pair, capsys, has_parameters):
    if not has_parameters:
        pair = pair.rename(pair.with_name("other-symbol.json"))
    arguments = (pair, "--shape", "data=2,3,8,8", "--engine", "eager")
    engine = _read(capsys, *arguments)["engine"]
    assert [step["nodes"] for step in engine["steps"]] == [["conv"], ["norm"], ["fc"]]
    assert (engine["network"], engine["engine"]) == (pair.name.removesuffix("-symbol.json"), "eager")
    status, out, err = _inspect(capsys, *arguments)
    assert (status, err) == (0, "")
    assert out.splitlines()[-4].startswith("-----")
    assert [line.split()[:3] for line in out.splitlines()[-3:]] == [
        ["conv", "Convolution", "2x4x6x6"], ["norm", "BatchNorm", "2x4x6x6"], ["fc", "FullyConnected", "2x2"],
    ]  # fmt: skip


def test_an_engine_runs_graphs_of_all_types(tmp_path, capsys):
    data = mx.sym.var("data", shape=(2, 3), dtype="float16")
    rows = mx.sym.Embedding(mx.sym.var("rows", shape=(2,), dtype="int32"), input_dim=5, output_dim=3, dtype="float16")
    (mx.sym.Dropout(data) + rows).save(tmp_path / "net-symbol.json")
    steps = _read(capsys, tmp_path / "net-symbol.json", "--engine", "onednn")["engine"]["steps"]
    assert [step["shape"] for step in steps] == [[2, 3]] * 3


@pytest.mark.parametrize("text", ["data", "=1,2", "data=", "data=1,x", "data=-1"])
def test_a_shape_must_be_written_as_one(pair, capsys, text):
    with pytest.raises(SystemExit) as stopped:
        main(["inspect", str(pair), "--shape", text])
    assert stopped.value.code == 2
    assert "must be NAME=LENGTH,LENGTH,..." in capsys.readouterr().err


def test_names_do_nothing_to_a_terminal(tmp_path, capsys, monkeypatch):
    path = tmp_path / "net-symbol.json"
    mx.sym.relu(mx.sym.var("data"), name="\x1b[2Jé").save(path)
    assert "\\x1b[2Jé" in _inspect(capsys, path)[1]
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", narrow)
    assert main(["inspect", str(path)]) == 0
    narrow.flush()
    assert b"\\x1b[2J\\xe9" in narrow.buffer.getvalue()


def test_drawing(pair, capsys, tmp_path):
    status, _, err = _inspect(capsys, pair, "--shape", "data=2,3,8,8", "--svg", tmp_path / "net.svg")
    assert (status, err) == (0, "")
    root = ElementTree.parse(tmp_path / "net.svg").getroot()
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[0] == "net"
    assert texts[1] == "410 parameters · 17.6 kFLOPs · MXNet 1.9.1"


@needs_models
def test_lenet(capsys):
    report = _read(capsys, _LENET, "--shape", "data=1,1,28,28")
    assert report["mxnet_version"] == "1.3.1"
    assert report["totals"]["parameters"] == 44426
    assert report["totals"]["multiply_adds"] == 6 * 24**2 * 25 + 16 * 8**2 * 150 + 256 * 120 + 120 * 84 + 84 * 10
    assert report["layers"][-1]["shapes"] == [[1, 10]]


@needs_models
def test_resnet20(capsys, tmp_path):
    report = _read(capsys, _RESNET, "--shape", "data=1,3,32,32", "--svg", tmp_path / "net.svg")
    assert report["totals"]["parameters"] == 272_474
    assert report["totals"]["multiply_adds"] == 40_813_184
    assert report["notes"] == []
    assert len(list(ElementTree.parse(tmp_path / "net.svg").iter("{http://www.w3.org/2000/svg}title"))) == 73


def test_a_long_name_does_not_make_every_row_long(tmp_path, capsys):
    net = mx.sym.var("x" * 5000)
    for number in range(30):
        net = mx.sym.relu(net, name=f"relu{number}")
    net.save(tmp_path / "net-symbol.json")
    status, out, _ = _inspect(capsys, tmp_path / "net-symbol.json")
    assert status == 0
    assert "relu29" in out and "xxx..." in out
    assert max(len(line) for line in out.splitlines() if "relu" in line) < 400


def test_files_of_arrays_in_other_formats(tmp_path, capsys):
    arrays = {"arg:w": mx.nd.ones((2, 3)), "aux:s": mx.nd.zeros((2,), dtype="int8")}
    for kind in ("npz", "safetensors"):
        mx.nd.save(tmp_path / "arrays", arrays, format=kind)
        report = _read(capsys, tmp_path / "arrays")
        assert (report["kind"], report["formats"]) == (kind, [kind])
        assert [(each["name"], each["kind"], each["shape"], each["dtype"]) for each in report["arrays"]] == [
            ("arg:w", "argument", [2, 3], "float32"), ("aux:s", "state", [2], "int8"),
        ]  # fmt: skip
    assert report["metadata"]["format"] == "mxnet"
    _, out, _ = _inspect(capsys, tmp_path / "arrays")
    assert f"\nproducer: glueball {mx.__version__}\n" in out


def test_a_graph_with_parameters_in_another_format(pair, tmp_path, capsys):
    mx.nd.save(tmp_path / "p.safetensors", mx.nd.load(tmp_path / "net-0010.params"))
    report = _read(capsys, pair, "--params", tmp_path / "p.safetensors")
    assert (report["totals"]["parameters"], report["notes"][1:]) == (112 + 8 + 290, [])


@pytest.fixture
def onnx_file(tmp_path):
    """A model as another library may write it."""
    onnx = pytest.importorskip("onnx", reason="needs the extra glueball[onnx]")
    floats, make = onnx.TensorProto.FLOAT, onnx.helper
    graph = make.make_graph(
        [make.make_node("Gemm", ["x", "w"], ["h"]), make.make_node("Odd", ["h"], ["y"], domain="my.own")],
        "little",
        [make.make_tensor_value_info("x", floats, ["batch", 3]), make.make_tensor_value_info("w", floats, [3, 2])],
        [make.make_tensor_value_info("y", floats, None)],
        [onnx.numpy_helper.from_array(torch.zeros(3, 2).numpy(), "w")],
    )
    opsets = [make.make_opsetid("", 17), make.make_opsetid("my.own", 1)]
    model = make.make_model(graph, producer_name="elsewhere", producer_version="2", opset_imports=opsets)
    onnx.save(model, tmp_path / "model")
    return tmp_path / "model"


def test_a_model_of_onnx(onnx_file, capsys):
    report = _read(capsys, onnx_file)
    assert (report["kind"], report["producer"], report["operator sets"]) == (
        "onnx", "elsewhere 2", "ai.onnx 17, my.own 1",
    )  # fmt: skip
    assert report["inputs"] == [{"name": "x", "shape": ["batch", 3], "type": "float"}]
    assert report["outputs"] == [{"name": "y", "shape": None, "type": "float"}]
    assert report["operators"] == [{"operator": "Gemm", "nodes": 1}, {"operator": "my.own.Odd", "nodes": 1}]
    assert report["initializers"] == [{"name": "w", "shape": [3, 2], "type": "float"}]
    assert (report["totals"]["nodes"], report["totals"]["parameters"]) == (2, 6)
    _, out, _ = _inspect(capsys, onnx_file)
    rows = [line.split() for line in out.splitlines()]
    assert ["x", "batch×3", "float"] in rows  # noqa: RUF001
    assert ["my.own.Odd", "1"] in rows


def test_a_model_of_onnx_is_no_graph_of_mxnet(onnx_file, capsys):
    assert main(["inspect", str(onnx_file), "--shape", "x=1,3"]) == 1
    assert "received a file of ONNX, wh" in capsys.readouterr().err
    with pytest.raises(mx.MXNetError, match="for a file of ONNX, glueball inspect is the reader"):
        mx.nd.load(onnx_file)


def test_a_model_of_onnx_that_is_cut_off(onnx_file, capsys):
    content = onnx_file.read_bytes()
    onnx_file.write_bytes(content[: len(content) // 2])
    status, out, err = _inspect(capsys, onnx_file)
    assert (status, out) == (1, "")
    assert "model: the file must be a model of ONNX; DecodeError: " in err
    assert len(err.splitlines()) == 1


def test_a_model_of_onnx_without_the_package(onnx_file, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    status, _, err = _inspect(capsys, onnx_file)
    assert status == 1
    assert "run pip install 'glueball[onnx]'" in err


def test_a_folder_and_the_beginning_of_a_name(pair, capsys):
    assert _read(capsys, pair.parent)["file"] == _read(capsys, str(pair.parent / "net"))["file"] == str(pair)
    (pair.parent / "other-symbol.json").write_text(pair.read_text())
    status, _, err = _inspect(capsys, pair.parent)
    assert status == 1
    assert "a folder must hold one graph; received net-symbol.json, other-symbol.json in" in err
