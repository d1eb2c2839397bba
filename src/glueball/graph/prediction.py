"""Runs a graph for prediction in a form that was made for the shapes of its inputs and the values of its parameters."""

from __future__ import annotations

import operator
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, fx

from ..core.errors import MXNetError
from ..core.integer_tape import is_recorded
from ..core.locks import process_lock
from . import passes
from .constants import Split, split
from .draft import Draft
from .form import Form, as_lowered
from .fused import NotFinite
from .inference import infer_arrays
from .kernels.sequence import Tensors
from .live import Snapshot, is_traceable
from .lower import Lowered, Run
from .matching import arguments, operator_name, weighted
from .remembered import make_room

_KEPT = 16  # sets of shapes for which the code is kept; what is computed from parameters is kept for one
_SETS = 8  # sets of parameters that are told apart; a network has one for each context
_ATTEMPTS = 3  # to read parameters that another thread writes meanwhile

_planning = process_lock()


class Plan(NamedTuple):
    """A graph that was made for inputs of one kind.

    Attributes
    ----------
    kind : object
        The shapes and types of the inputs.
    parameters : Snapshot
        Of the parameters from which `kept` was computed.
    kept : Tensors
        What the graph needs of the parameters.
    run : callable
        Takes the inputs, the key, the device and `kept`.
    """

    kind: Any
    parameters: Snapshot
    kept: Tensors
    run: Callable[..., tuple[Tensor, ...]]


class _Parameters:
    """What is known of one set of parameters, such as those on one context.

    Attributes
    ----------
    last : tuple of object and Snapshot, optional
        The kind of inputs in the last call without a plan, and the parameters then.
    plan : Plan, optional
        The plan for them; there is none once one of the parameters is gone.
    refused : Snapshot, optional
        The parameters that are not finite, where they must be.
    """

    last: tuple[Any, Snapshot] | None = None
    plan: Plan | None = None
    refused: Snapshot | None = None

    def drop(self) -> None:
        """Remove the plan if one of its parameters is gone: it may be as large as they were."""
        plan = self.plan
        if plan is not None and plan.parameters.is_missing_one:
            self.plan = None


class Rewritten(NamedTuple):
    """What has become of a graph for tensors of one kind.

    Attributes
    ----------
    split : Split, optional
        The graph; None if it runs as it was lowered.
    reason : str
        Why it does.
    passes : mapping of str to int
        How often each pass has rewritten something.
    dropped : tuple of str
        The names of the symbol's nodes that are not computed.
    """

    split: Split | None
    reason: str = ""
    passes: Mapping[str, int] = {}
    dropped: tuple[str, ...] = ()


class Prediction:
    """Computes what a lowered graph does, in the form that passes and an engine give it.

    The form is made in the first call, and again when a call has other shapes, types or values of parameters and the
    next one has the same: a program that trains between two predictions does not wait for it. Calls without a form, and
    those that are recorded, run the graph as it was lowered. Each of a few sets of parameters has a form of its own.

    Parameters
    ----------
    lowered : Lowered
        A graph for prediction.
    finish : callable
        ``finish(draft)`` gives the rewritten graph its last form, and returns how many calls it has made faster.
    rewrite : callable, default passes.rewrite
        ``rewrite(draft)`` runs passes, and returns how often each has rewritten something.
    """

    def __init__(
        self,
        lowered: Lowered,
        finish: Callable[[Draft], int],
        rewrite: Callable[[Draft], Mapping[str, int]] = passes.rewrite,
    ) -> None:
        self._lowered, self._finish, self._passes = lowered, finish, rewrite
        self._as_lowered: Run = lowered.module.forward
        count = len(lowered.variables)
        self._parameters = sorted(lowered.parameters or _used_as_parameters(lowered))
        self._inputs = [number for number in range(count) if number not in self._parameters]
        self._take_parameters = _taker(self._parameters)
        self._known: dict[int, _Parameters] = {}  # by the identity of the first parameter
        self._idle: Any = None  # the last kind of inputs for which a plan gains nothing
        self._made: dict[Any, Rewritten] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Leave the plans out of a copy, which makes its own: packed weights cannot be copied."""
        return {**vars(self), "_known": {}, "_idle": None, "_made": {}}

    def __call__(self, *tensors: Any) -> tuple[Tensor, ...]:
        """Run the graph."""
        inputs = [tensors[number] for number in self._inputs]
        kind = [(tensor.shape, tensor.dtype) for tensor in inputs]
        key, device = tensors[-2:]
        if kind != self._idle and device.type == "cpu":
            parameters = self._take_parameters(tensors)
            known = self._known.get(_identity(parameters))
            plan = None if known is None else known.plan
            if plan is None or plan.kind != kind or not plan.parameters.holds(parameters):
                plan = self._planned(kind, tensors[:-2], parameters)
            elif any(map(is_recorded, inputs)):
                plan = None
            if plan is not None:
                try:
                    return plan.run(*inputs, key, device, plan.kept)
                except NotFinite:
                    return self._as_lowered(*tensors)
        return self._as_lowered(*tensors)

    def _planned(self, kind: Any, tensors: Sequence[Tensor], parameters: Sequence[Tensor]) -> Plan | None:
        """Return a plan for these tensors, or None if it is not worthwhile or not possible."""
        if any(map(is_recorded, tensors)) or not is_traceable(parameters):
            return None
        known = self._of(parameters)
        last = known.last
        is_first = not self._made
        if not is_first and not (last is not None and last[0] == kind and last[1].holds(parameters)):
            known.last = kind, Snapshot(parameters)
            return None
        with _planning:
            made = self._rewritten(tensors).split
            if made is None:
                self._idle = kind
                return None
            if known.refused is not None and known.refused.holds(parameters):
                return None
            try:
                return _prepared(known, made, kind, parameters)
            except NotFinite:
                known.refused = Snapshot(parameters)
                return None

    def _of(self, parameters: Sequence[Tensor]) -> _Parameters:
        """Return what is known of parameters; those that came last take the place of those that came first."""
        identity = _identity(parameters)
        known = self._known.get(identity)
        if known is None:
            # What plans keep of parameters that are replaced lives as long as these do.
            for other in list(self._known)[: 1 - _SETS]:
                self._known.pop(other, None)
            known = self._known.setdefault(identity, _Parameters())
        return known

    def form(self, *tensors: Any) -> Form:
        """Return what runs for these tensors once their parameters stay as they are; makes a plan if there is none."""
        inputs, parameters = ([tensors[number] for number in numbers] for numbers in (self._inputs, self._parameters))
        kind = [(tensor.shape, tensor.dtype) for tensor in inputs]
        if tensors[-1].type != "cpu":
            return as_lowered(self._lowered, tensors, "its arrays are not on the CPU")
        if any(map(is_recorded, tensors[:-2])):
            return as_lowered(self._lowered, tensors, "the call is recorded")
        if not is_traceable(parameters):
            reason = "another library can write to the parameters, to which DLPack gave it access"
            return as_lowered(self._lowered, tensors, reason)
        try:
            with _planning:
                made, known = self._rewritten(tensors[:-2]), self._of(parameters)
                plan = known.plan
                if made.split is None:
                    return as_lowered(self._lowered, tensors, made.reason)
                if plan is None or plan.kind != kind or not plan.parameters.holds(parameters):
                    plan = _prepared(known, made.split, kind, parameters)
            if plan is None:
                return as_lowered(self._lowered, tensors, "another thread is writing to the parameters")
            run: Run = made.split.run.forward
            given = (*inputs, *tensors[-2:], plan.kept, made.split.workspace.make())
            run(*given)
        except NotFinite:
            reason = "a kernel that is not for infinite numbers and NaN has met one"
            return as_lowered(self._lowered, tensors, reason)
        return Form(
            run=run, inputs=given, module=made.split.kernel_by_kernel(), passes=made.passes, dropped=made.dropped,
            prepared=made.split.calls_beforehand,
        )  # fmt: skip

    def _rewritten(self, tensors: Sequence[Tensor]) -> Rewritten:
        """Return the graph for tensors of this kind."""
        kind = tuple([(tensor.shape, tensor.dtype) for tensor in tensors])
        if kind not in self._made:
            make_room(self._made, _KEPT)
            self._made[kind] = self._rewrite(tensors)
        return self._made[kind]

    def _rewrite(self, tensors: Sequence[Tensor]) -> Rewritten:
        lowered = self._lowered
        try:
            inferred = infer_arrays(lowered.heads, lowered.variables, tensors)
        except MXNetError as error:  # the graph as it was lowered refuses the tensors too, or runs
            return Rewritten(None, f"inference refuses its inputs; {error}")
        draft = Draft(lowered, inferred, self._parameters)
        counts = self._passes(draft)
        if not self._finish(draft) + passes.saved(counts):
            return Rewritten(None, "no other form is faster for inputs of these shapes and types")
        return Rewritten(split(draft), "", counts, tuple(draft.dropped))


def _prepared(known: _Parameters, made: Split, kind: Any, parameters: Sequence[Tensor]) -> Plan | None:
    """Compute what a graph needs of parameters; None if another thread keeps writing to them."""
    for _ in range(_ATTEMPTS):
        snapshot = Snapshot(parameters, weakref.WeakMethod(known.drop))
        with torch.no_grad():
            kept = Tensors(made.prepare.forward(*parameters))
        if snapshot.holds(parameters):
            known.last = kind, snapshot
            known.plan = Plan(kind, snapshot, kept, made.workspace.around(made.run.forward))
            return known.plan
    return None


def _taker(numbers: Sequence[int]) -> Callable[[Sequence[Tensor]], Sequence[Tensor]]:
    """Return a function that takes these from a sequence."""
    if len(numbers) < 2:  # then the one below would not return a tuple
        return lambda tensors: [tensors[number] for number in numbers]
    return operator.itemgetter(*numbers)


def _identity(parameters: Sequence[Tensor]) -> int:
    return id(parameters[0]) if parameters else 0


def _used_as_parameters(lowered: Lowered) -> set[int]:
    """Return which variables are parameters of layers and nothing else, for an executor, which is not told."""
    variables = [node for node in lowered.module.graph.nodes if node.op == "placeholder"][: len(lowered.variables)]
    return {
        number
        for number, node in enumerate(variables)
        if node.users and all(_is_layer(user) and arguments(user)[0] is not node for user in node.users)
    }


def _is_layer(node: fx.Node) -> bool:
    return weighted(node) is not None or operator_name(node) == "BatchNorm"
