"""A file of records as a dataset."""

from __future__ import annotations

import os
from typing import Any

from ... import recordio
from .dataset import Dataset

__all__ = ["RecordFileDataset"]


class RecordFileDataset(Dataset):
    """The records of a file, as bytes.

    Parameters
    ----------
    filename : path
        The file, whose name ends in ``.rec``. One of the same name that ends in ``.idx`` must lie beside it, and says
        where the records are.

    Raises
    ------
    MXNetError
        A file is missing or damaged.

    Examples
    --------
    >>> import os, tempfile
    >>> import glueball as mx
    >>> folder = tempfile.mkdtemp()
    >>> path = os.path.join(folder, "a.rec")
    >>> records = mx.recordio.MXIndexedRecordIO(os.path.join(folder, "a.idx"), path, "w")
    >>> for key in range(3):
    ...     records.write_idx(key, b"record %d" % key)
    >>> records.close()
    >>> data = mx.gluon.data.RecordFileDataset(path)
    >>> len(data), data[2]
    (3, b'record 2')
    """

    def __init__(self, filename: str | os.PathLike[str]) -> None:
        self.filename = os.fspath(filename)
        self.idx_file = os.path.splitext(self.filename)[0] + ".idx"
        self._record = recordio.MXIndexedRecordIO(self.idx_file, self.filename, "r")

    def __getitem__(self, idx: int) -> Any:
        return self._record.read_idx(self._record.keys[idx])

    def __len__(self) -> int:
        return len(self._record.keys)
