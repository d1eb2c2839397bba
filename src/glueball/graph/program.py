"""Running a Symbol's graph on torch tensors."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ..core.context import Context
from ..core.errors import MXNetError
from ..core.failed_gradients import sign
from ..core.freed_graphs import stand_for_all
from ..core.integer_tape import IntegerTape, is_recorded
from ..core.locks import process_lock
from ..core.observers import observers
from ..core.rng import key
from ..ops.averages import Average, change_in_backward
from ..ops.operator import Applied, update_state
from ..symbol.node import Entry, Node, leaves_length_open, topological_order
from . import cuda, engines, failures
from .explanation import Explanation, explain
from .fallback import Fallback, node_with
from .form import AsLowered, Form, as_lowered
from .inference import infer_arrays
from .lower import Lowered, Run, lower
from .monitor import Monitored, Watch
from .rehearsal import Rehearsed
from .remembered import make_room

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
    engine : Choice or str, optional
        The engine that runs it, or its name.
    strict : bool, default False
        Whether it is an error if the engine fails; else the graph then runs as it was lowered, with a warning.
    owner : str, optional
        What messages call it.
    devices : dict of Node to torch.device, optional
        The device of each node, where they are on several; then no engine changes the graph.

    Attributes
    ----------
    watch : Watch, optional
        If set, who is told of every array that an operator produces.
    is_static : bool, default False
        Whether predictions on a GPU may be captured, to be replayed for inputs of the same shapes.
    """

    def __init__(
        self,
        heads: Sequence[Entry],
        variables: Sequence[Node],
        parameters: Collection[Node] = (),
        engine: engines.Choice | str | None = None,
        strict: bool = False,
        owner: str = "graph",
        devices: Mapping[Node, torch.device] | None = None,
    ) -> None:
        self.heads = tuple(heads)
        self.variables = tuple(variables)
        self.watch: Watch | None = None
        self.is_static = False
        self._parameters = frozenset([number for number, node in enumerate(variables) if node in parameters])
        self._devices = devices
        choice = "eager" if devices else engine or engines.default()
        self._owner = owner
        self._engine_name = choice.name if isinstance(choice, engines.Choice) else choice
        self._engine = engines.find("graph", choice)
        self._fallback = Fallback(owner, self._engine_name, self._engine, strict)
        operators = [node for node in topological_order(heads) if not node.is_variable]
        # Others see each run: a program's code, or other processes, which would wait for a run that they do not share.
        self._is_seen = any(
            node.applied.operator.runs_user_code or node.applied.operator.waits is not None for node in operators
        )
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
                lowered = lower(self.heads, self.variables, training, self._parameters, applied, self._devices)
                make_room(self._ready, _KEPT)
                try:
                    self._ready[kind] = _Ready(lowered, self._made(lowered))
                except Exception as error:
                    failures.raise_others(error, self._fallback.packages)
                    self._give_up((kind,), lowered, error)
            return self._ready[kind]

    def _made(self, lowered: Lowered) -> Run:
        """Return the function that the engine makes of a graph."""
        run = self._engine.compile(lowered)
        if self._engine.shows_nodes:
            return cuda.around(run, lowered, self.is_static)
        if self._is_seen or run == lowered.module.forward or isinstance(run, AsLowered):
            return run
        return Rehearsed(run)

    def _applied(self, tensors: Sequence[Tensor]) -> Callable[[Node], Applied]:
        if self._needs_shapes:
            return infer_arrays(self.heads, self.variables, tensors).applied
        return lambda node: node.applied

    def _check(self, tensors: Sequence[Tensor]) -> None:
        """Refuse shapes and types that do not fit, naming the node."""
        given = tuple([(tensor.shape, tensor.dtype) for tensor in tensors])
        if given not in self._fitting:
            infer_arrays(self.heads, self.variables, tensors)
            make_room(self._fitting, _KEPT)
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
        ready = self._prepared(training, tensors)
        arguments = (*tensors, key(ctx) if self._draws else None, ctx.device)
        run = ready.run if self.watch is None and self._engine.shows_nodes else self._function(ready, tensors)
        called = run
        if observers and self.watch is None:
            called = observers[0].graph(lambda: self._form(ready, arguments), run)
        try:
            results = called(*arguments)
        except Exception as error:
            results = self._run_as_lowered(ready, run, arguments, error)
        else:
            self._note_recorded(ready, run, tensors, results)
        lowered = ready.lowered
        if not lowered.states:
            return results
        heads = len(self.heads)
        averages = []
        for number, new in zip(lowered.states, results[heads:], strict=True):
            if number in lowered.momenta:
                averages.append(Average(tensors[number], new, lowered.momenta[number]))
            else:
                update_state(tensors[number], new)
        change_in_backward(averages, results[:heads])
        return results[:heads]

    def _note_recorded(self, ready: _Ready, run: Run, tensors: Sequence[Tensor], results: Sequence[Tensor]) -> None:
        recorded = list(filter(is_recorded, results))
        if recorded and _is_an_engines(ready, run):
            parameters = [(self.variables[number], tensors[number]) for number in self._parameters]
            sign(results, tensors, _Recorded(self, ready, parameters))
        if len(recorded) == 1 and self.watch is None:
            stand_for_all(recorded[0], tensors)

    def _function(self, ready: _Ready, tensors: Sequence[Tensor]) -> Run:
        if not self._engine.shows_nodes:
            self._check(tensors)
        if self.watch is not None:
            return Monitored(ready.lowered, self.watch).run
        if not self._engine.shows_nodes and any(type(tensor) is IntegerTape for tensor in tensors):
            return ready.lowered.module.forward  # a compiler does not know their gradients
        return ready.run

    # --- engines that fail --------------------------------------------------------------------------------------------

    def _run_as_lowered(
        self, ready: _Ready, run: Run, arguments: Sequence[Any], error: Exception
    ) -> tuple[Tensor, ...]:
        """Compute without the engine what failed with it; if that fails too, the engine is not to blame."""
        module = ready.lowered.module
        is_an_engines = _is_an_engines(ready, run)
        failures.raise_others(error, self._fallback.packages if is_an_engines else ())
        if not is_an_engines or (self._engine.shows_nodes and failures.passed_through(module, error.__traceback__)):
            failures.raise_operators(error)
        try:
            results: tuple[Tensor, ...] = module.forward(*arguments)
        except Exception as own:
            failures.raise_operators(own)
        with _lowering:
            self._give_up(self._kinds(ready), ready.lowered, error)
        return results

    def _give_up(self, kinds: Sequence[Any], lowered: Lowered, error: Exception) -> None:
        """Run a graph as it was lowered from now on, and warn of it; or refuse to."""
        function = self._fallback.function(lowered, error)
        self._ready.update(dict.fromkeys(kinds, _Ready(lowered, function)))
        self._fallback.announce(function)

    def _kinds(self, ready: _Ready) -> list[Any]:
        return [kind for kind, known in self._ready.items() if known is ready]

    def _refuse_gradient(self, ready: _Ready, node: str, error: Exception) -> MXNetError:
        """Return the error for a gradient that the engine could not compute, and go on without it."""
        function, refusal = self._fallback.after_gradient(ready.lowered, error, node)
        if function is not None:
            with _lowering:
                self._ready.update(dict.fromkeys(self._kinds(ready), _Ready(ready.lowered, function)))
        return refusal

    # --- looking ------------------------------------------------------------------------------------------------------

    def explain(self, tensors: Sequence[Tensor], ctx: Context, training: bool) -> Explanation:
        """Run the graph several times, without writing states, and say what takes how long; as `run`."""
        arguments = (*tensors, torch.tensor(0) if self._draws else None, ctx.device)
        ready = self._prepared(training, tensors)
        run = self._function(ready, tensors)
        if self.watch is not None:
            run = ready.lowered.module.forward  # hooks are not for this
        try:
            run(*arguments)
            form = self._form(ready, arguments)
        except Exception as error:
            self._run_as_lowered(ready, run, arguments, error)
            form = self._form(self._prepared(training, tensors), arguments)
        return explain(form, self._owner, self._engine_name, training, ctx.device)

    def _form(self, ready: _Ready, arguments: tuple[Any, ...]) -> Form:
        """Return what runs for these arguments."""
        lowered = ready.lowered
        if self.watch is not None:
            return as_lowered(lowered, arguments, "hooks look at its arrays, one after another")
        describe = getattr(ready.run, "form", None)
        if describe is not None:
            form: Form = describe(*arguments)
            return form
        reason = getattr(ready.run, "reason", "") or f"the engine {self._engine_name!r} changes nothing"
        is_shown = self._engine.shows_nodes or isinstance(ready.run, AsLowered)
        return as_lowered(lowered, arguments, reason) if is_shown else Form(run=ready.run, inputs=arguments)


class _Recorded(NamedTuple):
    """A run of an engine that was recorded, and the tensors of its parameters."""

    program: Program
    ready: _Ready
    parameters: Sequence[tuple[Node, Tensor]]

    def explain_gradient(self, step: Any, error: Exception) -> MXNetError | None:
        """Return an error that names the engine, if its step has failed."""
        if not self.program._fallback.is_to_blame(step, error):
            return None
        node = node_with(step, self.parameters, self.program.heads)
        return self.program._refuse_gradient(self.ready, node, error)


def _is_an_engines(ready: _Ready, run: Run) -> bool:
    """Whether what was run is more than the graph as it was lowered."""
    return run is ready.run and run != ready.lowered.module.forward and not isinstance(run, AsLowered)
