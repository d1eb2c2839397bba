"""Recurrent layers step by step, for what torch's own kernels lack: lengths, clipped states, projections on CPUs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

#: The state of a step: what is handed on and put out, and the cell of an LSTM.
State = tuple[Tensor, ...]


class Weights(NamedTuple):
    """The parameters of one direction of a layer."""

    i2h: Tensor
    h2h: Tensor
    i2h_bias: Tensor
    h2h_bias: Tensor
    h2r: Tensor | None = None


class Clip(NamedTuple):
    """The range of the cells of an LSTM, and whether NaN becomes its lower end."""

    low: float
    high: float
    nan: bool

    def __call__(self, cell: Tensor) -> Tensor:
        """Return the cells within the range."""
        clipped = cell.clamp(self.low, self.high)
        return torch.where(clipped.isnan(), self.low, clipped) if self.nan else clipped


Cell = Callable[[Tensor, State, Weights], State]


def lstm_cell(clip: Clip | None) -> Cell:
    """Return the step of an LSTM."""

    def step(given: Tensor, state: State, weights: Weights) -> State:
        gates = given + F.linear(state[0], weights.h2h, weights.h2h_bias)
        taken, kept, new, shown = gates.chunk(4, 1)
        cell = kept.sigmoid() * state[1] + taken.sigmoid() * new.tanh()
        if clip is not None:
            cell = clip(cell)
        hidden = shown.sigmoid() * cell.tanh()
        return hidden if weights.h2r is None else F.linear(hidden, weights.h2r), cell

    return step


def gru_cell(given: Tensor, state: State, weights: Weights) -> State:
    """The step of a GRU."""
    hidden = state[0]
    reset, update, new = given.chunk(3, 1)
    reset_too, update_too, new_too = F.linear(hidden, weights.h2h, weights.h2h_bias).chunk(3, 1)
    candidate = torch.tanh(new + torch.sigmoid(reset + reset_too) * new_too)
    return (torch.lerp(candidate, hidden, torch.sigmoid(update + update_too)),)


def plain_cell(activation: Callable[[Tensor], Tensor]) -> Cell:
    """Return the step of a network with one activation."""

    def step(given: Tensor, state: State, weights: Weights) -> State:
        return (activation(given + F.linear(state[0], weights.h2h, weights.h2h_bias)),)

    return step


#: Returns the outputs of one direction of a layer, and its last state.
Run = Callable[..., tuple[Tensor, State]]


def run_direction(
    cell: Cell, lengths: Tensor | None, data: Tensor, state: State, weights: Weights, *, backwards: bool
) -> tuple[Tensor, State]:
    """Return the outputs of one direction of a layer, and its last state.

    Steps beyond the length of a sequence leave its state as it is and put out zeros. So backwards in time, a sequence
    begins with its own last step.
    """
    given = F.linear(data, weights.i2h, weights.i2h_bias).unbind(0)
    outputs: list[Tensor] = []
    for number in reversed(range(len(given))) if backwards else range(len(given)):
        after = cell(given[number], state, weights)
        shown = after[0]
        if lengths is not None:
            within = (lengths > number).unsqueeze(1)
            shown = torch.where(within, shown, torch.zeros((), dtype=shown.dtype, device=shown.device))
            after = tuple([torch.where(within, new, old) for new, old in zip(after, state, strict=True)])
        state = after
        outputs.append(shown)
    return torch.stack(outputs[::-1] if backwards else outputs), state


def run_layer(
    run: Run, data: Tensor, states: Sequence[State], weights: Sequence[Weights]
) -> tuple[Tensor, list[State]]:
    """Return the outputs of a layer, those of both directions side by side, and the last state of each."""
    ends = [
        run(data, state, each, backwards=bool(number))
        for number, (state, each) in enumerate(zip(states, weights, strict=True))
    ]
    outputs = [shown for shown, _ in ends]
    return outputs[0] if len(outputs) == 1 else torch.cat(outputs, 2), [state for _, state in ends]
