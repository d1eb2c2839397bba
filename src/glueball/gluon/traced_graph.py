"""The graph that a HybridBlock is traced to, joined to the block's parameters."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from .. import dtype as dtypes
from ..context import Context
from ..errors import MXNetError
from ..graph.program import Program
from ..mode import mode
from ..ndarray.ndarray import NDArray
from ..symbol import Group, Symbol, var
from ..symbol.node import in_order
from . import nested
from .utils import shape_is_known

if TYPE_CHECKING:
    from .hybrid_block import HybridBlock
    from .parameter import Parameter


class TracedGraph:
    """What a block computes for inputs of one structure, as a symbol and as a program.

    Parameters
    ----------
    outputs : Symbol
        What is computed.
    inputs : sequence of Symbol
        The variables that stand for the inputs.
    structure : object
        How the outputs are nested, as `nested.flatten` says it.
    parameters : mapping of str to Parameter
        All parameters that variables can stand for, by name.
    owner : str
        The block, for messages.

    Attributes
    ----------
    symbol : Symbol
        The outputs as they are written to a file.
    """

    def __init__(
        self, outputs: Symbol, inputs: Sequence[Symbol], structure: Any, parameters: Mapping[str, Parameter], owner: str
    ) -> None:
        self.symbol = outputs
        self.inputs = list(inputs)
        self.structure = structure
        variables = [node for node in in_order(outputs._entries) if node.is_variable]
        given = [symbol._node() for symbol in self.inputs]
        states = [node for node in variables if node not in given]
        for number, node in enumerate(given):
            if node not in variables:
                warnings.warn(f"{owner}: input {number} is not used by any computation", stacklevel=6)
        self.parameters = [_find(node.name, parameters, owner) for node in states]
        self.program = Program(outputs._entries, [*given, *states])

    def __call__(self, inputs: Sequence[NDArray], ctx: Context) -> Any:
        """Compute the outputs from arrays on a context that all parameters are on; KeyError if one is not."""
        arrays = [*inputs, *[parameter._arrays[ctx] for parameter in self.parameters]]
        if mode.recording:
            tensors = [array._data if array._tape is None else array._tape for array in arrays]
            with torch.enable_grad():
                results = self.program.run(tensors, ctx, mode.training)
        else:
            results = self.program.run([array._data for array in arrays], ctx, mode.training)
        if self.structure == nested.ONE:
            return _wrap(results[0], ctx)
        return nested.rebuild(self.structure, iter([_wrap(result, ctx) for result in results]))

    def infer_shapes(self, inputs: Sequence[NDArray]) -> None:
        """Complete the shapes of the parameters from those of the inputs.

        Raises
        ------
        MXNetError
            They contradict one another, or do not lead to all parameters.
        """
        names = [symbol.name for symbol in self.inputs]
        known = {str(name): array.shape for name, array in zip(names, inputs, strict=True)}
        for parameter in self.parameters:
            if parameter.shape is not None:
                known[parameter.name] = parameter.shape
        arguments, _, states = self.symbol.infer_shape_partial(**{k: v for k, v in known.items() if k in self._names()})
        found = dict(zip(self.symbol.list_arguments(), arguments, strict=True))
        found |= dict(zip(self.symbol.list_auxiliary_states(), states, strict=True))
        for parameter in self.parameters:
            shape = found[parameter.name]
            if not shape_is_known(parameter.shape):
                if not shape_is_known(shape or None):
                    raise MXNetError(
                        f"the shape of {parameter.name} must follow from the inputs; known is {parameter.shape}; give "
                        "the parameter's full shape (in_channels=..., in_units=...)"
                    )
                parameter.shape = shape

    def infer_types(self, inputs: Sequence[NDArray]) -> None:
        """Give the parameters without a type the one that the operators need, and check the others.

        Raises
        ------
        MXNetError
            An operator does not accept the types.
        """
        names = [symbol.name for symbol in self.inputs]
        known = {str(name): array.dtype for name, array in zip(names, inputs, strict=True)}
        for parameter in self.parameters:
            if parameter.dtype is not None:
                known[parameter.name] = dtypes.TORCH_TO_NUMPY[dtypes.to_torch(parameter.dtype, parameter.name)]
        arguments, _, states = self.symbol.infer_type(**{k: v for k, v in known.items() if k in self._names()})
        found = dict(zip(self.symbol.list_arguments(), arguments or (), strict=False))
        found |= dict(zip(self.symbol.list_auxiliary_states(), states or (), strict=False))
        for parameter in self.parameters:
            if parameter.dtype is None and found.get(parameter.name) is not None:
                parameter.cast(found[parameter.name])

    def _names(self) -> set[str]:
        return set(self.symbol.list_inputs())


def trace(block: HybridBlock, args: Sequence[Any]) -> TracedGraph:
    """Run `hybrid_forward` of a block once with symbols in the place of arrays.

    Raises
    ------
    MXNetError
        It asks a symbol for what only an array has.
    """
    owner = type(block).__name__
    leaves, structure = nested.flatten(list(args), f"{owner}: the inputs")
    names = ["data"] if len(leaves) == 1 else [f"data{number}" for number in range(len(leaves))]
    inputs = [var(name) for name in names]
    outputs = block._forward_symbols(*nested.rebuild(structure, iter(inputs)))
    symbols, output_structure = nested.flatten(outputs, f"{owner}: the outputs")
    if not symbols:
        raise MXNetError(f"{owner}: hybrid_forward must return an array at least; it returned {outputs!r}")
    return TracedGraph(Group(symbols), inputs, output_structure, dict(block.collect_params().items()), owner)


def _find(name: str, parameters: Mapping[str, Parameter], owner: str) -> Parameter:
    if name not in parameters:
        raise MXNetError(
            f"{owner}: every variable of the graph must be an input or a parameter of the block; {name!r} is neither; "
            "pass it as an input, or register the block that has it as a child"
        )
    return parameters[name]


def _wrap(tensor: Tensor, ctx: Context) -> NDArray:
    if tensor.requires_grad:
        return NDArray(tensor.data, ctx, tensor)
    return NDArray(tensor, ctx)
