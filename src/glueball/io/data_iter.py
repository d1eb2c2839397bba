"""The base class of all iterators over batches."""

from __future__ import annotations

from typing import Any

from ..core.doors import guard
from .batch import DataBatch


@guard
class DataIter:
    """The base class of iterators over batches, which can be reset.

    A subclass implements either `next`, or `iter_next`, `getdata`, `getlabel`, `getpad` and `getindex`, which `next`
    combines. It has the attributes ``provide_data`` and ``provide_label``, lists of `DataDesc`.

    Parameters
    ----------
    batch_size : int, default 0
        The number of samples in a batch.

    Examples
    --------
    >>> import glueball as mx
    >>> class Squares(mx.io.DataIter):
    ...     def __init__(self):
    ...         super().__init__(batch_size=1)
    ...         self.provide_data, self.provide_label = [mx.io.DataDesc("data", (1,))], []
    ...         self.reset()
    ...     def reset(self):
    ...         self.number = 0
    ...     def next(self):
    ...         self.number += 1
    ...         if self.number > 3:
    ...             raise StopIteration
    ...         return mx.io.DataBatch([mx.nd.array([self.number**2])], [], pad=0)
    >>> [int(batch.data[0].asscalar()) for batch in Squares()]
    [1, 4, 9]
    """

    def __init__(self, batch_size: int = 0) -> None:
        self.batch_size = batch_size

    def __iter__(self) -> DataIter:
        return self

    def __next__(self) -> DataBatch:
        return self.next()

    def reset(self) -> None:
        """Restart at the first batch; does nothing here."""

    def next(self) -> DataBatch:
        """Return the next batch; raises StopIteration at the end."""
        if not self.iter_next():
            raise StopIteration
        return DataBatch(data=self.getdata(), label=self.getlabel(), pad=self.getpad(), index=self.getindex())

    def iter_next(self) -> Any:
        """Advance to the next batch and return whether there is one; a subclass implements it."""
        return None

    def getdata(self) -> Any:
        """Return the inputs of the batch as a list of NDArrays; a subclass implements it."""
        return None

    def getlabel(self) -> Any:
        """Return the labels of the batch as a list of NDArrays; a subclass implements it."""
        return None

    def getindex(self) -> Any:
        """Return the indices of the samples of the batch, or None."""
        return None

    def getpad(self) -> Any:
        """Return the number of padding samples at the end of the batch; a subclass implements it."""
        return None
