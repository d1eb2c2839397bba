"""Graph files: the bytes that MXNet writes, and what becomes of the files of its older versions."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import glueball as mx
from glueball import sym
from tests.golden import graphs
from tests.symbol.graph_files import LEGACY, node, text, variable, without_versions

ROOT = Path(__file__).parents[2]
GOLDEN = json.loads((ROOT / "tests" / "golden" / "graphs.json").read_text(encoding="utf-8"))
MODELS = ROOT.parent / "shared" / "models"
DEEP = 20_000  # nodes in a row, far beyond the depth of calls
NETWORKS = ("resnet18_v1", "mobilenet1.0", "densenet121", "inceptionv3", "squeezenet1.0", "mobilenetv2_0.5")


def test_the_golden_file_is_that_of_the_code():
    assert list(GOLDEN["programs"]) == list(graphs.programs(mx))
    assert list(GOLDEN["upgraded"]) == list(LEGACY)


@pytest.mark.parametrize("name", GOLDEN["programs"])
def test_the_text_is_that_of_mxnet(name):
    assert graphs.programs(mx)[name].tojson() == GOLDEN["programs"][name]


@pytest.mark.parametrize("name", GOLDEN["programs"])
def test_reading_and_writing_gives_the_same_text(name):
    assert sym.load_json(GOLDEN["programs"][name]).tojson() == GOLDEN["programs"][name]


@pytest.mark.parametrize("name", LEGACY)
def test_older_files_become_what_mxnet_makes_of_them(name):
    upgraded = sym.load_json(LEGACY[name]).tojson()
    assert without_versions(upgraded) == without_versions(GOLDEN["upgraded"][name])
    assert sym.load_json(upgraded).tojson() == upgraded


def test_the_golden_file_is_what_mxnet_writes_today(oracle):
    def text(mx, content):
        return mx.sym.load_json(content).tojson()

    assert {name: oracle.run(text, content) for name, content in LEGACY.items()} == GOLDEN["upgraded"]


def network_text(mx, name):
    return mx.gluon.model_zoo.vision.get_model(name)(mx.sym.var("data")).tojson()


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_of_mxnet_come_back_to_the_byte(oracle, name):
    text = oracle.run(network_text, name)
    assert sym.load_json(text).tojson() == text


def load_and_save(mx, path):
    symbol = mx.sym.load(path)
    return symbol.tojson(), symbol.list_arguments(), symbol.list_auxiliary_states(), symbol.list_outputs()


@pytest.mark.parametrize("name", ["lenet/LeNet", "cifar_resnet20_v1/cifar_resnet20_v1"])
def test_networks_of_other_versions(oracle, name):
    path = MODELS / f"{name}-symbol.json"
    if not path.exists():
        pytest.skip(f"{path} is not beside the repository")
    assert load_and_save(mx, str(path)) == oracle.run(load_and_save, str(path))


def file_written(mx, path):
    x = mx.sym.var("x", __note__="é\t\x01")
    mx.sym.Group([mx.sym.relu(x, name="a") * 2, x]).save(path)
    with open(path, "rb") as file:
        return file.read()


def test_a_saved_file_has_the_bytes_of_mxnet(oracle, tmp_path):
    theirs = oracle.run(file_written, str(tmp_path / "theirs.json"))
    with mx.name.NameManager():
        assert file_written(mx, str(tmp_path / "ours.json")) == theirs
    assert sym.load(tmp_path / "theirs.json").list_outputs() == ["_mulscalar0_output", "x"]
    assert oracle.run("mx.sym.load(path).list_outputs()", path=str(tmp_path / "ours.json")) == [
        "_mulscalar0_output",
        "x",
    ]


def with_casts(mx, keep):
    x = mx.sym.var("x")
    inner = mx.sym.amp_cast(mx.sym.amp_cast(x, dtype="float16", name="a"), dtype="float32", name="b")
    outputs = [mx.sym.relu(inner, name="r"), mx.sym.Group([inner, mx.sym.relu(inner, name="r")]), inner]
    return [symbol.tojson(remove_amp_cast=not keep) for symbol in outputs] + [outputs[0].tojson()]


@pytest.mark.parametrize("keep", [False, True])
def test_casts_of_mixed_precision_are_left_out(oracle, keep):
    ours = with_casts(mx, keep)
    assert ours == oracle.run(with_casts, keep)
    assert ("amp_cast" in ours[0]) is keep
    assert "amp_cast" not in ours[3]


def with_common_types(mx, keep):
    a, b, c = map(mx.sym.var, "abc")
    cast = mx.sym.amp_cast(a, dtype="float16", name="cast")
    both = mx.sym.amp_multicast(cast, b, c, num_outputs=3, name="both")
    outputs = [mx.sym.elemwise_mul(both[1], both[0], name="mul"), mx.sym.exp(both[2], name="exp"), both, both[1]]
    return [symbol.tojson(remove_amp_cast=not keep) for symbol in outputs]


@pytest.mark.parametrize("keep", [False, True])
def test_casts_to_a_common_type_are_left_out(oracle, keep):
    ours = with_common_types(mx, keep)
    assert ours == oracle.run(with_common_types, keep)
    assert ["amp_multicast" in text for text in ours] == [keep, keep, True, True]


def test_states_that_several_nodes_update_are_counted(oracle):
    def texts(mx):
        sym = mx.sym
        x, states = sym.var("x"), {"moving_mean": sym.var("m"), "moving_var": sym.var("v")}
        first = sym.BatchNorm(x, name="a", **states)
        second = sym.BatchNorm(first, name="b", **states)
        return sym.Group([second, states["moving_mean"], sym.relu(states["moving_var"], name="r")]).tojson()

    assert texts(mx) == oracle.run(texts)


def test_attributes_of_an_input_that_an_old_file_lacks_go_to_the_new_variable():
    """Real MXNet ends the process here."""
    old = text([variable("x"), node("FullyConnected", "fc", [(0, 0)], attr={"num_hidden": "3", "weight_lr_mult": "2"})])
    attributes = sym.load_json(old).attr_dict()
    assert attributes["fc_weight"] == {"num_hidden": "3", "__lr_mult__": "2", "lr_mult": "2"}
    assert attributes["fc_bias"] == attributes["fc"] == {"num_hidden": "3"}


def test_escape_sequences_of_json_are_read():
    symbol = sym.load_json(LEGACY["BatchNorm with states"].replace('"x"', r'"\u00e9\/\b"'))
    assert symbol.list_arguments()[0] == "é/\b"


def test_the_example_of_the_format_page_is_what_is_written():
    page = (ROOT / "src" / "glueball" / "symbol" / "SPEC.md").read_text(encoding="utf-8")
    example = re.search(r"^    \{\n(?:    .*\n)+", page, re.MULTILINE)[0]
    written = sym.Activation(sym.var("data"), "relu", name="act").tojson()
    assert [line[4:] for line in example.splitlines()] == [line.rstrip() for line in written.splitlines()]


# --- size -------------------------------------------------------------------------------------------------------------


def test_a_deep_graph_is_written_and_read():
    symbol = sym.var("x")
    for number in range(DEEP):
        symbol = sym.relu(symbol, name=f"r{number}")
    text = symbol.tojson()
    assert sym.load_json(text).tojson() == text


def test_a_deep_graph_with_users_before_inputs():
    count = DEEP
    nodes = [{"op": "relu", "name": f"r{number}", "inputs": [[number + 1, 0, 0]]} for number in range(count)]
    nodes.append({"op": "null", "name": "x", "inputs": []})
    text = json.dumps({"nodes": nodes, "arg_nodes": [count], "heads": [[0, 0, 0]]})
    symbol = sym.load_json(text)
    assert symbol.list_arguments() == ["x"]
    assert json.loads(symbol.tojson())["nodes"][1]["name"] == f"r{count - 1}"


# --- characters -------------------------------------------------------------------------------------------------------

ESCAPED = ['a"b', "a\\b", "a\\nb", "a\tb", "a\r\nb"]
PLAIN = ["a\bb", "a\x0cb", "a/b", "a\x7fb", "a\x02b", "é", "\u2028", "😀", ""]


@pytest.mark.parametrize("name", ESCAPED + PLAIN, ids=ascii)
def test_any_name_survives_and_is_written_as_mxnet_writes_it(oracle, name):
    ours, theirs = oracle.both("return mx.sym.var(name, __a__=name).tojson()", name=name)
    assert ours.get() == theirs.get()
    loaded = sym.load_json(ours.get())
    assert (loaded.name, loaded.attr("__a__")) == (name, name)


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b", "\udc00"], ids=ascii)
def test_names_that_no_file_can_hold_are_refused(name, tmp_path):
    path = tmp_path / "net-symbol.json"
    sym.var("x").save(path)
    before = path.read_bytes()
    with pytest.raises(mx.MXNetError, match=r"names and attributes must be text without NUL .* choose another name"):
        sym.var(name).save(path)
    with pytest.raises(mx.MXNetError, match="without NUL"):
        sym.var("x", __a__=name).tojson()
    assert path.read_bytes() == before


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_params_file_is_told_from_a_graph(tmp_path):
    path = str(tmp_path / "net.params")
    for arrays in ([mx.nd.array([0.0])], {"weight": mx.nd.array([1.5, -2.25])}):
        mx.nd.save(path, arrays)
        with pytest.raises(mx.MXNetError, match=r"net\.params.*\.params file.*mx\.nd\.load"):
            sym.load(path)


def test_a_graph_is_told_from_a_params_file(tmp_path):
    path = str(tmp_path / "net-symbol.json")
    sym.var("x").save(path)
    with pytest.raises(mx.MXNetError, match=r"net-symbol\.json, byte 0: .*a graph as JSON, mx\.sym\.load"):
        mx.nd.load(path)


def test_saving_is_atomic(tmp_path):
    """A process that ends while it writes leaves the old file."""
    path = tmp_path / "net-symbol.json"
    sym.var("old").save(path)
    program = (
        "import os, sys, glueball as mx\nos.replace = lambda *paths: os._exit(3)\nmx.sym.var('new').save(sys.argv[1])\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", program, str(path)], env=environment, check=False)
    assert done.returncode == 3
    assert sym.load(path).name == "old"
