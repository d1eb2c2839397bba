"""Running a Symbol's graph on torch tensors."""

from __future__ import annotations

import linecache
from collections.abc import Callable, Collection, Sequence
from types import TracebackType
from typing import Any, NamedTuple

from torch import Tensor, fx

from ..core.context import Context
from ..core.errors import OPERATOR_FAILURES, MXNetError
from ..core.integer_tape import IntegerTape
from ..core.locks import process_lock
from ..core.rng import key
from ..core.strangers import raised_elsewhere
from ..ops.explain import explain
from ..ops.operator import Applied, update_state
from ..symbol.node import Entry, Node, leaves_length_open, topological_order
from . import engines
from .inference import infer_arrays
from .lower import Lowered, Run, lower
from .monitor import Monitored, Watch

_KEPT = 100  # sets of shapes for which a program keeps what it has found out; a program may meet any number

_lowering = process_lock()  # what one thread lowers, the others take from it


class _Ready(NamedTuple):
    """A lowered graph, and the function that an engine has made from it."""

    lowered: Lowered
    run: Run


class Program:
    """A graph that can be run; it is lowered on first use, once for training and once for prediction.

    Parameters
    ----------
    heads : sequence of Entry
        The entries to compute.
    variables : sequence of Node
        The variables, in the order of the tensors given to `run`.
    parameters : collection of Node, optional
        Which of the variables are parameters.
    engine : str, optional
        The name of the engine that runs it.

    Attributes
    ----------
    watch : Watch, optional
        If set, who is told of every array that an operator produces.
    """

    def __init__(
        self,
        heads: Sequence[Entry],
        variables: Sequence[Node],
        parameters: Collection[Node] = (),
        engine: str | None = None,
    ) -> None:
        self.heads = tuple(heads)
        self.variables = tuple(variables)
        self.watch: Watch | None = None
        self._parameters = frozenset([number for number, node in enumerate(variables) if node in parameters])
        self._engine = engines.find("graph", engine) if engine else engines.default()
        operators = [node for node in topological_order(heads) if not node.is_variable]
        self._draws = any(kind == "rng" for node in operators for _, kind in node.applied.operator.supplied)
        # Some graphs say zeros((0, 8)) and leave the length to inference: they are lowered for each set of shapes.
        self._needs_shapes = any(map(leaves_length_open, operators))
        self._ready: dict[Any, _Ready] = {}
        # Shapes and types that passed the check, for an engine that cannot name the node where others fail.
        self._fitting: dict[Any, bool] = {}

    def lowered(self, training: bool, tensors: Sequence[Tensor] = ()) -> Lowered:
        """Return the lowered graph; for some graphs it depends on the shapes of the tensors."""
        return self._prepared(training, tensors).lowered

    def _prepared(self, training: bool, tensors: Sequence[Tensor]) -> _Ready:
        kind = (training, *[tensor.shape for tensor in tensors]) if self._needs_shapes else training
        ready = self._ready.get(kind)
        return self._prepare(kind, training, tensors) if ready is None else ready

    def _prepare(self, kind: Any, training: bool, tensors: Sequence[Tensor]) -> _Ready:
        with _lowering:
            if kind not in self._ready:  # another thread may just have done it
                applied = self._applied(tensors)
                lowered = lower(self.heads, self.variables, training, self._parameters, applied)
                _make_room(self._ready)
                self._ready[kind] = _Ready(lowered, self._engine.compile(lowered))
            return self._ready[kind]

    def _applied(self, tensors: Sequence[Tensor]) -> Callable[[Node], Applied]:
        if self._needs_shapes:
            return infer_arrays(self.heads, self.variables, tensors).applied
        return lambda node: node.applied

    def _check(self, tensors: Sequence[Tensor]) -> None:
        """Refuse shapes and types that do not fit, naming the node."""
        given = tuple([(tensor.shape, tensor.dtype) for tensor in tensors])
        if given not in self._fitting:
            infer_arrays(self.heads, self.variables, tensors)
            _make_room(self._fitting)
            self._fitting[given] = True

    def run(self, tensors: Sequence[Tensor], ctx: Context, training: bool) -> tuple[Tensor, ...]:
        """Compute the heads, and update the states in place.

        Parameters
        ----------
        tensors : sequence of Tensor
            One for each of `variables`.
        ctx : Context
            Where the tensors are.
        training : bool
            Whether operators behave as in training.

        Raises
        ------
        MXNetError
            An operator refuses its inputs; the message names the node.
        """
        lowered, run = self._prepared(training, tensors)
        if not self._engine.shows_nodes:
            self._check(tensors)
            if any(type(tensor) is IntegerTape for tensor in tensors):
                run = lowered.module.forward  # a compiler does not know their gradients
        if self.watch is not None:
            run = Monitored(lowered.module, self.watch).run
        try:
            results = run(*tensors, key(ctx) if self._draws else None, ctx.device)
        except OPERATOR_FAILURES as error:
            stranger = raised_elsewhere(error)
            if stranger is not None:
                raise stranger from stranger.__cause__
            raise _explained(error) from error
        if not lowered.states:
            return results
        heads = len(self.heads)
        for number, new in zip(lowered.states, results[heads:], strict=True):
            update_state(tensors[number], new)
        return results[:heads]


def _make_room(kept: dict[Any, Any]) -> None:
    """Remove the oldest of too many entries."""
    while len(kept) >= _KEPT:
        kept.pop(next(iter(kept), None), None)


def _explained(error: Exception) -> Exception:
    """Return an error that names the node that failed, and its inputs."""
    stopped = _stopped_at(error.__traceback__)
    if stopped is None:
        reason = str(error) or type(error).__name__
        return error if isinstance(error, MXNetError) else MXNetError(f"graph: {reason.splitlines()[0]}")
    call, tensors = stopped
    if not isinstance(error, MXNetError) and "applied" in call.meta:
        error = explain(call.meta["applied"], tensors, error)
    return MXNetError(f"{call.meta['source'].name}: {error}")


def _stopped_at(traceback: TracebackType | None) -> tuple[fx.Node, list[Tensor | None]] | None:
    """Find the call in generated code that raised: it is a line ``name = function(arguments)``."""
    while traceback is not None:
        frame = traceback.tb_frame
        module = frame.f_locals.get("self")
        if isinstance(module, fx.GraphModule) and frame.f_code is type(module).forward.__code__:
            line = linecache.getline(frame.f_code.co_filename, traceback.tb_lineno)
            name = line.split("=")[0].split(":")[0].strip()
            for call in module.graph.nodes:
                if call.name == name and "source" in call.meta:
                    arguments = [frame.f_locals[a.name] if isinstance(a, fx.Node) else None for a in call.args]
                    return call, arguments
        traceback = traceback.tb_next
    return None
