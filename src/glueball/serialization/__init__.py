"""MXNet's binary ``.params`` files to and from torch tensors (format: SPEC.md), and atomic file writes."""

from .atomic import atomic_write, write_together
from .reader import load_params, read_params
from .writer import dump_params, write_params

__all__ = ["atomic_write", "dump_params", "load_params", "read_params", "write_params", "write_together"]
