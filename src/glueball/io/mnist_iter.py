"""Batches of MNIST digits, read from the distributed files."""

from __future__ import annotations

import logging
import math
from types import SimpleNamespace
from typing import Literal

import numpy as np

from ..core.errors import MXNetError
from ..ops.attrs import NonNegative, Positive, Shape
from .declared import declared
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

    @declared
    def __init__(
        self, *, image: str = "./train-images-idx3-ubyte", label: str = "./train-labels-idx1-ubyte",
        batch_size: Positive = 128, shuffle: bool = True, flat: bool = False, seed: int = 0, silent: bool = False,
        num_parts: Positive = 1, part_index: NonNegative = 0, prefetch_buffer: NonNegative = 4,
        ctx: Literal["cpu", "gpu"] = "gpu", dtype: Literal["float32"] | None = None, data_name: str = "data",
        label_name: str = "softmax_label", data_shape: Shape | None = None, input_shape: Shape | None = None,
    ) -> None:  # fmt: skip
        """Declare the arguments, which `_glueball_begin` is handed."""

    def _glueball_begin(self, options: SimpleNamespace) -> None:
        images, labels = _part(options, *_read(options.image, options.label))
        for name in ("data_shape", "input_shape"):
            _check_shape(name, getattr(options, name), images.shape[1:])
        size, count = options.batch_size, len(images)
        if size > count:
            raise MXNetError(
                f"MNISTIter: batch_size must be at most the number of images; received {size} and {count} images; use "
                "a smaller batch size"
            )
        order = np.random.RandomState(options.seed).permutation(count) if options.shuffle else np.arange(count)
        order = order[: count // size * size]
        pixels = images[order].astype(np.float32) / 256
        pixels = pixels.reshape((len(order), -1) if options.flat else (len(order), 1, *images.shape[1:]))
        batches = RowBatches("MNISTIter", pixels, labels[order].astype(np.float32), size, False)
        super().__init__(batches, options.data_name, options.label_name)
        if not options.silent:
            shape = self.provide_data[0].shape
            _logger.info("MNISTIter: %d images, shuffle=%d, batches of shape %s", count, options.shuffle, shape)

    def getindex(self) -> np.ndarray:
        """Return zeros, as MXNet does: the files do not number their images."""
        return np.zeros(self.batch_size, np.uint64)


def _read(image: str, label: str) -> tuple[np.ndarray, np.ndarray]:
    images, labels = read_idx(image, dimensions=3), read_idx(label, dimensions=1)
    if len(images) != len(labels):
        raise MXNetError(
            f"MNISTIter: each image must have one label; received {len(images)} images in {image} and {len(labels)} "
            f"labels in {label}; take both files from one source"
        )
    return images, labels


def _part(options: SimpleNamespace, *arrays: np.ndarray) -> list[np.ndarray]:
    number, parts = options.part_index, options.num_parts
    if number >= parts:
        raise MXNetError(f"MNISTIter: part_index must be less than num_parts={parts}; received {number}")
    return [array[len(array) * number // parts : len(array) * (number + 1) // parts] for array in arrays]


def _check_shape(name: str, shape: Shape | None, of_file: tuple[int, ...]) -> None:
    if shape is not None and math.prod(shape) != math.prod(of_file):
        raise MXNetError(
            f"MNISTIter: {name} must have as many values as an image of the file, {of_file}; received {shape}; "
            "leave it out"
        )
