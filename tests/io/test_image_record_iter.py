"""ImageRecordIter and its kin: MXNet's pixels to the bit, its order of images, its batches."""

from __future__ import annotations

import logging

import numpy as np
import pytest

import glueball as mx
from glueball.core.errors import MXNetError
from tests.comparison import assert_same

cv2 = pytest.importorskip("cv2")

from tests.io import images  # noqa: E402  (it needs OpenCV)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("images")
    images.write_all(path)
    return path


def epochs(mx, folder, kind="ImageRecordIter", count=2, **options):
    """All batches of some epochs, to the bit."""
    settings = {"path_imgrec": "co.rec", "data_shape": (3, 32, 32), "batch_size": 5, "verbose": False, **options}
    settings.setdefault("preprocess_threads", 2)
    for name in ("path_imgrec", "path_imgidx", "path_imglist", "mean_img"):
        if name in settings:
            settings[name] = ";".join(f"{folder}/{each}" for each in settings[name].split(";"))
    made = getattr(mx.io, kind)(**settings)
    found = [str(made.provide_data), str(made.provide_label), made.batch_size]
    for _ in range(count):
        for batch in made:
            data, label = batch.data[0].asnumpy(), batch.label[0].asnumpy()
            found.append((data.tobytes(), str(data.dtype), data.shape, label, batch.pad, batch.index.tolist()))
        found.append("the end of the epoch")
        made.reset()
    return found


COLORS = {"mean_r": 123.68, "mean_g": 116.28, "mean_b": 103.53, "std_r": 58.395, "std_g": 57.12, "std_b": 57.375}

EXACT = {
    "plain": {}, "a part of the next epoch": {"batch_size": 4, "count": 1}, "index": {"path_imgidx": "co.idx"},
    "smaller": {"resize": 48}, "larger": {"resize": 100}, "jpeg": {"path_imgrec": "jpg.rec", "resize": 70},
    "enlarged": {"path_imgrec": "small.rec", "data_shape": (3, 40, 40)},
    "enlarged twice": {"path_imgrec": "small.rec", "data_shape": (3, 24, 50)},
    "pad": {"pad": 3, "data_shape": (3, 70, 90)}, "fill": {"pad": 3, "data_shape": (3, 60, 80), "fill_value": 7},
    "mirror": {"mirror": True}, "mean": {"mean_r": 10, "mean_g": 20.5, "mean_b": 30.1},
    "deviation": {"std_r": 3, "std_g": 7.1, "std_b": 0.3}, "scale": {"scale": 0.017},
    "normalized": COLORS, "scaled": {**COLORS, "scale": 0.0173, "path_imgrec": "jpg.rec", "data_shape": (3, 90, 100)},
    "uint8": {"kind": "ImageRecordUInt8Iter"}, "uint8 by dtype": {"dtype": "uint8", "mirror": True, **COLORS},
    "int8": {"kind": "ImageRecordInt8Iter", "mean_r": 100.5, "mean_g": 50.2, "mean_b": 128, "scale": 0.5},
    "old": {"kind": "ImageRecordIter_v1", **COLORS, "scale": 0.0173}, "old uint8": {"kind": "ImageRecordUInt8Iter_v1"},
    "rotated": {"rotate": 30}, "rotated photograph": {"rotate": 17, "path_imgrec": "jpg.rec", "fill_value": 30},
    "rotated by area": {"rotate": 45, "inter_method": 3}, "rotated by the sizes": {"rotate": 45, "inter_method": 9},
    "nearest": {"resize": 48, "inter_method": 0}, "by area": {"resize": 48, "inter_method": 3},
    "Lanczos": {"resize": 48, "inter_method": 4}, "by the sizes": {"resize": 48, "inter_method": 9},
    "crop": {"min_crop_size": 40, "max_crop_size": 40},
    "half": {"min_random_scale": 0.5, "max_random_scale": 0.5},
    "more": {"min_random_scale": 1.3, "max_random_scale": 1.3, "path_imgrec": "jpg.rec", "data_shape": (3, 100, 120)},
    "at most": {"max_img_size": 50, "data_shape": (3, 50, 50)},
    "at least": {"min_img_size": 120, "data_shape": (3, 120, 120)},
    "aspect": {"max_aspect_ratio": 2.0, "min_aspect_ratio": 2.0, "data_shape": (3, 60, 60)},
    "no rotation, no border": {"max_rotate_angle": -5, "pad": -1},
    "gray": {"path_imgrec": "gray.rec"}, "one channel": {"path_imgrec": "gray.rec", "data_shape": (1, 20, 20)},
    "one channel of colors": {"data_shape": (1, 32, 32), "mean_r": 10, "std_r": 2, "path_imgrec": "jpg.rec"},
    "four channels": {"path_imgrec": "rgba.rec", "data_shape": (4, 32, 32), "mean_a": 50, "std_a": 3, "mean_r": 1},
    "three of four": {"path_imgrec": "rgba.rec"},
    "shuffled": {"path_imgrec": "many.rec", "data_shape": (3, 4, 4), "batch_size": 100, "shuffle": True, "count": 3},
    "another seed": {"path_imgrec": "many.rec", "data_shape": (3, 4, 4), "batch_size": 70, "shuffle": True, "seed": 7},
    "a shuffled part": {
        "path_imgrec": "many.rec", "path_imgidx": "many.idx", "data_shape": (3, 4, 4), "batch_size": 35,
        "shuffle": True, "num_parts": 4, "part_index": 2,
    },
    "shuffled by pieces": {"path_imgrec": "large.rec", "data_shape": (3, 4, 4), "batch_size": 10, "shuffle": True},
    "pieces in a random order": {
        "path_imgrec": "large.rec", "data_shape": (3, 4, 4), "batch_size": 10, "shuffle": True,
        "shuffle_chunk_size": 8, "shuffle_chunk_seed": 5,
    },
    "pieces alone": {"path_imgrec": "large.rec", "data_shape": (3, 4, 4), "batch_size": 10, "shuffle_chunk_size": 6},
    "pieces of a part": {
        "path_imgrec": "large.rec", "data_shape": (3, 4, 4), "batch_size": 10, "shuffle": True,
        "shuffle_chunk_size": 6, "num_parts": 2, "part_index": 1,
    },
    "a sparse index": {"path_imgidx": "even.idx", "shuffle": True},
    "an index without the first": {"path_imgidx": "odd.idx", "batch_size": 3},
    "the first part": {"num_parts": 3, "part_index": 0, "batch_size": 2},
    "the second part": {"num_parts": 3, "part_index": 1, "batch_size": 3},
    "the last part": {"num_parts": 3, "part_index": 2, "batch_size": 3},
    "list": {"path_imglist": "co.lst"}, "three labels": {"path_imgrec": "three.rec", "label_width": 3},
    "two files": {"path_imgrec": "co.rec;gray.rec"},
    "a part of two files": {"path_imgrec": "co.rec;gray.rec", "batch_size": 1, "num_parts": 2, "part_index": 1},
    "names": {"data_name": "d", "label_name": "l"},
    "text": {"data_shape": "(3,20,20)", "batch_size": "5", "shuffle": "True", "mean_r": "1.5", "scale": "0.5"},
}  # fmt: skip


@pytest.mark.parametrize("name", EXACT)
def test_batches_are_mxnets(oracle, folder, name):
    ours, theirs = oracle.both(epochs, str(folder), **EXACT[name])
    assert len(theirs.get()) > 4
    assert_same(ours, theirs)


@pytest.mark.parametrize("kind", ["ImageRecordIter", "ImageRecordIter_v1"])
@pytest.mark.parametrize("options", [{}, {"mirror": True, "scale": 0.01, "std_r": 2}])
def test_a_mean_image(oracle, folder, kind, options):
    """It is made by whoever comes first, of what its options make of the images, and read by the other."""
    name = f"mean-{kind}-{len(options)}"
    ours, theirs = oracle.both(epochs, str(folder), kind, mean_img=name, **options)
    assert_same(ours, theirs)
    made = mx.nd.load(str(folder / name))["mean_img"].asnumpy()
    (folder / name).unlink()
    oracle.run(epochs, str(folder), kind, mean_img=name, **options)
    assert np.array_equal(mx.nd.load(str(folder / name))["mean_img"].asnumpy(), made)


def test_without_rounding_a_last_batch_says_what_is_lacking(folder):
    made = mx.io.ImageRecordIter(
        path_imgrec=folder / "co.rec", data_shape=(3, 8, 8), batch_size=4, round_batch=False, verbose=False
    )
    for _ in range(2):
        batches = list(made)
        assert [batch.pad for batch in batches] == [0, 0, 2]
        assert batches[2].label[0].asnumpy().tolist() == [8, 9, 0, 0]
        assert batches[2].data[0][:2, 0].asnumpy().all() and not batches[2].data[0][2:].asnumpy().any()
        made.reset()


def labels_of(made):
    return [int(label) for batch in made for label in batch.label[0].asnumpy()]


def test_reset_in_the_middle(folder):
    made = mx.io.ImageRecordIter(
        path_imgrec=folder / "co.rec", data_shape=(3, 8, 8), batch_size=4, verbose=False, prefetch_buffer=8
    )
    for taken in (0, 1, 2):
        for _ in range(taken):
            made.next()
        made.reset()
    assert labels_of(made) == [*range(10), 0, 1]
    with pytest.raises(StopIteration):
        made.next()
    with pytest.raises(MXNetError, match="ImageRecordIter: there must be a batch; the epoch is at its end; call reset"):
        made.getdata()
    made.reset()
    assert labels_of(made) == [2, 3, 4, 5, 6, 7, 8, 9]


def test_step_by_step(folder):
    made = mx.io.ImageRecordIter(path_imgrec=folder / "co.rec", data_shape=(3, 8, 8), batch_size=4, verbose=False)
    assert isinstance(made, mx.io.MXDataIter)
    seen = []
    while made.iter_next():
        seen.append((made.getdata().shape, made.getlabel().asnumpy()[0], made.getpad(), made.getindex().tolist()))
    assert seen == [((4, 3, 8, 8), 0, 0, [0] * 4), ((4, 3, 8, 8), 4, 0, [0] * 4), ((4, 3, 8, 8), 8, 2, [0] * 4)]


@pytest.mark.parametrize("options", [{"preprocess_threads": 1}, {"preprocess_threads": 7}, {"prefetch_buffer": 0}])
def test_threads_and_buffers_change_nothing(folder, options):
    chance = {"rand_crop": True, "rand_mirror": True, "brightness": 0.3, "random_h": 20, "pca_noise": 0.1}

    def batches(**options):
        made = mx.io.ImageRecordIter(
            path_imgrec=folder / "co.rec", data_shape=(3, 8, 8), batch_size=4, verbose=False, **chance, **options
        )
        first = [batch.data[0].asnumpy() for batch in made]
        made.reset()
        return np.concatenate([*first, *[batch.data[0].asnumpy() for batch in made]])

    assert np.array_equal(batches(**options), batches())
    assert not np.array_equal(batches(seed_aug=1), batches(seed_aug=2))
    assert np.array_equal(batches(seed_aug=1), batches(seed_aug=1, seed=5))
    both = batches()
    assert not np.array_equal(both[0], both[10])  # the same image in the next epoch


def test_batches_are_the_users(folder):
    made = mx.io.ImageRecordIter(path_imgrec=folder / "co.rec", data_shape=(3, 8, 8), batch_size=5, verbose=False)
    first = made.next()
    kept = first.data[0].asnumpy().copy()
    made.next()
    assert np.array_equal(first.data[0].asnumpy(), kept)


def test_says_what_it_reads(folder, caplog):
    with caplog.at_level(logging.INFO):
        mx.io.ImageRecordIter(path_imgrec=folder / "co.rec", data_shape=(3, 8, 8), batch_size=5)
        mx.io.ImageRecordIter(path_imgrec=folder / "co.rec", data_shape=(3, 8, 8), batch_size=5, verbose=False)
    assert [record.message for record in caplog.records] == [f"ImageRecordIter: {folder}/co.rec, 4 threads decode"]


def test_the_program_can_still_set_up_its_logging(folder, monkeypatch):
    """logging.basicConfig() does nothing once the root logger has a handler."""
    monkeypatch.setattr(logging.root, "handlers", [])
    mx.io.ImageRecordIter(path_imgrec=folder / "co.rec", data_shape=(3, 8, 8), batch_size=5)
    assert logging.root.handlers == []


REFUSED = [
    ({"batch_size": 25}, "batch_size must be at most twice the number of samples; received 25"),
    ({"num_parts": 2, "part_index": 2}, "part_index must be from 0 to num_parts - 1; received 2 of 2"),
    ({"path_imgrec": "three.rec"}, "label_width must be the number of labels .* received 1, and image 0 has 3"),
    ({"label_width": 2}, "label_width must be the number of labels of each image; received 2, and image 0 has 1"),
    ({"data_shape": (4, 32, 32)}, "image 0 must have 4 channels for this data_shape; received 3 channels"),
    ({"data_shape": (2, 32, 32)}, "data_shape must begin with 1, 3 or 4 channels"),
    ({"data_shape": (3, 32)}, "data_shape must be channels, height and width"),
    ({"data_shape": (3, 0, 0)}, "data_shape must be channels, height and width"),
    ({"path_imgrec": "none.rec"}, "path_imgrec must name a file of records; received .*none.rec"),
    ({"path_imgrec": "co.lst"}, "co.lst: a file of records has a multiple of 4 bytes|begins with 0a23d7ce"),
    ({"dtype": "float16"}, "dtype must be one of float32, uint8, int8"),
    ({"rand_crop": "yes"}, "rand_crop must be True or False; received 'yes'"),
    ({"resize": 0}, "resize must be a size, or -1"),
    ({"ctx": "tpu"}, "ctx must be one of 'cpu', 'gpu'"),
    ({"random_resized_crop": True, "rand_crop": True}, "random_resized_crop must be used without rand_crop"),
    ({"random_resized_crop": True, "min_random_area": 2}, "min_random_area must be at most max_random_area"),
    ({"random_resized_crop": True, "min_aspect_ratio": 2}, "aspect ratios must be more than 0 and in ascending order"),
    (
        {"max_crop_size": 100, "min_crop_size": 100},
        "max_crop_size must be at most the height and width of an image",
    ),
    ({"max_crop_size": 40}, "min_crop_size and max_crop_size must be given together"),
    ({"preprocess_threads": 0}, "preprocess_threads must be an int of at least 1"),
    ({"label_width": 0}, "label_width must be an int of at least 1"),
    ({"rotate": 30, "inter_method": 0}, "inter_method must not be 0 where images are rotated"),
    ({"data_shape": (1, 8, 8), "brightness": 0.1}, "colors can be changed of images with 3 channels only"),
]


@pytest.mark.parametrize(("options", "text"), REFUSED)
def test_what_mxnet_refuses(oracle, folder, options, text):
    ours, theirs = oracle.both(epochs, str(folder), **options)
    assert_same(ours, theirs)
    with pytest.raises(MXNetError, match=f"(ImageRecordIter: |).*{text}"):
        epochs(mx, folder, **options)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"inter_method": 7}, "inter_method must be one of 0, 1, 2, 3, 4, 9, 10; received 7"),
        ({"aug_seq": "aug_other"}, "aug_seq must be 'aug_default'; received 'aug_other'"),
        ({"min_random_scale": -1}, "min_random_scale and max_random_scale must be at least 0; received -1"),
        ({"std_r": 0}, "std_r, std_g, std_b and std_a must not be 0"),
        ({"path_imgidx": "none.idx"}, "path_imgidx must name an index"),
        ({"path_imgidx": "co.lst"}, "path_imgidx must name an index"),
        ({"path_imglist": "none.lst"}, "path_imglist must name a text file"),
        ({"path_imglist": "co.idx"}, "co.idx: line 1 must have the number of an image, 1 label and a path"),
        ({"path_imgrec": "many.rec", "path_imglist": "co.lst", "batch_size": 11}, "which lacks number 10"),
        ({"prefetch_buffer": -1}, "prefetch_buffer must be an int of at least 0"),
    ],
)
def test_what_we_refuse(folder, options, text):
    with pytest.raises(MXNetError, match=text):
        epochs(mx, folder, **options)
    with pytest.raises(
        MXNetError, match="ImageRecordIter: batch_size must be given, an int of at least 1; it is missing"
    ):
        mx.io.ImageRecordIter(path_imgrec="some.rec", data_shape=(3, 4, 4))


def test_an_unknown_argument_has_no_effect(oracle, folder):
    with pytest.warns(
        UserWarning, match="ImageRecordIter: rand_krop is no argument; did you mean 'rand_crop'"
    ) as caught:
        ours, theirs = oracle.both(epochs, str(folder), rand_krop=True)
        assert_same(ours, theirs)
    assert [warning.filename for warning in caught] == [__file__]


def test_a_damaged_file_fails_when_its_batch_is_due(folder, tmp_path):
    contents = bytearray((folder / "co.rec").read_bytes())
    positions = [int(line.split("\t")[1]) for line in (folder / "co.idx").read_text().splitlines()]
    contents[positions[8]] = 0
    (tmp_path / "damaged.rec").write_bytes(contents)
    options = {"path_imgrec": tmp_path / "damaged.rec", "data_shape": (3, 8, 8), "batch_size": 4, "verbose": False}
    made = mx.io.ImageRecordIter(**options)
    assert [made.next().label[0].asnumpy()[0] for _ in range(2)] == [0, 4]
    with pytest.raises(MXNetError, match=r"damaged.rec: before byte \d+: a part of a record begins with"):
        made.next()
    contents[positions[8]] = (folder / "co.rec").read_bytes()[positions[8]]
    contents[positions[9] + 8 + 24 + 1] = 0  # the image's own signature
    (tmp_path / "damaged.rec").write_bytes(contents)
    made = mx.io.ImageRecordIter(**options)
    made.next(), made.next()
    with pytest.raises(MXNetError, match="the record of image 9 must hold an image that OpenCV can decode"):
        made.next()
