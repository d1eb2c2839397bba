"""Recurrent layers in NumPy, in float64, from their formulas: the judge where MXNet's CPU build has no answer."""

from __future__ import annotations

from typing import Any

import numpy as np


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def _lstm(x, h, c, w, clip):
    given, kept, new, shown = np.split(x @ w["i2h"].T + w["i2h_bias"] + h @ w["h2h"].T + w["h2h_bias"], 4, 1)
    c = _sigmoid(kept) * c + _sigmoid(given) * np.tanh(new)
    c = c if clip is None else np.clip(c, *clip)
    h = _sigmoid(shown) * np.tanh(c)
    return h @ w["h2r"].T if "h2r" in w else h, c


def _gru(x, h, c, w, clip):
    reset, update, new = np.split(x @ w["i2h"].T + w["i2h_bias"], 3, 1)
    reset_of, update_of, new_of = np.split(h @ w["h2h"].T + w["h2h_bias"], 3, 1)
    z = _sigmoid(update + update_of)
    return (1 - z) * np.tanh(new + _sigmoid(reset + reset_of) * new_of) + z * h, c


def _plain(activation):
    def step(x, h, c, w, clip):
        return activation(x @ w["i2h"].T + w["i2h_bias"] + h @ w["h2h"].T + w["h2h_bias"]), c

    return step


STEPS = {"lstm": _lstm, "gru": _gru, "rnn_tanh": _plain(np.tanh), "rnn_relu": _plain(lambda x: np.maximum(x, 0))}
GATES = {"lstm": 4, "gru": 3, "rnn_tanh": 1, "rnn_relu": 1}


def taken(vector: np.ndarray, mode: str, features: int, units: int, layers: int, ways: int, kept: int | None):
    """The arrays of each direction of each layer, taken from the front of the vector one after the other."""
    rows, width, at = GATES[mode] * units, kept or units, 0
    arrays = [[{} for _ in range(ways)] for _ in range(layers)]

    def take(*shape: int) -> np.ndarray:
        nonlocal at
        at += int(np.prod(shape))
        return vector[at - int(np.prod(shape)) : at].reshape(shape)

    for layer in range(layers):
        for way in range(ways):
            arrays[layer][way]["i2h"] = take(rows, width * ways if layer else features)
            arrays[layer][way]["h2h"] = take(rows, width)
            if kept:
                arrays[layer][way]["h2r"] = take(kept, units)
    for layer in range(layers):
        for way in range(ways):
            arrays[layer][way]["i2h_bias"], arrays[layer][way]["h2h_bias"] = take(rows), take(rows)
    assert at == len(vector)
    return arrays


def recurrent(
    data: Any, parameters: Any, state: Any, cell: Any = None, lengths: Any = None, *, mode: str, state_size: int,
    num_layers: int = 1, bidirectional: bool = False, projection_size: int | None = None, clip: Any = None,
) -> list[np.ndarray]:  # fmt: skip
    """The output, the last states and the last cells; the cells are zeros but for an LSTM."""
    data, parameters, state = (np.asarray(each, np.float64) for each in (data, parameters, state))
    ways, (steps, batch, features) = 1 + bidirectional, data.shape
    cell = np.zeros((*state.shape[:2], state_size)) if cell is None else np.asarray(cell, np.float64)
    lengths = np.full(batch, steps) if lengths is None else np.asarray(lengths)
    arrays = taken(parameters, mode, features, state_size, num_layers, ways, projection_size)
    last_states, last_cells = np.zeros_like(state), np.zeros_like(cell)
    for layer in range(num_layers):
        shown = np.zeros((steps, batch, ways, state.shape[2]))
        for way in range(ways):
            number = layer * ways + way
            for row in range(batch):  # each sequence alone, so that nothing can leak between them
                h, c = state[number, row : row + 1], cell[number, row : row + 1]
                order = range(int(lengths[row]))
                for step in reversed(order) if way else order:
                    x = data[step, row : row + 1]
                    h, c = STEPS[mode](x, h, c, arrays[layer][way], clip)
                    shown[step, row, way] = h[0]
                last_states[number, row], last_cells[number, row] = h[0], c[0]
        data = shown.reshape(steps, batch, -1)
    return [data, last_states, last_cells]
