"""ImageDetRecordIter: MXNet's pixels and boxes."""

from __future__ import annotations

import logging

import numpy as np
import pytest

import glueball as mx
from glueball.core.errors import MXNetError
from tests.comparison import assert_same

pytest.importorskip("cv2")

from tests.io import images


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("boxes")
    images.write_boxes(path)
    return path


def epochs(mx, folder, count=2, **options):
    settings = {"path_imgrec": "det.rec", "data_shape": (3, 32, 32), "batch_size": 5, "verbose": False, **options}
    for name in ("path_imgrec", "path_imglist"):
        if name in settings:
            settings[name] = f"{folder}/{settings[name]}"
    made = mx.io.ImageDetRecordIter(preprocess_threads=2, **settings)
    found = [str(made.provide_data), str(made.provide_label), made.batch_size]
    for _ in range(count):
        for batch in made:
            found.append((batch.data[0].asnumpy(), batch.label[0].asnumpy(), batch.pad, batch.index.tolist()))
        made.reset()
    return found


COLORS = {"mean_r": 123.68, "mean_g": 116.28, "mean_b": 103.53, "std_r": 58.395, "std_g": 57.12, "std_b": 57.375}

EXACT = {
    "plain": {}, "a part of the next epoch": {"batch_size": 4, "count": 1}, "room": {"label_pad_width": 30},
    "fill": {"label_pad_width": 30, "label_pad_value": -7}, "more before": {"path_imgrec": "more.rec"},
    "fit": {"resize_mode": "fit", "data_shape": (3, 50, 50)}, "shrink": {"resize_mode": "shrink"},
    "not enlarged": {"resize_mode": "shrink", "data_shape": (3, 100, 100)},
    "fit and normalized": {"resize_mode": "fit", "data_shape": (3, 70, 40), **COLORS},
    "mirrored": {"rand_mirror_prob": 1}, "normalized": COLORS, "scaled": {**COLORS, "scale": 0.0173},
    "deviation of one channel": {"std_r": 2, "scale": 0.3, "mean_g": 3}, "smaller first": {"resize": 50},
    "by area": {"inter_method": 3, "path_imgrec": "jpg.rec"}, "by the sizes": {"inter_method": 9},
    "gray": {"data_shape": (1, 32, 32), "mean_r": 3}, "list": {"path_imgrec": "plain.rec", "path_imglist": "boxes.lst"},
    "shuffled": {"shuffle": True, "seed": 4}, "names": {"data_name": "d", "label_name": "l"},
    "width": {"path_imgrec": "plain.rec", "path_imglist": "boxes.lst", "label_width": 7},
}  # fmt: skip


@pytest.mark.parametrize("name", EXACT)
def test_batches_are_mxnets(oracle, folder, name):
    ours, theirs = oracle.both(epochs, str(folder), **EXACT[name])
    assert len(theirs.get()) > 4
    assert_same(ours, theirs, rtol=1e-7)


def drawn(mx, path, count, **options):
    """Of many draws: how many labels there are, the box, four levels, and the mean of each channel."""
    import numpy as np

    made = mx.io.ImageDetRecordIter(
        path_imgrec=path, data_shape=(3, 30, 40), batch_size=40, verbose=False, preprocess_threads=1, **options
    )
    found = []
    for _ in range(count):
        for batch in made:
            data, label = batch.data[0].asnumpy(), batch.label[0].asnumpy()
            levels = [data[:, 0, 0, 0:40:39], data[:, 1, 0:30:29, 0], data.mean(axis=(2, 3))]
            found.append(np.concatenate([label[:, 3:], *levels], 1))
        made.reset()
    return np.concatenate(found)


CROP = {"rand_crop_prob": 1, "min_crop_scales": (0.3,), "max_crop_scales": (0.9,)}
DRAWS = {
    "mirror": {"rand_mirror_prob": 0.3}, "pad": {"rand_pad_prob": 0.7, "max_pad_scale": 2},
    "crop": {**CROP, "min_crop_aspect_ratios": (0.5,), "max_crop_aspect_ratios": (2,)},
    "crop by overlap": {**CROP, "min_crop_overlaps": (0.4,)},
    "crop by coverage": {**CROP, "min_crop_object_coverages": (0.7,), "rand_crop_prob": 0.8},
    "crop by its own coverage": {**CROP, "max_crop_sample_coverages": (0.5,)},
    "boxes by overlap": {**CROP, "crop_emit_mode": "overlap", "emit_overlap_thresh": 0.5},
    "two samplers": {
        "rand_crop_prob": 1, "num_crop_sampler": 2, "min_crop_scales": (0.3, 0.7), "max_crop_scales": (0.5, 1.0),
        "min_crop_aspect_ratios": (0.5, 0.8), "max_crop_aspect_ratios": (2, 1.25), "min_crop_overlaps": (0.1, 0.3),
        "max_crop_overlaps": (1, 1), "min_crop_sample_coverages": (0, 0), "max_crop_sample_coverages": (1, 1),
        "min_crop_object_coverages": (0, 0), "max_crop_object_coverages": (1, 1), "max_crop_trials": (20, 10),
    },
    "hue": {"random_hue_prob": 0.5, "max_random_hue": 30},
    "hue to both sides": {"random_hue_prob": 0.5, "max_random_hue": -30},
    "saturation": {"random_saturation_prob": 1, "max_random_saturation": 60},
    "lightness": {"random_illumination_prob": 1, "max_random_illumination": 60},
    "contrast": {"random_contrast_prob": 1, "max_random_contrast": 0.5},
    "pad and crop": {**CROP, "rand_pad_prob": 1, "max_pad_scale": 2},
}  # fmt: skip


@pytest.mark.parametrize("limits", [{}, {"min_crop_scales": (0.3, 0.5), "max_crop_scales": (0.4, 0.6)}])
def test_without_samplers_no_image_is_cropped(oracle, folder, limits):
    """Whatever the chance of a crop is, and however many samplers the limits are for."""
    assert_same(*oracle.both(epochs, str(folder), rand_crop_prob=1, num_crop_sampler=0, **limits))


@pytest.mark.parametrize("name", DRAWS)
@pytest.mark.parametrize("file", ["one", "soft"])
def test_draws_are_distributed_as_mxnets(oracle, folder, file, name):
    ours, theirs = (each.get() for each in oracle.both(drawn, str(folder / f"{file}.rec"), 20, **DRAWS[name]))
    assert len(ours) == len(theirs) == 800
    for number, (one, other) in enumerate(zip(ours.T, theirs.T, strict=True)):
        assert _distance(one, other) < 0.11, f"number {number}: {_quarters(one)}, not {_quarters(other)}"


def _distance(one, other):
    """The largest difference of two distributions; 0.11 is exceeded by chance once in 10,000 times."""
    values = np.unique(np.concatenate([one, other]).round(2))
    shares = [np.searchsorted(np.sort(each.round(2)), values, side="right") / len(each) for each in (one, other)]
    return float(np.abs(shares[0] - shares[1]).max())


def _quarters(values):
    return np.percentile(values, [0, 25, 50, 75, 100]).round(2)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"label_width": 12}, "label_width must be the number of labels of each image; received 12, and image 0 has 7"),
        ({"label_pad_width": 5}, "label_pad_width must be at least the number of labels .* received 5, and one has 17"),
        ({"path_imgrec": "plain.rec"}, "the labels of image 0 must begin with the number of labels before the boxes"),
        ({"dtype": "uint8"}, "dtype must be one of float32"),
        ({"resize_mode": "stretch"}, "resize_mode must be one of 'fit', 'force', 'shrink'"),
        ({**CROP, "min_crop_scales": (0.95,)}, "min_crop_scales must be at most max_crop_scales"),
    ],
)
def test_what_mxnet_refuses(oracle, folder, options, text):
    assert_same(*oracle.both(epochs, str(folder), **options))
    with pytest.raises(MXNetError, match=f"ImageDetRecordIter: {text}"):
        epochs(mx, folder, **options)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"aug_seq": "aug_default"}, "aug_seq must be 'det_aug_default'"),
        ({"mean_img": "mean"}, "mean_img must be left out; received 'mean'; use mean_r"),
        ({"data_shape": (1, 8, 8), "max_random_hue": 3}, "colors can be changed of images with 3 channels only"),
        ({"num_crop_sampler": 2, "min_crop_scales": (0, 0, 0)}, "min_crop_scales must have a value for each of num_"),
    ],
)
def test_what_we_refuse(folder, options, text):
    with pytest.raises(MXNetError, match=f"ImageDetRecordIter: {text}"):
        epochs(mx, folder, **options)


@pytest.mark.parametrize("options", [{"path_imgidx": "no.idx", "shuffle": True}, {"rand_mirror": True, "num_parts": 2}])
def test_an_unknown_argument_has_no_effect(oracle, folder, options):
    """As an index, which programs pass beside the file of records."""
    text = f"ImageDetRecordIter: {next(iter(options))} is no argument.*it has no effect, as in MXNet"
    with pytest.warns(UserWarning, match=text):
        ours, theirs = oracle.both(epochs, str(folder), **options)
        assert_same(ours, theirs, rtol=1e-7)


def test_the_program_can_still_set_up_its_logging(folder, monkeypatch):
    """logging.basicConfig() does nothing once the root logger has a handler."""
    monkeypatch.setattr(logging.root, "handlers", [])
    mx.io.ImageDetRecordIter(path_imgrec=folder / "det.rec", data_shape=(3, 32, 32), batch_size=5)
    assert logging.root.handlers == []
