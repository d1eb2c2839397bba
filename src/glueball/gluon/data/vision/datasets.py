"""Image datasets, read from local files."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np

from ....core.errors import MXNetError
from ....io.idx import read_idx
from ....ndarray import from_numpy
from ..dataset import _DownloadedDataset

_HOME = os.environ.get("MXNET_HOME", os.path.join(os.path.expanduser("~"), ".mxnet"))
_MNIST_ROOT = os.path.join(_HOME, "datasets", "mnist")
_FASHION_MNIST_ROOT = os.path.join(_HOME, "datasets", "fashion-mnist")
_SOURCE = "https://apache-mxnet.s3-accelerate.dualstack.amazonaws.com/gluon/dataset"


class MNIST(_DownloadedDataset):
    """The MNIST handwritten digits: 60,000 for training and 10,000 for testing, 28 x 28 pixels.

    Each sample is an image, an NDArray of shape (28, 28, 1) and dtype uint8, and its label, a numpy.int32.

    Parameters
    ----------
    root : path, default '~/.mxnet/datasets/mnist'
        The directory with the files ``train-images-idx3-ubyte.gz``, ``train-labels-idx1-ubyte.gz`` and the same
        two with ``t10k`` for ``train``; or the uncompressed files, without ``.gz``. The environment variable
        MXNET_HOME, read at import, replaces ``~/.mxnet``.
    train : bool, default True
        True reads the training files, False the test files.
    transform : callable, optional
        Takes image and label and returns the sample. The methods `transform` and `transform_first` do the same
        and can be chained.

    Raises
    ------
    MXNetError
        A file is missing, truncated, corrupt or of another kind; the message names it.

    Differs from MXNet
    ------------------
    Nothing is downloaded, since a program should not depend on a retired project's server; the message about a
    missing file names its source. Checksums are not verified, so that other data in the same format, with any
    image size, can be used.

    Examples
    --------
    >>> from glueball.gluon.data.vision import MNIST
    >>> MNIST("no/such/folder")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    glueball.base.MXNetError: MNIST: the file train-images-idx3-ubyte.gz must be in ...
    """

    _glueball_namespace = "mnist"

    def __init__(
        self,
        root: str | os.PathLike[str] = _MNIST_ROOT,
        train: bool = True,
        transform: Callable[[Any, Any], Any] | None = None,
    ) -> None:
        part = "train" if train else "t10k"
        names = (f"{part}-images-idx3-ubyte", f"{part}-labels-idx1-ubyte")
        self._glueball_files = [self._glueball_find(root, name) for name in names]
        super().__init__(root, transform)

    def _get_data(self) -> None:
        images, labels = (
            read_idx(file, dimensions=dimensions) for file, dimensions in zip(self._glueball_files, (3, 1), strict=True)
        )
        if len(images) != len(labels):
            raise MXNetError(
                f"{type(self).__name__}: each image must have one label; received {len(images)} images and "
                f"{len(labels)} labels in {self._root}; take both files from one source"
            )
        self._data = from_numpy(images[..., np.newaxis])
        self._label = labels.astype(np.int32)

    def _glueball_find(self, root: str | os.PathLike[str], name: str) -> str:
        folder = os.path.expanduser(root)
        for found in (os.path.join(folder, name + ".gz"), os.path.join(folder, name)):
            if os.path.exists(found):
                return found
        raise MXNetError(
            f"{type(self).__name__}: the file {name}.gz must be in {folder}; received a folder without it; "
            "glueball does not download: put it there; MXNet's copy is "
            f"{_SOURCE}/{self._glueball_namespace}/{name}.gz"
        )


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

    _glueball_namespace = "fashion-mnist"

    def __init__(
        self,
        root: str | os.PathLike[str] = _FASHION_MNIST_ROOT,
        train: bool = True,
        transform: Callable[[Any, Any], Any] | None = None,
    ) -> None:
        super().__init__(root, train, transform)
