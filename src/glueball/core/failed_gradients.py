"""Who recorded the step of torch's backward pass that failed.

What records many steps at once, such as a graph that an engine runs, signs its results. After a failure the step is
found by the traceback, and the signature by the way from the heads to that step.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any, Protocol

from torch import Tensor
from torch.autograd.function import BackwardCFunction

from .errors import MXNetError
from .integer_tape import gradient_edge

_SIGNATURE = "glueball"  # its key in what torch lets programs keep with a step


class Recorder(Protocol):
    """What has recorded steps."""

    def explain_gradient(self, step: Any, error: Exception) -> MXNetError | None:
        """Return the error to raise in the place of one that a step has raised; None leaves it as it is.

        Parameters
        ----------
        step : torch.autograd.graph.Node
            The step, which is written in Python.
        error : Exception
            What it has raised.
        """
        ...


class _Signature:
    """A recorder, and the steps that come before its own."""

    def __init__(self, recorder: Recorder, inputs: Iterable[Tensor]) -> None:
        self.recorder = recorder
        self.before = frozenset(_steps(inputs))


def sign(results: Sequence[Tensor], inputs: Iterable[Tensor], recorder: Recorder) -> None:
    """Say who has recorded the steps from some tensors to others."""
    signature = _Signature(recorder, inputs)
    for step in _steps(results):
        if step not in signature.before:  # a graph may hand on what it is given
            step.metadata[_SIGNATURE] = signature


def explained(error: Exception, heads: Sequence[Tensor]) -> MXNetError | None:
    """Return what the recorder of the step that failed makes of an error; None if nobody signed it."""
    for failed in _failed_steps(error.__traceback__):
        signature = _signature_of(failed, heads)
        if signature is not None:
            return signature.recorder.explain_gradient(failed, error)
    return None


def _steps(tensors: Iterable[Tensor]) -> list[Any]:
    found = [gradient_edge(tensor).grad_fn for tensor in tensors]
    return [step for step in found if step is not None]


def _failed_steps(traceback: TracebackType | None) -> list[Any]:
    """Return the steps in Python that an error came through, the outermost first."""
    steps = []
    while traceback is not None:
        if traceback.tb_frame.f_code is BackwardCFunction.apply.__code__:
            steps.append(traceback.tb_frame.f_locals["self"])
        traceback = traceback.tb_next
    return steps


def _signature_of(wanted: Any, heads: Sequence[Tensor]) -> _Signature | None:
    """Go from the heads to a step, and return the signature that holds there."""
    ahead: list[tuple[Any, _Signature | None]] = [(step, None) for step in _steps(heads)]
    seen = set()
    while ahead:
        step, signature = ahead.pop()
        if step in seen:
            continue
        seen.add(step)
        if signature is not None and step in signature.before:
            signature = None
        own: _Signature | None = step.metadata.get(_SIGNATURE)
        signature = own or signature
        if step is wanted:
            return signature
        ahead.extend([(each, signature) for each, _ in step.next_functions if each is not None])
    return None
