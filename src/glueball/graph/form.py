"""In which form a graph runs: as it was lowered or as an engine has rewritten it, and which kernels it calls."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, fx

from .lower import Lowered


@dataclass(frozen=True, kw_only=True)
class Form:
    """What runs when a graph is called.

    Attributes
    ----------
    run : callable
        Computes the graph from `inputs`.
    inputs : tuple
        What it takes for the tensors that the form was asked for with.
    module : torch.fx.GraphModule, optional
        The graph that `run` computes, if an engine shows it.
    passes : mapping of str to int
        How often each pass has rewritten something.
    dropped : tuple of str
        The names of the symbol's nodes that are not computed, because what they return is what they take.
    prepared : int
        How many calls depend on parameters alone, and were made beforehand.
    reason : str
        Why it is the graph as it was lowered, or '' if it is not.
    """

    run: Callable[..., tuple[Tensor, ...]]
    inputs: tuple[Any, ...]
    module: fx.GraphModule | None = None
    passes: Mapping[str, int] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    prepared: int = 0
    reason: str = ""


class AsLowered(functools.partial[tuple[Tensor, ...]]):
    """What an engine returns that has nothing better for a graph than the graph as it was lowered, and why.

    It is the function of the graph: calling it costs no Python frame.
    """

    reason = ""

    @classmethod
    def because(cls, reason: str, lowered: Lowered) -> AsLowered:
        """Return the function of a lowered graph; `reason` continues 'it runs as it was lowered: '."""
        result = cls(lowered.module.forward)
        result.reason = reason
        return result


def as_lowered(lowered: Lowered, inputs: tuple[Any, ...], reason: str) -> Form:
    """Return the form of a graph that runs as it was lowered."""
    return Form(run=lowered.module.forward, inputs=inputs, module=lowered.module, reason=reason)


def kernel_of(node: fx.Node) -> str:
    """Return what a table calls the function that a node calls.

    An engine says it where it inserts the call, with the keyword ``kernel`` of `Draft.insert`, or the function has an
    attribute ``kernel``. Else it is MXNet's name of the operator, which runs as in an imperative call, or the name of
    the function.
    """
    told = node.meta.get("kernel") or getattr(node.target, "kernel", "")
    if told:
        return str(told)
    applied = node.meta.get("applied")
    return str(applied.operator.name if applied else getattr(node.target, "__name__", node.target))
