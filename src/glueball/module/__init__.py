"""``mx.mod``: `Module`, which trains and runs a network given as a graph."""

from .base_module import BaseModule
from .module import Module

__all__ = ["BaseModule", "Module"]

#: Other names of MXNet's module, and what to use instead.
_INSTEAD = {
    "BucketingModule": "bind one Module for each bucket, with shared_module= for all but the first; or write the "
    "network as a gluon.HybridBlock, which accepts any length",
    "SequentialModule": "compose the graphs into one Symbol and make one Module of it",
    "PythonModule": "derive from BaseModule, or write the layer as a gluon.Block",
    "PythonLossModule": "write the loss as a graph with mx.sym.MakeLoss, or train a gluon.Block with autograd",
}
