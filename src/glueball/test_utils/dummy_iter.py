"""An iterator that gives the same batch forever."""

from __future__ import annotations

from typing import Any

from ..core.doors import guard
from ..io import DataIter


@guard
class DummyIter(DataIter):
    """An iterator that gives the first batch of another one forever, to measure speed without reading data.

    Parameters
    ----------
    real_iter : DataIter
        The other one.

    Examples
    --------
    >>> import glueball as mx
    >>> batches = mx.test_utils.DummyIter(mx.io.NDArrayIter(mx.nd.ones((4, 2)), mx.nd.ones(4), batch_size=2))
    >>> batches.next() is batches.next()
    True
    """

    def __init__(self, real_iter: Any) -> None:
        super().__init__()
        self.real_iter = real_iter
        self.provide_data = real_iter.provide_data
        self.provide_label = real_iter.provide_label
        self.batch_size = real_iter.batch_size
        self.the_batch = next(iter(real_iter))

    def next(self) -> Any:
        """Return the batch."""
        return self.the_batch
