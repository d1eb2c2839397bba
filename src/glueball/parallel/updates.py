"""How an optimizer updates parameters that have a copy on each of several contexts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..ndarray import NDArray
from ..optimizer import Optimizer, Updater
from .collectives import Collectives


class Replicated(NamedTuple):
    """A parameter: its copies and their gradients, and the index by which the optimizer knows each copy."""

    indices: Sequence[Any]
    weights: Sequence[NDArray]
    gradients: Sequence[NDArray]


class ParallelUpdater:
    """Applies an optimizer to the copies of parameters.

    Parameters
    ----------
    updaters : sequence of Updater
        The optimizer with its states: one updater for all copies, or one for each.
    together : bool
        True: the first copy is updated from the sum of all gradients and copied to the others. False: each copy is
        updated from its own gradient.
    collectives : Collectives, optional
        How to sum and copy; by default between the contexts of this process.
    """

    def __init__(self, updaters: Sequence[Updater], together: bool, collectives: Collectives | None = None) -> None:
        self.updaters = list(updaters)
        self.together = together
        self.collectives = Collectives() if collectives is None else collectives

    @property
    def optimizer(self) -> Optimizer:
        """The optimizer, one for all copies."""
        return self.updaters[0].optimizer

    def update(self, parameters: Sequence[Replicated]) -> None:
        """Update all copies of the parameters."""
        if not parameters:
            return
        if self.together:
            self._update_copy(0, parameters, self.collectives.reduce([one.gradients for one in parameters]))
            self.collectives.broadcast([one.weights for one in parameters])
            return
        for position in range(len(parameters[0].weights)):
            self._update_copy(position, parameters, [one.gradients[position] for one in parameters])

    def _update_copy(self, position: int, parameters: Sequence[Replicated], gradients: Sequence[NDArray]) -> None:
        updater = self.updaters[position if len(self.updaters) > 1 else 0]
        indices = tuple(one.indices[position] for one in parameters)
        updater(indices, tuple(gradients), tuple(one.weights[position] for one in parameters))
