"""ImageDetIter: batches of pictures and of the boxes of objects in them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .. import ndarray as nd
from ..core.errors import InvalidValueError, MXNetError, RefusedError
from ..ndarray import NDArray
from .create_det_augmenter import CreateDetAugmenter
from .det_drawing import drawn
from .image_iter import ImageIter

_FEWEST_NUMBERS = 7  # of a label: two for the header, and five for an object
_FEWEST_COLUMNS = 5  # of an object: its class and its box


class ImageDetIter(ImageIter):
    """An iterator over batches of pictures for detection, which are decoded and augmented by Python.

    A label begins with the length of its header and the length of an object; behind the header come the objects: their
    class, and the left, upper, right and lower edge of the box, from 0 to 1. In a batch all labels have as many rows as
    the longest of all pictures; -1 fills the rest.

    Parameters
    ----------
    batch_size, data_shape, path_imgrec, path_imglist, path_root, path_imgidx, shuffle, part_index, num_parts, imglist
        As in `ImageIter`.
    aug_list : list of DetAugmenter, optional
        The augmenters; by default those of `CreateDetAugmenter`.
    data_name, label_name : str
        The names in `provide_data` and `provide_label`.
    last_batch_handle : {'pad', 'discard', 'roll_over'}, default 'pad'
        As in `ImageIter`.
    **kwargs
        Arguments of `CreateDetAugmenter`.

    Examples
    --------
    >>> import os, tempfile
    >>> import cv2
    >>> import numpy as np
    >>> import glueball as mx
    >>> folder = tempfile.mkdtemp()
    >>> wrote = cv2.imwrite(os.path.join(folder, "a.png"), np.zeros((40, 50, 3), np.uint8))
    >>> label = [2, 5, 0, 0.1, 0.2, 0.5, 0.6, 3, 0.0, 0.0, 1.0, 1.0]
    >>> batches = mx.image.ImageDetIter(1, (3, 32, 32), imglist=[[label, "a.png"]], path_root=folder)
    >>> batches.provide_label
    [('label', (1, 2, 5))]
    >>> next(batches).label[0][0, 1].asnumpy().tolist()
    [3.0, 0.0, 0.0, 1.0, 1.0]
    """

    def __init__(
        self, batch_size: int, data_shape: tuple[int, int, int], path_imgrec: str | None = None,
        path_imglist: str | None = None, path_root: str | None = None, path_imgidx: str | None = None,
        shuffle: bool = False, part_index: int = 0, num_parts: int = 1, aug_list: Any = None,
        imglist: list[Any] | None = None, data_name: str = "data", label_name: str = "label",
        last_batch_handle: str = "pad", **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            batch_size=batch_size, data_shape=data_shape, path_imgrec=path_imgrec, path_imglist=path_imglist,
            path_root=path_root, path_imgidx=path_imgidx, shuffle=shuffle, part_index=part_index, num_parts=num_parts,
            aug_list=[], imglist=imglist, data_name=data_name, label_name=label_name,
            last_batch_handle=last_batch_handle,
        )  # fmt: skip
        self.auglist = CreateDetAugmenter(data_shape, **kwargs) if aug_list is None else aug_list
        self.label_shape = self._estimate_label_shape()
        self.provide_label = [(label_name, (self.batch_size, *self.label_shape))]

    def _check_valid_label(self, label: np.ndarray) -> None:
        """Refuse a label without an object."""
        if label.ndim != 2 or label.shape[1] < _FEWEST_COLUMNS:
            raise MXNetError(
                f"{type(self).__name__}: a label must have a row of 5 numbers or more for each object; "
                f"received shape {label.shape}"
            )
        # As in MXNet, the lower edge may be above the upper one here.
        if not ((label[:, 0] >= 0) & (label[:, 3] > label[:, 1])).any():
            raise MXNetError(f"{type(self).__name__}: a label must have an object with a class and a box; has none")

    def _estimate_label_shape(self) -> tuple[int, int]:
        """Return the number of objects in the longest label, and the length of an object."""
        longest, columns = 0, 0
        self.reset()
        try:
            while True:
                label = self._parse_label(self.next_sample()[0])
                longest, columns = max(longest, label.shape[0]), label.shape[1]
        except StopIteration:
            pass
        self.reset()
        return longest, columns

    def _parse_label(self, label: Any) -> np.ndarray:
        """Return the objects of a label whose boxes have an area, one in each row."""
        owner = type(self).__name__
        numbers: np.ndarray = np.ravel(label.asnumpy() if isinstance(label, NDArray) else label)
        if numbers.size < _FEWEST_NUMBERS:
            raise MXNetError(
                f"{owner}: a label must have at least {_FEWEST_NUMBERS} numbers, first the lengths of its header "
                f"and of an object; received {numbers.size}"
            )
        header, columns = int(numbers[0]), int(numbers[1])
        if columns < _FEWEST_COLUMNS or (numbers.size - header) % columns:
            raise MXNetError(
                f"{owner}: the numbers of a label behind its header, {header} long, must be rows of {columns}, and "
                f"these of 5 or more; received {numbers.size} numbers"
            )
        objects = np.reshape(numbers[header:], (-1, columns))
        kept = (objects[:, 3] > objects[:, 1]) & (objects[:, 4] > objects[:, 2])
        if not kept.any():
            raise MXNetError(f"{owner}: a label must have an object whose box has an area; received none")
        return objects[kept]

    def reshape(
        self, data_shape: tuple[int, int, int] | None = None, label_shape: tuple[int, int] | None = None
    ) -> None:
        """Change the shapes of pictures and labels.

        Parameters
        ----------
        data_shape : tuple of int, optional
            (3, height, width) of a picture; the augmenters stay what they are.
        label_shape : tuple of int, optional
            (objects, numbers of each).
        """
        if data_shape is not None:
            self.check_data_shape(data_shape)
            self.provide_data = [(self.provide_data[0][0], (self.batch_size, *data_shape))]
            self.data_shape = data_shape
        if label_shape is not None:
            self.check_label_shape(label_shape)
            self.provide_label = [(self.provide_label[0][0], (self.batch_size, *label_shape))]
            self.label_shape = label_shape

    def _batchify(self, batch_data: NDArray, batch_label: NDArray, start: int = 0) -> int:
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
                picture, objects = self.augmentation_transform(picture, self._parse_label(label))
                self._check_valid_label(objects)
            except RuntimeError as error:
                if isinstance(error, ValueError | TypeError):  # not of MXNet's class for a picture that is left out
                    raise
                logging.debug("ImageDetIter: a picture is left out: %s", error)
                continue
            batch_data[position] = self.postprocess_data(picture)
            batch_label[position] = -1
            batch_label[position, : len(objects)] = nd.array(objects)
            position += 1
        return position

    def _glueball_empty_label(self) -> NDArray:
        return nd.full(self.provide_label[0][1], -1)

    def augmentation_transform(self, data: NDArray, label: np.ndarray) -> tuple[NDArray, np.ndarray]:  # type: ignore[override]
        """Return an augmented picture and its label."""
        for augmenter in self.auglist:
            data, label = augmenter(data, label)
        return data, label

    def check_label_shape(self, label_shape: tuple[int, ...]) -> None:
        """Refuse a shape with room for fewer objects than there are, or with objects of another length."""
        owner = type(self).__name__
        if len(label_shape) != 2:
            raise InvalidValueError(f"{owner}: label_shape must be (objects, numbers of each); received {label_shape}")
        if label_shape[0] < self.label_shape[0]:
            raise InvalidValueError(
                f"{owner}: label_shape must have room for {self.label_shape[0]} objects; received {label_shape[0]}"
            )
        if label_shape[1] != self.provide_label[0][1][2]:
            raise InvalidValueError(
                f"{owner}: label_shape must have {self.provide_label[0][1][2]} numbers for each object; "
                f"received {label_shape[1]}"
            )

    def draw_next(
        self, color: Sequence[float] | None = None, thickness: int = 2, mean: Any = None, std: Any = None,
        clip: bool = True, waitKey: int | None = None,
        window_name: str = "draw_next", id2labels: Mapping[int, str] | None = None,
    ) -> Iterator[np.ndarray]:  # fmt: skip
        """Iterate over augmented pictures with their boxes drawn in, to look at.

        Parameters
        ----------
        color : sequence of number, optional
            Red, green and blue of the boxes; by default random.
        thickness : int, default 2
            How thick the lines are.
        mean, std : array or True, optional
            What the augmenters subtract and divide by, to undo it; True for that of ImageNet.
        clip : bool, default True
            Whether to limit pixels to 0 to 255.
        waitKey : int, optional
            How many milliseconds to show each picture in a window, which needs an OpenCV that has windows.
        window_name : str
            The title of the window.
        id2labels : dict, optional
            The names of classes, to be written into the boxes.

        Yields
        ------
        numpy.ndarray
            The picture (height, width, 3), of uint8, blue first, as in OpenCV.
        """
        while True:
            try:
                label, encoded = self.next_sample()
            except StopIteration:
                return
            picture = self.imdecode(encoded)
            try:
                self.check_valid_image([picture])
                objects = self._parse_label(label)
            except RuntimeError as error:
                logging.debug("ImageDetIter: a picture is left out: %s", error)
                continue
            picture, objects = self.augmentation_transform(picture, objects)
            yield drawn(
                picture.asnumpy(), objects, color=color, thickness=thickness, mean=mean, std=std, clip=clip,
                wait=waitKey, window=window_name, names=id2labels or {},
            )  # fmt: skip

    def sync_label_shape(self, it: ImageDetIter, verbose: bool = False) -> ImageDetIter:
        """Make labels of this iterator and of another one as long as the longer of the two.

        Parameters
        ----------
        it : ImageDetIter
            The other one, such as that of validation.
        verbose : bool, default False
            Whether to log the new shape.

        Returns
        -------
        ImageDetIter
            The other one.
        """
        if not isinstance(it, ImageDetIter):
            raise RefusedError(f"sync_label_shape: it must be an ImageDetIter; received {it!r}")
        if it.label_shape[1] != self.label_shape[1]:
            raise RefusedError(
                f"sync_label_shape: objects must have as many numbers as here, {self.label_shape[1]}; "
                f"received {it.label_shape[1]}"
            )
        counts = self.label_shape[0], it.label_shape[0]
        for each in (self, it):
            if each.label_shape[0] < max(counts):
                each.reshape(None, (max(counts), self.label_shape[1]))
        if verbose and counts[0] != counts[1]:
            logging.info("label_shape is now %s", self.label_shape)
        return it
