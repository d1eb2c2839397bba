"""The base of all iterators over batches."""

from __future__ import annotations

from typing import Any

from .batch import DataBatch


class DataIter:
    """An iterator over batches that can be started anew; the base of all of them.

    A subclass either writes `next`, or `iter_next`, `getdata`, `getlabel`, `getpad` and `getindex`, which `next`
    then puts together. It has the attributes ``provide_data`` and ``provide_label``, lists of `DataDesc`.

    Parameters
    ----------
    batch_size : int, default 0
        How many samples a batch has.

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
        """Begin again; here nothing."""

    def next(self) -> DataBatch:
        """Return the next batch; StopIteration at the end."""
        if not self.iter_next():
            raise StopIteration
        return DataBatch(data=self.getdata(), label=self.getlabel(), pad=self.getpad(), index=self.getindex())

    def iter_next(self) -> Any:
        """Go to the next batch and return whether there is one; written by the subclass."""
        return None

    def getdata(self) -> Any:
        """Return the inputs of the batch as a list of NDArrays; written by the subclass."""
        return None

    def getlabel(self) -> Any:
        """Return the labels of the batch as a list of NDArrays; written by the subclass."""
        return None

    def getindex(self) -> Any:
        """Return the numbers of the samples of the batch, or None."""
        return None

    def getpad(self) -> Any:
        """Return how many samples at the end only fill the batch up; written by the subclass."""
        return None
