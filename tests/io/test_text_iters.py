"""CSVIter and LibSVMIter: MXNet's batches of the same files."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from glueball.core.errors import MXNetError
from tests.comparison import assert_same

FILES = {
    "d.csv": "1,2,3\n2,3,4\n3,4,5\n4,5,6\n", "l.csv": "10\n20\n30\n40\n", "l2.csv": "10,1\n20,2\n30,3\n40,4\n",
    "large.csv": "16777217,2147483647,9\n1.7,2,-3\n", "no-newline.csv": "1,2,3\n4,5,6", "cr.csv": "1,2,3\r\n4,5,6\r\n",
    "forms.csv": " 1e3 ,-2.5E-2,nan\n1,inf,-0\n", "titles.csv": "a,b,c\n1,2,3\n", "empty.csv": "", "one.csv": "1\n",
    "d.t": "1.0 0:0.5 2:1.2\n-2.0\n-3.0 0:0.6 1:2.4 2:1.2\n4 2:-1.2\n",
    "l.t": "1.0\n-2.0 0:0.125\n-3.0 2:1.2\n4 1:1.0 2:-1.2\n", "bad.t": "1 0.5\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("text")
    for name, text in FILES.items():
        (path / name).write_bytes(text.encode())
    return path


def epochs(mx, folder, kind, count=3, **options):
    for name in ("data_csv", "label_csv", "data_libsvm", "label_libsvm"):
        if name in options:
            options[name] = f"{folder}/{options[name]}"
    made = getattr(mx.io, kind)(**options)
    found = [str(made.provide_data), str(made.provide_label), made.batch_size]
    for _ in range(count):
        for batch in made:
            found.append((batch.data[0].asnumpy(), batch.label[0].asnumpy(), batch.pad, batch.index.tolist()))
        found.append("the end of the epoch")
        made.reset()
    return found


@pytest.mark.parametrize(
    "options",
    [
        {"data_csv": "d.csv", "data_shape": (3,), "batch_size": 2},
        {"data_csv": "d.csv", "data_shape": (3,), "batch_size": 3},
        {"data_csv": "d.csv", "data_shape": (3,), "batch_size": 3, "round_batch": False},
        {"data_csv": "d.csv", "data_shape": (3, 1), "batch_size": 3, "label_csv": "l.csv"},
        {"data_csv": "d.csv", "data_shape": (3,), "batch_size": 3, "label_csv": "l2.csv", "label_shape": (2,)},
        {"data_csv": "large.csv", "data_shape": (3,), "batch_size": 1},
        {"data_csv": "large.csv", "data_shape": (3,), "batch_size": 1, "dtype": "int32"},
        {"data_csv": "d.csv", "data_shape": (3,), "batch_size": 2, "dtype": "int64", "label_csv": "l.csv"},
        {"data_csv": "no-newline.csv", "data_shape": (3,), "batch_size": 1, "data_name": "x", "label_name": "y"},
        {"data_csv": "cr.csv", "data_shape": 3, "batch_size": "1"},
        {"data_csv": "forms.csv", "data_shape": (3,), "batch_size": 1},
    ],
)
def test_csv_batches_are_mxnets(oracle, folder, options):
    ours, theirs = oracle.both(epochs, str(folder), "CSVIter", **options)
    assert len(theirs.get()) > 3
    assert_same(ours, theirs, rtol=0)


def test_libsvm_batches(folder):
    """What MXNet's documentation shows; MXNet itself crashes now and then when it reads on."""
    rows = np.float32([[0.5, 0, 1.2], [0, 0, 0], [0.6, 2.4, 1.2], [0, 0, -1.2]])
    found = epochs(mx, folder, "LibSVMIter", 2, data_libsvm="d.t", data_shape=(3,), batch_size=3)[3:]
    assert_same(found[0], (rows[:3], np.float32([1, -2, -3]), 0, [0, 1, 2]), rtol=0)
    assert_same(found[1], (rows[[3, 0, 1]], np.float32([4, 1, -2]), 2, [3, 0, 1]), rtol=0)
    assert_same(found[3], (rows[[2, 3, 0]], np.float32([-3, 4, 1]), 1, [2, 3, 0]), rtol=0)
    options = {"label_libsvm": "l.t", "label_shape": (3,), "data_shape": (3,), "batch_size": 4}
    labels = epochs(mx, folder, "LibSVMIter", 1, data_libsvm="d.t", **options)[3][1]
    assert_same(labels, np.float32([[0, 0, 0], [0.125, 0, 0], [0, 0, 1.2], [0, 1, -1.2]]), rtol=0)


def test_parts_of_a_libsvm_file_have_equal_numbers_of_rows(folder):
    options = {"data_libsvm": folder / "d.t", "data_shape": (3,), "batch_size": 2, "num_parts": 2}
    parts = [mx.io.LibSVMIter(**options, part_index=number).next().label[0].asnumpy().tolist() for number in (0, 1)]
    assert parts == [[1, -2], [-3, 4]]


@pytest.mark.parametrize("num_parts", [1, 2, 3, 4])
def test_the_parts_of_a_libsvm_file_are_the_file(folder, num_parts):
    options = {"data_libsvm": folder / "d.t", "data_shape": (3,), "batch_size": 1, "num_parts": num_parts}
    parts = [mx.io.LibSVMIter(**options, part_index=number) for number in range(num_parts)]
    assert [batch.label[0].asscalar() for part in parts for batch in part] == [1, -2, -3, 4]


def test_a_folder_of_files(tmp_path):
    for name in ("b", "a"):
        (tmp_path / name).write_text(f"{ord(name)}\n")
    made = mx.io.CSVIter(data_csv=tmp_path, data_shape=(1,), batch_size=2)
    assert np.array_equal(made.next().data[0].asnumpy(), [[97], [98]])


@pytest.mark.parametrize(
    ("kind", "options", "text"),
    [
        ("CSVIter", {"data_csv": "d.csv", "data_shape": (2,)}, "data_shape must have as many values as each row"),
        (
            "CSVIter",
            {"data_csv": "titles.csv", "data_shape": (3,)},
            "received 'a,b,c' in row 1 .* take out a line",
        ),
        ("CSVIter", {"data_csv": "empty.csv", "data_shape": (3,)}, "data_csv must name a file with rows"),
        ("CSVIter", {"data_csv": "none.csv", "data_shape": (3,)}, "data_csv must name a text file or a folder of them"),
        ("CSVIter", {"data_csv": "d.csv", "data_shape": (3,), "batch_size": 9}, "received 9, which 8 samples do not"),
        (
            "CSVIter",
            {"data_csv": "d.csv", "data_shape": (3,), "dtype": "float64"},
            "dtype must be one of float32,",
        ),
        ("CSVIter", {"data_csv": "d.csv", "data_shape": (3,), "label_csv": "one.csv"}, "label_csv must have a row for"),
        ("CSVIter", {"data_shape": (3,)}, "data_csv must be given"),
        ("LibSVMIter", {"data_libsvm": "d.t", "data_shape": (3,), "round_batch": False}, "round_batch must be True"),
        ("LibSVMIter", {"data_libsvm": "d.t", "data_shape": (3, 1)}, "data_shape must be one number of columns"),
    ],
)
def test_what_mxnet_refuses(oracle, folder, kind, options, text):
    options = {"batch_size": 2, **options}
    if options.get("label_csv") != "one.csv":  # MXNet notices only when it gets there
        assert_same(*oracle.both(epochs, str(folder), kind, count=1, **options))
    with pytest.raises(MXNetError, match=f"{kind}: .*{text}"):
        epochs(mx, folder, kind, count=1, **options)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"data_libsvm": "d.t", "data_shape": (2,)}, "columns below 2 .* received '1.0 0:0.5 2:1.2' in row 1"),
        ({"data_libsvm": "bad.t", "data_shape": (2,)}, "received '1 0.5' in row 1"),
        ({"data_libsvm": "d.t", "data_shape": (3,), "part_index": 1}, "part_index must be less than num_parts=1"),
        ({"data_libsvm": "d.t", "data_shape": (3,), "label_libsvm": "bad.t"}, "label_libsvm must have"),
        ({"data_libsvm": "d.t", "data_shape": (3,), "dtype": "int32"}, "dtype must be one of 'float32', or None"),
    ],
)
def test_what_we_refuse(folder, options, text):
    with pytest.raises(MXNetError, match=text):
        epochs(mx, folder, "LibSVMIter", batch_size=2, **options)


def test_an_iterator_of_ones_own_derives_from_another_class():
    with pytest.raises(MXNetError, match="MXDataIter: handle must be of the library's own making; received int;"):
        mx.io.MXDataIter(3)


def test_the_first_batch_again_and_again(folder, oracle):
    def labels(mx, folder):
        made = mx.io.CSVIter(data_csv=f"{folder}/d.csv", data_shape=(3,), batch_size=2)
        made.debug_skip_load()
        return [batch.data[0].asnumpy() for batch, _ in zip(made, range(5), strict=False)]

    assert_same(*oracle.both(labels, str(folder)))
