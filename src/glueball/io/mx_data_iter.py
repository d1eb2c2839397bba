"""The base class of the iterators over files."""

from __future__ import annotations

from typing import Any

from ..core.errors import MXNetError
from .batch import DataBatch, DataDesc
from .batch_source import BatchSource, Made
from .data_iter import DataIter


class MXDataIter(DataIter):
    """The class of `CSVIter`, `ImageRecordIter`, `MNISTIter` and the other iterators over files.

    Programs use it to tell such iterators; for one of their own they derive from `DataIter`.

    Parameters
    ----------
    handle : object
        What makes the batches.
    data_name, label_name : str, default 'data', 'softmax_label'
        The names of the input and the label.
    **kwargs
        Taken as MXNet takes them, and not used.

    Attributes
    ----------
    provide_data, provide_label : list of DataDesc
        Descriptions of the input and the label of a batch.

    Examples
    --------
    >>> import os, tempfile
    >>> import glueball as mx
    >>> path = os.path.join(tempfile.mkdtemp(), "data.csv")
    >>> with open(path, "w") as file:
    ...     print("1,2", "3,4", sep=os.linesep, file=file)
    >>> isinstance(mx.io.CSVIter(data_csv=path, data_shape=(2,), batch_size=1), mx.io.MXDataIter)
    True
    """

    def __init__(self, handle: Any, data_name: str = "data", label_name: str = "softmax_label", **kwargs: Any) -> None:
        if not isinstance(handle, BatchSource):
            raise MXNetError(
                f"MXDataIter: handle must be of the library's own making; received {type(handle).__name__}; "
                "derive from mx.io.DataIter for an iterator of your own"
            )
        self.handle = handle
        first = handle.next()
        if first is None:
            raise MXNetError(
                f"{type(self).__name__}: there must be samples for a batch; received none; check the files"
            )
        super().__init__(first.data.shape[0])
        self._glueball_first: Made | None = first
        self._glueball_made: Made | None = first
        self._glueball_stands_still = False
        self.provide_data = [DataDesc(data_name, first.data.shape, first.data.dtype)]
        self.provide_label = [DataDesc(label_name, first.label.shape, first.label.dtype)]

    def debug_skip_load(self) -> None:
        """Return the first batch from now on, without reading: what remains is the time of everything else."""
        self._glueball_stands_still = True

    def reset(self) -> None:
        """Begin the next epoch."""
        self._glueball_first = None
        self.handle.reset()

    def iter_next(self) -> bool:
        """Advance to the next batch and return whether there is one."""
        if self._glueball_stands_still:
            return True
        self._glueball_made = self._glueball_first or self.handle.next()
        self._glueball_first = None
        return self._glueball_made is not None

    def next(self) -> DataBatch:
        """Return the next batch; StopIteration at the end."""
        if not self.iter_next():
            raise StopIteration
        return DataBatch(data=[self.getdata()], label=[self.getlabel()], pad=self.getpad(), index=self.getindex())

    def _glueball_current(self) -> Made:
        if self._glueball_made is None:
            raise MXNetError(f"{type(self).__name__}: there must be a batch; the epoch is at its end; call reset()")
        return self._glueball_made

    def getdata(self) -> Any:
        """Return the input of the batch."""
        return self._glueball_current().data

    def getlabel(self) -> Any:
        """Return the label of the batch."""
        return self._glueball_current().label

    def getpad(self) -> int:
        """Return how many samples at the end of the batch are not of this epoch."""
        return self._glueball_current().pad

    def getindex(self) -> Any:
        """Return the numbers of the samples."""
        return self._glueball_current().index
