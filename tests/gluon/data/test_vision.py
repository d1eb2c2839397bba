"""MNIST and FashionMNIST: the same samples as MXNet from the same files, and clear errors for bad files."""

from __future__ import annotations

import gzip
import os
import struct
from pathlib import Path

import numpy as np
import pytest

from glueball import gluon
from glueball.core.errors import MXNetError
from glueball.gluon.data.vision import MNIST, FashionMNIST
from tests.comparison import assert_same
from tests.gluon.data.idx_files import digits, idx_bytes, write_mnist


def first_samples(mx, kind, root, train, with_transform):
    import os

    vision = mx.gluon.data.vision
    datasets = vision.datasets
    if hasattr(datasets, "check_sha1"):  # MXNet: accept any files, whatever their checksums
        datasets.check_sha1 = lambda *arguments: True
        datasets.download = lambda url, path, **rest: os.path.join(path, url.rpartition("/")[2])
    transform = (lambda image, label: (label * label, image.astype("float32"))) if with_transform else None
    made = getattr(vision, kind)(root, train, transform)
    samples = [made[0], made[-1], made[2:4], next(iter(made))]
    batch = next(iter(mx.gluon.data.DataLoader(made, 3)))
    types = [(type(part).__name__, str(part.dtype)) for sample in samples for part in sample]
    return len(made), samples, types, [str(part.dtype) for part in batch], batch


@pytest.mark.parametrize("with_transform", [False, True])
@pytest.mark.parametrize("train", [True, False])
@pytest.mark.parametrize("kind", ["MNIST", "FashionMNIST"])
def test_samples_are_mxnets(oracle, tmp_path, kind, train, with_transform):
    write_mnist(tmp_path, *digits(7), "train" if train else "t10k")
    assert_same(*oracle.both(first_samples, kind, str(tmp_path), train, with_transform))


def test_real_digits(oracle):
    root = Path(__file__).parents[3] / "../shared/data/mnist-10k"
    if not root.exists():
        pytest.skip("the digits next to the repository are absent")
    assert_same(*oracle.both(first_samples, "MNIST", str(root), True, False))
    train, test = MNIST(root), MNIST(root, train=False)
    assert (len(train), len(test)) == (8000, 2000)
    counts = np.bincount([label for _, label in train], minlength=10)
    assert counts.min() > 600


@pytest.mark.parametrize("packed", [True, False])
def test_packed_and_unpacked_files(tmp_path, packed):
    images, labels = digits(5)
    write_mnist(tmp_path, images, labels, packed=packed)
    made = MNIST(tmp_path)
    assert len(made) == 5
    np.testing.assert_array_equal(np.stack([image.asnumpy()[..., 0] for image, _ in made]), images)
    assert [int(label) for _, label in made] == labels.tolist()


def test_other_image_sizes(tmp_path):
    write_mnist(tmp_path, np.ones((2, 5, 7)), [1, 2])
    assert MNIST(tmp_path)[0][0].shape == (5, 7, 1)


def test_default_root_and_home(monkeypatch, tmp_path):
    write_mnist(tmp_path / "digits", *digits(2))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert len(MNIST(os.path.join("~", "digits"))) == 2


@pytest.mark.parametrize(("kind", "namespace"), [(MNIST, "mnist"), (FashionMNIST, "fashion-mnist")])
def test_a_missing_file_is_named_with_its_source(tmp_path, kind, namespace):
    name = "t10k-images-idx3-ubyte.gz"
    with pytest.raises(MXNetError, match=f"{kind.__name__}: the file {name} must be in .*{tmp_path.name}") as caught:
        kind(tmp_path, train=False)
    assert str(caught.value).endswith(f"/gluon/dataset/{namespace}/{name}")
    assert os.listdir(tmp_path) == []


def test_images_and_labels_must_be_equally_many(tmp_path):
    write_mnist(tmp_path, digits(3)[0], [1, 2])
    with pytest.raises(MXNetError, match="MNIST: each image must have one label; received 3 images and 2 labels"):
        MNIST(tmp_path)


IMAGES = idx_bytes(digits(2)[0][:, :3, :3])

DAMAGED = {
    "empty": (b"", "an idx file begins with 16 bytes; received 0 bytes"),
    "header only in part": (IMAGES[:10], "an idx file begins with 16 bytes; received 10 bytes"),
    "labels": (idx_bytes([1, 2] * 20), "an idx file of 3 dimensions begins with 00000803; received 00000801"),
    "text": (b"<html> Not found </html>", "begins with 00000803; received 3c68746d"),
    "floats": (b"\0\0\x0d\3" + IMAGES[4:], "begins with 00000803; received 00000d03"),
    "truncated": (IMAGES[:-1], r"18 bytes must follow for shape \(2, 3, 3\); received 17 bytes"),
    "longer": (IMAGES + b"x", r"must end after 18 bytes for shape \(2, 3, 3\); received more bytes"),
    "huge": (
        b"\0\0\x08\3" + struct.pack(">3I", 2**32 - 1, 2**32 - 1, 2**32 - 1),
        r"an array of shape \(4294967295, 4294967295, 4294967295\) must lie inside the file",
    ),
}


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("case", DAMAGED)
def test_damaged_files_are_named(tmp_path, case, packed):
    raw, message = DAMAGED[case]
    if case == "truncated" and not packed:
        message = "must lie inside the file"
        raw = IMAGES[:16]
    write_mnist(tmp_path, *digits(2), packed=packed)
    name = "train-images-idx3-ubyte" + (".gz" if packed else "")
    (tmp_path / name).write_bytes(gzip.compress(raw) if packed else raw)
    with pytest.raises(MXNetError, match=f"{name}: .*{message}"):
        MNIST(tmp_path)


@pytest.mark.parametrize("change", ["no gzip", "cut", "checksum"])
def test_damaged_gzip_files_are_named(tmp_path, change):
    write_mnist(tmp_path, *digits(2))
    path = tmp_path / "train-labels-idx1-ubyte.gz"
    whole = path.read_bytes()
    damaged = {"no gzip": b"plain text", "cut": whole[:-9], "checksum": whole[:-8] + bytes(4) + whole[-4:]}
    path.write_bytes(damaged[change])
    with pytest.raises(MXNetError, match=r"train-labels-idx1-ubyte.gz: a gzip file must be complete; received"):
        MNIST(tmp_path)


def test_every_changed_byte_is_refused_or_gives_a_dataset(tmp_path):
    images, labels = digits(2)
    write_mnist(tmp_path, images[:, :2, :2], labels)
    for name in os.listdir(tmp_path):
        good = (tmp_path / name).read_bytes()
        for position in range(len(good)):
            for value in {0, 1, 0x7F, 0xFF, good[position] ^ 1, good[position] ^ 0x80}:
                (tmp_path / name).write_bytes(good[:position] + bytes([value]) + good[position + 1 :])
                try:
                    assert len(MNIST(tmp_path)) == 2
                except MXNetError as error:
                    assert name in str(error) or "images and" in str(error)
        (tmp_path / name).write_bytes(good)


def test_mnist_in_a_loader_with_transforms(tmp_path):
    from glueball.gluon.data.vision import transforms

    images, labels = digits(10)
    write_mnist(tmp_path, images, labels)
    made = MNIST(tmp_path).transform_first(transforms.ToTensor())
    for workers in (0, 2):
        batches = list(gluon.data.DataLoader(made, 4, num_workers=workers))
        assert [batch[0].shape for batch in batches] == [(4, 1, 28, 28), (4, 1, 28, 28), (2, 1, 28, 28)]
        together = np.concatenate([batch[0].asnumpy() for batch in batches])
        np.testing.assert_array_equal(together[:, 0], images / np.float32(255))
        assert np.concatenate([batch[1].asnumpy() for batch in batches]).tolist() == labels.tolist()
