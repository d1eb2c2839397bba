"""Damaged and hostile `.params` files: an MXNetError that says where and what; false sizes allocate no memory."""

from __future__ import annotations

import io
import struct
import tracemalloc

import pytest
import torch

from glueball.core.errors import MXNetError
from glueball.serialization import dump_params, layout, load_params, read_params
from tests.serialization import files

FLOATS = struct.pack("<2f", 1, 2)
GOOD = files.record((2,), 0, FLOATS)


@pytest.mark.parametrize("length", range(len(files.small_file())))
def test_every_truncation_is_refused(length):
    with pytest.raises(MXNetError, match=r"^cut, byte \d+: .*; received .*; "):
        load_params(files.small_file()[:length], "cut")


@pytest.mark.parametrize("position", range(len(files.small_file())))
def test_every_changed_byte_is_refused_or_gives_a_well_formed_list(position):
    good = files.small_file()
    for value in range(256):
        raw = good[:position] + bytes([value]) + good[position + 1 :]
        try:
            loaded = load_params(raw, "changed")
        except MXNetError as error:
            assert str(error).startswith("changed, byte ")
            continue
        tensors = loaded.values() if isinstance(loaded, dict) else loaded
        assert sum(tensor.nbytes for tensor in tensors) <= len(raw)
        assert all(tensor.clone().shape == tensor.shape for tensor in tensors)


RULES = [
    (b"", "byte 0: the next 24 bytes must lie inside the file; received 0 bytes left"),
    (
        files.listing([GOOD], magic=0x113),
        "byte 0: a .params file begins with the number 0x112; received 0x113",
    ),
    (
        files.listing([GOOD], count=2**63),
        f"byte 16: all arrays must lie inside the file; received {2**63} arrays",
    ),
    (files.listing([GOOD], count=2), "byte 68: the next 12 bytes must lie inside the file; received 4 bytes"),
    (files.listing([GOOD], name_count=2**63), "byte 64: there must be no names, or one for each of 1 arrays"),
    (
        files.listing([GOOD, GOOD], [b"a"]),
        "byte 104: there must be no names, or one for each of 2 arrays; received 1 names",
    ),
    (
        files.listing([], [b"a"]),
        "byte 24: there must be no names, or one for each of 0 arrays; received 1 names",
    ),
    (files.listing([GOOD], [b"\xff\xfe"]), r"byte 80: names must be UTF-8; received b'\\xff\\xfe'"),
    (files.listing([GOOD], [b"a\0b"]), "byte 80: names must not contain a NUL"),
    (files.listing([GOOD, GOOD], [b"a", b"a"]), "byte 121: each name must occur once; received 'a'"),
    (
        files.listing([GOOD], [b"a"]) + b"xy",
        "byte 81: the file must end after the last name; received 2 more",
    ),
    (
        files.listing([GOOD], [b"a"])[:-9] + struct.pack("<Q", 2**62),
        "byte 72: a name must lie inside the file",
    ),
    (
        files.listing([files.record((2,), 9, FLOATS)]),
        r"byte 52: the dtype .* be one of 0 \(float32\).*received 9",
    ),
    (files.listing([files.record((2,), -1, FLOATS)]), "byte 52: the dtype .* received -1"),
    (files.listing([files.record((2,), 0, FLOATS, storage=-1)]), "byte 28: the storage type .* received -1"),
    (files.listing([files.record((), 0, b"")]), "byte 24: every array must have a value"),
    (
        files.listing([files.record((), 0, b"", version=files.V3, dimensions=-1)]),
        "byte 24: every array must have a value",
    ),
    (
        files.listing([files.record((1,) * 33, 0, FLOATS)]),
        "byte 32: an array must have 0 to 32 dim.* received 33",
    ),
    (
        files.listing([files.record((2,), 0, FLOATS, dimensions=-2)]),
        "byte 32: an array must have 0 to 32 dim",
    ),
    (
        files.listing([files.record((2,), 0, FLOATS, version=0xF993FACB)]),
        "byte 24: an array begins with .*0xf993facb",
    ),
    (
        files.listing([files.record((1,) * 33, 0, FLOATS, version=None)]),
        "byte 24: an array begins with .*0x21",
    ),
    (
        files.listing([files.record((-2,), 0, FLOATS)]),
        "byte 36: a shape must hold fewer than 2\\*\\*60 elements",
    ),
    (files.listing([files.record((2**31, 2**31), 0, FLOATS)]), "byte 36: a shape must hold fewer"),
    (files.listing([files.record((0, 2**62), 0, b"")]), "byte 36: a shape must hold fewer"),
    (files.listing([files.record((2**59,), 0, FLOATS)]), rf"byte 56: the {2**61} bytes of an array of shape"),
]


@pytest.mark.parametrize(("raw", "message"), RULES, ids=[message for _, message in RULES])
def test_each_rule_names_file_place_and_value(raw, message, tmp_path):
    path = tmp_path / "hostile.params"
    path.write_bytes(raw)
    with pytest.raises(MXNetError, match=f"hostile.params, {message}"):
        read_params(path)


def test_no_memory_is_taken_for_what_the_file_cannot_hold(monkeypatch):
    taken = []
    empty = torch.empty
    monkeypatch.setattr(torch, "empty", lambda *size, **rest: taken.append(size) or empty(*size, **rest))
    tracemalloc.start()
    try:
        for raw in (
            files.listing([files.record((2**40,), 0, FLOATS)]),
            files.listing([files.record((3,), 0, FLOATS)])[:-8],
            files.listing([GOOD], count=2**40),
            files.listing([GOOD], [b"a"])[:-9] + struct.pack("<Q", 2**40) + b"a",
        ):
            with pytest.raises(MXNetError):
                load_params(raw)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
    assert taken in ([((2,),)], [((2,),), ((2,),)])  # only the complete arrays before the damage


def test_very_many_tiny_arrays_take_no_more_memory_than_the_file_justifies(monkeypatch):
    monkeypatch.setattr(layout, "_ARRAYS_OF_ANY_SIZE", 4)
    tiny = files.record((), 3, b"x", version=None)
    assert len(load_params(files.listing([tiny] * 4))) == 4
    message = "byte 16: a file of 117 bytes must hold at most 4 arrays; received 5; join arrays of a few bytes"
    with pytest.raises(MXNetError, match=message):
        load_params(files.listing([tiny] * 5))
    assert len(load_params(files.listing([files.record((20,), 0, bytes(80))] * 5))) == 5  # larger ones are welcome
    with pytest.raises(MXNetError, match=r"nd\.save: a file of 157 bytes must hold at most 4 arrays; received 5"):
        dump_params(io.BytesIO(), [torch.zeros((), dtype=torch.uint8)] * 5)


def test_a_file_that_shrinks_while_it_is_read(tmp_path):
    class Shrinking:
        """Claims at first to be longer than it is."""

        def __init__(self, file):
            self.file = file

        def __getattr__(self, name):
            return getattr(self.file, name)

        def seek(self, offset, whence=0):
            return self.file.seek(offset, whence) + (4 if whence else 0)

    path = tmp_path / "f.params"
    path.write_bytes(files.listing([GOOD])[:60])
    with (
        open(path, "rb") as file,
        pytest.raises(MXNetError, match=r"byte 60: the file must not shrink.*4 bytes missing"),
    ):
        load_params(Shrinking(file), "f")


def test_files_that_cannot_be_opened(tmp_path):
    with pytest.raises(MXNetError, match=r"absent\.params: a \.params file must be readable; received No such file"):
        read_params(tmp_path / "absent.params")
    with pytest.raises(MXNetError, match="must be readable; received Is a directory"):
        read_params(tmp_path)
