"""Gated recurrent units in prediction, in C; see ``gru.c``."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from ...ops.nn.rnn_layers import Recurrent
from ...ops.nn.rnn_layout import GATES
from ...ops.nn.rnn_steps import State, Weights
from .compiled import WIDE, is_switched_on, obstacle_of
from .native import load

_FEW = 2**17  # products in a step, for fewer of which another thread is not worth the while until it is there


class Gru:
    """The layers of an operator RNN with ``mode='gru'``, all of whose sequences have one length.

    Parameters
    ----------
    attributes : mapping
        Those of the operator.
    shape : sequence of int
        The shape of the data: (steps, batch, features).
    """

    __name__ = "gru"
    kernel = "gated recurrent units"

    def __init__(self, attributes: Mapping[str, Any], shape: Sequence[int]) -> None:
        self._recurrent, self._shape = Recurrent(attributes), tuple(shape)
        directions = attributes["num_layers"] * (1 + attributes["bidirectional"])
        self._units: int = attributes["state_size"]
        self._states = (directions, shape[1], self._units)
        self._returns_states: bool = attributes["state_outputs"]

    @staticmethod
    def suits(attributes: Mapping[str, Any], shape: Sequence[int]) -> bool:
        """Whether there are such layers for data of this shape on this machine."""
        is_for_us = attributes["mode"] == "gru" and not attributes["use_sequence_length"] and min(shape) > 0
        return is_for_us and is_switched_on() and not obstacle() and _library().vector >= WIDE

    def __call__(self, data: Tensor, parameters: Tensor, panels: Tensor, state: Tensor) -> tuple[Tensor, ...] | Tensor:
        """Compute the layers; `panels` are those of the parameters, of `StatePanels`."""
        kinds = {data.dtype, parameters.dtype, panels.dtype, state.dtype}
        if data.shape != self._shape or state.shape != self._states or kinds != {torch.float32}:
            raise ValueError(f"{self.kernel}: arrays must have the shapes and types that it was made for")
        arrays = self._recurrent.unpacked(parameters, self._shape[2])
        for each, part in zip(arrays, panels.chunk(len(arrays)), strict=True):
            each[1] = part
        results = self._recurrent.by_steps(_direction, data, [state], arrays, None)
        return results if self._returns_states else results[0]


class StatePanels:
    """The matrices by which states are multiplied, as the kernel reads them, one behind the other.

    Parameters
    ----------
    attributes : mapping
        Those of the operator.
    features : int
        The length of a step of the data.
    """

    __name__ = "state_panels"

    def __init__(self, attributes: Mapping[str, Any], features: int) -> None:
        self._recurrent, self._features = Recurrent(attributes), features

    def __call__(self, parameters: Tensor) -> Tensor:
        """Return them for the parameters of all layers."""
        arrays = self._recurrent.unpacked(parameters, self._features)
        return torch.cat([_panels(h2h).flatten() for _, h2h, *_ in arrays])


def _panels(h2h: Tensor) -> Tensor:
    """Return (vectors of units, units before, gates, units in a vector)."""
    units, vector = h2h.shape[1], _library().vector
    vectors = -(-units // vector)
    padded = F.pad(h2h.view(GATES["gru"], units, units), (0, 0, 0, vectors * vector - units))
    return padded.view(GATES["gru"], vectors, vector, units).permute(1, 3, 0, 2)


def _direction(data: Tensor, state: State, weights: Weights, *, backwards: bool) -> tuple[Tensor, State]:
    """Return the outputs of one direction of a layer, and its last state; `h2h` is its panels."""
    first = state[0].contiguous()
    (steps, rows, _), units = data.shape, first.shape[1]
    of_input, of_state = weights.i2h_bias, weights.h2h_bias
    bias = torch.cat([of_input[: 2 * units] + of_state[: 2 * units], of_input[2 * units :]])
    gates, reset = F.linear(data, weights.i2h, bias).contiguous(), of_state[2 * units :]
    out = data.new_empty(steps, rows, units)
    threads = torch.get_num_threads() if rows * units * units * GATES["gru"] >= _FEW else 1
    arrays = [each.data_ptr() for each in (gates, weights.h2h, reset, first, out)]
    _library().run(*arrays, steps, rows, units, backwards, threads)
    return out, (out[0 if backwards else -1],)


@functools.cache
def obstacle() -> str:
    """Return a sentence that says why there is no such kernel on this machine, or '' if there is one."""
    return obstacle_of([_is_right])


def _is_right() -> bool:
    """Compare with torch's own layer where some units and some rows are left over."""
    rows, units = 9, _library().vector + 1
    data, h2h = torch.linspace(-1, 1, 2 * rows * 3).reshape(2, rows, 3), torch.linspace(-1, 1, 3 * units * units)
    weights = [torch.linspace(-1, 1, 9 * units).reshape(-1, 3), h2h.reshape(-1, units), *h2h[: 6 * units].chunk(2)]
    first = torch.linspace(-1, 1, rows * units).reshape(rows, units)
    expected, _ = torch.gru(data, first[None], weights, True, 1, 0.0, False, False, False)
    packed = [weights[0], _panels(weights[1]).flatten(), *weights[2:]]
    result, _ = _direction(data, (first,), Weights(*packed), backwards=False)
    return torch.allclose(result, expected, rtol=1e-3, atol=1e-3)


class _Library(NamedTuple):
    """The numbers in a vector, and the function."""

    vector: int
    run: Callable[..., None]


@functools.cache
def _library() -> _Library:
    loaded = load("gru")
    loaded.glueball_gru_vector.restype = ctypes.c_long
    run = loaded.glueball_gru
    run.argtypes, run.restype = [*[ctypes.c_void_p] * 5, *[ctypes.c_long] * 5], None
    return _Library(loaded.glueball_gru_vector(), run)
