"""The `.params` format: the exact bytes, and round trips."""

from __future__ import annotations

import io
import os
import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from glueball.core.errors import MXNetError
from glueball.serialization import dump_params, load_params, read_params, write_params
from tests.serialization import files

DTYPES = {
    torch.float32: (0, 4),
    torch.float64: (1, 8),
    torch.float16: (2, 2),
    torch.uint8: (3, 1),
    torch.int32: (4, 4),
    torch.int8: (5, 1),
    torch.int64: (6, 8),
    torch.bool: (7, 1),
    torch.bfloat16: (12, 2),
}

# MXNet 1.9.1: nd.save("f", {"w": nd.array([[1, 2, 3], [4, 5, 6]]), "b": nd.array([7], dtype="int8")})
WRITTEN_BY_MXNET = bytes.fromhex(
    "1201000000000000 0000000000000000 0200000000000000"
    "c9fa93f9 00000000 02000000 0200000000000000 0300000000000000 01000000 00000000 00000000"
    "0000803f 00000040 00004040 00008040 0000a040 0000c040"
    "c9fa93f9 00000000 01000000 0100000000000000 01000000 00000000 05000000 07"
    "0200000000000000 0100000000000000 77 0100000000000000 62"
)


def dumped(*arguments, **keywords):
    file = io.BytesIO()
    dump_params(file, *arguments, **keywords)
    return file.getvalue()


def assert_equal(ours, theirs):
    assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype)
    torch.testing.assert_close(ours, theirs, rtol=0, atol=0, equal_nan=True)


def test_golden_bytes():
    tensors = {"w": torch.tensor([[1.0, 2, 3], [4, 5, 6]]), "b": torch.tensor([7], dtype=torch.int8)}
    assert dumped(tensors) == WRITTEN_BY_MXNET
    loaded = load_params(WRITTEN_BY_MXNET)
    assert list(loaded) == ["w", "b"]
    for name, tensor in tensors.items():
        assert_equal(loaded[name], tensor)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_every_dtype_has_its_flag(dtype):
    flag, size = DTYPES[dtype]
    data = (b"\1" + bytes(size - 1)) * 2
    raw = files.listing([files.record((2,), flag, data)])
    (tensor,) = load_params(raw)
    assert tensor.dtype == dtype
    assert tensor.shape == (2,)
    assert dumped([tensor]) == raw


def test_a_list_has_no_names_and_nothing_is_a_list():
    assert load_params(dumped([torch.ones(1), torch.zeros(2)]))[1].shape == (2,)
    assert load_params(dumped([])) == []
    assert load_params(dumped({})) == []


def test_names_are_utf8_in_order():
    names = ["z", "", "arg:größe_重み", "a" * 300]
    loaded = load_params(dumped({name: torch.full((1,), i) for i, name in enumerate(names)}))
    assert list(loaded) == names
    assert [int(value) for value in loaded.values()] == [0, 1, 2, 3]


def test_a_scalar_makes_the_file_version_3():
    raw = dumped([torch.tensor(5.0), torch.ones(1)])
    one = struct.pack("<f", 1)
    assert raw == files.listing(
        [
            files.record((), 0, struct.pack("<f", 5), version=files.V3),
            files.record((1,), 0, one, version=files.V3),
        ]
    )
    assert [tensor.shape for tensor in load_params(raw)] == [(), (1,)]


def test_zero_size_arrays_are_version_2():
    raw = dumped([torch.empty(0, 3)])
    assert raw == files.listing([files.record((0, 3), 0, b"")])
    assert load_params(raw)[0].shape == (0, 3)


@pytest.mark.parametrize("version", [None, files.V1, files.V2, files.V3])
def test_every_layout_is_read(version):
    data = struct.pack("<6f", *range(6))
    (tensor,) = load_params(files.listing([files.record((2, 3), 0, data, version=version)]))
    assert_equal(tensor, torch.arange(6.0).reshape(2, 3))


@pytest.mark.parametrize("version", [None, files.V1, files.V3])
def test_no_dimensions_is_a_scalar_but_in_version_2(version):
    (tensor,) = load_params(files.listing([files.record((), 0, struct.pack("<f", 3), version=version)]))
    assert_equal(tensor, torch.tensor(3.0))


def test_contexts_are_written_and_ignored_when_read():
    raw = dumped([torch.zeros(1), torch.zeros(1)], contexts=[(1, 1), (2, 3)])
    data = bytes(4)
    records = [files.record((1,), 0, data, context=context) for context in ((1, 1), (2, 3))]
    assert raw == files.listing(records)
    assert all(tensor.device.type == "cpu" for tensor in load_params(raw))
    with pytest.raises(MXNetError, match="contexts must be one for each of 2 arrays; received 1"):
        dumped([torch.zeros(1), torch.zeros(1)], contexts=[(1, 0)])


def test_a_nonzero_byte_of_a_bool_is_true():
    (tensor,) = load_params(files.listing([files.record((3,), 7, b"\0\2\xff")]))
    assert tensor.tolist() == [False, True, True]
    assert tensor.view(torch.uint8).tolist() == [0, 1, 1]


def test_views_and_gradients_are_written_as_plain_values():
    base = torch.arange(12.0).reshape(3, 4)
    tensors = [
        base.T,
        base[:, 1:3],
        base[0].expand(2, 4),
        base[:1, :1].expand(1, 1).T,
        base.clone().requires_grad_(),
    ]
    for written, loaded in zip(tensors, load_params(dumped(tensors)), strict=True):
        assert_equal(loaded, written.detach())
        assert loaded.is_contiguous()
        assert not loaded.requires_grad


def test_loaded_tensors_are_writable_and_independent(tmp_path):
    path = tmp_path / "f.params"
    write_params(path, {"a": torch.ones(3), "b": torch.ones(3)})
    loaded = read_params(path)
    loaded["a"] += 1
    assert loaded["b"].tolist() == [1, 1, 1]
    assert loaded["a"].untyped_storage().nbytes() == 12  # not a view of the whole file
    path.write_bytes(b"something else")
    assert loaded["a"].tolist() == [2, 2, 2]
    assert os.listdir(tmp_path) == ["f.params"]


def test_the_default_device_of_torch_does_not_matter():
    raw = dumped([torch.ones(2)])
    with torch.device("meta"):
        (tensor,) = load_params(raw)
    assert tensor.tolist() == [1, 1]


def test_reading_starts_where_the_file_stands():
    raw = dumped({"a": torch.ones(2)})
    file = io.BytesIO(b"header" + raw)
    file.seek(6)
    assert load_params(file)["a"].tolist() == [1, 1]
    for kind in (bytearray, memoryview):
        assert load_params(kind(raw))["a"].tolist() == [1, 1]


def kinds():
    return st.sampled_from(["float32", "float64", "float16", "uint8", "int32", "int8", "int64", "bool"])


def any_array():
    shapes = arrays.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=4)
    return kinds().flatmap(lambda kind: arrays.arrays(kind, shapes))


@given(
    st.dictionaries(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), any_array(), max_size=4)
)
def test_round_trip(values):
    tensors = {name: torch.from_numpy(np.array(value)) for name, value in values.items()}
    loaded = load_params(dumped(tensors))
    if not tensors:
        assert loaded == []
        return
    assert list(loaded) == list(tensors)
    for name, tensor in tensors.items():
        assert_equal(loaded[name], tensor)


@pytest.mark.parametrize(
    ("tensors", "message"),
    [
        (
            [torch.ones(1, dtype=torch.complex64)],
            "save: array 0 must have one of the dtypes float32,.*complex64",
        ),
        ([torch.ones(2, 2).to_sparse()], "array 0 must be dense; received torch.sparse_coo; use .to_dense()"),
        ([torch.ones(1), torch.ones(1, device="meta")], "array 1 must have values; received a meta tensor"),
        ([torch.ones((1,) * 33)], "array 0 must have at most 32 dimensions; received 33"),
        ({"a\0b": torch.ones(1)}, "names must not contain a NUL character"),
        ({"\ud800": torch.ones(1)}, "names must be valid Unicode"),
        ({5: torch.ones(1)}, "names must be str; received 5"),
    ],
)
def test_what_the_format_cannot_hold_is_refused_before_anything_is_written(tensors, message, tmp_path):
    path = tmp_path / "f.params"
    path.write_bytes(b"old")
    with pytest.raises(MXNetError, match=message):
        write_params(path, tensors, owner="save")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["f.params"]
    file = io.BytesIO()
    with pytest.raises(MXNetError):
        dump_params(file, tensors)
    assert not file.getvalue()


def test_big_endian_machines_are_refused(monkeypatch):
    raw = dumped([torch.ones(1)])
    monkeypatch.setattr("sys.byteorder", "big")
    with pytest.raises(MXNetError, match="little-endian"):
        dumped([torch.ones(1)])
    with pytest.raises(MXNetError, match="little-endian"):
        load_params(raw)


@pytest.mark.parametrize("name", ["cifar_resnet20_v1/cifar_resnet20_v1-0000.params", "lenet/LeNet-0010.params"])
def test_trained_models_are_read_and_rewritten_unchanged(name):
    path = Path(__file__).parents[2] / "../shared/models" / name
    if not path.exists():
        pytest.skip("the trained models beside the repository are absent")
    loaded = read_params(path)
    assert all(key.startswith(("arg:", "aux:")) for key in loaded)
    assert all(torch.isfinite(tensor).all() for tensor in loaded.values())
    assert dumped(loaded) == path.read_bytes()
