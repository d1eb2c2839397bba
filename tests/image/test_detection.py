"""Detection: MXNet's augmented pictures and boxes, and its batches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.image.test_geometry import PICTURE
from tests.oracle.client import Oracle

LABEL = np.array(
    [[0, 0.1, 0.2, 0.5, 0.6, 9], [3, 0.4, 0.1, 0.9, 0.95, 8], [1, 0.7, 0.7, 0.72, 0.71, 7]], dtype=np.float32
)
AUGMENTERS = [
    "DetBorrowAug(mx.image.ResizeAug(20))", "DetBorrowAug(mx.image.ColorJitterAug(0.1, 0.2, 0.3))",
    "DetHorizontalFlipAug(0.5)", "DetRandomSelectAug(mx.image.DetHorizontalFlipAug(1), 0.5)",
    "DetRandomSelectAug([], 0.5)",
    "DetRandomSelectAug([mx.image.DetHorizontalFlipAug(1), mx.image.DetRandomCropAug()], skip_prob=0.2)",
    "DetRandomCropAug()", "DetRandomCropAug(min_object_covered=0.9)", "DetRandomCropAug(0.3, 1.0, 0.3)",
    "DetRandomCropAug(0.3, (0.2, 3.0), (0.01, 0.4), 0.1, 5)", "DetRandomCropAug(area_range=(0.5, 3.0))",
    "DetRandomCropAug(aspect_ratio_range=(4.0, 8.0))", "DetRandomCropAug(max_attempts=0)",
    "DetRandomPadAug()", "DetRandomPadAug(1.0, (1.5, 4.0), pad_val=(1, 2, 3))",
    "DetRandomPadAug((0.2, 4.0), 1.2, 3)",
    "DetRandomPadAug(1.0, 2)", "CreateMultiRandCropAugmenter()",
    "CreateMultiRandCropAugmenter([0.1, 0.3], [(0.5, 1.0), (0.6, 1.5)], (0.1, 1), skip_prob=0.4)",
    "CreateMultiRandCropAugmenter([0.1, 0.3, 0.5], min_eject_coverage=[0.1, 0.2, 0.3], max_attempts=7)",
]  # fmt: skip


def augmented(mx: Any, picture: np.ndarray, label: np.ndarray, code: str) -> list[Any]:
    import random

    random.seed(5)
    np.random.seed(6)
    made = eval(f"mx.image.{code}", {"mx": mx, "np": np})
    made = made if isinstance(made, list) else [made]
    results: list[Any] = [each.dumps() for each in made]
    for _ in range(8):
        changed, objects = mx.nd.array(picture, dtype="float32"), label.copy()
        for each in made:
            changed, objects = each(changed, objects)
        results += [changed, objects]
    return results


@pytest.mark.parametrize("code", AUGMENTERS)
def test_augmented_pictures_and_boxes_are_mxnets(oracle: Oracle, code: str) -> None:
    assert_same(*oracle.both(augmented, PICTURE, LABEL, code), rtol=1e-6)


CREATED = [
    "",
    "resize=30, rand_crop=0.5, rand_pad=0.4, rand_gray=0.2, rand_mirror=True, mean=True, std=True",
    "rand_crop=1, min_object_covered=[0.1, 0.5], brightness=0.1, contrast=0.1, saturation=0.1, pca_noise=0.1, hue=0.1, "
    "mean=np.array([1, 2, 3]), inter_method=10",
    "rand_pad=1, pad_val=(3, 2, 1), area_range=(0.1, 2.0)",
]


@pytest.mark.parametrize("options", CREATED)
def test_the_usual_lists_are_mxnets(oracle: Oracle, options: str) -> None:
    code = f"CreateDetAugmenter((3, 20, 24), {options})"
    assert_same(*oracle.both(augmented, PICTURE, LABEL, code), rtol=1e-6)


ERRORS = [
    "DetAugmenter()(1, 2)", "DetBorrowAug(3)", "DetRandomSelectAug([3])", "DetRandomPadAug(pad_val='a')",
    "DetRandomCropAug(aspect_ratio_range=(2, 1))", "DetRandomCropAug(aspect_ratio_range=(-1, 1))",
    "DetRandomCropAug(area_range=(0.5, 0.4))", "DetRandomCropAug(area_range=(0, 0))",
    "DetRandomCropAug(aspect_ratio_range='a')", "DetRandomPadAug(area_range=(0.2, 0.9))",
    "DetRandomPadAug(aspect_ratio_range=(0, 1))", "DetRandomPadAug(area_range=(1.0, 1.0))",
    "CreateMultiRandCropAugmenter([0.1, 0.2], [(0.5, 1), (0.6, 1.0), (1, 2)])", "CreateDetAugmenter((3, 8, 9), mean=5)",
]  # fmt: skip


@pytest.mark.parametrize("code", ERRORS)
def test_errors_are_of_mxnets_classes(oracle: Oracle, code: str) -> None:
    ours, theirs = oracle.both("eval('mx.image.' + code, {'mx': mx})", code=code)
    assert_same(ours, theirs)
    assert "MXNetError" in ours.mro


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Seven pictures with one to three boxes each, as files and in a record file with an index."""
    root = tmp_path_factory.mktemp("boxes")
    rng = np.random.default_rng(5)
    record = mx.recordio.MXIndexedRecordIO(str(root / "a.idx"), str(root / "a.rec"), "w")
    lines = []
    for number in range(7):
        picture = cv2.GaussianBlur(rng.integers(0, 256, (30 + number, 40 - number, 3), dtype="uint8"), (5, 5), 0)
        cv2.imwrite(str(root / f"{number}.png"), picture)
        corners = rng.uniform(0, 0.5, (number % 3 + 1, 2))
        boxes = np.concatenate([np.full((len(corners), 1), number), corners, corners + 0.4], axis=1)
        label = [3, 5, 0.5, *np.round(boxes, 3).ravel().tolist()]
        record.write_idx(number, mx.recordio.pack((0, label, number, 0), (root / f"{number}.png").read_bytes()))
        lines.append("\t".join(map(str, [number, *label, f"{number}.png\n"])))
    record.close()
    (root / "a.lst").write_text("".join(lines))
    return str(root)


def epochs(mx: Any, folder: str, options: str) -> list[Any]:
    import random

    random.seed(11)
    np.random.seed(12)
    made = eval(f"mx.image.ImageDetIter({options})", {"mx": mx, "np": np, "root": folder})
    results: list[Any] = [made.provide_data, made.provide_label, made.num_image, made.label_shape]
    for _ in range(3):
        results += [(batch.data[0], batch.label[0], batch.pad) for batch in made]
        made.reset()
    made.hard_reset()
    made.reshape((3, 12, 14), (9, 5))
    made.auglist = [mx.image.DetBorrowAug(mx.image.ForceResizeAug((14, 12)))]
    results += [made.provide_data, made.provide_label, made.label_shape, next(made).label[0]]
    return results


SOURCES = ["path_imgrec=root + '/a.rec'", "path_imgrec=root + '/a.rec', path_imgidx=root + '/a.idx', shuffle=True",
           "path_imglist=root + '/a.lst', path_root=root, num_parts=2"]  # fmt: skip
WAYS = [
    "", "last_batch_handle='discard'", "last_batch_handle='roll_over'", "rand_crop=0.7, rand_mirror=True, rand_pad=0.5",
    "data_name='x', label_name='y', mean=True, std=True", "rand_crop=1, min_object_covered=0.99, max_attempts=2",
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("source", SOURCES)
def test_batches_are_mxnets(oracle: Oracle, folder: str, source: str, way: str) -> None:
    assert_same(*oracle.both(epochs, folder, f"3, (3, 16, 20), {source}, {way}"), rtol=1e-6)


def one_label(mx: Any, folder: str, label: list[float]) -> Any:
    made = mx.image.ImageDetIter(1, (3, 16, 20), imglist=[[label, "1.png"], [label, "2.png"]], path_root=folder)
    return [made.label_shape, next(made).label[0]]


@pytest.mark.parametrize(
    "label",
    [
        [2, 5, 0, 0.1, 0.1, 0.5, 0.5], [2, 5, 0, 0.1, 0.1, 0.5], [2, 6, 0, 0.1, 0.1, 0.5, 0.5],
        [2, 5, -1, 0.1, 0.1, 0.5, 0.5], [2, 5, 0, 0.5, 0.1, 0.5, 0.5], [2, 5, 0, 0.5, 0.1, 0.5, 0.5, 1, 0, 0, 1, 1],
        [4, 7, 1, 1, 0, 0.1, 0.1, 0.5, 0.5, 8, 9],
    ],
)  # fmt: skip
def test_labels_are_read_as_by_mxnet(oracle: Oracle, folder: str, label: list[float]) -> None:
    if label[2] >= 0:
        assert_same(*oracle.both(one_label, folder, label))
    else:  # all pictures are left out: MXNet then has no batch
        ours, theirs = oracle.both(one_label, folder, label)
        assert ours.class_name == theirs.class_name == "StopIteration"


def test_a_wrong_argument_is_no_picture_left_out(oracle: Oracle, folder: str) -> None:
    ours, theirs = oracle.both(epochs, folder, "3, (3, 16, 20), path_imgrec=root + '/a.rec', inter_method=50")
    assert theirs.class_name == "ValueError"
    assert_same(ours, theirs)
    with pytest.raises(ValueError, match="values must have one element per channel, 3; received 2"):
        epochs(mx, folder, "3, (3, 16, 20), path_imgrec=root + '/a.rec', rand_pad=1, pad_val=(1, 2)")


def two(mx: Any, folder: str, wrong: str) -> Any:
    first = mx.image.ImageDetIter(2, (3, 16, 20), path_imgrec=folder + "/a.rec")
    second = mx.image.ImageDetIter(2, (3, 16, 20), imglist=[[[2, 5, 0, 0.1, 0.1, 0.5, 0.5], "1.png"]], path_root=folder)
    if wrong:
        return eval(wrong, {"first": first, "second": second, "mx": mx})
    same = first.sync_label_shape(second, verbose=True) is second
    return [same, first.label_shape, second.label_shape, second.provide_label, next(second).label[0]]


@pytest.mark.parametrize(
    "wrong",
    [
        "", "first.reshape((3, 5))", "first.reshape(label_shape=(2, 5))", "first.reshape(None, (3, 6))",
        "first.reshape(None, (3,))", "first.sync_label_shape(3)", "first.check_data_shape((1, 2, 3))",
    ],
)  # fmt: skip
def test_shapes_change_as_mxnets_do(oracle: Oracle, folder: str, wrong: str) -> None:
    assert_same(*oracle.both(two, folder, wrong))


def test_boxes_are_drawn(folder: str) -> None:
    made = mx.image.ImageDetIter(2, (3, 60, 80), path_imgrec=folder + "/a.rec", mean=True, std=True)
    pictures = list(made.draw_next(color=(255, 0, 9), mean=True, std=True, thickness=1, id2labels={0: "cat"}))
    assert len(pictures) == 7
    assert all(picture.shape == (60, 80, 3) and picture.dtype == np.uint8 for picture in pictures)
    made.reset()
    plain = list(made.draw_next(color=(255, 0, 9), mean=True, std=True, thickness=1))
    assert (pictures[0] == 255).all(axis=2).any() and not (plain[0] == 255).all(axis=2).any()  # the name is white
    label = made._parse_label(first_label(folder))
    left, top = int(label[0, 1] * 80), int(label[0, 2] * 60)
    assert plain[0][top, left].tolist() == [9, 0, 255]
    made.reset()
    assert len(list(made.draw_next())) == 7  # colors are random
    made.reset()
    with pytest.raises(mx.MXNetError, match="draw_next: waitKey must be None where OpenCV has no windows"):
        next(made.draw_next(waitKey=1))


def first_label(folder: str) -> Any:
    record = mx.recordio.MXRecordIO(str(Path(folder) / "a.rec"), "r")
    return mx.recordio.unpack(record.read())[0].label
