"""Moving averages of training, which change when gradients are computed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor
from torch.autograd.graph import register_multi_grad_hook

from ..core.integer_tape import gradient_edge, is_recorded
from .operator import update_state


def moved_on(new: Tensor, momentum: float, state: Tensor, before: Tensor) -> Tensor:
    """Return what an average becomes by a call that made `new` of it, if it has changed since the call read it."""
    return new + momentum * (state - before)


def change_in_backward(state: Tensor, new: Tensor, momentum: float, outputs: Sequence[Tensor]) -> None:
    """Change a moving average whenever gradients flow back through the outputs of a call, as MXNet does.

    Parameters
    ----------
    state
        The average, which the call has read.
    new
        What it becomes.
    momentum
        The weight of the old average in the new one: other calls may have changed it before the gradients come.
    outputs
        The outputs of the call; if none of them is recorded, the average stays as it is.
    """
    recorded = [gradient_edge(output) for output in outputs if is_recorded(output)]
    if new is state or not recorded:
        return
    before = state.detach().clone()

    def change(_: Any) -> None:
        update_state(state, moved_on(new, momentum, state.detach(), before))

    if len(recorded) == 1:
        recorded[0].register_hook(change)
    else:
        register_multi_grad_hook(recorded, change, mode="any")
