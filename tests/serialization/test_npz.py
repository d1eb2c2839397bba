"""NumPy's .npz files: what NumPy reads and writes, and damaged and hostile files."""

from __future__ import annotations

import io
import struct
import zipfile

import numpy as np
import pytest

import glueball as mx
from glueball import cli
from tests.comparison import assert_same

TYPES = ["float32", "float64", "float16", "bfloat16", "uint8", "int8", "int32", "int64", "bool"]


def saved(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def archive(*members, method=zipfile.ZIP_STORED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as target:
        for name, content in members:
            target.writestr(name, content)
    return file.getvalue()


def npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def test_every_type_goes_there_and_back(tmp_path):
    given = {name: mx.nd.array([[0, 1, 2], [3, 4, 5]]).astype(name) for name in TYPES}
    mx.nd.save(tmp_path / "all.npz", given)
    back = mx.nd.load(tmp_path / "all.npz")
    assert list(back) == TYPES
    for name, array in given.items():
        assert back[name].dtype == array.dtype
        assert_same(back[name].astype("float32").asnumpy(), array.astype("float32").asnumpy())
    with np.load(tmp_path / "all.npz") as found:
        assert_same(found["int8"], given["int8"].asnumpy())
        assert found["bfloat16"].dtype == np.dtype([("bfloat16", np.uint16)])  # as MXNet shows it to NumPy


def test_what_numpy_writes_is_read_whatever_the_file_is_called(tmp_path):
    path = tmp_path / "file.params"
    values = np.arange(6.0).reshape(2, 3)
    path.write_bytes(
        saved(**{"arg:w/x": values, "t": np.asfortranarray(values), "big": values.astype(">f4"), "s": np.float32(3)})
    )
    found = mx.nd.load(path)
    assert list(found) == ["arg:w/x", "t", "big", "s"]
    assert_same(found["t"].asnumpy(), values)
    assert_same(found["big"].asnumpy(), values.astype("f4"))
    assert (found["s"].shape, found["s"].asscalar()) == ((), 3)
    np.savez_compressed(tmp_path / "small.npz", zeros=np.zeros((1000, 100)))
    assert mx.nd.load(tmp_path / "small.npz")["zeros"].shape == (1000, 100)
    assert mx.nd.load_frombuffer(saved()) == {}


def test_a_list_stays_a_list(tmp_path):
    mx.nd.save(tmp_path / "list.npz", [mx.nd.ones((2,)), mx.nd.zeros((3,))])
    assert [array.shape for array in mx.nd.load(tmp_path / "list.npz")] == [(2,), (3,)]
    with np.load(tmp_path / "list.npz") as found:
        assert list(found) == ["arr_0", "arr_1"]


def test_a_network(tmp_path):
    net = mx.gluon.nn.Dense(2, in_units=3)
    net.initialize(mx.init.Normal())
    net.save_parameters(tmp_path / "net.npz")
    other = mx.gluon.nn.Dense(2, in_units=3)
    other.load_parameters(tmp_path / "net.npz")
    assert_same(other.weight.data().asnumpy(), net.weight.data().asnumpy())


class Bomb:
    """Would run when it is unpickled."""

    def __reduce__(self):
        return pytest.fail, ("a pickle was read",)


def test_nothing_is_unpickled():
    content = saved(a=np.array([Bomb()], dtype=object))
    with pytest.raises(mx.MXNetError, match=r"buffer: 'a\.npy' must have one of the types .*; received object"):
        mx.nd.load_frombuffer(content)


GOOD = npy(np.ones(4, "f4"))
RULES = [
    (archive(("a.npy", GOOD.replace(b"(4,), }      ", b"(4000000,), }"))), r"'a\.npy' must lie inside the file"),
    (archive(("a.npy", GOOD.replace(b"(4,), }  ", b"(-4,), }  "))), "must have at most 32 dimensions"),
    (archive(("a.npy", GOOD.replace(b"(4,)", b"(3,)"))), "received ValueError: more values than its shape says"),
    (archive(("a.npy", GOOD[:20])), r"'a\.npy' must begin with the header of a NumPy array"),
    (archive(("a.npy", b"x" * 100)), r"'a\.npy' must begin with the header of a NumPy array"),
    (archive(("a.npy", GOOD.replace(b"\1\0", b"\2\0", 1))), "received ValueError: version"),
    (archive(("a.npy", GOOD), ("data.pkl", b"x")), r"hold \.npy arrays only; received 'data\.pkl'"),
    (archive(("a.npy", GOOD), method=zipfile.ZIP_BZIP2), "must be stored or deflated"),
    (archive(("a.npy", npy(np.ones(2, "c8")))), "must have one of the types .* received complex64; convert"),
    (archive(("a.npy", npy(np.array(["text"])))), "must have one of the types .* received <U4"),
    (archive(("a.npy", GOOD))[:-30], "the file must be a zip archive; received BadZipFile"),
    (archive(("a.npy", GOOD)).replace(GOOD[-16:], GOOD[-15:] + b"\1"), "received BadZipFile: Bad CRC"),
]


@pytest.mark.parametrize(("content", "rule"), RULES, ids=range(len(RULES)))
def test_a_hostile_file_is_refused(tmp_path, capsys, content, rule):
    path = tmp_path / "hostile"
    path.write_bytes(content)
    with pytest.raises(mx.MXNetError, match=rf"^.*hostile: .*{rule}"):
        mx.nd.load(path)
    cli.main(["inspect", str(path)])  # reads no values, so that it may see nothing wrong with them
    assert len(capsys.readouterr().err.splitlines()) <= 1


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_that_occur_twice():
    with pytest.raises(mx.MXNetError, match=r"each name must occur once; received 'a\.npy'"):
        mx.nd.load_frombuffer(archive(("a.npy", GOOD), ("a.npy", GOOD)))


def test_members_that_overlap():
    """One member, with a thousand entries in the directory that point to it."""
    content = archive(("a.npy", npy(np.ones(100_000, "f4"))))
    start = content.index(b"PK\1\2")
    entry, end = content[start : content.index(b"PK\5\6")], content[content.index(b"PK\5\6") :]
    names = [b"%05d" % number for number in range(1000)]
    entries = b"".join(entry.replace(b"a.npy", name[:1] + b".npy") for name in names)
    ending = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1000, 1000, len(entries), start, 0)
    assert len(end) == len(ending)
    with pytest.raises(mx.MXNetError, match="must lie inside the file; received members that overlap"):
        mx.nd.load_frombuffer(content[:start] + entries + ending)


def test_every_truncation():
    good = saved(a=np.ones(2, "f4"))
    for length in range(64, len(good)):
        with pytest.raises(mx.MXNetError):
            mx.nd.load_frombuffer(good[:length])
