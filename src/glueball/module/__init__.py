"""``mx.mod``: `Module`, which trains and runs a network given as a graph."""

from .base_module import BaseModule
from .module import Module
from .python_module import PythonLossModule, PythonModule
from .sequential_module import SequentialModule

__all__ = ["BaseModule", "Module", "PythonLossModule", "PythonModule", "SequentialModule"]

#: Other names of MXNet's module, and what to use instead.
_INSTEAD = {
    "BucketingModule": "bind one Module for each bucket, with shared_module= for all but the first; or write the "
    "network as a gluon.HybridBlock, which accepts any length",
}
