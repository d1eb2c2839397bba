"""``mx.contrib.onnx``: MXNet's older place for ONNX."""

from __future__ import annotations

import sys as _sys

from ...onnx import export_model, mx2onnx
from . import onnx2mx
from .onnx2mx.import_model import get_model_metadata, import_model
from .onnx2mx.import_to_gluon import import_to_gluon

_sys.modules[f"{__name__}.mx2onnx"] = mx2onnx  # where programs for MXNet before 1.9 import it from

# MXNet's own functions; those without the stroke warn there that they are to go.
export_model_, import_model_, import_to_gluon_ = export_model, import_model, import_to_gluon
get_model_metadata_ = get_model_metadata

__all__ = [
    "export_model",
    "export_model_",
    "get_model_metadata",
    "get_model_metadata_",
    "import_model",
    "import_model_",
    "import_to_gluon",
    "import_to_gluon_",
    "mx2onnx",
    "onnx2mx",
]
