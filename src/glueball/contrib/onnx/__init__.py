"""``mx.contrib.onnx``: MXNet's older place for ONNX."""

from __future__ import annotations

import sys as _sys

from ...onnx import export_model, mx2onnx
from . import onnx2mx
from .onnx2mx.import_model import get_model_metadata, import_model
from .onnx2mx.import_to_gluon import import_to_gluon

_sys.modules[f"{__name__}.mx2onnx"] = mx2onnx  # where programs for MXNet before 1.9 import it from

__all__ = ["export_model", "get_model_metadata", "import_model", "import_to_gluon", "mx2onnx", "onnx2mx"]
