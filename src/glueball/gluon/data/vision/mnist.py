"""MNIST and Fashion-MNIST: images and labels in idx files."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np

from ....core.errors import MXNetError
from ....core.numpy_mode import numpy_mode
from ....io.idx import read_idx
from ....ndarray import from_numpy
from ....ndarray.faces import shown
from ..dataset import _DownloadedDataset
from .files import default_root, present

__all__ = ["MNIST", "FashionMNIST"]

_MNIST_ROOT = default_root("mnist")
_FASHION_MNIST_ROOT = default_root("fashion-mnist")


class MNIST(_DownloadedDataset):
    """The MNIST handwritten digits: 60,000 for training and 10,000 for testing, 28 x 28 pixels.

    Each sample is an image, an NDArray of shape (28, 28, 1) and dtype uint8, and its label, a numpy.int32.

    Parameters
    ----------
    root : path, default '~/.mxnet/datasets/mnist'
        The directory with the files ``train-images-idx3-ubyte.gz``, ``train-labels-idx1-ubyte.gz`` and the same
        two with ``t10k`` for ``train``; or the uncompressed files, without ``.gz``. The environment variable
        MXNET_HOME, read at import, replaces ``~/.mxnet``. A file that is missing is downloaded into it.
    train : bool, default True
        True reads the training files, False the test files.
    transform : callable, optional
        Takes image and label and returns the sample. The methods `transform` and `transform_first` do the same
        and can be chained.

    Raises
    ------
    MXNetError
        A file is missing and cannot be downloaded, or it is truncated, corrupt or of another kind; the message
        names it.

    Differs from MXNet
    ------------------
    The checksums of files that are there are not verified, so that other data in the same format, with any image
    size, can be used.

    Examples
    --------
    >>> import pathlib, struct, tempfile
    >>> from glueball.gluon.data.vision import MNIST
    >>> root = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (root / "t10k-images-idx3-ubyte").write_bytes(struct.pack(">4I", 2051, 1, 28, 28) + bytes(28 * 28))
    >>> _ = (root / "t10k-labels-idx1-ubyte").write_bytes(struct.pack(">2I", 2049, 1) + bytes([7]))
    >>> image, label = MNIST(root, train=False)[0]
    >>> image.shape, int(label)
    ((28, 28, 1), 7)
    """

    def __init__(
        self,
        root: str | os.PathLike[str] = _MNIST_ROOT,
        train: bool = True,
        transform: Callable[[Any, Any], Any] | None = None,
    ) -> None:
        # MXNet's names: programs write classes for other data in these files, which set them.
        self._train = train
        self._train_data = ("train-images-idx3-ubyte.gz", "6c95f4b05d2bf285e1bfb0e7960c31bd3b3f8a7d")
        self._train_label = ("train-labels-idx1-ubyte.gz", "2a80914081dc54586dbdf242f9805a6b8d2a15fc")
        self._test_data = ("t10k-images-idx3-ubyte.gz", "c3a25af1f52dad7f726cce8cacb138654b760d48")
        self._test_label = ("t10k-labels-idx1-ubyte.gz", "763e7fa3757d93b0cdec073cef058b2004252c17")
        self._namespace = "mnist"
        super().__init__(root, transform)

    def _get_data(self) -> None:
        files = (self._train_data, self._train_label) if self._train else (self._test_data, self._test_label)
        images, labels = (
            read_idx(self._glueball_find(*file), dimensions) for file, dimensions in zip(files, (3, 1), strict=True)
        )
        if len(images) != len(labels):
            raise MXNetError(
                f"{type(self).__name__}: each image must have one label; received {len(images)} images and "
                f"{len(labels)} labels in {self._root}; take both files from one source"
            )
        self._data = shown(from_numpy(images[..., np.newaxis]))
        labels = labels.astype(np.int32)
        self._label = shown(from_numpy(labels)) if numpy_mode.arrays else labels

    def _glueball_find(self, name: str, digest: str) -> str:
        packed = os.path.join(self._root, name)
        unpacked = packed.removesuffix(".gz")
        if os.path.exists(unpacked) and not os.path.exists(packed):
            return unpacked
        return present(self, name, f"{self._namespace}/{name}", digest)


class FashionMNIST(MNIST):
    """The Fashion-MNIST images of clothing, in files with the same names and format as those of `MNIST`.

    Parameters
    ----------
    root : path, default '~/.mxnet/datasets/fashion-mnist'
        The directory with the files; see `MNIST`.
    train : bool, default True
        True reads the training files, False the test files.
    transform : callable, optional
        As in `MNIST`.
    """

    def __init__(
        self,
        root: str | os.PathLike[str] = _FASHION_MNIST_ROOT,
        train: bool = True,
        transform: Callable[[Any, Any], Any] | None = None,
    ) -> None:
        self._train = train
        self._train_data = ("train-images-idx3-ubyte.gz", "0cf37b0d40ed5169c6b3aba31069a9770ac9043d")
        self._train_label = ("train-labels-idx1-ubyte.gz", "236021d52f1e40852b06a4c3008d8de8aef1e40b")
        self._test_data = ("t10k-images-idx3-ubyte.gz", "626ed6a7c06dd17c0eec72fa3be1740f146a2863")
        self._test_label = ("t10k-labels-idx1-ubyte.gz", "17f9ab60e7257a1620f4ad76bbbaf857c3920701")
        self._namespace = "fashion-mnist"
        super(MNIST, self).__init__(root, transform)
