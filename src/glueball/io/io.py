"""What MXNet has under this path: the iterators."""

from __future__ import annotations

from .array_iter import NDArrayIter
from .batch import DataBatch, DataDesc
from .data_iter import DataIter
from .mnist_iter import MNISTIter
from .prefetching_iter import PrefetchingIter
from .resize_iter import ResizeIter

__all__ = ["DataBatch", "DataDesc", "DataIter", "MNISTIter", "NDArrayIter", "PrefetchingIter", "ResizeIter"]
