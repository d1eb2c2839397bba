"""Damage to `.params` files of every layout, and generated files: an MXNetError, or arrays that fit in the file."""

from __future__ import annotations

import io
import struct
import tracemalloc

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from glueball.core.errors import MXNetError
from glueball.serialization import dump_params, load_params
from tests.serialization import files

FLOATS = struct.pack("<2f", 1, 2)
LAYOUTS = {"oldest": None, "V1": files.V1, "V2": files.V2, "V3": files.V3}
VALUES = b"\0\1\2\x09\x0c\x7f\x80\xff"
FLAGS = (0, 1, 2, 3, 4, 5, 6, 7, 12)
SIZES = {0: 4, 1: 8, 2: 2, 3: 1, 4: 4, 5: 1, 6: 8, 7: 1, 12: 2}


def small(version, names=(b"arg:w", b"aux:m")):
    """Return two arrays of one layout: two floats, and an empty one of a 16-bit type."""
    records = [files.record((2,), 0, FLOATS, version=version), files.record((0, 3), 12, b"", version=version)]
    return files.listing(records, names)


FILES = {f"{layout} {kind}": small(version, names) for layout, version in LAYOUTS.items()
         for kind, names in (("dict", (b"arg:w", b"aux:m")), ("list", ()))}  # fmt: skip


def load(raw):
    """Return the arrays of a file, or None if it is refused; the arrays can be written again."""
    try:
        loaded = load_params(raw, "hostile")
    except MXNetError as error:
        assert str(error).startswith("hostile, byte ")
        assert len(str(error)) < 1000
        return None
    arrays = list(loaded.values()) if isinstance(loaded, dict) else loaded
    assert sum(array.nbytes for array in arrays) <= len(raw)
    assert all(array.device.type == "cpu" and array.is_contiguous() for array in arrays)
    file = io.BytesIO()
    dump_params(file, loaded)
    again = load_params(file.getvalue())
    assert type(again) is type(loaded)
    for one, other in zip(arrays, again.values() if isinstance(again, dict) else again, strict=True):
        assert (one.shape, one.dtype) == (other.shape, other.dtype)
        assert torch.equal(one.reshape(-1).view(torch.uint8), other.reshape(-1).view(torch.uint8))
    return loaded


@pytest.mark.parametrize("name", FILES)
def test_the_whole_file_is_read(name):
    loaded = load(FILES[name])
    assert type(loaded) is (dict if "dict" in name else list)
    assert list(loaded) == ["arg:w", "aux:m"] or "list" in name
    first, second = loaded.values() if isinstance(loaded, dict) else loaded
    assert (first.tolist(), second.shape, second.dtype) == ([1, 2], (0, 3), torch.bfloat16)


@pytest.mark.parametrize("name", FILES)
def test_every_truncation_is_refused(name):
    for length in range(len(FILES[name])):
        assert load(FILES[name][:length]) is None, length


@pytest.mark.parametrize("name", FILES)
def test_every_changed_byte_is_refused_or_gives_arrays(name):
    good = FILES[name]
    results = []
    for position, byte in enumerate(good):
        for value in {*VALUES, byte ^ 1, byte ^ 0x80} - {byte}:
            results.append(load(good[:position] + bytes([value]) + good[position + 1 :]))
    assert 50 < results.count(None) < len(results) - 50


def test_a_change_of_a_shape_may_move_the_rest_but_not_past_the_end():
    """Move four bytes between the size of one array and the next: the arrays lie inside the file, or it is refused."""
    for claimed in range(6):
        raw = files.listing([files.record((claimed,), 0, FLOATS), files.record((2,), 0, FLOATS)], [b"a", b"b"])
        assert (load(raw) is not None) is (claimed == 2)


# --- generated --------------------------------------------------------------------------------------------------------


@st.composite
def arrays(draw):
    """A record of any layout and type, valid or with one wrong field."""
    shape = tuple(draw(st.lists(st.integers(0, 3), min_size=1, max_size=4)))
    flag = draw(st.sampled_from(FLAGS))
    count = SIZES[flag]
    for length in shape:
        count *= length
    data = draw(st.binary(min_size=count, max_size=count))
    lie = draw(st.sampled_from([{}] * 6 + [{"storage": 1}, {"storage": 7}, {"dimensions": -1}, {"dimensions": 40}]))
    claimed = draw(st.sampled_from([shape] * 8 + [(2**40,), (2**62, 2**62), (-1,)]))
    version = draw(st.sampled_from(list(LAYOUTS.values())))
    if version is None and claimed is not shape:
        claimed = (2**32 - 1,)
    return files.record(claimed, draw(st.sampled_from([flag] * 8 + [8, -1, 99])), data, version=version, **lie)


@settings(max_examples=200, derandomize=True)
@given(st.lists(arrays(), max_size=4), st.lists(st.binary(max_size=4), max_size=4), st.integers(0, 5), st.binary())
def test_generated_lists_are_refused_or_give_arrays(records, names, more, tail):
    load(files.listing(records))
    load(files.listing(records, names))
    load(files.listing(records, [b"n%d" % number for number in range(len(records))]) + tail)
    load(files.listing(records, count=len(records) + more))


@settings(max_examples=200, derandomize=True)
@given(st.binary(max_size=200))
def test_generated_bytes_are_refused_or_give_arrays(raw):
    load(raw)
    load(struct.pack("<QQQ", files.LIST_MAGIC, 0, 1) + raw)


def test_memory_is_bounded_by_the_size_of_the_file():
    good = FILES["V2 dict"]
    load(good)
    tracemalloc.start()
    try:
        for position in range(len(good)):
            for value in VALUES:
                load(good[:position] + bytes([value]) + good[position + 1 :])
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("flag", FLAGS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_type_in_every_layout(layout, flag, oracle, tmp_path):
    """MXNet, in the mode that the layout needs, reads the same."""
    data = bytes(range(1, 1 + 2 * SIZES[flag])) if flag != 7 else b"\1\0"
    raw = files.listing([files.record((2,), flag, data, version=LAYOUTS[layout])], [b"a"])
    (ours,) = load(raw).values()
    assert ours.view(torch.uint8).numpy().tobytes() == data
    path = tmp_path / "one.params"
    path.write_bytes(raw)
    oracle.run(saved_again, str(path), layout == "V3")
    (theirs,) = load(path.read_bytes()).values()
    assert (theirs.shape, theirs.dtype) == (ours.shape, ours.dtype)
    assert torch.equal(theirs.view(torch.uint8), ours.view(torch.uint8))


def saved_again(mx, path, numpy_shape):
    with mx.util.np_shape(numpy_shape):
        mx.nd.save(path, mx.nd.load(path))
