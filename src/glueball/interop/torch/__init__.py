"""PyTorch: networks of Gluon as torch modules, and torch modules as blocks."""

from __future__ import annotations

from .module import BlockModule, as_module
from .program import check_program, export_program

__all__ = ["BlockModule", "as_module", "check_program", "export_program"]
