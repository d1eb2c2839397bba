"""A graph and its arrays as a file of ONNX."""

from .export import NoCounterpartError, write_model
from .translation import Translation

__all__ = ["NoCounterpartError", "Translation", "write_model"]
