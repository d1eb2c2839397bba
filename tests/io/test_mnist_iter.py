"""MNISTIter: MXNet's batches of the same files, and clear errors for bad arguments."""

from __future__ import annotations

import logging

import numpy as np
import pytest

import glueball as mx
from glueball.core.errors import MXNetError
from tests.comparison import assert_same
from tests.gluon.data.idx_files import digits, write_mnist


@pytest.fixture
def files(tmp_path):
    write_mnist(tmp_path, *digits(20), packed=False)
    return {"image": str(tmp_path / "train-images-idx3-ubyte"), "label": str(tmp_path / "train-labels-idx1-ubyte")}


def epochs(mx, files, **options):
    made = mx.io.MNISTIter(**files, silent=True, **options)
    found = [str(made.provide_data), str(made.provide_label), made.batch_size]
    for _ in range(2):
        made.reset()
        for batch in made:
            data, label = batch.data[0], batch.label[0]
            found.append(
                (data.copy(), label.copy(), batch.pad, batch.index.tolist(), len(batch.data), len(batch.label))
            )
    return found


@pytest.mark.parametrize(
    "options",
    [
        {"batch_size": 6},
        {"batch_size": 20},
        {"batch_size": 5, "flat": True, "data_name": "pixels", "label_name": "digit"},
        {"batch_size": 4, "flat": 1, "data_shape": (784,), "input_shape": (1, 28, 28)},
        {"batch_size": 3, "num_parts": 3, "part_index": 0},
        {"batch_size": 3, "num_parts": 3, "part_index": 1},
        {"batch_size": 3, "num_parts": 3, "part_index": 2, "prefetch_buffer": 1, "ctx": "cpu"},
        {"batch_size": "3", "num_parts": "3", "part_index": "1", "flat": "True", "data_shape": "(784,)"},
    ],
)
def test_batches_are_mxnets(oracle, files, options):
    ours, theirs = oracle.both(epochs, files, shuffle=False, **options)
    assert len(theirs.get()) > 3
    assert_same(ours, theirs)


def test_shuffled_once_by_the_seed(files):
    def labels(**options):
        made = mx.io.MNISTIter(**files, batch_size=6, **options)
        both = []
        for _ in range(2):
            both.append(
                [(b.label[0].asnumpy().tolist(), b.data[0][:, 0].sum(axis=(1, 2)).asnumpy().tolist()) for b in made]
            )
            made.reset()
        assert both[0] == both[1]
        return both[0]

    ordered = labels(shuffle=False)
    assert labels() == labels(seed=0) != labels(seed=1) != ordered
    pairs = {pair for batch in labels(seed=1) for pair in zip(*batch, strict=True)}
    images, digit = digits(20)
    assert len(pairs) == 18 and pairs <= {(d, i.sum() / 256) for i, d in zip(images, digit, strict=True)}


def test_step_by_step(files):
    made = mx.io.MNISTIter(**files, batch_size=6, shuffle=False)
    sizes = []
    while made.iter_next():
        sizes.append((made.getdata().shape, made.getlabel().shape, made.getpad(), made.getindex().shape))
    assert sizes == [((6, 1, 28, 28), (6,), 0, (6,))] * 3


def test_says_what_was_read(files, caplog):
    with caplog.at_level(logging.INFO):
        mx.io.MNISTIter(**files, batch_size=5, silent=True)
        assert not caplog.messages
        mx.io.MNISTIter(**files, batch_size=5)
    assert caplog.messages == ["MNISTIter: 20 images, shuffle=1, batches of shape (5, 1, 28, 28)"]


def test_trains_a_module(files):
    train = mx.io.MNISTIter(**files, batch_size=10, flat=True)
    net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=10), name="softmax")
    module = mx.mod.Module(net)
    module.fit(train, num_epoch=30, optimizer_params={"learning_rate": 0.1})
    assert module.score(train, "acc")[0][1] == 1.0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": 21}, "batch_size must be at most the number of images; received 21 and 20 images"),
        ({"batch_size": 0}, "batch_size must be an int of at least 1; received 0"),
        ({"num_parts": 2, "part_index": 2}, "part_index must be less than num_parts=2; received 2"),
        ({"num_parts": 0}, "num_parts must be an int of at least 1"),
        ({"prefetch_buffer": -1}, "prefetch_buffer must be an int of at least 0"),
        ({"data_shape": (3, 28, 28)}, r"data_shape must have as many values as an image of the file, \(28, 28\)"),
        ({"ctx": "tpu"}, "ctx must be one of 'cpu', 'gpu'"),
        ({"dtype": "float64"}, "dtype must be one of 'float32', or None"),
        ({"image": "nowhere"}, "nowhere: an idx file must be readable; received No such file"),
    ],
)
def test_refusals(files, options, message):
    with pytest.raises(MXNetError, match=message):
        mx.io.MNISTIter(**{**files, "batch_size": 5, **options})


def test_an_unknown_argument_has_no_effect(files):
    with pytest.warns(UserWarning, match="MNISTIter: flatt is no argument; did you mean 'flat'.; it has no"):
        made = mx.io.MNISTIter(**files, batch_size=5, flatt=True)
    assert made.provide_data[0].shape == (5, 1, 28, 28)


def test_images_and_labels_of_two_sources(files, tmp_path):
    write_mnist(tmp_path / "other", *digits(3), packed=False)
    other = str(tmp_path / "other" / "train-labels-idx1-ubyte")
    with pytest.raises(MXNetError, match=r"each image must have one label; received 20 images .* and 3 labels"):
        mx.io.MNISTIter(image=files["image"], label=other, batch_size=2)


def test_packed_files(tmp_path):
    images, labels = digits(4)
    write_mnist(tmp_path, images, labels)
    made = mx.io.MNISTIter(
        image=tmp_path / "train-images-idx3-ubyte.gz", label=tmp_path / "train-labels-idx1-ubyte.gz",
        batch_size=4, shuffle=False,
    )  # fmt: skip
    batch = next(made)
    np.testing.assert_array_equal(batch.data[0].asnumpy()[:, 0] * 256, images)
    np.testing.assert_array_equal(batch.label[0].asnumpy(), labels)


def test_the_program_can_still_set_up_its_logging(files, monkeypatch):
    """logging.basicConfig() does nothing once the root logger has a handler."""
    monkeypatch.setattr(logging.root, "handlers", [])
    mx.io.MNISTIter(**files, batch_size=5, silent=False)
    assert logging.root.handlers == []
