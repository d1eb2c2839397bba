"""How the parameters of all contexts are updated from the gradients of all contexts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import MXNetError, nearest
from ..ndarray import NDArray
from ..optimizer import Optimizer, Updater

#: MXNet's stores within one process; all do the same here.
_STORES = ("local", "device", "local_update_cpu", "local_allreduce_cpu", "local_allreduce_device")

Copies = Sequence[Sequence[Any]]


def adds_up(kvstore: Any) -> bool:
    """Return whether a kvstore adds up the gradients of all contexts; refuse those that are not provided."""
    if kvstore is None:
        return False
    if not isinstance(kvstore, str):
        raise TypeError(f"Module: kvstore must be a str or None; received {type(kvstore).__name__}")
    if kvstore not in _STORES:
        raise MXNetError(
            f"Module: kvstore must be one of {', '.join(_STORES)} or None; received {kvstore!r}"
            f"{nearest(kvstore, _STORES)}; stores that span processes are not provided"
        )
    return True


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
            [_sum(grads) for _, _, grads in trained],
            [copies[0] for _, copies, _ in trained],
        )
        for _, (first, *others), _ in trained:
            for other in others:
                other._data.copy_(first._data)


def _sum(gradients: Sequence[NDArray]) -> NDArray:
    """Return the sum of the gradients of all contexts, on the first, in memory of its own."""
    first, *others = gradients
    total = first._data.clone()
    for other in others:
        total += other._data.to(total.device)
    return NDArray(total, first._ctx)
