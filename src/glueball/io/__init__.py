"""``mx.io``: iterators over batches, for training a `Module`.

`MNISTIter` reads the files of MNIST; ``gluon.data`` reads others. `NDArrayIter` iterates over arrays.
"""

from . import io, utils
from .array_iter import NDArrayIter
from .batch import DataBatch, DataDesc
from .data_iter import DataIter
from .mnist_iter import MNISTIter
from .prefetching_iter import PrefetchingIter
from .resize_iter import ResizeIter
from .utils import _getdata_by_idx, _has_instance, _init_data  # noqa: F401  (MXNet's are here too)

__all__ = [
    "DataBatch", "DataDesc", "DataIter", "MNISTIter", "NDArrayIter", "PrefetchingIter", "ResizeIter", "io", "utils",
]  # fmt: skip

_IMAGES = "decode the images yourself and use gluon.data.DataLoader, or NDArrayIter over an array of them"

#: MXNet's iterators over files, which are not provided, and what to use instead.
_INSTEAD = {
    "CSVIter": "NDArrayIter(numpy.loadtxt(path, delimiter=','), ...)",
    "LibSVMIter": "sparse arrays are not provided; make dense arrays and use NDArrayIter",
    "MXDataIter": "it wraps iterators written in C++; derive from mx.io.DataIter",
    "ImageRecordIter": _IMAGES,
    "ImageRecordIter_v1": _IMAGES,
    "ImageRecordInt8Iter": _IMAGES,
    "ImageRecordUInt8Iter": _IMAGES,
    "ImageRecordUInt8Iter_v1": _IMAGES,
    "ImageDetRecordIter": _IMAGES,
}
