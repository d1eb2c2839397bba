"""Pictures in folders, one for each class, and in files of records."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np

from .... import recordio
from ....core.errors import MissingFileError
from ....core.pictures import decoded, read
from ....core.strangers import call
from ....core.warning import warn
from ....ndarray import NDArray, from_numpy
from ....ndarray.faces import shown
from ..dataset import Dataset
from ..record_file import RecordFileDataset

__all__ = ["ImageFolderDataset", "ImageRecordDataset"]


class ImageRecordDataset(RecordFileDataset):
    """Labelled pictures in a file of records, such as ``im2rec`` packs.

    Each sample is a picture, an NDArray of shape (height, width, channels) and dtype uint8, and its label, a float, or
    a float32 array of several. Decoding needs OpenCV: ``pip install "glueball[image]"``.

    Parameters
    ----------
    filename : path
        The file, whose name ends in ``.rec``. One of the same name that ends in ``.idx`` must lie beside it.
    flag : {1, 0}, default 1
        1 for color, 0 for gray.
    transform : callable, optional
        Takes picture and label and returns the sample. The methods `transform` and `transform_first` do the same
        and can be chained.

    Raises
    ------
    MXNetError
        A file is missing or damaged, or, when a sample is read, its record is no picture.

    Examples
    --------
    >>> import os, tempfile
    >>> import numpy as np
    >>> import glueball as mx
    >>> folder = tempfile.mkdtemp()
    >>> path = os.path.join(folder, "a.rec")
    >>> records = mx.recordio.MXIndexedRecordIO(os.path.join(folder, "a.idx"), path, "w")
    >>> records.write_idx(0, mx.recordio.pack_img((0, 7.0, 0, 0), np.zeros((4, 5, 3), np.uint8)))
    >>> records.close()
    >>> picture, label = mx.gluon.data.vision.ImageRecordDataset(path)[0]
    >>> picture.shape, label
    ((4, 5, 3), 7.0)
    """

    def __init__(
        self, filename: str | os.PathLike[str], flag: int = 1, transform: Callable[[Any, Any], Any] | None = None
    ) -> None:
        super().__init__(filename)
        self._flag = flag
        self._transform = transform

    def __getitem__(self, idx: int) -> Any:
        header, encoded = recordio.unpack(super().__getitem__(idx))
        buffer = np.frombuffer(encoded, np.uint8)
        pixels = decoded(buffer, self._flag, True, "ImageRecordDataset", f"record {idx} of {self.filename}")
        return _sample(self._transform, shown(from_numpy(pixels)), header.label)


class ImageFolderDataset(Dataset):
    """Pictures in folders, one for each class: ``root/cat/1.jpg``.

    Each sample is a picture, an NDArray of shape (height, width, channels) and dtype uint8, and the number of its
    folder. Decoding needs OpenCV: ``pip install "glueball[image]"``.

    Parameters
    ----------
    root : path
        The folder with the folders of the classes. What is in these but is no ``.jpg``, ``.jpeg`` or ``.png`` is left
        out with a warning.
    flag : {1, 0}, default 1
        1 for color, 0 for gray.
    transform : callable, optional
        Takes picture and label and returns the sample. The methods `transform` and `transform_first` do the same
        and can be chained.

    Attributes
    ----------
    synsets : list of str
        The names of the folders, sorted; a label is a position in it.
    items : list of tuple
        The path and the label of each picture.

    Examples
    --------
    >>> import os, tempfile
    >>> from glueball.gluon.data.vision import ImageFolderDataset
    >>> root = tempfile.mkdtemp()
    >>> for kind in ("dog", "cat"):
    ...     os.mkdir(os.path.join(root, kind))
    ...     open(os.path.join(root, kind, "1.png"), "wb").close()
    >>> pictures = ImageFolderDataset(root)
    >>> pictures.synsets, [label for path, label in pictures.items]
    (['cat', 'dog'], [0, 1])
    """

    def __init__(
        self,
        root: str | os.PathLike[str],
        flag: int = 1,
        transform: Callable[[NDArray, int], Any] | None = None,
    ) -> None:
        self._root = os.path.expanduser(root)
        self._flag = flag
        self._transform = transform
        self._exts = [".jpg", ".jpeg", ".png"]
        if not os.path.isdir(self._root):
            raise MissingFileError(f"ImageFolderDataset: root must be a folder; received {self._root!r}")
        self._list_images(self._root)

    def _list_images(self, root: str) -> None:
        """Set `synsets` and `items`; a subclass may find them in another way."""
        self.synsets: list[str] = []
        self.items: list[tuple[str, int]] = []
        for name in sorted(os.listdir(root)):
            folder = os.path.join(root, name)
            if not os.path.isdir(folder):
                warn(f"ImageFolderDataset: {folder} is left out: it is not the folder of a class")
                continue
            label = len(self.synsets)
            self.synsets.append(name)
            for file in sorted(os.listdir(folder)):
                if os.path.splitext(file)[1].lower() in self._exts:
                    self.items.append((os.path.join(folder, file), label))
                else:
                    path = os.path.join(folder, file)
                    warn(f"ImageFolderDataset: {path} is left out: it does not end in {', '.join(self._exts)}")

    def __getitem__(self, idx: int) -> Any:
        path, label = self.items[idx]
        return _sample(self._transform, shown(from_numpy(read(path, self._flag, True, "ImageFolderDataset"))), label)

    def __len__(self) -> int:
        return len(self.items)


def _sample(transform: Callable[..., Any] | None, picture: NDArray, label: Any) -> Any:
    return (picture, label) if transform is None else call(transform, picture, label)
