"""The packed parameters of recurrent layers: which matrices and biases one vector holds, and in which order.

First all weights and then all biases; within each, layer by layer, the forward direction before the backward one. The
gates of an LSTM are input, forget, cell and output, those of a GRU reset, update and new: cuDNN's order, and torch's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

Mode = Literal["gru", "lstm", "rnn_relu", "rnn_tanh"]

#: How many gates a step computes.
GATES: dict[str, int] = {"gru": 3, "lstm": 4, "rnn_relu": 1, "rnn_tanh": 1}


class Part(NamedTuple):
    """One matrix or bias in the vector.

    Attributes
    ----------
    layer : int
        From 0.
    direction : {'l', 'r'}
        Forwards, or backwards in time.
    group : {'i2h', 'h2h', 'h2r'}
        What it is applied to: the input, the state, or the state to be projected.
    kind : {'weight', 'bias'}
        Which of the two.
    shape : tuple of int
        Its shape.
    """

    layer: int
    direction: str
    group: str
    kind: str
    shape: tuple[int, ...]

    @property
    def name(self) -> str:
        """Its name as a parameter of a layer of Gluon: ``l0_i2h_weight``."""
        return f"{self.direction}{self.layer}_{self.group}_{self.kind}"


def parts(
    mode: str, features: int, units: int, layers: int, *, bidirectional: bool = False, projection: int | None = None
) -> Sequence[Part]:
    """Return everything in the vector, in order.

    Parameters
    ----------
    mode : str
        One of `Mode`.
    features : int
        The length of a step of the data.
    units, layers : int
        The size of the state, and the number of layers.
    bidirectional : bool, default False
        Whether each layer runs in both directions.
    projection : int, optional
        The length to which the state of an LSTM is projected.
    """
    directions = "lr" if bidirectional else "l"
    rows, kept = GATES[mode] * units, projection or units
    weights, biases = [], []
    for layer in range(layers):
        length = kept * len(directions) if layer else features
        for direction in directions:
            weights.append(Part(layer, direction, "i2h", "weight", (rows, length)))
            weights.append(Part(layer, direction, "h2h", "weight", (rows, kept)))
            if projection:
                weights.append(Part(layer, direction, "h2r", "weight", (projection, units)))
            biases.append(Part(layer, direction, "i2h", "bias", (rows,)))
            biases.append(Part(layer, direction, "h2h", "bias", (rows,)))
    return weights + biases


def length(
    mode: str, features: int, units: int, layers: int, *, bidirectional: bool = False, projection: int | None = None
) -> int:
    """Return the length of the vector."""
    directions, rows, kept = 1 + bidirectional, GATES[mode] * units, projection or units
    inputs = features + (layers - 1) * kept * directions
    return directions * (rows * (inputs + layers * (kept + 2)) + layers * (projection or 0) * units)
