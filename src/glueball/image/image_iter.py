"""ImageIter: batches of pictures from files or records, augmented at random."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Sequence
from typing import Any

from .. import ndarray as nd
from .. import recordio
from ..core.errors import InvalidValueError, MXNetError, RefusedError
from ..io import DataBatch, DataIter
from ..ndarray import NDArray
from ..ndarray.faces import shown
from .create_augmenter import CreateAugmenter
from .image_source import LABEL_TYPES, enumerated, listed, opened, part_of, read_file
from .reading import imdecode

_LAST = ("pad", "discard", "roll_over")


class ImageIter(DataIter):
    """An iterator over batches of pictures, which are decoded and augmented by Python.

    The pictures are those of a record file, or files that a list names. Random numbers come from Python's `random`, as
    in MXNet. What cannot be decoded raises an error that names it.

    Parameters
    ----------
    batch_size : int
        The number of pictures in a batch.
    data_shape : tuple of int
        (3, height, width) of a picture.
    label_width : int, default 1
        The number of labels of a picture.
    path_imgrec : str, optional
        A record file, which `recordio` writes.
    path_imglist : str, optional
        A list file: in each line a number, labels, and a file's name, with tabs between them. With `path_imgrec` the
        labels are taken from it.
    path_root : str, optional
        The folder that the names of files are relative to.
    path_imgidx : str, optional
        The index of the record file; `shuffle` and `num_parts` need it.
    shuffle : bool, default False
        Whether to shuffle before each epoch.
    part_index, num_parts : int
        Which part of the pictures to take, and into how many they are divided.
    aug_list : list of Augmenter, optional
        The augmenters; by default those of `CreateAugmenter`.
    imglist : list, optional
        In place of a file: a list of [label, file name] or [labels, file name].
    data_name, label_name : str
        The names in `provide_data` and `provide_label`.
    dtype : {'int32', 'float32', 'int64', 'float64'}, default 'float32'
        The type of labels.
    last_batch_handle : {'pad', 'discard', 'roll_over'}, default 'pad'
        What becomes of pictures that do not fill a batch: they are filled up from the beginning, left out, or kept for
        the next epoch.
    **kwargs
        Arguments of `CreateAugmenter`.

    Examples
    --------
    >>> import os, tempfile
    >>> import cv2
    >>> import numpy as np
    >>> import glueball as mx
    >>> folder = tempfile.mkdtemp()
    >>> for number in range(4):
    ...     wrote = cv2.imwrite(os.path.join(folder, f"{number}.png"), np.full((40, 50, 3), number, np.uint8))
    >>> names = [[number % 2, f"{number}.png"] for number in range(4)]
    >>> batches = mx.image.ImageIter(2, (3, 32, 32), imglist=names, path_root=folder, rand_mirror=True)
    >>> [(batch.data[0].shape, batch.label[0].asnumpy().tolist()) for batch in batches]
    [((2, 3, 32, 32), [0.0, 1.0]), ((2, 3, 32, 32), [0.0, 1.0])]
    """

    def __init__(
        self, batch_size: int, data_shape: tuple[int, int, int], label_width: int = 1, path_imgrec: str | None = None,
        path_imglist: str | None = None, path_root: str | None = None, path_imgidx: str | None = None,
        shuffle: bool = False, part_index: int = 0, num_parts: int = 1,
        aug_list: Sequence[Callable[..., Any]] | None = None, imglist: list[Any] | None = None,
        data_name: str = "data", label_name: str = "softmax_label", dtype: str = "float32",
        last_batch_handle: str = "pad", **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__()
        owner = type(self).__name__
        if not (path_imgrec or path_imglist or isinstance(imglist, list)):
            raise RefusedError(f"{owner}: one of path_imgrec, path_imglist and imglist must be given; received none")
        if dtype not in LABEL_TYPES:
            raise RefusedError(f"{owner}: dtype must be one of {', '.join(LABEL_TYPES)}; received {dtype!r}")
        if last_batch_handle not in _LAST:
            raise MXNetError(f"{owner}: last_batch_handle must be one of {_LAST}; received {last_batch_handle!r}")
        self.check_data_shape(data_shape)
        self.imgrec: Any
        self.imgidx: list[Any] | None
        self.imgrec, self.imgidx = opened(path_imgrec, path_imgidx) if path_imgrec else (None, None)
        self.imglist: dict[Any, Any] | None = None
        if path_imglist:
            self.imglist = listed(owner, path_imglist, dtype)
        elif isinstance(imglist, list):
            self.imglist = enumerated(owner, imglist, dtype)
        self.path_root = path_root
        self.provide_data: Any = [(data_name, (batch_size, *data_shape))]
        self.provide_label: Any = [(label_name, (batch_size, label_width) if label_width > 1 else (batch_size,))]
        self.batch_size = batch_size
        self.data_shape = data_shape
        self.label_width = label_width
        self.shuffle = shuffle
        self.seq = self._glueball_order(owner, part_index, num_parts)
        self.auglist: Any = CreateAugmenter(data_shape, **kwargs) if aug_list is None else aug_list
        self.cur = 0
        self._allow_read = True
        self.last_batch_handle = last_batch_handle
        self.num_image = None if self.seq is None else len(self.seq)
        self._cache_data: NDArray | None = None
        self._cache_label: NDArray | None = None
        self._cache_idx: int | None = None
        self.reset()

    def _glueball_order(self, owner: str, part_index: int, num_parts: int) -> list[Any] | None:
        """Return the keys of the pictures in order, or None to read a record file from its beginning to its end."""
        if self.imgrec is None:
            assert self.imglist is not None
            return part_of(owner, list(self.imglist), part_index, num_parts)
        if self.imgidx is None:
            if self.shuffle or num_parts > 1:
                raise RefusedError(f"{owner}: shuffle and num_parts need an index of the record file; pass path_imgidx")
            return None
        return part_of(owner, self.imgidx, part_index, num_parts)

    def reset(self) -> None:
        """Begin the next epoch; pictures that were kept for it come first."""
        if self.seq is not None and self.shuffle:
            random.shuffle(self.seq)
        if self.last_batch_handle != "roll_over" or self._cache_data is None:
            self._glueball_rewind()

    def hard_reset(self) -> None:
        """Begin the next epoch, without pictures that were kept for it."""
        if self.seq is not None and self.shuffle:
            random.shuffle(self.seq)
        self._glueball_rewind()
        self._cache_data = self._cache_label = self._cache_idx = None

    def _glueball_rewind(self) -> None:
        if self.imgrec is not None:
            self.imgrec.reset()
        self.cur = 0
        self._allow_read = True

    def next_sample(self) -> tuple[Any, bytes]:
        """Return the next label and the bytes of the next picture's file.

        Raises
        ------
        StopIteration
            There is none.
        """
        if not self._allow_read:
            raise StopIteration
        if self.seq is None:
            record = self.imgrec.read()
            if record is None:
                if self.last_batch_handle != "discard":
                    self.imgrec.reset()
                raise StopIteration
            header, picture = recordio.unpack(record)
            return header.label, picture
        if self.cur >= len(self.seq):
            if self.last_batch_handle != "discard":
                self.cur = 0
            raise StopIteration
        key = self.seq[self.cur]
        self.cur += 1
        if self.imgrec is None:
            label, name = self.imglist[key]  # type: ignore[index]
            return label, self.read_image(name)
        header, picture = recordio.unpack(self.imgrec.read_idx(key))
        return (header.label if self.imglist is None else self.imglist[key][0]), picture

    def _batchify(self, batch_data: NDArray, batch_label: NDArray, start: int = 0) -> int:
        """Fill a batch from a position on, and return where it ends."""
        position = start
        while position < self.batch_size:
            try:
                label, encoded = self.next_sample()
            except StopIteration:
                if not position:
                    raise
                return position
            picture = self.imdecode(encoded)
            try:
                self.check_valid_image([picture])
            except RuntimeError as error:
                logging.debug("ImageIter: a picture is left out: %s", error)
                continue
            batch_data[position] = self.postprocess_data(self.augmentation_transform(picture))
            batch_label[position] = label
            position += 1
        return position

    def _glueball_empty_label(self) -> NDArray:
        return nd.zeros(self.provide_label[0][1])

    def next(self) -> DataBatch:
        if self._cache_data is not None:
            assert self._cache_label is not None and self._cache_idx is not None
            data, label, filled = self._cache_data, self._cache_label, self._cache_idx
        else:
            data = nd.zeros(self.provide_data[0][1])
            label = self._glueball_empty_label()
            filled = self._batchify(data, label)
        pad = self.batch_size - filled
        if pad:
            if self.last_batch_handle == "discard":
                raise StopIteration
            if self.last_batch_handle == "roll_over" and self._cache_data is None:
                self._cache_data, self._cache_label, self._cache_idx = data, label, filled
                raise StopIteration
            self._batchify(data, label, filled)
            if self.last_batch_handle == "pad":
                self._allow_read = False
            else:
                self._cache_data = self._cache_label = self._cache_idx = None
        return DataBatch([shown(data)], [shown(label)], pad=pad)

    def check_data_shape(self, data_shape: tuple[int, ...]) -> None:
        """Refuse a shape that is not (3, height, width)."""
        if len(data_shape) != 3 or data_shape[0] != 3:
            raise InvalidValueError(
                f"{type(self).__name__}: data_shape must be (3, height, width); received {data_shape}"
            )

    def check_valid_image(self, data: Sequence[NDArray]) -> None:
        """Refuse a picture without a shape; such pictures are left out."""
        if len(data[0].shape) == 0:
            raise MXNetError(f"{type(self).__name__}: a picture must have a shape; received a number")

    def imdecode(self, s: bytes) -> NDArray:
        """Decode a picture; an error says which it is."""
        try:
            return imdecode(s)
        except MXNetError as error:
            raise MXNetError(f"{type(self).__name__}: {self._glueball_place()}: {error}") from error

    def _glueball_place(self) -> str:
        """Return which picture was read last."""
        if self.seq is None:
            return "the last record read"
        key = self.seq[(self.cur or len(self.seq)) - 1]
        return f"the record {key!r}" if self.imgrec is not None else f"the file {self.imglist[key][1]!r}"  # type: ignore[index]

    def read_image(self, fname: str) -> bytes:
        """Return the bytes of a file in `path_root`."""
        return read_file(type(self).__name__, self.path_root, fname)

    def augmentation_transform(self, data: NDArray) -> NDArray:
        """Return an augmented picture."""
        for augmenter in self.auglist:
            data = augmenter(data)
        return data

    def postprocess_data(self, datum: NDArray) -> NDArray:
        """Return a picture with its channels first."""
        return datum.transpose((2, 0, 1))
