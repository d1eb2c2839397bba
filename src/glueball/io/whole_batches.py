"""The common part of iterators over the batches of other iterators."""

from __future__ import annotations

from typing import Any

from ..core.errors import MXNetError
from .batch import DataBatch
from .data_iter import DataIter


class WholeBatchIter(DataIter):
    """An iterator that receives complete batches; a subclass implements `iter_next`, which sets ``current_batch``."""

    def __init__(self, batch_size: int) -> None:
        super().__init__(batch_size)
        self.current_batch: DataBatch | None = None

    def next(self) -> DataBatch:
        """Return the next batch; raises StopIteration at the end."""
        if not self.iter_next():
            raise StopIteration
        return self._glueball_current()

    def _glueball_current(self) -> DataBatch:
        if self.current_batch is None:
            raise MXNetError(f"{type(self).__name__}: there must be a batch; call next() or iter_next() first")
        return self.current_batch

    def getdata(self) -> Any:
        """Return the inputs of the batch."""
        return self._glueball_current().data

    def getlabel(self) -> Any:
        """Return the labels of the batch."""
        return self._glueball_current().label

    def getindex(self) -> Any:
        """Return the indices of the samples of the batch, or None."""
        return self._glueball_current().index

    def getpad(self) -> Any:
        """Return the number of padding samples at the end of the batch."""
        return self._glueball_current().pad
