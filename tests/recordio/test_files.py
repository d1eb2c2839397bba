"""MXRecordIO and MXIndexedRecordIO: MXNet's files, byte for byte, and MXNet's behavior."""

from __future__ import annotations

import multiprocessing
import pickle
import struct
from concurrent.futures import ThreadPoolExecutor

import pytest

import glueball as mx
from glueball.core.errors import MXNetError
from tests.comparison import assert_same

MAGIC = struct.pack("<I", 0xCED7230A)
RECORDS = [
    b"", b"a", b"abcd", b"abcde", MAGIC, b"x" + MAGIC, b"xxxx" + MAGIC + b"yyyyy", MAGIC * 2, MAGIC + b"zz",
    b"abc" + MAGIC + b"d" + MAGIC, MAGIC[:3], MAGIC[1:] + MAGIC * 3 + b"end", bytes(range(256)) * 2,
]  # fmt: skip


def written(mx, folder, records):
    """What files are written, and what the object says meanwhile."""
    mx.recordio.MXRecordIO(f"{folder}/plain.rec", "w").close()
    plain = mx.recordio.MXRecordIO(f"{folder}/plain.rec", "w")
    indexed = mx.recordio.MXIndexedRecordIO(f"{folder}/some.idx", f"{folder}/some.rec", "w")
    said = []
    for number, record in enumerate(records):
        plain.write(record)
        indexed.write_idx(number * 3, record)
        said.append(indexed.tell())
    indexed.write_idx(3, b"again")
    indexed.write(b"without a key")
    said.append((indexed.keys, indexed.idx, indexed.is_open, indexed.writable, indexed.flag, str(indexed.idx_path)))
    for each in (plain, indexed):
        each.close()
        each.close()
    contents = []
    for name in ("plain.rec", "some.rec", "some.idx"):
        with open(f"{folder}/{name}", "rb") as file:
            contents.append(file.read())
    return said, contents


def test_files_are_mxnets(oracle, tmp_path):
    folders = [tmp_path / "ours", tmp_path / "theirs"]
    for folder in folders:
        folder.mkdir()
    ours, theirs = written(mx, folders[0], RECORDS), oracle.run(written, str(folders[1]), RECORDS)
    assert ours[0][:-1] == theirs[0][:-1]
    assert ours[0][-1][:-1] == tuple(theirs[0][-1][:-1])
    assert ours[1] == theirs[1]


def test_keys_of_another_type(oracle, tmp_path):
    def both(mx, folder):
        paths = f"{folder}/some.idx", f"{folder}/some.rec"
        writer = mx.recordio.MXIndexedRecordIO(*paths, "w", key_type=str)
        for key in ("a", 3, "b c"):
            writer.write_idx(key, str(key).encode())
        writer.close()
        reader = mx.recordio.MXIndexedRecordIO(*paths, "r", key_type=str)
        return reader.keys, reader.idx, reader.read_idx("3"), reader.read_idx("b c")

    assert_same(*oracle.both(both, str(tmp_path)))


def test_we_read_what_mxnet_writes_and_it_reads_ours(oracle, tmp_path):
    oracle.run(written, str(tmp_path), RECORDS)
    assert_same(*oracle.both(everything_read, str(tmp_path)))
    written(mx, tmp_path, RECORDS)
    assert_same(*oracle.both(everything_read, str(tmp_path)))


def everything_read(mx, folder):
    import pickle

    found = []
    plain = mx.recordio.MXRecordIO(f"{folder}/plain.rec", "r")
    while True:
        record = plain.read()
        if record is None:
            break
        found.append(record)
    found.append((plain.read(), plain.read()))
    plain.reset()
    found.append((plain.read(), plain.is_open, plain.writable))
    indexed = mx.recordio.MXIndexedRecordIO(f"{folder}/some.idx", f"{folder}/some.rec", "r")
    found.append((indexed.keys, indexed.idx))
    found.append([indexed.read_idx(key) for key in reversed(indexed.keys)])
    indexed.seek(9)
    found.append((indexed.read(), indexed.read()))
    again = pickle.loads(pickle.dumps(indexed))
    found.append((again.read(), again.read_idx(12), again.keys))
    indexed.close()
    indexed.open()
    found.append((indexed.read(), indexed.keys))
    indexed.reset()
    found.append((indexed.read(), indexed.keys))
    return found


@pytest.mark.parametrize(
    "code",
    [
        "R.MXRecordIO(f'{d}/plain.rec', 'x')",
        "R.MXRecordIO(f'{d}/plain.rec', 'rb')",
        "R.MXRecordIO(f'{d}/none.rec', 'r')",
        "R.MXRecordIO(f'{d}/none/none.rec', 'w')",
        "R.MXRecordIO(f'{d}/plain.rec', 'r').write(b'a')",
        "R.MXRecordIO(f'{d}/new.rec', 'w').read()",
        "R.MXRecordIO(f'{d}/new.rec', 'w').write('text')",
        "R.MXRecordIO(f'{d}/new.rec', 'w').write(3)",
        "R.MXIndexedRecordIO(f'{d}/none.idx', f'{d}/some.rec', 'r')",
        "R.MXIndexedRecordIO(f'{d}/some.idx', f'{d}/some.rec', 'r').tell()",
        "R.MXIndexedRecordIO(f'{d}/some.idx', f'{d}/some.rec', 'r').read_idx(1)",
        "R.MXIndexedRecordIO(f'{d}/some.idx', f'{d}/some.rec', 'r').read_idx('3')",
        "R.MXIndexedRecordIO(f'{d}/some.idx', f'{d}/some.rec', 'r').seek(1)",
        "R.MXIndexedRecordIO(f'{d}/new.idx', f'{d}/new.rec', 'w').seek(1)",
        "R.MXIndexedRecordIO(f'{d}/new.idx', f'{d}/new.rec', 'w').read_idx(1)",
        "R.MXIndexedRecordIO(f'{d}/new.idx', f'{d}/new.rec', 'w').write_idx('key', b'')",
    ],
)
def test_errors_are_of_mxnets_classes(oracle, tmp_path, code):
    written(mx, tmp_path, RECORDS)
    ours, theirs = oracle.both(f"(lambda R, d: {code})(mx.recordio, {str(tmp_path)!r})")
    assert_same(ours, theirs)
    assert "MXNetError" in ours.mro or "'key'" in code  # there the error is that of the key's type


def test_a_record_is_found_again_after_the_end_of_the_file(tmp_path):
    written(mx, tmp_path, RECORDS)
    record = mx.recordio.MXIndexedRecordIO(tmp_path / "some.idx", tmp_path / "some.rec", "r")
    while record.read() is not None:
        pass
    assert record.read_idx(6) == b"abcd"


def test_a_closed_file(tmp_path):
    written(mx, tmp_path, RECORDS)
    record = mx.recordio.MXRecordIO(tmp_path / "plain.rec", "r")
    record.close()
    assert record.pid is None
    with pytest.raises(MXNetError, match=r"MXRecordIO: .*plain.rec: the file must be open .* is closed; call reset"):
        record.read()
    record.reset()
    assert record.read() == b""


@pytest.mark.parametrize(
    ("index", "text"),
    [
        ("0 0\n", "line 1 must be a key and a position"),
        ("0\t0\na\t4\n", "line 2 must be a key and a position, .* received 'a.t4' for key_type=<class 'int'>"),
        ("0\tx\n", "line 1"),
        ("0\n", "line 1"),
        ("\n", "line 1"),
        ("1.5\t0\n", "line 1"),
        ("\xff\t0\n", "the index must be text"),
    ],
)
def test_a_damaged_index(tmp_path, index, text):
    written(mx, tmp_path, RECORDS)
    (tmp_path / "some.idx").write_bytes(index.encode("latin1"))
    with pytest.raises(MXNetError, match=text):
        mx.recordio.MXIndexedRecordIO(tmp_path / "some.idx", tmp_path / "some.rec", "r")


def part(kind, data, length=None):
    return MAGIC + struct.pack("<I", kind << 29 | (len(data) if length is None else length)) + data


@pytest.mark.parametrize(
    ("contents", "text"),
    [
        (MAGIC, "8 bytes must begin a part of a record; received 4 bytes"),
        (part(0, b"abc", length=5), "8 bytes must follow; received 3 bytes"),
        (part(0, b"abc"), "4 bytes must follow; received 3 bytes"),
        (b"\x00" * 8, "a part of a record begins with 0a23d7ce; received 00000000"),
        (part(2, b"abcd"), "a record must begin here; received part 2"),
        (part(3, b"abcd"), "a record must begin here; received part 3"),
        (part(7, b"abcd"), "is of kind 0 to 3; received kind 7"),
        (part(1, b"abcd"), "8 bytes must begin a part of a record; received 0 bytes"),
        (part(1, b"abcd") + part(0, b"abcd"), "another part of the record must follow; received a part of kind 0"),
        (part(1, b"abcd") + part(2, b"abcd"), "received 0 bytes"),
    ],
)
def test_damaged_files(tmp_path, contents, text):
    (tmp_path / "some.rec").write_bytes(part(0, b"good") + contents)
    record = mx.recordio.MXRecordIO(tmp_path / "some.rec", "r")
    assert record.read() == b"good"
    with pytest.raises(MXNetError, match=rf"some.rec: before byte \d+: .*{text}.*take another copy"):
        record.read()


def test_a_file_cut_anywhere_gives_whole_records_and_then_an_error(tmp_path):
    records = [b"abc", MAGIC + b"more" + MAGIC, b"12345678"]
    path = tmp_path / "some.rec"
    record = mx.recordio.MXRecordIO(path, "w")
    ends = [0]
    for each in records:
        record.write(each)
        ends.append(path.stat().st_size)  # nothing waits in a buffer
    contents = path.read_bytes()
    for length in range(len(contents)):
        path.write_bytes(contents[:length])
        reader = mx.recordio.MXRecordIO(path, "r")
        whole = sum(end <= length for end in ends[1:])
        assert [reader.read() for _ in range(whole)] == records[:whole]
        if length in ends:
            assert reader.read() is None
        else:
            with pytest.raises(MXNetError):
                reader.read()


def test_a_record_that_is_too_long(tmp_path):
    record = mx.recordio.MXRecordIO(tmp_path / "some.rec", "w")
    with pytest.raises(MXNetError, match="must have less than 536870912 bytes; received 536870912 bytes"):
        record.write(bytes(1 << 29))


def the_first(mx, *paths):
    return mx.recordio.MXIndexedRecordIO(*paths, "r").read_idx(0)


def test_positions_beyond_4_gib(tmp_path, oracle):
    """A file that is mostly a hole."""
    beyond = (5 << 30) + 16
    with open(tmp_path / "large.rec", "wb") as file:
        file.seek(beyond)
        file.write(part(0, b"far away"))
    (tmp_path / "large.idx").write_text(f"0\t{beyond}\n")
    paths = str(tmp_path / "large.idx"), str(tmp_path / "large.rec")
    assert_same(*oracle.both(the_first, *paths))
    assert the_first(mx, *paths) == b"far away"


def _in_a_fork(record, queue):
    found = []
    for attempt in (
        record.read, lambda: record.write(b"x"), lambda: record.read_idx(0), record.read, record.reset, record.read,
    ):  # fmt: skip
        try:
            found.append(attempt())
        except Exception as error:
            found.append([cls.__name__ for cls in type(error).__mro__ if not cls.__name__.startswith("_")])
    queue.put(found)


def forked(record):
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=_in_a_fork, args=(record, queue))
    child.start()
    found = queue.get(timeout=60)
    child.join()
    assert child.exitcode == 0
    return found


def test_a_forked_process_opens_the_file_for_itself(tmp_path):
    written(mx, tmp_path, RECORDS)
    record = mx.recordio.MXIndexedRecordIO(tmp_path / "some.idx", tmp_path / "some.rec", "r")
    record.seek(6)
    first = forked(record)
    assert "MXNetError" in first[0] and "AssertionError" in first[1]
    assert first[2:] == [b"", b"a", None, b""]
    assert record.read() == b"abcd"  # the child did not move the position


def test_a_forked_process_does_not_write(tmp_path):
    record = mx.recordio.MXIndexedRecordIO(tmp_path / "some.idx", tmp_path / "some.rec", "w")
    record.write_idx(0, b"before")
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=_write_in_a_fork, args=(record, queue))
    child.start()
    assert "must be open in this process" in queue.get(timeout=60)
    child.join()
    record.write_idx(1, b"after")
    record.close()
    reader = mx.recordio.MXIndexedRecordIO(tmp_path / "some.idx", tmp_path / "some.rec", "r")
    assert [reader.read_idx(key) for key in reader.keys] == [b"before", b"after"]


def _write_in_a_fork(record, queue):
    try:
        record.write_idx(7, b"from the child")
    except MXNetError as error:
        queue.put(str(error))


def test_an_object_that_writes_is_not_pickled(tmp_path):
    record = mx.recordio.MXRecordIO(tmp_path / "some.rec", "w")
    with pytest.raises(MXNetError, match=r"an object that is pickled must read its file; .* close it first"):
        pickle.dumps(record)
    record.close()
    assert not pickle.loads(pickle.dumps(record)).is_open


def test_threads_read_one_object(tmp_path):
    records = [b"%d " % number * (number + 1) for number in range(200)]
    paths = tmp_path / "some.idx", tmp_path / "some.rec"
    writer = mx.recordio.MXIndexedRecordIO(*paths, "w")
    for number, each in enumerate(records):
        writer.write_idx(number, each)
    reader = mx.recordio.MXIndexedRecordIO(*paths, "r")
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(reader.read_idx, list(range(200)) * 5)) == records * 5


def test_the_writer_of_an_index_may_stop_at_any_time(tmp_path):
    """Every line is in the file as soon as its record is."""
    record = mx.recordio.MXIndexedRecordIO(tmp_path / "some.idx", tmp_path / "some.rec", "w")
    record.write_idx(4, b"one")
    record.write_idx(5, b"two")
    assert (tmp_path / "some.idx").read_text() == "4\t0\n5\t12\n"
    record.reset()
    assert record.keys == [] and record.tell() == 0 and (tmp_path / "some.idx").read_text() == ""
