"""GRUs and LSTMs in prediction, in C; see ``recurrent.c``."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from ...ops.nn.rnn_layers import Recurrent
from ...ops.nn.rnn_layout import GATES
from ...ops.nn.rnn_steps import Run, State, Weights
from .compiled import WIDE, is_switched_on, obstacle_of
from .native import load

_FEW = 2**17  # products in a step, for fewer of which another thread is not worth the while until it is there
_MOST_CELLS = 2**11  # of an LSTM; for more, oneDNN's own layers are as fast


class RecurrentLayers:
    """The layers of an operator RNN that is a GRU or an LSTM, all of whose sequences have one length.

    Parameters
    ----------
    attributes : mapping
        Those of the operator.
    shape : sequence of int
        The shape of the data: (steps, batch, features).
    """

    __name__ = "recurrent_layers"
    kernel = "recurrent layers"

    def __init__(self, attributes: Mapping[str, Any], shape: Sequence[int]) -> None:
        self._recurrent, self._shape = Recurrent(attributes), tuple(shape)
        directions, units = 1 + attributes["bidirectional"], attributes["state_size"]
        self._states = (attributes["num_layers"] * directions, shape[1], units)
        self._returns_states: bool = attributes["state_outputs"]
        self._run = _DIRECTIONS[attributes["mode"]]
        rows, vector = GATES[attributes["mode"]] * units, _library().vector
        panels = rows // units * -(-units // vector) * vector * units
        lengths = [shape[2], *[directions * units] * (attributes["num_layers"] - 1)]
        pieces = [((rows, length), (panels,), (rows,), (rows,)) for length in lengths for _ in range(directions)]
        self._pieces: list[tuple[int, ...]] = [piece for each in pieces for piece in each]
        self._sizes = list(map(prod, self._pieces))

    @staticmethod
    def suits(attributes: Mapping[str, Any], shape: Sequence[int]) -> bool:
        """Whether there are such layers for data of this shape on this machine, and they are faster."""
        is_plain = not attributes["use_sequence_length"] and all(attributes[name] is None for name in _MORE)
        is_small = attributes["mode"] == "gru" or shape[1] * attributes["state_size"] <= _MOST_CELLS
        is_for_us = attributes["mode"] in _DIRECTIONS and is_plain and is_small and min(shape) > 0
        return is_for_us and is_switched_on() and not obstacle() and _library().vector >= WIDE

    def __call__(self, data: Tensor, prepared: Tensor, *states: Tensor) -> tuple[Tensor, ...] | Tensor:
        """Compute the layers; `prepared` is what `Prepare` returned for the parameters."""
        kinds, sizes = {each.dtype for each in (data, prepared, *states)}, self._sizes
        fits = data.shape == self._shape and all(each.shape == self._states for each in states)
        if not fits or kinds != {torch.float32} or len(prepared) != sum(sizes):
            raise ValueError(f"{self.kernel}: arrays must have the shapes and types that it was made for")
        pieces = [piece.view(shape) for piece, shape in zip(prepared.split(sizes), self._pieces, strict=True)]
        arrays = [pieces[place : place + 4] for place in range(0, len(pieces), 4)]
        results = self._recurrent.by_steps(self._run, data, states, arrays, None)
        return results if self._returns_states else results[0]


class Prepare:
    """Puts the parameters of all layers into one vector, so that the operator's need not be kept besides.

    Of each direction there are the matrix for the data, that for the states as the kernel reads it, and the biases.

    Parameters
    ----------
    attributes : mapping
        Those of the operator.
    features : int
        The length of a step of the data.
    """

    __name__ = "prepare"

    def __init__(self, attributes: Mapping[str, Any], features: int) -> None:
        self._recurrent, self._features = Recurrent(attributes), features

    def __call__(self, parameters: Tensor) -> Tensor:
        """Return the vector for that of the operator."""
        arrays = self._recurrent.unpacked(parameters, self._features)
        pieces = [[i2h, _panels(h2h), *biases] for i2h, h2h, *biases in arrays]
        return torch.cat([piece.flatten() for each in pieces for piece in each])


def _panels(h2h: Tensor) -> Tensor:
    """Return (vectors of units, units before, gates, units in a vector)."""
    units, vector = h2h.shape[1], _library().vector
    gates, vectors = len(h2h) // units, -(-units // vector)
    padded = F.pad(h2h.view(gates, units, units), (0, 0, 0, vectors * vector - units))
    return padded.view(gates, vectors, vector, units).permute(1, 3, 0, 2)


def _gru(data: Tensor, state: State, weights: Weights, *, backwards: bool) -> tuple[Tensor, State]:
    """Return the outputs of one direction of a layer, and its last state; `h2h` is its panels."""
    units = state[0].shape[1]
    of_input, of_state = weights.i2h_bias, weights.h2h_bias
    bias = torch.cat([of_input[: 2 * units] + of_state[: 2 * units], of_input[2 * units :]])
    out = _steps(_library().gru, data, state[0], weights, bias, of_state[2 * units :], backwards)
    return out, (out[0 if backwards else -1],)


def _lstm(data: Tensor, state: State, weights: Weights, *, backwards: bool) -> tuple[Tensor, State]:
    """Return the outputs of one direction of a layer, its last state and its last cells; `h2h` is its panels."""
    cells = state[1].clone(memory_format=torch.contiguous_format)
    out = _steps(_library().lstm, data, state[0], weights, weights.i2h_bias + weights.h2h_bias, cells, backwards)
    return out, (out[0 if backwards else -1], cells)


def _steps(
    run: Callable[..., None], data: Tensor, first: Tensor, weights: Weights, bias: Tensor, more: Tensor, backwards: bool
) -> Tensor:
    """Return the states after each step; `more` is what the kernel is given besides."""
    first = first.contiguous()
    gates = F.linear(data, weights.i2h, bias).contiguous()
    (steps, rows, columns), units = gates.shape, first.shape[1]
    out = data.new_empty(steps, rows, units)
    threads = torch.get_num_threads() if rows * units * columns >= _FEW else 1
    arrays = [each.data_ptr() for each in (gates, weights.h2h, more, first, out)]
    run(*arrays, steps, rows, units, backwards, threads)
    return out


_DIRECTIONS: dict[str, Run] = {"gru": _gru, "lstm": _lstm}
_MORE = ("projection_size", "lstm_state_clip_min")  # attributes, with which layers have more to do


@functools.cache
def obstacle() -> str:
    """Return a sentence that says why there is no such kernel on this machine, or '' if there is one."""
    return obstacle_of([_is_right])


def _is_right() -> bool:
    """Compare with torch's own layers where some units and some rows are left over."""
    rows, units = 9, _library().vector + 1
    data, first = torch.linspace(-1, 1, 2 * rows * 3).reshape(2, rows, 3), torch.linspace(-1, 1, rows * units)
    states = [first.reshape(1, rows, units), first.flip(0).reshape(1, rows, units)]
    for kind, given in (("gru", states[0]), ("lstm", states)):
        numbers = torch.linspace(-1, 1, GATES[kind] * units * (units + 5))
        pieces = numbers.split([GATES[kind] * units * length for length in (3, units, 1, 1)])
        weights = [pieces[0].view(-1, 3), pieces[1].view(-1, units), *pieces[2:]]
        expected = getattr(torch, kind)(data, given, weights, True, 1, 0.0, False, False, False)[0]
        packed = Weights(weights[0], _panels(weights[1]).flatten(), *weights[2:])
        result, _ = _DIRECTIONS[kind](data, tuple([each[0] for each in states]), packed, backwards=False)
        if not torch.allclose(result, expected, rtol=1e-3, atol=1e-3):
            return False
    return True


class _Library(NamedTuple):
    """The numbers in a vector, and the functions."""

    vector: int
    gru: Callable[..., None]
    lstm: Callable[..., None]


@functools.cache
def _library() -> _Library:
    loaded = load("recurrent")
    loaded.glueball_recurrent_vector.restype = ctypes.c_long
    for run in (loaded.glueball_gru, loaded.glueball_lstm):
        run.argtypes, run.restype = [*[ctypes.c_void_p] * 5, *[ctypes.c_long] * 5], None
    return _Library(loaded.glueball_recurrent_vector(), loaded.glueball_gru, loaded.glueball_lstm)
