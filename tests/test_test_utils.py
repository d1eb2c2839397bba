"""mx.test_utils reads the digits as MXNet does, from the same files."""

from __future__ import annotations

import os

import pytest

import glueball as mx
from glueball.core.errors import MXNetError
from tests.comparison import assert_same
from tests.gluon.data.idx_files import digits, write_mnist


def read_whole(mx, folder):
    import os

    before = os.getcwd()
    os.chdir(folder)
    try:
        found = mx.test_utils.get_mnist()
    finally:
        os.chdir(before)
    return [(name, found[name], str(found[name].dtype)) for name in sorted(found)]


def iterated(mx, folder, batch_size, shape, parts):
    import os

    before = os.getcwd()
    os.chdir(folder)
    try:
        made = mx.test_utils.get_mnist_iterator(batch_size, shape, *parts)
    finally:
        os.chdir(before)
    found = []
    for each in made:
        batches = [(batch.data[0].copy().sum(), batch.label[0].copy().sum()) for batch in each]
        found.append(
            (str(each.provide_data), str(each.provide_label), len(batches), *map(sum, zip(*batches, strict=True)))
        )
    return found


def test_get_mnist(oracle, tmp_path):
    for part, count in (("train", 7), ("t10k", 3)):
        write_mnist(tmp_path, *digits(count, count), part)
    ours, theirs = oracle.both(read_whole, str(tmp_path))
    assert len(theirs.get()) == 4
    assert_same(ours, theirs)


def test_get_mnist_where_the_dataset_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MXNET_GLUON_REPO", "http://127.0.0.1:9")
    with pytest.raises(MXNetError, match=r"train-images-idx3-ubyte.gz must be in .* the download failed"):
        mx.test_utils.get_mnist()


@pytest.mark.parametrize(("shape", "parts"), [((1, 28, 28), ()), ((784,), (2, 1))])
def test_get_mnist_iterator(oracle, tmp_path, shape, parts):
    # a multiple of the batch size, so that all samples are seen in any order
    for part, count in (("train", 20), ("t10k", 10)):
        write_mnist(tmp_path / "data", *digits(count, count), part, packed=False)
    ours, theirs = oracle.both(iterated, str(tmp_path), 5, shape, parts)
    assert [each[2] for each in theirs.get()] == ([2, 1] if parts else [4, 2])
    assert_same(ours, theirs, rtol=1e-5)


def test_get_mnist_ubyte(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_mnist(tmp_path / "data", *digits(2), packed=False)
    with pytest.raises(MXNetError, match=r"get_mnist_ubyte: the file data.t10k-images-idx3-ubyte must exist"):
        mx.test_utils.get_mnist_ubyte()
    write_mnist(tmp_path / "data", *digits(2), "t10k", packed=False)
    assert mx.test_utils.get_mnist_ubyte() is None


def test_download_leaves_what_is_there(tmp_path):
    (tmp_path / "file.txt").write_text("here")
    there = mx.test_utils.download("https://example.invalid/a/file.txt", dirname=str(tmp_path))
    assert there == os.path.join(tmp_path, "file.txt")
    again = mx.test_utils.download("https://example.invalid/other", fname="file.txt", dirname=str(tmp_path), retries=0)
    assert again == there
    with pytest.raises(MXNetError, match="must be readable"):
        mx.test_utils.download("https://example.invalid/other", dirname=str(tmp_path), retries=0)
