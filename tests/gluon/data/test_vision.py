"""MNIST, FashionMNIST and CIFAR: the same samples as MXNet from the same files, and clear errors for bad files."""

from __future__ import annotations

import gzip
import os
import struct
import tarfile
from pathlib import Path

import numpy as np
import pytest

from glueball import gluon
from glueball.core.errors import MXNetError
from glueball.gluon.data.vision import CIFAR10, CIFAR100, MNIST, FashionMNIST
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


@pytest.mark.parametrize(
    ("kind", "name", "source"),
    [
        (MNIST, "t10k-images-idx3-ubyte.gz", "mnist/t10k-images-idx3-ubyte.gz"),
        (FashionMNIST, "t10k-images-idx3-ubyte.gz", "fashion-mnist/t10k-images-idx3-ubyte.gz"),
        (CIFAR10, "test_batch.bin", "cifar10/cifar-10-binary.tar.gz"),
        (CIFAR100, "test.bin", "cifar100/cifar-100-binary.tar.gz"),
    ],
)
def test_a_missing_file_that_cannot_be_downloaded_is_named_with_its_source(
    monkeypatch, tmp_path, kind, name, source, capsys
):
    monkeypatch.setenv("MXNET_GLUON_REPO", "http://127.0.0.1:9")
    with pytest.raises(MXNetError, match=f"{kind.__name__}: the file {name} must be in .*{tmp_path.name}") as caught:
        kind(tmp_path, train=False)
    assert str(caught.value).endswith(f"MXNet's copy is http://127.0.0.1:9/gluon/dataset/{source}")
    assert os.listdir(tmp_path) == []
    assert f"Downloading {tmp_path}" in capsys.readouterr().out


def cifar_samples(mx, kind, root, options):
    datasets = mx.gluon.data.vision.datasets
    datasets.check_sha1 = lambda *arguments: True  # MXNet: accept any files, whatever their checksums
    made = getattr(datasets, kind)(root, **options)
    return len(made), made[0], made[-1], made[1:3], type(made[0][1]).__name__, str(np.dtype(made[0][0].dtype))


@pytest.mark.parametrize("train", [True, False])
@pytest.mark.parametrize("kind", ["CIFAR10", "CIFAR100-coarse", "CIFAR100-fine"])
def test_samples_of_cifar_are_mxnets(oracle, tmp_path, kind, train):
    write_cifar(tmp_path)
    kind, _, label = kind.partition("-")
    options = {"train": train, **({"fine_label": label == "fine"} if label else {})}
    assert_same(*oracle.both(cifar_samples, kind, str(tmp_path), options))


def labels_of_np(mx, kind, root):
    import os

    datasets = mx.gluon.data.vision.datasets
    datasets.check_sha1 = lambda *arguments: True  # MXNet: accept any files, whatever their checksums
    datasets.download = lambda url, path, **rest: os.path.join(path, url.rpartition("/")[2])
    found = []
    with mx.util.np_shape(True), mx.util.np_array(True):
        plain = getattr(datasets, kind)(root)
        made = getattr(datasets, kind)(root, transform=lambda image, label: (image, label))
        for sample in (plain[0], plain[1:3], made[-1]):
            found.append([(type(part).__name__, str(np.dtype(part.dtype)), part.asnumpy()) for part in sample])
        found.append(mx.np.stack([label for _, label in plain]).asnumpy())
        found += [part.asnumpy() for part in next(iter(mx.gluon.data.DataLoader(plain, 3, num_workers=1)))]
    return found


@pytest.mark.parametrize("kind", ["MNIST", "FashionMNIST", "CIFAR10", "CIFAR100"])
def test_labels_are_arrays_of_np_where_it_is_on(oracle, tmp_path, kind):
    write_mnist(tmp_path, *digits(7))
    write_cifar(tmp_path)
    assert_same(*oracle.both(labels_of_np, kind, str(tmp_path)))


def write_cifar(folder):
    draw = np.random.default_rng(0)
    for name in ("train.bin", "test.bin", "test_batch.bin", *(f"data_batch_{number}.bin" for number in range(1, 6))):
        length = 3073 + (name in ("train.bin", "test.bin"))
        draw.integers(0, 256, (3, length), np.uint8).tofile(folder / name)


def test_a_file_of_cifar_has_whole_images(tmp_path):
    (tmp_path / "test_batch.bin").write_bytes(bytes(3074))
    with pytest.raises(ValueError, match=r"test_batch\.bin: a file of images must consist of 3073 bytes for each"):
        CIFAR10(tmp_path, train=False)


def test_missing_files_are_downloaded_and_unpacked(monkeypatch, tmp_path):
    """The archive's folder does not matter, and nothing else in it is unpacked."""
    server, root = tmp_path / "server", tmp_path / "root"
    names = [*(f"data_batch_{number}.bin" for number in range(1, 6)), "test_batch.bin"]
    for folder in (server, root):
        folder.mkdir()
    write_cifar(server)
    with tarfile.open(server / "cifar.tar.gz", "w:gz") as archive:
        for name in [*names, "train.bin"]:
            archive.add(server / name, f"../cifar/{name}")

    def download(url, path, sha1_hash):
        assert (url.rpartition("/")[2], sha1_hash) == ("cifar-10-binary.tar.gz", made._archive_file[1])
        return str(server / "cifar.tar.gz")

    monkeypatch.setattr("glueball.gluon.data.vision.files.download", download)
    made = CIFAR10.__new__(CIFAR10)
    made.__init__(root)
    assert len(made) == 15
    assert sorted(os.listdir(root)) == names


def test_a_class_of_a_program_reads_other_files(tmp_path):
    """It sets what MXNet's FashionMNIST sets, and passes its parent's constructor over."""
    write_mnist(tmp_path, *digits(4))
    for part in ("images-idx3", "labels-idx1"):
        os.rename(tmp_path / f"train-{part}-ubyte.gz", tmp_path / f"letters-{part}.gz")

    class Letters(MNIST):
        def __init__(self, root):
            self._train, self._namespace = True, "letters"
            self._train_data, self._train_label = ("letters-images-idx3.gz", ""), ("letters-labels-idx1.gz", "")
            super(MNIST, self).__init__(root, None)

    assert len(Letters(tmp_path)) == 4


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
