"""Files of ONNX as graphs and blocks, in MXNet's modules."""

from . import import_model, import_onnx, import_to_gluon

__all__ = ["import_model", "import_onnx", "import_to_gluon"]
