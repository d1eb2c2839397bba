"""Moving averages of training, which change when gradients are computed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.graph import register_multi_grad_hook

from ..core.integer_tape import gradient_edge, is_recorded
from .operator import update_states


class Average(NamedTuple):
    """A moving average that a call has read."""

    state: Tensor
    #: What it becomes.
    new: Tensor
    #: The weight of the old average in the new one: other calls may have changed it before the gradients come.
    momentum: float


def moved_on(new: Tensor, momentum: float, state: Tensor, before: Tensor) -> Tensor:
    """Return what an average becomes by a call that made `new` of it, if it has changed since the call read it."""
    return new + momentum * (state - before)


def change_in_backward(averages: Sequence[Average], outputs: Sequence[Tensor]) -> None:
    """Change moving averages whenever gradients flow back through the outputs of a call, as MXNet does.

    Parameters
    ----------
    averages
        The averages, of a whole network if that is the call: there are many, and all are changed at once.
    outputs
        The outputs of the call; if none of them is recorded, the averages stay as they are.
    """
    recorded = [gradient_edge(output) for output in outputs if is_recorded(output)]
    changing = [average for average in averages if average.new is not average.state]
    if not changing or not recorded:
        return
    states, new, momenta = zip(*changing, strict=True)
    before = [state.detach().clone() for state in states]

    def change(_: Any) -> None:
        # As `moved_on` of each.
        moved = torch._foreach_sub([state.detach() for state in states], before)
        torch._foreach_mul_(moved, momenta)
        torch._foreach_add_(moved, new)
        update_states(states, moved)

    if len(recorded) == 1:
        recorded[0].register_hook(change)
    else:
        register_multi_grad_hook(recorded, change, mode="any")
