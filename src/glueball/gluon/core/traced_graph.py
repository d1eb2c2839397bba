"""The graph that a HybridBlock is traced to, bound to the block's parameters."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import torch

from ...core import dtype as dtypes
from ...core.context import Context
from ...core.errors import MXNetError
from ...core.mode import mode
from ...graph.program import Program
from ...ndarray.invoke import wrap
from ...ndarray.ndarray import NDArray
from ...symbol import Group, Symbol, var
from ...symbol.infer import Inferred, infer
from ...symbol.node import topological_order
from ..utils import shape_is_known
from . import nested
from .parameter import Parameter


class TracedGraph:
    """The computation of a block for inputs of one structure, as a symbol and as a program.

    Parameters
    ----------
    outputs : Symbol
        The outputs of the graph.
    inputs : sequence of Symbol
        The variables that represent the inputs.
    structure : object
        How the outputs are nested, as returned by `nested.flatten`.
    parameters : mapping of str to Parameter
        All parameters that variables may represent, by name.
    owner : str
        The name of the block, for messages.
    engine : str
        The engine that runs it.

    Attributes
    ----------
    symbol : Symbol
        The outputs as written to a file.
    """

    def __init__(
        self,
        outputs: Symbol,
        inputs: Sequence[Symbol],
        structure: Any,
        parameters: Mapping[str, Parameter],
        owner: str,
        engine: str,
    ) -> None:
        self.symbol = outputs
        self.inputs = list(inputs)
        self.structure = structure
        variables = [node for node in topological_order(outputs._entries) if node.is_variable]
        given = [symbol._node() for symbol in self.inputs]
        states = [node for node in variables if node not in given]
        for number, node in enumerate(given):
            if node not in variables:
                warnings.warn(f"{owner}: input {number} is not used by any computation", stacklevel=6)
        self.parameters = [_find(node.name, parameters, owner) for node in states]
        self.program = Program(outputs._entries, [*given, *states], states, engine)

    def __call__(self, arrays: Sequence[NDArray], ctx: Context) -> Any:
        """Compute the outputs from the arrays of inputs and then parameters, all on one context."""
        if mode.recording:
            tensors = [array._data if array._tape is None else array._tape for array in arrays]
            with torch.enable_grad():
                results = self.program.run(tensors, ctx, mode.training)
        else:
            results = self.program.run([array._data for array in arrays], ctx, mode.training)
        if self.structure == nested.ONE:
            return wrap(results[0], ctx)
        return nested.rebuild(self.structure, iter([wrap(result, ctx) for result in results]))

    def infer_shapes(self, inputs: Sequence[NDArray]) -> None:
        """Infer the unknown shapes of the parameters from those of the inputs.

        Raises
        ------
        MXNetError
            The shapes contradict one another, or do not determine all parameters.
        """
        found = self._infer(inputs)
        for parameter in self.parameters:
            if shape_is_known(parameter.shape):
                continue
            shape = found.shape(parameter.name)
            if shape is None or not shape_is_known(shape):
                raise MXNetError(
                    f"the shape of {parameter.name} must be inferable from the inputs; it is {parameter.shape}; pass "
                    "the parameter's full shape (in_channels=..., in_units=...)"
                )
            parameter.shape = shape

    def infer_types(self, inputs: Sequence[NDArray]) -> None:
        """Infer the missing dtypes of the parameters, and check the others.

        Raises
        ------
        MXNetError
            An operator does not accept the dtypes.
        """
        found = self._infer(inputs)
        for parameter in self.parameters:
            if parameter.dtype is None:
                kind = found.type(parameter.name)
                parameter.cast("float32" if kind is None else dtypes.TORCH_TO_NUMPY[kind])

    def _infer(self, inputs: Sequence[NDArray]) -> Inferred:
        """Infer from the inputs and the known properties of the parameters."""
        shapes: dict[str, tuple[int, ...]] = {}
        types: dict[str, torch.dtype] = {}
        for symbol, array in zip(self.inputs, inputs, strict=True):
            shapes[symbol._node().name], types[symbol._node().name] = array.shape, array._data.dtype
        for parameter in self.parameters:
            if parameter.shape is not None:
                shapes[parameter.name] = parameter.shape
            if parameter.dtype is not None:
                types[parameter.name] = dtypes.to_torch(parameter.dtype, parameter.name)
        return infer(self.symbol._entries, shapes, types)


class _Traceable(Protocol):
    """What tracing needs of a block."""

    def _glueball_forward_symbols(self, *args: Any) -> Any: ...


class _Tracing(threading.local):
    """Whether this thread is tracing only for inference, which no user's hook should see."""

    silent = False


tracing = _Tracing()


def trace(block: _Traceable, args: Sequence[Any], silent: bool = False) -> tuple[list[Symbol], Symbol, Any]:
    """Run `hybrid_forward` of a block once, with symbols in place of arrays.

    Parameters
    ----------
    block : HybridBlock
        The block.
    args : sequence
        The inputs of a call; only their structure matters.
    silent : bool, default False
        Whether to skip the hooks of its descendants.

    Returns
    -------
    inputs : list of Symbol
        The variables that represent the inputs.
    outputs : Symbol
        All outputs.
    structure : object
        How the outputs are nested, as returned by `nested.flatten`.

    Raises
    ------
    MXNetError
        `hybrid_forward` uses something of a symbol that only an array has.
    """
    owner = type(block).__name__
    leaves, structure = nested.flatten(list(args), f"{owner}: the inputs")
    names = ["data"] if len(leaves) == 1 else [f"data{number}" for number in range(len(leaves))]
    inputs = [var(name) for name in names]
    before, tracing.silent = tracing.silent, silent
    try:
        outputs = block._glueball_forward_symbols(*nested.rebuild(structure, iter(inputs)))
    finally:
        tracing.silent = before
    symbols, output_structure = nested.flatten(outputs, f"{owner}: the outputs")
    if not symbols:
        raise MXNetError(f"{owner}: hybrid_forward must return at least one array; it returned {outputs!r}")
    return inputs, Group(symbols), output_structure


def _find(name: str, parameters: Mapping[str, Parameter], owner: str) -> Parameter:
    if name not in parameters:
        raise MXNetError(
            f"{owner}: every variable of the graph must be an input or a parameter of the block; {name!r} is neither; "
            "pass it as an input, or register its block as a child"
        )
    return parameters[name]
