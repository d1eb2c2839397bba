"""The shapes and types of all arrays of a graph, from the tensors given for its variables."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from ..symbol.infer import Inferred, infer
from ..symbol.node import Entry, Node


def infer_arrays(heads: Sequence[Entry], variables: Sequence[Node], tensors: Sequence[Tensor]) -> Inferred:
    """Find the shapes and types of all arrays of a graph.

    Raises
    ------
    MXNetError
        The tensors do not fit; the message names the node.
    """
    given = {node.name: tensor for node, tensor in zip(variables, tensors, strict=True)}
    shapes = {name: tuple(tensor.shape) for name, tensor in given.items()}
    return infer(heads, shapes, {name: tensor.dtype for name, tensor in given.items()})
