"""``mx.contrib``: mixed precision, words, logs for TensorBoard, and MXNet's older place for ``mx.nd.contrib``."""

from __future__ import annotations

import sys as _sys

from ..ndarray import contrib as nd
from ..symbol import contrib as sym
from . import amp, autograd, io, onnx, tensorboard, text

ndarray, symbol = nd, sym
_sys.modules.update({f"{__name__}.ndarray": ndarray, f"{__name__}.symbol": symbol})

__all__ = ["amp", "autograd", "io", "nd", "ndarray", "onnx", "sym", "symbol", "tensorboard", "text"]
