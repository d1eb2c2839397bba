"""Places in arrays, given by an index for each axis, and what is refused of them."""

from __future__ import annotations

import torch
from torch import Tensor

from ...core.errors import MXNetError, OutOfRangeError
from ..attrs import Shape


def check_bounds(owner: str, name: str, index: Tensor, low: int, length: int) -> None:
    """Refuse indices outside [low, length): on a GPU torch would end the process instead of raising."""
    if index.is_meta or not index.numel():
        return
    smallest, largest = (int(edge) for edge in torch.aminmax(index))
    if smallest < low or largest >= length:
        worst = smallest if smallest < low else largest
        raise OutOfRangeError(f"{owner}: {name} must be from {low} to {length - 1}; received {worst}")


def coordinates(owner: str, indices: Tensor, shape: Shape, negative: bool) -> tuple[Tensor, ...]:
    """Return the rows of `indices`, checked against their axes."""
    if indices.dim() < 2:
        raise MXNetError(f"{owner}: indices must have at least 2 axes, (M, N); received {tuple(indices.shape)}")
    if indices.shape[0] > len(shape):
        raise MXNetError(
            f"{owner}: indices must have at most {len(shape)} rows, one per axis of {shape}; "
            f"received {tuple(indices.shape)}"
        )
    rows = tuple(indices.long().unbind(0))
    for axis, row in enumerate(rows):
        check_bounds(owner, f"indices along axis {axis}", row, -shape[axis] if negative else 0, shape[axis])
    return rows
