"""PyTorch: networks of Gluon as torch modules, and torch modules as blocks."""

from __future__ import annotations

from .module import BlockModule, as_module
from .program import check_program, export_program
from .python_file import check_python, export_python

__all__ = ["BlockModule", "as_module", "check_program", "check_python", "export_program", "export_python"]
