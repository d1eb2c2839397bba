"""How an optimizer updates parameters that have a copy on each of several contexts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from ..ndarray import NDArray
from ..optimizer import Optimizer, Updater
from .collectives import Collectives
from .shard_updater import ShardUpdater

_T = TypeVar("_T")
_Each = Sequence[Sequence[_T]]


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

    def update(self, indices: _Each[Any], weights: _Each[NDArray], gradients: _Each[NDArray]) -> None:
        """Update all copies of parameters.

        Parameters
        ----------
        indices : sequence of sequences
            For each copy, and there for each parameter: the index by which the optimizer knows it.
        weights, gradients : sequence of sequences
            For each parameter, and there for each copy: the array, and its gradient.
        """
        if not weights:
            return
        if self.together:
            first, totals = tuple([copies[0] for copies in weights]), self.collectives.reduce(gradients, indices[0])
            self.updaters[0](tuple(indices[0]), tuple(totals), first)
            self.collectives.broadcast(weights)
            return
        for position, index in enumerate(indices):
            of_copy = [tuple([copies[position] for copies in each]) for each in (gradients, weights)]
            self.updaters[position if len(self.updaters) > 1 else 0](tuple(index), *of_copy)


class ShardedUpdates(ParallelUpdater):
    """Applies an optimizer to copies of parameters in several processes, each of which updates a part of them.

    Parameters
    ----------
    updater : ShardUpdater
        The optimizer, with the states of this process.
    together : bool
        Whether the gradients are still to be summed. If not, the first copy of each is the sum.
    collectives : Collectives
        How to sum and copy.
    """

    def __init__(self, updater: ShardUpdater, together: bool, collectives: Collectives) -> None:
        super().__init__([updater], together, collectives)
        self._shards = updater._glueball_shards

    def update(self, indices: _Each[Any], weights: _Each[NDArray], gradients: _Each[NDArray]) -> None:
        """Update the first copy of each parameter in the process that owns it, and all others from there."""
        if not weights:
            return
        keys = tuple(indices[0])
        totals = self.collectives.reduce(gradients, keys) if self.together else [copies[0] for copies in gradients]
        self.updaters[0](keys, tuple(totals), tuple([copies[0] for copies in weights]))
        self.collectives.share(keys, weights, self._shards)
