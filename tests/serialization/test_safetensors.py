"""The format of safetensors: what its package reads and writes, and damaged and hostile files."""

from __future__ import annotations

import json
import struct
import sys

import pytest
import torch

import glueball as mx
from glueball import cli
from tests.comparison import assert_same
from tests.serialization.files import LIST_MAGIC

safetensors = pytest.importorskip("safetensors.torch", reason="needs the extra glueball[safetensors]")

TYPES = ["float32", "float64", "float16", "bfloat16", "uint8", "int8", "int32", "int64", "bool"]
FLOATS = struct.pack("<2f", 1, 2)
ENTRY = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}


def file_of(header, values=b"", length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + values


def arrays():
    return {name: mx.nd.array([[0, 1, 2], [3, 4, 5]]).astype(name) for name in reversed(TYPES)}


def test_every_type_goes_there_and_back(tmp_path):
    path = tmp_path / "all.safetensors"
    mx.nd.save(path, arrays())
    back = mx.nd.load(path)
    assert list(back) == list(arrays())
    for name, array in arrays().items():
        assert back[name].dtype == array.dtype
        assert_same(back[name].astype("float32").asnumpy(), array.astype("float32").asnumpy())
    assert mx.nd.load_frombuffer(path.read_bytes()).keys() == back.keys()


def test_the_package_reads_it_with_names_and_metadata(tmp_path):
    path = str(tmp_path / "all.safetensors")
    mx.nd.save(path, arrays())
    found = safetensors.load_file(path)
    assert {name: str(tensor.dtype) for name, tensor in found.items()} == {name: f"torch.{name}" for name in TYPES}
    assert found["bfloat16"].tolist() == [[0, 1, 2], [3, 4, 5]]
    with safetensors.safe_open(path, "pt") as file:
        metadata = file.metadata()
    assert json.loads(metadata["mxnet.dtypes"]) == {name: name for name in TYPES}
    assert (metadata["format"], metadata["producer"]) == ("mxnet", f"glueball {mx.__version__}")


def test_what_the_package_writes_is_read_whatever_the_file_is_called(tmp_path):
    path = tmp_path / "file.params"
    safetensors.save_file({"b": torch.arange(3), "a": torch.tensor(2.5), "none": torch.ones(0, 3)}, str(path))
    found = mx.nd.load(path)
    assert (found["b"].asnumpy().tolist(), found["a"].shape, found["none"].shape) == ([0, 1, 2], (), (0, 3))
    found["b"][:] = 7  # in memory of its own
    assert mx.nd.load(path)["b"].asnumpy().tolist() == [0, 1, 2]


def test_a_list_stays_a_list(tmp_path):
    given = [mx.nd.full((2,), number) for number in range(12)]
    mx.nd.save(tmp_path / "list", given, format="safetensors")
    found = mx.nd.load(tmp_path / "list")
    assert [array.asnumpy().tolist() for array in found] == [[number, number] for number in range(12)]


def test_a_network_and_a_checkpoint(tmp_path):
    net = mx.gluon.nn.Dense(2, in_units=3)
    net.initialize(mx.init.Normal())
    net.save_parameters(tmp_path / "net.safetensors")
    assert set(safetensors.load_file(str(tmp_path / "net.safetensors"))) == {"weight", "bias"}
    other = mx.gluon.nn.Dense(2, in_units=3)
    other.load_parameters(tmp_path / "net.safetensors")
    assert_same(other.weight.data().asnumpy(), net.weight.data().asnumpy())

    mx.nd.save(tmp_path / "net-0003.safetensors", {"arg:w": mx.nd.ones((2,)), "aux:s": mx.nd.zeros((1,))})
    arguments, states = mx.model.load_params(tmp_path / "net", 3)
    assert (list(arguments), list(states)) == (["w"], ["s"])


def test_arrays_that_share_memory_and_odd_strides(tmp_path):
    whole = mx.nd.array([[0, 1, 2], [3, 4, 5]])
    mx.nd.save(tmp_path / "x.safetensors", {"whole": whole, "part": whole[1:], "turned": whole.T})
    found = mx.nd.load(tmp_path / "x.safetensors")
    assert found["part"].asnumpy().tolist() == [[3, 4, 5]]
    assert found["turned"].asnumpy().tolist() == [[0, 3], [1, 4], [2, 5]]


def test_what_cannot_be_written(tmp_path):
    for name, rule in (("__metadata__", "names must not be '__metadata__'"), ("\ud800", "must be valid Unicode")):
        with pytest.raises(mx.MXNetError, match=rf"nd\.save: .*{rule}"):
            mx.nd.save(tmp_path / "x.safetensors", {name: mx.nd.ones((1,))})
    with pytest.raises(
        mx.MXNetError, match="format must be one of 'npz', 'params', 'safetensors', 'state-dict'; received 'npy'"
    ):
        mx.nd.save(tmp_path / "x", [mx.nd.ones((1,))], format="npy")
    assert not list(tmp_path.iterdir())


DUPLICATE = b'{"a":%b,"a":%b}' % ((json.dumps(ENTRY).encode(),) * 2)
RULES = [
    (DUPLICATE, FLOATS, "each name must occur once; received 'a'"),
    ({"a": ENTRY, "b": ENTRY}, FLOATS, "must lie one behind the other; received 'b' at 0"),
    ({"a": {**ENTRY, "data_offsets": [8, 16]}}, FLOATS * 2, "must lie one behind the other; received 'a' at 8"),
    ({"a": ENTRY}, FLOATS * 2, "the arrays must fill the file; received 8 bytes of values in 16 bytes"),
    ({"a": ENTRY}, FLOATS[:4], "the arrays must fill the file; received 8 bytes of values in 4 bytes"),
    ({"a": {**ENTRY, "shape": [3]}}, FLOATS, "data_offsets of 'a' must fit shape and dtype"),
    ({"a": {**ENTRY, "shape": [-2]}}, FLOATS, "'a' must have a dtype, a shape and two data_offsets"),
    ({"a": {**ENTRY, "shape": [2.0]}}, FLOATS, "'a' must have a dtype, a shape and two data_offsets"),
    ({"a": {**ENTRY, "shape": [True]}}, FLOATS, "'a' must have a dtype, a shape and two data_offsets"),
    ({"a": {**ENTRY, "data_offsets": [8, 0]}}, FLOATS, "data_offsets of 'a' must fit shape and dtype"),
    ({"a": {**ENTRY, "dtype": "F33"}}, FLOATS, r"dtype of 'a' must be one of F32 \(float32\).* received 'F33'"),
    ({"a": {**ENTRY, "dtype": "U16", "shape": [4]}}, FLOATS, "dtype of 'a' must be one of .* received 'U16'; convert"),
    ({"a": {**ENTRY, "shape": [2**62, 2**62, 0]}}, FLOATS, "'a' must have at most 32 dimensions"),
    ({"a": {**ENTRY, "shape": [1] * 33}}, FLOATS, "'a' must have at most 32 dimensions"),
    ({"a": [1]}, FLOATS, "'a' must have a dtype"),
    ({"__metadata__": {"a": 1}}, b"", "__metadata__ must map names to text"),
    ({"__metadata__": []}, b"", "__metadata__ must map names to text"),
    (b'{"a"', b"", "the header must be JSON; received JSONDecodeError"),
    (b"{" * 10, b"", "the header must be JSON"),
    (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", b"", "the header must be JSON; received RecursionError"),
    (b'{"\xff": 1}', b"", "the header must be JSON; received UnicodeDecodeError"),
]


@pytest.mark.parametrize(("header", "values", "rule"), RULES, ids=range(len(RULES)))
def test_a_hostile_file_is_refused(tmp_path, capsys, header, values, rule):
    path = tmp_path / "hostile"
    path.write_bytes(file_of(header, values))
    with pytest.raises(mx.MXNetError, match=rf"^.*hostile: .*{rule}"):
        mx.nd.load(path)
    assert cli.main(["inspect", str(path)]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("length", [2**24 + 1, 2**40, 10**6])
def test_a_header_of_a_false_length_takes_no_memory(tmp_path, length):
    content = file_of({"a": ENTRY}, FLOATS, length)
    with pytest.raises(mx.MXNetError, match=rf"buffer: the header must lie inside the file .*received {length} bytes"):
        mx.nd.load_frombuffer(content)


def test_every_truncation_and_every_changed_byte(tmp_path):
    good = file_of({"a": ENTRY, "b": {"dtype": "BOOL", "shape": [1], "data_offsets": [8, 9]}}, FLOATS + b"\1")
    for length in range(9, len(good)):
        with pytest.raises(mx.MXNetError):
            mx.nd.load_frombuffer(good[:length])
    for position in range(len(good)):
        for value in range(0, 256, 5):
            try:
                found = mx.nd.load_frombuffer(good[:position] + bytes([value]) + good[position + 1 :])
            except mx.MXNetError:
                continue
            assert sum(array.size for array in found.values()) <= len(good)


def test_a_header_as_long_as_the_magic_of_params():
    text = json.dumps({"a": ENTRY}).encode()
    content = file_of(text.ljust(LIST_MAGIC), FLOATS)
    assert mx.nd.load_frombuffer(content)["a"].asnumpy().tolist() == [1, 2]


def test_without_the_package(tmp_path, monkeypatch):
    path = tmp_path / "x.safetensors"
    mx.nd.save(path, {"a": mx.nd.ones((2,))})
    monkeypatch.setitem(sys.modules, "safetensors.torch", None)
    with pytest.raises(ImportError, match=r"x\.safetensors: needs .* run pip install 'glueball\[safetensors\]'"):
        mx.nd.load(path)
    with pytest.raises(mx.MXNetError, match=r"nd\.save: needs .* run pip install 'glueball\[safetensors\]'"):
        mx.nd.save(tmp_path / "y.safetensors", {"a": mx.nd.ones((2,))})
    assert [each.name for each in tmp_path.iterdir()] == ["x.safetensors"]
    assert cli.main(["inspect", str(path)]) == 0  # the header needs nothing
