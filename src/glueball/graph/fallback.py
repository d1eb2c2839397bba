"""What becomes of a graph when its engine fails: it runs as it was lowered, or there is an error."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from torch import Tensor

from ..core.errors import MXNetError
from ..core.strangers import raised_elsewhere
from ..core.warning import warn
from ..symbol.node import Entry, Node, topological_order
from . import failures
from .engines import Engine
from .form import AsLowered
from .lower import Lowered

_LENIENT = "choose another backend, or leave strict=True out: then the graph runs as it was lowered"


class Fallback:
    """How a graph runs without its engine.

    Parameters
    ----------
    owner : str
        What messages call the graph.
    name : str
        The name of the engine.
    engine : Engine
        The engine.
    strict : bool
        Whether the user wants an error in place of a graph that runs as it was lowered.
    """

    def __init__(self, owner: str, name: str, engine: Engine, strict: bool) -> None:
        self._owner, self._name, self._engine, self._strict = owner, name, engine, strict
        self._said: set[str] = set()  # the warnings

    @property
    def packages(self) -> Collection[str]:
        """What fails on behalf of the engine."""
        return {type(self._engine).__module__.partition(".")[0], *getattr(self._engine, "packages", ())}

    def function(self, lowered: Lowered, error: Exception) -> AsLowered:
        """Return what runs from now on, since a call of the engine has failed; `announce` must follow.

        Raises
        ------
        MXNetError
            The user wants an error.
        """
        text = failures.of_engine(self._owner, self._name, error)
        if self._strict:
            raise MXNetError(f"{text}; {_LENIENT}") from error
        return AsLowered.because(text, lowered)

    def announce(self, function: AsLowered) -> None:
        """Warn of it, if this was not said before."""
        text = function.reason
        if text not in self._said:
            self._said.add(text)
            warn(f"{text}; the graph runs as it was lowered; choose another backend, or strict=True for an error")

    def after_gradient(self, lowered: Lowered, error: Exception, node: str) -> tuple[AsLowered | None, MXNetError]:
        """Return what runs from now on, if that changes, and the error for a gradient that the engine did not compute.

        The forward pass is done, and the gradients of what comes behind the graph are written: nothing can run again.
        """
        where = f"in backward() at {node}" if node else "in backward()"
        text = failures.of_engine(self._owner, self._name, error, where)
        if self._strict:
            return None, MXNetError(f"{text}; {_LENIENT}")
        return AsLowered.because(text, lowered), MXNetError(
            f"{text}; the gradients of this pass are not complete; from now on the graph runs as it was lowered: "
            "record and call backward() again, or choose another backend"
        )

    def is_to_blame(self, step: Any, error: Exception) -> bool:
        """Whether a step of torch's backward pass that raised an error is the engine's own."""
        if raised_elsewhere(error, self.packages) is not None or isinstance(error, MemoryError | Warning):
            return False
        return not step._forward_cls.__module__.startswith("glueball.op")  # glueball.ops, glueball.operator


def node_with(step: Any, parameters: Sequence[tuple[Node, Tensor]], heads: Sequence[Entry]) -> str:
    """Return the name of the one node whose parameters a step of torch's backward pass has gradients for, or ''."""
    leaves = [edge.variable for edge, _ in step.next_functions if hasattr(edge, "variable")]
    read = {variable for variable, tensor in parameters if any(tensor is leaf for leaf in leaves)}
    names = [node.name for node in topological_order(heads) if read.intersection([entry.node for entry in node.inputs])]
    return names[0] if len(names) == 1 else ""
