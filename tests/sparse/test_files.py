"""Sparse arrays in .params files: MXNet's bytes, both ways, and nothing that is not checked."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest

from glueball import MXNetError, nd
from glueball.serialization import dump_params, load_params
from glueball.serialization.headers import load_headers
from tests.comparison import assert_same

DENSE = np.array([[0, 2, 0], [1, 0, 3], [0, 0, 0]], np.float32)


def _written(mx, dense, path, dtype):
    arrays = {
        "c": mx.nd.array(dense, dtype=dtype).tostype("csr"),
        "r": mx.nd.array(dense, dtype=dtype).tostype("row_sparse"),
    }
    arrays |= {
        "d": mx.nd.array(dense),
        "empty": mx.nd.zeros((2, 3), stype="csr"),
        "none": mx.nd.zeros((2, 3), stype="row_sparse"),
    }
    mx.nd.save(path, arrays)
    with open(path, "rb") as file:
        return file.read()


def _read(mx, path):
    return {name: (array.stype, array, array.dtype.__name__) for name, array in mx.nd.load(path).items()}


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "int32"])
def test_both_ways(oracle, tmp_path, dtype):
    ours, theirs = oracle.both(_written, DENSE, str(tmp_path / "x.params"), dtype)
    assert ours.get() == theirs.get()
    assert_same(*oracle.both(_read, str(tmp_path / "x.params")))


def _bytes(stype: str) -> bytearray:
    file = io.BytesIO()
    dump_params(file, [nd.array(DENSE).tostype(stype)._form])
    return bytearray(file.getvalue())


@pytest.mark.parametrize("stype", ["csr", "row_sparse"])
def test_a_file_that_is_cut_or_changed_is_refused_or_read(stype):
    """Never more than an MXNetError, and never an array that does not fit its shape."""
    whole = _bytes(stype)
    for end in range(len(whole)):
        with pytest.raises(MXNetError):
            load_params(bytes(whole[:end]))
    random = np.random.RandomState(0)
    for _ in range(300):
        changed = bytearray(whole)
        changed[random.randint(len(changed))] = random.randint(256)
        try:
            (found,) = load_params(bytes(changed))
        except MXNetError:
            continue
        if hasattr(found, "dense") and np.prod(found.shape, dtype=float) < 1e6:  # a sparse array may be of any length
            assert tuple(found.dense().shape) == tuple(found.shape)


@pytest.mark.parametrize(
    ("stype", "at", "value", "message"),
    [
        ("csr", -8 - 8, 7, "indices of a sparse array of shape .* must be from 0 to 2"),
        ("csr", -8 - 4 * 8, 9, "the places of the rows of a csr array must not decrease"),
        ("row_sparse", -8 - 8, 5, "indices of a sparse array of shape .* must be from 0 to 2"),
    ],
)
def test_indices_are_checked(stype, at, value, message):
    content = _bytes(stype)
    content[len(content) + at : len(content) + at + 8] = struct.pack("<q", value)
    with pytest.raises(MXNetError, match=message):
        load_params(bytes(content))


def test_headers_have_the_whole_shape(tmp_path):
    path = tmp_path / "x.params"
    nd.save(path, {"c": nd.array(DENSE).tostype("csr")})
    with open(path, "rb") as file:
        (header,) = load_headers(file, "x")
    assert tuple(header.tensor.shape) == (3, 3)


def test_other_formats_refuse_sparse_arrays(tmp_path):
    with pytest.raises(MXNetError, match=r"sparse arrays must be saved as \.params; received the format 'npz'"):
        nd.save(tmp_path / "x.npz", [nd.array(DENSE).tostype("csr")])
