"""What ``glueball inspect --engine`` says: how an engine runs a graph, and how long each step takes."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from ..core.context import cpu
from ..core.errors import MXNetError
from ..graph import engines
from ..graph.explanation import Explanation
from ..graph.program import Program
from ..ops.shape_rule import is_known
from ..symbol import Symbol
from ..symbol.infer import infer
from ..symbol.node import Entry
from ..visualization.network import Network
from ._model import random_values

_OWNER = "inspect --engine"


def explain(
    engine: str, symbol: Symbol, network: Network, shapes: Mapping[str, tuple[int, ...]], saved: Mapping[str, Tensor],
    name: str,
) -> Explanation:  # fmt: skip
    """Run a graph for prediction on the CPU; inputs, and parameters that are not saved, are random.

    Parameters
    ----------
    engine : str
        The name of the engine.
    symbol : Symbol
        The graph.
    network : Network
        What is known of it.
    shapes : mapping of str to tuple of int
        The shapes of inputs, by name.
    saved : mapping of str to Tensor
        The parameters by name.
    name : str
        What the table calls the graph.

    Raises
    ------
    MXNetError
        The engine does not exist or cannot run here, or a shape is not known.
    """
    engines.find(_OWNER, engine)
    names = set(symbol.list_inputs())
    known = {variable: tensor for variable, tensor in saved.items() if variable in names}
    given = {variable: tuple(tensor.shape) for variable, tensor in known.items()} | dict(shapes)
    found = infer(symbol._entries, given, {variable: tensor.dtype for variable, tensor in known.items()})
    variables = [*symbol._arguments(), *symbol._states()]
    generator, tensors = torch.Generator().manual_seed(0), []
    for node in variables:
        shape, kind = found.shapes[Entry(node, 0)], found.types[Entry(node, 0)]
        if not is_known(shape):
            raise MXNetError(
                f"{_OWNER}: the shapes of all inputs must be known; received none for {node.name}; pass "
                f"--shape {node.name}=1,3,224,224"
            )
        tensors.append(known[node.name] if node.name in known else random_values(shape or (), kind, generator))
    learned = {array.name for array in network.parameters}
    parameters = [node for node in variables if node.name in learned]
    program = Program(symbol._entries, variables, parameters, engine, owner=name)
    return program.explain(tensors, cpu(), training=False)
