"""``mx.mod``: networks that are given as a graph, trained and run by `Module`."""

from .base_module import BaseModule
from .module import Module

__all__ = ["BaseModule", "Module"]

#: What MXNet has beside these, and what does its work.
_INSTEAD = {
    "BucketingModule": "bind one Module for each bucket, with shared_module= for those after the first; or write the "
    "network as a gluon.HybridBlock, which takes any length",
    "SequentialModule": "compose the graphs into one Symbol and make one Module of it",
    "PythonModule": "derive from BaseModule, or write the layer as a gluon.Block",
    "PythonLossModule": "write the loss as a graph with mx.sym.MakeLoss, or train a gluon.Block with autograd",
}
