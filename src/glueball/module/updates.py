"""How the parameters of all contexts are updated from the gradients of all contexts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..kvstore import added_up
from ..ndarray import NDArray
from ..optimizer import Optimizer, Updater

Copies = Sequence[Sequence[Any]]


class Updates:
    """An optimizer with its states, applied to the copies of the parameters.

    Parameters
    ----------
    optimizer : Optimizer
        The optimizer.
    joint : bool
        Whether gradients are added up and every context gets the same update; otherwise each has its own, and its
        own states.
    """

    def __init__(self, optimizer: Optimizer, joint: bool) -> None:
        self.updater = Updater(optimizer)
        self.joint = joint

    def apply(self, weights: Copies, gradients: Copies) -> None:
        """Update parameters, each given by its arrays on all contexts; those without a gradient stay."""
        trained = [
            (number, copies, grads)
            for number, (copies, grads) in enumerate(zip(weights, gradients, strict=True))
            if grads[0] is not None
        ]
        if not trained:
            return
        if self.joint:
            self._apply_jointly(trained)
            return
        contexts = len(trained[0][1])
        for position in range(contexts):
            self.updater(
                [number * contexts + position for number, _, _ in trained],
                [grads[position] for _, _, grads in trained],
                [copies[position] for _, copies, _ in trained],
            )

    def _apply_jointly(self, trained: Sequence[tuple[int, Sequence[NDArray], Sequence[NDArray]]]) -> None:
        """Update the first context from the sum of the gradients, and copy it to the others."""
        self.updater(
            [number for number, _, _ in trained],
            [added_up(grads, grads[0].context) for _, _, grads in trained],
            [copies[0] for _, copies, _ in trained],
        )
        for _, (first, *others), _ in trained:
            for other in others:
                other._data.copy_(first._data)
