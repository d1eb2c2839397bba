"""``mx.contrib.io``: a DataLoader as an iterator of ``mx.io``."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.blame import short
from ..core.errors import InvalidTypeError
from ..gluon.data import DataLoader
from ..io import DataDesc, DataIter
from ..ndarray import NDArray, array, concat

__all__ = ["DataLoaderIter"]


class DataLoaderIter(DataIter):
    """Make batches of a `gluon.data.DataLoader` for a Module.

    Parameters
    ----------
    loader : gluon.data.DataLoader
        Its samples are pairs of data and label.
    data_name : str, default 'data'
        The name of the data.
    label_name : str, default 'softmax_label'
        The name of the label.
    dtype : str or type, default 'float32'
        The type that both are converted to.

    Differs from MXNet
    ------------------
    The last batch, if it is shorter, is filled with zeros; MXNet leaves there what the memory had.

    Examples
    --------
    >>> import glueball as mx
    >>> data = mx.gluon.data.ArrayDataset(mx.nd.ones((5, 3)), mx.nd.ones((5,)))
    >>> batches = mx.contrib.io.DataLoaderIter(mx.gluon.data.DataLoader(data, batch_size=2))
    >>> batches.provide_data[0].shape, [batch.pad for batch in batches]
    ((2, 3), [0, 0, 1])
    """

    def __init__(
        self,
        loader: DataLoader,
        data_name: str = "data",
        label_name: str = "softmax_label",
        dtype: Any = "float32",
    ) -> None:
        super().__init__()
        if not isinstance(loader, DataLoader):
            raise InvalidTypeError(f"DataLoaderIter: loader must be a gluon.data.DataLoader; received {short(loader)}")
        self._loader = loader
        self._iter = iter(loader)
        data, label = next(self._iter)
        self.batch_size = data.shape[0]
        self.dtype = dtype
        self.provide_data = [DataDesc(data_name, data.shape, dtype)]
        self.provide_label = [DataDesc(label_name, label.shape, dtype)]
        self._current_batch: Any = None
        self.reset()

    def reset(self) -> None:
        """Begin anew."""
        self._iter = iter(self._loader)

    def iter_next(self) -> bool:
        """Go to the next batch, and return whether there is one."""
        self._current_batch = next(self._iter, None)
        return self._current_batch is not None

    def getdata(self) -> list[NDArray]:
        """Return the data of the batch."""
        return [self._glueball_whole(self._current_batch[0])]

    def getlabel(self) -> list[NDArray]:
        """Return the labels of the batch."""
        return [self._glueball_whole(self._current_batch[1])]

    def getpad(self) -> int:
        """Return how many samples at the end of the batch fill it."""
        return int(self.batch_size - self._current_batch[0].shape[0])

    def getindex(self) -> None:
        """Return None: samples have no numbers."""
        return None

    def _glueball_whole(self, values: Any) -> NDArray:
        values = values.astype(self.dtype)
        pad = self.getpad()
        if not pad:
            return values  # type: ignore[no-any-return]
        filler = array(np.zeros((pad, *values.shape[1:])), dtype=self.dtype)
        return concat(values, filler, dim=0)
