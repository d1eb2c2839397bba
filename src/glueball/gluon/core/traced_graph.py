"""The graph that a HybridBlock is traced to, bound to the block's parameters."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import torch

from ...core.context import Context
from ...core.errors import MXNetError
from ...core.mode import mode
from ...core.storage import SparseStorage
from ...core.waiting import Waiting
from ...core.warning import warn
from ...graph.by_call import makes_sparse, run_by_call
from ...graph.engines import Choice
from ...graph.explanation import Explanation
from ...graph.program import Program
from ...graph.tying import apart, tie
from ...ndarray.invoke import wrap
from ...ndarray.ndarray import NDArray
from ...symbol import Group, Symbol, var
from ...symbol.node import topological_order
from . import nested
from .held import Held
from .parameter import Parameter
from .parameter_inference import find_parameter


class Trace(NamedTuple):
    """What a block computes for inputs of one structure.

    Attributes
    ----------
    inputs : list of Symbol
        The variables that represent the inputs.
    outputs : Symbol
        All outputs, as they are written to a file.
    structure : object
        How the outputs are nested, as returned by `nested.flatten`.
    """

    inputs: list[Symbol]
    outputs: Symbol
    structure: Any


class TracedGraph:
    """The computation of a block for inputs of one structure, as a program.

    Parameters
    ----------
    trace : Trace
        The computation.
    parameters : mapping of str to Parameter
        All parameters that variables may represent, by name.
    owner : str
        The name of the block, for messages.
    engine : Choice, optional
        The engine that runs it.
    strict : bool, default False
        Whether it is an error if the engine fails.
    name : str, default ''
        The name of the block.
    inlined : int, default 0
        The number of operators up to which each is a step of a recording by itself, and not the graph as a whole.
    """

    def __init__(
        self,
        trace: Trace,
        parameters: Mapping[str, Parameter],
        owner: str,
        engine: Choice | None,
        strict: bool = False,
        name: str = "",
        inlined: int = 0,
    ) -> None:
        self.structure = trace.structure
        variables = [node for node in topological_order(trace.outputs._entries) if node.is_variable]
        given = [symbol._node() for symbol in trace.inputs]
        states = [node for node in variables if node not in given]
        for number, node in enumerate(given):
            if node not in variables:
                warn(f"{owner}: input {number} is not used by any computation")
        self.parameters = [find_parameter(node.name, parameters, owner) for node in states]
        self.held = Held(self.parameters)
        operators = [node.applied for node in topological_order(trace.outputs._entries) if not node.is_variable]
        self._waits = any(each.operator.waits and each.operator.waits(each.attributes) for each in operators)
        self._makes_sparse = makes_sparse(trace.outputs._entries)
        self.program = Program(trace.outputs._entries, [*given, *states], states, engine, strict, name or owner)
        heads = trace.outputs._entries
        self._apart = apart(heads, self.program.variables) if len(operators) > inlined else []

    def __call__(self, arrays: Sequence[NDArray], ctx: Context) -> Any:
        """Compute the outputs from the arrays of inputs and then parameters, all on one context."""
        if self._makes_sparse or (self._waits and mode.training):
            return self._call_by_call(arrays, ctx)
        try:
            if mode.recording:
                tensors = [array._data if array._tape is None else array._source() for array in arrays]
                with torch.enable_grad():
                    results = self.program.run(tensors, ctx, mode.training)
                    if self._apart:
                        results = tie(results, [tensors[number] for number in self._apart])
            else:
                results = self.program.run([array._data for array in arrays], ctx, mode.training)
        except (Waiting, SparseStorage):  # an input waits, or is sparse
            return self._call_by_call(arrays, ctx)
        if self.structure == nested.ONE:
            return wrap(results[0], ctx, face=arrays[0]._face)
        face = arrays[0]._face
        return nested.rebuild(self.structure, iter([wrap(result, ctx, face=face) for result in results]))

    def _call_by_call(self, arrays: Sequence[NDArray], ctx: Context) -> Any:
        """Compute as a block does that is not hybridized, since some values will come later, or are sparse."""
        return nested.rebuild(
            self.structure, iter(run_by_call(self.program.heads, self.program.variables, arrays, ctx))
        )

    def explain(self, arrays: Sequence[NDArray], ctx: Context) -> Explanation:
        """Run the graph several times and say what takes how long."""
        return self.program.explain([array._data for array in arrays], ctx, mode.training)


class _Traceable(Protocol):
    """What tracing needs of a block."""

    def _glueball_forward_symbols(self, *args: Any) -> Any: ...


class _Tracing(threading.local):
    """Whether this thread is tracing only for inference, which no user's hook should see."""

    silent = False


tracing = _Tracing()


def trace_block(block: _Traceable, args: Sequence[Any], silent: bool = False) -> Trace:
    """Run `hybrid_forward` of a block once, with symbols in place of arrays.

    Parameters
    ----------
    block : HybridBlock
        The block.
    args : sequence
        The inputs of a call; only their structure matters.
    silent : bool, default False
        Whether to skip the hooks of its descendants.

    Raises
    ------
    MXNetError
        `hybrid_forward` uses something of a symbol that only an array has.
    """
    owner = type(block).__name__
    leaves, structure = nested.flatten(list(args), f"{owner}: the inputs")
    names = ["data"] if len(leaves) == 1 else [f"data{number}" for number in range(len(leaves))]
    inputs = [var(name).as_np_ndarray() if leaf._is_np else var(name) for name, leaf in zip(names, leaves, strict=True)]
    before, tracing.silent = tracing.silent, silent
    try:
        outputs = block._glueball_forward_symbols(*nested.rebuild(structure, iter(inputs)))
    finally:
        tracing.silent = before
    symbols, output_structure = nested.flatten(outputs, f"{owner}: the outputs")
    if not symbols:
        raise MXNetError(f"{owner}: hybrid_forward must return at least one array; it returned {outputs!r}")
    return Trace(inputs, Group(symbols), output_structure)
