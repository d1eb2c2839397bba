"""Batches of MNIST digits, read from the distributed files."""

from __future__ import annotations

import inspect
import logging
import math
import os
from typing import Any

import numpy as np

from ..core.errors import MXNetError
from ..core.integers import is_int_not_bool
from .declared import warn_of_unknown
from .idx import read_idx
from .mx_data_iter import MXDataIter
from .rows import RowBatches

_logger = logging.getLogger(__name__)  # the functions of logging would add a handler to the program's own


class MNISTIter(MXDataIter):
    """Iterate over the files of MNIST, in full batches.

    Pixels become float32 from 0 to 255/256, labels float32. A last batch that is not full is discarded.

    Parameters
    ----------
    image, label : path, default './train-images-idx3-ubyte', './train-labels-idx1-ubyte'
        The two files; names that end in ``.gz`` are decompressed.
    batch_size : int, default 128
        The number of images in a batch; at most the number of images in the files.
    shuffle : bool, default True
        Shuffle the images once, on reading. All epochs have the same order.
    flat : bool, default False
        Make batches of shape (batch_size, height * width) instead of (batch_size, 1, height, width).
    seed : int, default 0
        The seed of the shuffled order.
    silent : bool, default False
        Do not log what was read, which is done at level INFO.
    num_parts, part_index : int, default 1, 0
        Use part `part_index`, counted from 0, of `num_parts` nearly equal parts of the files.
    data_name, label_name : str, default 'data', 'softmax_label'
        The names of the input and the label.
    data_shape, input_shape : tuple of int, optional
        The shape of one image; must have as many values as an image of the file.
    prefetch_buffer : int, default 4
        Must be 0 or more. The images are in memory, so nothing is prefetched.
    ctx : {'cpu', 'gpu'}, default 'gpu'
        In MXNet, the device for which reading is tuned; batches are on the CPU.
    dtype : str, optional
        Must be float32.
    **unknown
        Arguments that other iterators of MXNet have; see the warning.

    Raises
    ------
    MXNetError
        A file is missing or damaged, or an argument has a value that it cannot have.

    Warns
    -----
    UserWarning
        An argument is not one of those above. It has no effect, as in MXNet.

    Differs from MXNet
    ------------------
    The shuffled order is different. Files may be compressed. A wrong shape, or different numbers of labels and images
    are refused; MXNet ignores the first, and reads out of bounds for the second.

    Examples
    --------
    >>> import os, struct, tempfile
    >>> import glueball as mx
    >>> image, label = [os.path.join(tempfile.mkdtemp(), name) for name in ("images", "labels")]
    >>> with open(image, "wb") as file:
    ...     _ = file.write(struct.pack(">4I", 2051, 5, 1, 2) + bytes(range(0, 100, 10)))
    >>> with open(label, "wb") as file:
    ...     _ = file.write(struct.pack(">2I", 2049, 5) + bytes(range(5)))
    >>> for batch in mx.io.MNISTIter(image=image, label=label, batch_size=2, shuffle=False, flat=True):
    ...     print(batch.data[0].asnumpy().tolist(), batch.label[0].asnumpy())
    [[0.0, 0.0390625], [0.078125, 0.1171875]] [0. 1.]
    [[0.15625, 0.1953125], [0.234375, 0.2734375]] [2. 3.]
    """

    def __init__(
        self,
        image: str | os.PathLike[str] = "./train-images-idx3-ubyte",
        label: str | os.PathLike[str] = "./train-labels-idx1-ubyte",
        batch_size: int = 128,
        shuffle: bool = True,
        flat: bool = False,
        seed: int = 0,
        silent: bool = False,
        num_parts: int = 1,
        part_index: int = 0,
        prefetch_buffer: int = 4,
        ctx: str = "gpu",
        dtype: Any = None,
        data_name: str = "data",
        label_name: str = "softmax_label",
        data_shape: Any = None,
        input_shape: Any = None,
        **unknown: Any,
    ) -> None:
        warn_of_unknown("MNISTIter", unknown, _NAMES)
        _check_choices(batch_size, num_parts, part_index, prefetch_buffer, ctx, dtype)
        images, labels = _read(os.fspath(image), os.fspath(label))
        for name, shape in (("data_shape", data_shape), ("input_shape", input_shape)):
            _check_shape(name, shape, images.shape[1:])
        part = slice(*[len(images) * number // num_parts for number in (part_index, part_index + 1)])
        images, labels = images[part], labels[part]
        if batch_size > len(images):
            raise MXNetError(
                f"MNISTIter: batch_size must be at most the number of images; received {batch_size} and {len(images)} "
                "images; use a smaller batch size"
            )
        order = np.random.RandomState(seed).permutation(len(images)) if shuffle else np.arange(len(images))
        order = order[: len(order) // batch_size * batch_size]
        pixels = images[order].astype(np.float32) / 256
        pixels = pixels.reshape((len(order), -1) if flat else (len(order), 1, *images.shape[1:]))
        digits = labels[order].astype(np.float32)
        super().__init__(RowBatches("MNISTIter", pixels, digits, int(batch_size), False), data_name, label_name)
        if not silent:
            shape = self.provide_data[0].shape
            _logger.info("MNISTIter: %d images, shuffle=%d, batches of shape %s", len(images), bool(shuffle), shape)

    def getindex(self) -> np.ndarray:
        """Return zeros, as MXNet does: the files do not number their images."""
        return np.zeros(self.batch_size, np.uint64)


_NAMES = tuple(inspect.signature(MNISTIter).parameters)


def _read(image: str, label: str) -> tuple[np.ndarray, np.ndarray]:
    images, labels = read_idx(image, dimensions=3), read_idx(label, dimensions=1)
    if len(images) != len(labels):
        raise MXNetError(
            f"MNISTIter: each image must have one label; received {len(images)} images in {image} and {len(labels)} "
            f"labels in {label}; take both files from one source"
        )
    return images, labels


def _check_choices(
    batch_size: int, num_parts: int, part_index: int, prefetch_buffer: int, ctx: str, dtype: Any
) -> None:
    counts = (
        ("batch_size", batch_size, 1), ("num_parts", num_parts, 1), ("part_index", part_index, 0),
        ("prefetch_buffer", prefetch_buffer, 0),
    )  # fmt: skip
    for name, value, least in counts:
        if not is_int_not_bool(value) or value < least:
            raise MXNetError(f"MNISTIter: {name} must be an int, {least} or more; received {value!r}")
    if part_index >= num_parts:
        raise MXNetError(f"MNISTIter: part_index must be less than num_parts={num_parts}; received {part_index}")
    if ctx not in ("cpu", "gpu"):
        raise MXNetError(f"MNISTIter: ctx must be 'cpu' or 'gpu'; received {ctx!r}")
    if dtype not in (None, "None", "float32", np.float32):
        raise MXNetError(
            f"MNISTIter: dtype must be float32 or None; received {dtype!r}; cast the batches with astype()"
        )


def _check_shape(name: str, shape: Any, of_file: tuple[int, ...]) -> None:
    if shape is not None and math.prod(shape) != math.prod(of_file):
        raise MXNetError(
            f"MNISTIter: {name} must have as many values as an image of the file, {of_file}; received {tuple(shape)}; "
            "leave it out"
        )
