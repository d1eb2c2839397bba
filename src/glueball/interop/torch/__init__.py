"""PyTorch: networks of Gluon as torch modules, and torch modules as blocks."""

from __future__ import annotations

from .block import TorchBlock, as_block
from .imported import import_program
from .module import BlockModule, as_module
from .program import check_program, export_program
from .python_file import check_python, export_python
from .state_dict import Loaded, LoadReport, from_torch_state_dict

__all__ = [
    "BlockModule", "LoadReport", "Loaded", "TorchBlock", "as_block", "as_module", "check_program", "check_python",
    "export_program", "export_python", "from_torch_state_dict", "import_program",
]  # fmt: skip
