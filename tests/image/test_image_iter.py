"""ImageIter: MXNet's batches from lists, list files and records, in every order and with every end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.oracle.client import Oracle

COUNT = 7


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Seven pictures as files, in a record file with an index, and in list files."""
    root = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(5)
    record = mx.recordio.MXIndexedRecordIO(str(root / "a.idx"), str(root / "a.rec"), "w")
    several = mx.recordio.MXIndexedRecordIO(str(root / "several.idx"), str(root / "several.rec"), "w")
    lines, doubled = [], []
    for number in range(COUNT):
        picture = cv2.GaussianBlur(rng.integers(0, 256, (30 + number, 40 - number, 3), dtype="uint8"), (5, 5), 0)
        cv2.imwrite(str(root / f"{number}.png"), picture)
        data = (root / f"{number}.png").read_bytes()
        record.write_idx(number * 3, mx.recordio.pack((0, number / 2, number * 3, 0), data))
        several.write_idx(number, mx.recordio.pack((2, [number, number + 0.5], number, 0), data))
        lines.append(f"{number * 3}\t{number + 10}\t{number}.png\n")
        doubled.append(f"{number}\t{number}\t{number + 5}\t{number}.png\n")
    record.close()
    several.close()
    (root / "a.lst").write_text("".join(lines))
    (root / "doubled.lst").write_text("".join(doubled))
    return str(root)


def epochs(mx: Any, folder: str, options: str, count: int = 3) -> list[Any]:
    """The batches of several epochs."""
    import random

    random.seed(11)
    np.random.seed(12)
    names = [[float(number), f"{number}.png"] for number in range(7)]
    made = eval(f"mx.image.ImageIter({options})", {"mx": mx, "np": np, "root": folder, "names": names})
    results: list[Any] = [made.provide_data, made.provide_label, made.num_image, made.data_shape, made.label_width]
    for _ in range(count):
        results += [(batch.data[0], batch.label[0], batch.pad) for batch in made]
        made.reset()
    made.hard_reset()
    results.append(next(made).label[0])
    return results


SOURCES = {
    "list": "imglist=names, path_root=root",
    "list file": "path_imglist=root + '/a.lst', path_root=root",
    "records": "path_imgrec=root + '/a.rec'",
    "indexed records": "path_imgrec=root + '/a.rec', path_imgidx=root + '/a.idx'",
    "records and list file": "path_imglist=root + '/a.lst', path_imgrec=root + '/a.rec', path_imgidx=root + '/a.idx'",
    "several labels": "path_imgrec=root + '/several.rec', label_width=2",
    "list file of several labels": "path_imglist=root + '/doubled.lst', path_root=root, label_width=2",
    "list of several labels": "imglist=[[[1., 2.], '1.png'], [[3., 4.], '2.png']], path_root=root, label_width=2",
}
WAYS = [
    "", "last_batch_handle='discard'", "last_batch_handle='roll_over'", "rand_crop=True, rand_mirror=True, mean=True",
    "dtype='int32', data_name='x', label_name='y'", "aug_list=[mx.image.ForceResizeAug((20, 16))]",
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("source", SOURCES)
def test_batches_are_mxnets(oracle: Oracle, folder: str, source: str, way: str) -> None:
    options = f"3, (3, 16, 20), {SOURCES[source]}, {way}"
    assert_same(*oracle.both(epochs, folder, options), rtol=1e-6)


@pytest.mark.parametrize("way", ["", "last_batch_handle='discard'", "last_batch_handle='roll_over'"])
@pytest.mark.parametrize("order", ["shuffle=True", "num_parts=2, part_index=1", "num_parts=2, shuffle=True"])
@pytest.mark.parametrize("source", ["list", "list file", "indexed records", "records and list file"])
def test_orders_are_mxnets(oracle: Oracle, folder: str, source: str, order: str, way: str) -> None:
    options = f"2, (3, 16, 20), {SOURCES[source]}, {order}, {way}"
    assert_same(*oracle.both(epochs, folder, options), rtol=1e-6)


def step_by_step(mx: Any, folder: str) -> list[Any]:
    names = [[float(number), f"{number}.png"] for number in range(7)]
    made = mx.image.ImageIter(2, (3, 16, 20), imglist=names, path_root=folder)
    label, data = made.next_sample()
    picture = made.imdecode(data)
    made.check_valid_image([picture])
    changed = made.augmentation_transform(picture)
    return [label, data, picture, changed, made.postprocess_data(changed), made.read_image("3.png"), made.cur]


def test_its_steps_are_mxnets(oracle: Oracle, folder: str) -> None:
    assert_same(*oracle.both(step_by_step, folder), rtol=0)


@pytest.mark.parametrize(
    "options",
    [
        "2, (3, 16, 20)",
        "2, (3, 16), imglist=names",
        "2, (1, 16, 20), imglist=names",
        "2, (3, 16, 20), imglist=names, dtype='float16'",
        "2, (3, 16, 20), imglist=names, num_parts=2, part_index=2",
        "2, (3, 16, 20), path_imgrec=root + '/a.rec', shuffle=True",
        "2, (3, 16, 20), path_imgrec=root + '/a.rec', num_parts=2",
        "2, (3, 16, 20), path_imglist=root + '/none.lst'",
        "2, (3, 16, 20), imglist=names, path_root='/nowhere'",
        "2, (3, 16, 20), path_imgrec=root + '/none.rec'",
    ],
)
def test_errors(oracle: Oracle, folder: str, options: str) -> None:
    ours, theirs = oracle.both(epochs, folder, options, 1)
    assert ours.failed and theirs.failed
    assert "MXNetError" in ours.mro
    if theirs.class_name == "FileNotFoundError":
        assert theirs.class_name in ours.mro


def test_what_cannot_be_decoded_is_named(folder: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no picture")
    batches = mx.image.ImageIter(1, (3, 16, 20), imglist=[[0, "notes.txt"]], path_root=str(tmp_path))
    with pytest.raises(mx.MXNetError, match=r"ImageIter: the file 'notes.txt': imdecode: buf must hold a picture"):
        next(batches)
    with pytest.raises(mx.MXNetError, match=r"ImageIter: the file '/nowhere/1.png' cannot be read: .* path_root right"):
        next(mx.image.ImageIter(1, (3, 16, 20), imglist=[[0, "1.png"]], path_root="/nowhere"))
    broken = mx.recordio.MXRecordIO(str(tmp_path / "b.rec"), "w")
    broken.write(mx.recordio.pack((0, 1.0, 5, 0), b"nonsense"))
    broken.close()
    with pytest.raises(mx.MXNetError, match="ImageIter: the last record read: imdecode: buf must hold a picture"):
        next(mx.image.ImageIter(1, (3, 16, 20), path_imgrec=str(tmp_path / "b.rec")))
    (tmp_path / "bad.lst").write_text("1\t2\ta.png\nnonsense\n")
    with pytest.raises(mx.MXNetError, match=r"each line of path_imglist must be .*; received 'nonsense' in line 2"):
        mx.image.ImageIter(1, (3, 16, 20), path_imglist=str(tmp_path / "bad.lst"))


def test_a_module_trains_on_it(folder: str) -> None:
    names = [[number % 2, f"{number}.png"] for number in range(6)]
    batches = mx.image.ImageIter(2, (3, 16, 16), imglist=names, path_root=folder, rand_mirror=True)
    symbol = mx.sym.SoftmaxOutput(
        mx.sym.FullyConnected(mx.sym.flatten(mx.sym.var("data")), num_hidden=2), name="softmax"
    )
    module = mx.mod.Module(symbol)
    module.fit(batches, num_epoch=2, optimizer_params={"learning_rate": 1e-5})
    assert module.predict(batches).shape == (6, 2)
