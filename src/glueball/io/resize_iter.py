"""Epochs of a chosen length."""

from __future__ import annotations

from typing import Any

from ..core.errors import MXNetError
from ..core.integers import is_int
from .whole_batches import WholeBatchIter


class ResizeIter(WholeBatchIter):
    """Make epochs of `size` batches from another iterator, which is reset as often as needed.

    Parameters
    ----------
    data_iter : DataIter
        The source of the batches.
    size : int
        The number of batches in an epoch.
    reset_internal : bool, default True
        Whether `reset` also resets `data_iter`; otherwise the next epoch continues where the last one ended.

    Examples
    --------
    >>> import numpy as np
    >>> import glueball as mx
    >>> long = mx.io.ResizeIter(mx.io.NDArrayIter(np.arange(4), batch_size=2), size=3)
    >>> [batch.data[0].asnumpy().tolist() for batch in long]
    [[0.0, 1.0], [2.0, 3.0], [0.0, 1.0]]
    """

    def __init__(self, data_iter: Any, size: int, reset_internal: bool = True) -> None:
        if not hasattr(data_iter, "provide_data"):
            raise AttributeError(f"ResizeIter: data_iter must be a DataIter; received {type(data_iter).__name__}")
        if not is_int(size) or size < 0:
            raise MXNetError(f"ResizeIter: size must be an int of 0 or more; received {size!r}")
        super().__init__(data_iter.batch_size)
        self.data_iter = data_iter
        self.size = size
        self.reset_internal = reset_internal
        self.cur = 0
        self.provide_data = data_iter.provide_data
        self.provide_label = data_iter.provide_label
        if hasattr(data_iter, "default_bucket_key"):
            self.default_bucket_key = data_iter.default_bucket_key

    def reset(self) -> None:
        """Begin a new epoch."""
        self.cur = 0
        if self.reset_internal:
            self.data_iter.reset()

    def iter_next(self) -> bool:
        """Advance to the next batch and return whether there is one."""
        if self.cur == self.size:
            return False
        try:
            self.current_batch = self.data_iter.next()
        except StopIteration:
            self.data_iter.reset()
            try:
                self.current_batch = self.data_iter.next()
            except StopIteration:  # it has no batches at all
                return False
        self.cur += 1
        return True
