"""Computes recurrent layers: with torch's own kernels where these can, and else step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from math import prod
from typing import Any

import torch
from torch import Tensor

from ..draw import Source, draw
from .rnn_layout import parts
from .rnn_loops import can_loop, loop_direction
from .rnn_steps import Cell, Clip, Run, State, Weights, gru_cell, lstm_cell, plain_cell, run_direction, run_layer

_KERNELS: dict[str, Callable[..., tuple[Tensor, ...]]] = {
    "gru": torch.gru, "lstm": torch.lstm, "rnn_relu": torch.rnn_relu, "rnn_tanh": torch.rnn_tanh,
}  # fmt: skip
_CELLS: dict[str, Cell] = {
    "gru": gru_cell, "lstm": lstm_cell(None), "rnn_relu": plain_cell(torch.relu), "rnn_tanh": plain_cell(torch.tanh),
}  # fmt: skip


class Recurrent:
    """Recurrent layers with some attributes of the operator.

    Parameters
    ----------
    attributes : mapping
        Those of the operator, checked.
    """

    def __init__(self, attributes: Mapping[str, Any]) -> None:
        self._mode: str = attributes["mode"]
        self._layers: int = attributes["num_layers"]
        self._bidirectional: bool = attributes["bidirectional"]
        self._directions = 1 + self._bidirectional
        self._units: int = attributes["state_size"]
        self._projection: int | None = attributes["projection_size"]
        self._dropped: float = attributes["p"] if self._layers > 1 else 0.0
        low, high = attributes["lstm_state_clip_min"], attributes["lstm_state_clip_max"]
        self._clipped = low is not None
        self._cell = (
            lstm_cell(Clip(low, high, attributes["lstm_state_clip_nan"])) if self._clipped else _CELLS[self._mode]
        )

    def __call__(
        self, data: Tensor, parameters: Tensor, states: Sequence[Tensor], lengths: Tensor | None, rng: Source | None
    ) -> tuple[Tensor, ...]:
        """Return what the last layer puts out, and the last states.

        Parameters
        ----------
        data, parameters : Tensor
            Inputs of the operator.
        states : sequence of Tensor
            The first state, and for an LSTM its cells.
        lengths : Tensor, optional
            The number of steps of each sequence.
        rng : torch.Generator or Tensor, optional
            Where random numbers come from; in training only.
        """
        arrays = self.unpacked(parameters, data.shape[2])
        masks = self._masks(data, rng) if rng is not None and self._dropped else None
        # torch's kernels take lengths as numbers, which somebody would have to read; and on a CPU they warn that
        # oneDNN's know no projection.
        if self._clipped or lengths is not None or (self._projection is not None and not data.is_cuda):
            return self.by_steps(partial(run_direction, self._cell, lengths), data, states, arrays, masks)
        recorded = torch.is_grad_enabled() and any(array.requires_grad for array in (data, *states, parameters))
        if can_loop(self._mode, data, states[0][0], recorded):
            return self.by_steps(partial(loop_direction, self._mode, recorded), data, states, arrays, masks)
        return self._by_kernel(data, states, arrays, masks, recorded)

    def unpacked(self, parameters: Tensor, features: int) -> list[list[Tensor]]:
        """Return views of the parameters of each direction of each layer, in torch's order."""
        sizes, shapes, order = _slices(
            self._mode, features, self._units, self._layers, self._bidirectional, self._projection
        )
        # Split at once: the gradient is then put together at once, too.
        pieces = [piece.view(shape) for piece, shape in zip(parameters.split(sizes), shapes, strict=True)]
        return [[pieces[number] for number in each] for each in order]

    def _masks(self, data: Tensor, rng: Source) -> Tensor:
        """Return the factors of what each layer but the last hands on: 0, or 1 / (1 - p)."""
        steps, batch, _ = data.shape
        shape = (self._layers - 1, steps, batch, (self._projection or self._units) * self._directions)
        keep = draw(rng, "bernoulli", shape, data.dtype, data.device, 1 - self._dropped)
        return keep if self._dropped == 1 else keep.div_(1 - self._dropped)

    def _by_kernel(
        self, data: Tensor, states: Sequence[Tensor], arrays: list[list[Tensor]], masks: Tensor | None,
        recorded: bool,
    ) -> tuple[Tensor, ...]:  # fmt: skip
        """Compute with torch's kernels: all layers at once, or one by one with dropout between them."""
        if masks is None:
            return self._kernel(data, states, arrays, recorded)
        ends = []
        for layer in range(self._layers):
            here = slice(layer * self._directions, (layer + 1) * self._directions)
            data, *end = self._kernel(data, [each[here] for each in states], arrays[here], recorded)
            data = data * masks[layer] if layer < len(masks) else data
            ends.append(end)
        return data, *[torch.cat(each) for each in zip(*ends, strict=True)]

    def _kernel(
        self, data: Tensor, states: Sequence[Tensor], arrays: list[list[Tensor]], recorded: bool
    ) -> tuple[Tensor, ...]:
        every = [array for each in arrays for array in each]
        first = states if len(states) == 2 else states[0]
        layers = len(arrays) // self._directions
        # By position: biases, layers, dropout, whether there will be a gradient, directions, batch first.
        return _KERNELS[self._mode](data, first, every, True, layers, 0.0, recorded, self._bidirectional, False)

    def by_steps(
        self, run: Run, data: Tensor, states: Sequence[Tensor], arrays: list[list[Tensor]], masks: Tensor | None
    ) -> tuple[Tensor, ...]:
        """Compute each direction of each layer by a function of ours."""
        firsts: list[State] = list(zip(*[each.unbind(0) for each in states], strict=True))
        ends: list[State] = []
        for layer in range(self._layers):
            here = slice(layer * self._directions, (layer + 1) * self._directions)
            data, end = run_layer(run, data, firsts[here], [Weights(*each) for each in arrays[here]])
            data = data if masks is None or layer == len(masks) else data * masks[layer]
            ends += end
        return data, *[torch.stack(each) for each in zip(*ends, strict=True)]


@lru_cache
def _slices(
    mode: str, features: int, units: int, layers: int, bidirectional: bool, projection: int | None
) -> tuple[list[int], list[tuple[int, ...]], list[list[int]]]:
    """Return lengths and shapes of all pieces of the vector, and which of them each direction of each layer has."""
    every = parts(mode, features, units, layers, bidirectional=bidirectional, projection=projection)
    order: dict[tuple[int, str], list[int]] = {}
    for wanted in ("i2h_weight", "h2h_weight", "i2h_bias", "h2h_bias", "h2r_weight"):
        for number, part in enumerate(every):
            if f"{part.group}_{part.kind}" == wanted:
                order.setdefault((part.layer, part.direction), []).append(number)
    return [prod(part.shape) for part in every], [part.shape for part in every], list(order.values())
