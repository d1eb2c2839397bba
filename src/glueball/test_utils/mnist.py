"""The MNIST digits through MXNet's older functions, read from local files."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from ..core.doors import door
from ..core.errors import MXNetError
from ..gluon.data.vision import MNIST
from ..io import MNISTIter

_UNPACKED = "data"  # the folder of get_mnist_ubyte()


def get_mnist() -> dict[str, np.ndarray]:
    """Read the MNIST digits.

    The files ``train-images-idx3-ubyte.gz``, ``train-labels-idx1-ubyte.gz`` and the same two with ``t10k`` for
    ``train`` are read from the current folder, or else from where `gluon.data.vision.MNIST` looks for them, which
    downloads what is missing. They may be uncompressed.

    Returns
    -------
    dict of str to numpy.ndarray
        ``'train_data'`` and ``'test_data'``, float32 from 0 to 1 of shape (N, 1, 28, 28), and ``'train_label'`` and
        ``'test_label'``, int8 of shape (N,).

    Raises
    ------
    MXNetError
        A file is damaged, or missing and cannot be downloaded.
    """
    found = {}
    for name, train in (("train", True), ("test", False)):
        images, labels = _read(train)[:]
        pixels = images.asnumpy().transpose(0, 3, 1, 2).astype(np.float32) / 255
        found.update({f"{name}_data": pixels, f"{name}_label": labels.astype(np.int8)})
    return found


def _read(train: bool) -> MNIST:
    name = f"{'train' if train else 't10k'}-images-idx3-ubyte"
    return MNIST(".", train) if os.path.exists(name) or os.path.exists(f"{name}.gz") else MNIST(train=train)


def get_mnist_ubyte() -> None:
    """Check that the four uncompressed MNIST files are in the folder ``data``.

    Raises
    ------
    MXNetError
        One is missing.

    Differs from MXNet
    ------------------
    Nothing is downloaded.
    """
    for part in ("train", "t10k"):
        for path in _files(part).values():
            if not os.path.exists(path):
                raise MXNetError(
                    f"get_mnist_ubyte: the file {path} must exist; received a folder without it; glueball does not "
                    "download: put the uncompressed MNIST file there"
                )


def _files(part: str) -> dict[str, Any]:
    return {
        "image": os.path.join(_UNPACKED, f"{part}-images-idx3-ubyte"),
        "label": os.path.join(_UNPACKED, f"{part}-labels-idx1-ubyte"),
    }


@door
def get_mnist_iterator(
    batch_size: int, input_shape: Any, num_parts: int = 1, part_index: int = 0
) -> tuple[MNISTIter, MNISTIter]:
    """Return iterators over the training and the test digits, both shuffled, from the files of `get_mnist_ubyte`.

    Parameters
    ----------
    batch_size : int
        The number of images in a batch.
    input_shape : tuple of int
        The shape of one image; of one axis, such as (784,), for flat images.
    num_parts, part_index : int, default 1, 0
        Read part `part_index`, counted from 0, of `num_parts` roughly equal parts of the files.

    Raises
    ------
    MXNetError
        A file is missing or damaged, or the shape is not that of its images.

    Differs from MXNet
    ------------------
    Nothing is downloaded.
    """
    get_mnist_ubyte()
    train, test = (
        MNISTIter(
            **_files(part), batch_size=batch_size, flat=len(input_shape) == 1, input_shape=input_shape,
            num_parts=num_parts, part_index=part_index,
        )
        for part in ("train", "t10k")
    )  # fmt: skip
    return train, test
