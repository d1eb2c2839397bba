"""The parameters of whole networks, and images for them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from benchmarks.workloads.workload import values


def filled(mx: Any, net: Any, shape: tuple[int, int, int, int]) -> Any:
    """Give every library's network of one kind the same parameters."""
    net.initialize()
    net(mx.nd.zeros(shape))  # after it, every shape is known
    parameters = list(net.collect_params().values())
    for parameter, value in zip(parameters, weights([parameter.shape for parameter in parameters]), strict=True):
        parameter.set_data(mx.nd.array(value))
    return net


def weights(shapes: list[tuple[int, ...]]) -> list[np.ndarray]:
    """Values that preserve the scale of activations; those of a BatchNorm are around 1."""
    drawn = values(*shapes, seed=1)
    return [1 + value / 2 if value.ndim == 1 else value * _scale(value.shape) for value in drawn]


def _scale(shape: tuple[int, ...]) -> np.float32:
    return np.float32(math.sqrt(3 / math.prod(shape[1:])))


def images(shape: tuple[int, int, int, int]) -> np.ndarray:
    """Return images."""
    (result,) = values(shape)
    return result
