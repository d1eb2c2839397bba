"""CIFAR10 and CIFAR100: small images in binary files, each behind its labels."""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ....core.errors import InvalidValueError, MXNetError
from ....core.numpy_mode import numpy_mode
from ....ndarray import from_numpy
from ....ndarray.faces import shown
from ....serialization import atomic_write
from ..dataset import _DownloadedDataset
from .files import default_root, present

__all__ = ["CIFAR10", "CIFAR100"]

_CIFAR10_ROOT = default_root("cifar10")
_CIFAR100_ROOT = default_root("cifar100")

_SHAPE = (3, 32, 32)
_PIXELS = 3 * 32 * 32


class CIFAR10(_DownloadedDataset):
    """The CIFAR10 images in ten classes: 50,000 for training and 10,000 for testing, 32 x 32 pixels.

    Each sample is an image, an NDArray of shape (32, 32, 3) and dtype uint8, and its label, a numpy.int32.

    Parameters
    ----------
    root : path, default '~/.mxnet/datasets/cifar10'
        The directory with the files ``data_batch_1.bin`` to ``data_batch_5.bin`` and ``test_batch.bin``. The
        environment variable MXNET_HOME, read at import, replaces ``~/.mxnet``. If a file is missing, the archive with
        all of them is downloaded.
    train : bool, default True
        True reads the training files, False the test file.
    transform : callable, optional
        Takes image and label and returns the sample. The methods `transform` and `transform_first` do the same
        and can be chained.

    Raises
    ------
    MXNetError
        A file is missing and cannot be downloaded, or it does not consist of whole images.

    Differs from MXNet
    ------------------
    The checksums of files that are there are not verified, so that other data in the same format can be used.

    Examples
    --------
    >>> import os, tempfile
    >>> from glueball.gluon.data.vision import CIFAR10
    >>> root = tempfile.mkdtemp()
    >>> with open(os.path.join(root, "test_batch.bin"), "wb") as file:
    ...     _ = file.write(bytes([7]) + bytes(3072))
    >>> image, label = CIFAR10(root, train=False)[0]
    >>> image.shape, int(label)
    ((32, 32, 3), 7)
    """

    def __init__(
        self,
        root: str | os.PathLike[str] = _CIFAR10_ROOT,
        train: bool = True,
        transform: Callable[[Any, Any], Any] | None = None,
    ) -> None:
        # MXNet's names: programs write classes for other data in these files, which set them.
        self._train = train
        self._archive_file = ("cifar-10-binary.tar.gz", "fab780a1e191a7eda0f345501ccd62d20f7ed891")
        self._train_data = [
            ("data_batch_1.bin", "aadd24acce27caa71bf4b10992e9e7b2d74c2540"),
            ("data_batch_2.bin", "c0ba65cce70568cd57b4e03e9ac8d2a5367c1795"),
            ("data_batch_3.bin", "1dd00a74ab1d17a6e7d73e185b69dbf31242f295"),
            ("data_batch_4.bin", "aab85764eb3584312d3c7f65fd2fd016e36a258e"),
            ("data_batch_5.bin", "26e2849e66a845b7f1e4614ae70f4889ae604628"),
        ]
        self._test_data = [("test_batch.bin", "67eb016db431130d61cd03c7ad570b013799c88c")]
        self._namespace = "cifar10"
        super().__init__(root, transform)

    def _read_batch(self, filename: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the images of a file, channels last, and their labels."""
        return self._glueball_read(filename, 1, 0)

    def _glueball_read(self, filename: str, labels: int, label: int) -> tuple[np.ndarray, np.ndarray]:
        """Read records of some labels, of which one is taken, and then an image."""
        try:
            values = np.fromfile(filename, np.uint8)
        except OSError as error:
            raise MXNetError(
                f"{filename}: a file of images must be readable; received {error.strerror or error}; check the path"
            ) from error
        length = labels + _PIXELS
        if values.size % length:
            raise InvalidValueError(
                f"{filename}: a file of images must consist of {length} bytes for each; received {values.size} bytes; "
                "the file is damaged or of another kind: take another copy"
            )
        records = values.reshape(-1, length)
        images = records[:, labels:].reshape(-1, *_SHAPE).transpose(0, 2, 3, 1)
        return images, records[:, label].astype(np.int32)

    def _get_data(self) -> None:
        names = [name for name, _ in (self._train_data if self._train else self._test_data)]
        batches = [self._read_batch(self._glueball_find(name)) for name in names]
        images, labels = (np.concatenate(parts) for parts in zip(*batches, strict=True))
        self._data = shown(from_numpy(np.ascontiguousarray(images)))
        self._label = shown(from_numpy(labels)) if numpy_mode.arrays else labels

    def _glueball_find(self, name: str) -> str:
        archive, digest = self._archive_file
        found = present(self, name, f"{self._namespace}/{archive}", digest)
        path = os.path.join(self._root, name)
        if found != path:
            _unpack(found, [file for file, _ in (*self._train_data, *self._test_data)], self._root)
        return path


class CIFAR100(CIFAR10):
    """The CIFAR100 images in a hundred classes, or in 20 groups of these.

    Parameters
    ----------
    root : path, default '~/.mxnet/datasets/cifar100'
        The directory with the files ``train.bin`` and ``test.bin``; as in `CIFAR10`.
    fine_label : bool, default False
        True takes the class for the label, False its group.
    train : bool, default True
        True reads the training file, False the test file.
    transform : callable, optional
        As in `CIFAR10`.
    """

    def __init__(
        self,
        root: str | os.PathLike[str] = _CIFAR100_ROOT,
        fine_label: bool = False,
        train: bool = True,
        transform: Callable[[Any, Any], Any] | None = None,
    ) -> None:
        self._train = train
        self._archive_file = ("cifar-100-binary.tar.gz", "a0bb982c76b83111308126cc779a992fa506b90b")
        self._train_data = [("train.bin", "e207cd2e05b73b1393c74c7f5e7bea451d63e08e")]
        self._test_data = [("test.bin", "8fb6623e830365ff53cf14adec797474f5478006")]
        self._fine_label = fine_label
        self._namespace = "cifar100"
        super(CIFAR10, self).__init__(root, transform)

    def _read_batch(self, filename: str) -> tuple[np.ndarray, np.ndarray]:
        return self._glueball_read(filename, 2, int(bool(self._fine_label)))


def _unpack(archive: str, names: Sequence[str], folder: str) -> None:
    """Write the files of these names that are in an archive into a folder, whatever folder they have there."""
    with tarfile.open(archive) as opened:
        for member in opened.getmembers():
            name = os.path.basename(member.name)
            source = opened.extractfile(member) if member.isfile() and name in names else None
            if source is not None:
                with source, atomic_write(os.path.join(folder, name), "download") as target:
                    shutil.copyfileobj(source, target)
