"""What optimizers that update one parameter at a time have in common."""

from __future__ import annotations

from typing import Any

from .. import ndarray as nd
from ..ndarray import NDArray
from .optimizer import Optimizer


def zeros_like(weight: NDArray) -> NDArray:
    """Return an array of zeros like a weight."""
    return nd.zeros(weight.shape, ctx=weight.context, dtype=weight.dtype, stype=weight.stype)


def rescaled(optimizer: Optimizer, gradient: NDArray) -> Any:
    """Return the gradient times `rescale_grad`."""
    return gradient * optimizer.rescale_grad


def clipped(optimizer: Optimizer, gradient: NDArray) -> Any:
    """Return the gradient clipped by `clip_gradient`."""
    limit = optimizer.clip_gradient
    return gradient.clip(-limit, limit) if limit and limit > 0 else gradient


def clip_limit(optimizer: Optimizer) -> float:
    """Return `clip_gradient` as the operators of steps take it, where a negative number is none."""
    limit = optimizer.clip_gradient
    return limit if limit and limit > 0 else -1.0
