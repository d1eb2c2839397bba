"""Pictures in folders and in files of records: the same samples as MXNet from the same files."""

from __future__ import annotations

import os

import numpy as np
import pytest

from glueball import gluon, recordio
from glueball.core.errors import MXNetError
from glueball.gluon.data.vision import ImageFolderDataset, ImageRecordDataset
from tests.comparison import assert_same
from tests.gluon.data.picture_files import picture, png, write_folders

pytest.importorskip("cv2", reason="decoding pictures needs OpenCV")


def folder_samples(mx, root, options):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = mx.gluon.data.vision.ImageFolderDataset(root, **options)
    samples = [(each, label, str(np.dtype(each.dtype)), type(label).__name__) for each, label in made]
    first = next(iter(mx.gluon.data.DataLoader(made, 4)))
    return made.synsets, [(path[len(root) :], label) for path, label in made.items], samples, len(made), first


@pytest.mark.parametrize("options", [{}, {"flag": 0}, {"flag": 1}])
def test_folders_are_mxnets(oracle, tmp_path, options):
    write_folders(tmp_path)
    (tmp_path / "cat" / "last.PNG").write_bytes(png(picture(9)))
    (tmp_path / "cat" / "note.txt").write_text("not a picture")
    (tmp_path / "top.png").write_bytes(png(picture(9)))
    assert_same(*oracle.both(folder_samples, str(tmp_path), options))


def test_what_is_left_out_of_a_folder_is_named(tmp_path):
    write_folders(tmp_path, ("ant",), 1)
    (tmp_path / "ant" / "note.txt").write_text("not a picture")
    (tmp_path / "top.png").write_bytes(b"")
    with pytest.warns(UserWarning) as caught:
        made = ImageFolderDataset(tmp_path)
    texts = [str(each.message).replace(str(tmp_path) + os.sep, "") for each in caught]
    assert texts == [
        f"ImageFolderDataset: {os.path.join('ant', 'note.txt')} is left out: it does not end in .jpg, .jpeg, .png",
        "ImageFolderDataset: top.png is left out: it is not the folder of a class",
    ]
    assert len(made) == 1


def test_a_missing_folder_and_a_damaged_picture(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"root must be a folder; received .*nothing"):
        ImageFolderDataset(tmp_path / "nothing")
    (tmp_path / "ant").mkdir()
    (tmp_path / "ant" / "1.png").write_bytes(b"text")
    with pytest.raises(MXNetError, match=r"1\.png' must hold a picture that OpenCV can decode"):
        ImageFolderDataset(tmp_path)[0]


def test_a_transform_gets_picture_and_label(tmp_path):
    write_folders(tmp_path)
    made = ImageFolderDataset(tmp_path, transform=lambda each, label: (each.shape, label + 10))
    assert made[3] == ((6, 8, 3), 11)


def test_a_class_of_a_program_lists_pictures_itself(tmp_path):
    write_folders(tmp_path)

    class Reversed(ImageFolderDataset):
        def _list_images(self, root):
            super()._list_images(root)
            self.items.reverse()

    assert [label for _, label in Reversed(tmp_path)] == [2, 2, 2, 1, 1, 1, 0, 0, 0]


@pytest.fixture
def records(tmp_path):
    """A file of five pictures with one label, and one with three."""
    path = str(tmp_path / "pictures.rec")
    written = recordio.MXIndexedRecordIO(str(tmp_path / "pictures.idx"), path, "w")
    for number in range(5):
        written.write_idx(number, recordio.pack((0, number / 2, number, 0), png(picture(number))))
    written.write_idx(9, recordio.pack((0, [1, 2, 3.5], 9, 0), png(picture(9, 4, 5))))
    written.close()
    return path


def record_samples(mx, path, flag):
    made = mx.gluon.data.vision.ImageRecordDataset(path, flag)
    samples = [(each, label, str(np.dtype(each.dtype)), type(label).__name__) for each, label in made]
    transformed = mx.gluon.data.vision.ImageRecordDataset(path, flag, lambda each, label: (each.shape, label))
    plain = mx.gluon.data.RecordFileDataset(path)
    return len(made), samples, transformed[1], list(plain), plain[-1]


@pytest.mark.parametrize("flag", [1, 0])
def test_records_are_mxnets(oracle, records, flag):
    assert_same(*oracle.both(record_samples, records, flag))


@pytest.mark.parametrize("thread_pool", [False, True])
def test_workers_read_records_and_folders(records, tmp_path, thread_pool):
    write_folders(tmp_path / "folders")
    for data in (ImageRecordDataset(records).take(5), ImageFolderDataset(tmp_path / "folders").take(5)):
        expected = [(each.asnumpy(), label) for each, label in data]
        for _ in range(2):
            loader = gluon.data.DataLoader(data, 2, num_workers=2, thread_pool=thread_pool)
            batches = [(pictures.asnumpy(), labels.asnumpy()) for pictures, labels in loader]
            for position, name in enumerate(("pictures", "labels")):
                loaded = np.concatenate([batch[position] for batch in batches])
                np.testing.assert_array_equal(loaded, np.stack([each[position] for each in expected]), name)


def test_bad_records_are_named(records, tmp_path):
    with pytest.raises(IndexError):
        gluon.data.RecordFileDataset(records)[6]
    os.remove(tmp_path / "pictures.idx")
    with pytest.raises(FileNotFoundError, match=r"pictures\.idx"):
        ImageRecordDataset(records)
    written = recordio.MXIndexedRecordIO(str(tmp_path / "bad.idx"), str(tmp_path / "bad.rec"), "w")
    written.write_idx(0, recordio.pack((0, 1.0, 0, 0), b"no picture"))
    written.close()
    with pytest.raises(MXNetError, match=r"record 0 of .*bad\.rec must hold a picture"):
        ImageRecordDataset(tmp_path / "bad.rec")[0]
