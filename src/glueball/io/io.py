"""What MXNet has under this path: the iterators."""

from __future__ import annotations

from .array_iter import NDArrayIter
from .batch import DataBatch, DataDesc
from .csv_iter import CSVIter
from .data_iter import DataIter
from .image_det_record_iter import ImageDetRecordIter
from .image_record_iter import (
    ImageRecordInt8Iter,
    ImageRecordIter,
    ImageRecordIter_v1,
    ImageRecordUInt8Iter,
    ImageRecordUInt8Iter_v1,
)
from .libsvm_iter import LibSVMIter
from .mnist_iter import MNISTIter
from .mx_data_iter import MXDataIter
from .prefetching_iter import PrefetchingIter
from .resize_iter import ResizeIter

__all__ = [
    "CSVIter", "DataBatch", "DataDesc", "DataIter", "ImageDetRecordIter", "ImageRecordInt8Iter", "ImageRecordIter",
    "ImageRecordIter_v1", "ImageRecordUInt8Iter", "ImageRecordUInt8Iter_v1", "LibSVMIter", "MNISTIter", "MXDataIter",
    "NDArrayIter", "PrefetchingIter", "ResizeIter",
]  # fmt: skip
