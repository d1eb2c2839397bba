"""The weights of each gate in the packed parameters of recurrent layers, as mx.rnn names them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .rnn_layout import length, parts

#: What names a gate, in the order in which gates lie in a matrix.
GATE_NAMES: dict[str, list[str]] = {
    "rnn_relu": [""], "rnn_tanh": [""], "lstm": ["_i", "_f", "_c", "_o"], "gru": ["_r", "_z", "_o"],
}  # fmt: skip


class GatePart(NamedTuple):
    """The weights of one gate: ``packed[first : first + size].reshape(shape)``."""

    name: str
    first: int
    size: int
    shape: tuple[int, ...]


def gate_parts(mode: str, features: int, units: int, layers: int, bidirectional: bool) -> Iterator[GatePart]:
    """Yield every gate's part of the vector, in order; the names are such as ``l0_i2h_f_weight``."""
    first = 0
    for part in parts(mode, features, units, layers, bidirectional=bidirectional):
        for gate in GATE_NAMES[mode]:
            shape = (units, *part.shape[1:])
            size = units * (shape[1] if len(shape) > 1 else 1)
            yield GatePart(f"{part.direction}{part.layer}_{part.group}{gate}_{part.kind}", first, size, shape)
            first += size


def features_of(size: int, mode: str, units: int, layers: int, bidirectional: bool) -> int | None:
    """Return the length of a step of the data that a packed vector of this size is for; None if there is none."""
    for_none = length(mode, 0, units, layers, bidirectional=bidirectional)
    found = (size - for_none) // (length(mode, 1, units, layers, bidirectional=bidirectional) - for_none)
    fits = found > 0 and size == length(mode, found, units, layers, bidirectional=bidirectional)
    return found if fits else None
