"""``mx.io``: iterators over batches, for training a `Module`.

`MNISTIter` reads the files of MNIST; ``gluon.data`` reads others. `NDArrayIter` iterates over arrays.
"""

from . import io, utils
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
from .utils import _getdata_by_idx, _has_instance, _init_data  # noqa: F401  (MXNet's are here too)

__all__ = [
    "CSVIter", "DataBatch", "DataDesc", "DataIter", "ImageDetRecordIter", "ImageRecordInt8Iter", "ImageRecordIter",
    "ImageRecordIter_v1", "ImageRecordUInt8Iter", "ImageRecordUInt8Iter_v1", "LibSVMIter", "MNISTIter", "MXDataIter",
    "NDArrayIter", "PrefetchingIter", "ResizeIter", "io", "utils",
]  # fmt: skip
