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
    before = _joined(states)

    def change(_: Any) -> None:
        if torch.equal(_joined(states), before):  # no other call has changed them: most programs have one
            update_states(states, new)
            return
        parts = before.split([len(state) for state in states])
        read = [part.to(state.device) for part, state in zip(parts, states, strict=True)]
        update_states(states, list(map(moved_on, new, momenta, map(torch.detach, states), read)))

    if len(recorded) == 1:
        recorded[0].register_hook(change)
    else:
        register_multi_grad_hook(recorded, change, mode="any")


@torch.no_grad()
def _joined(states: Sequence[Tensor]) -> Tensor:
    """Return copies of averages, end to end: there are many small ones, each of which would be a call."""
    device = states[0].device
    return torch.cat([state if state.device == device else state.to(device) for state in states])
