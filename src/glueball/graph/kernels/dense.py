"""FullyConnected for few rows, and convolutions of images of one pixel, in C; see ``dense.c``."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from copy import copy
from math import prod

import torch

from ..fused import Activation, FusedConvolution
from .compiled import Compiled, Library, fields_of, is_switched_on, obstacle_of
from .way import Way, unchanged

_FEW = 2**17  # numbers in a weight; for fewer, what saves time is lost again on the way to the kernel
_MANY = 2**20  # numbers that a cache does not hold
_MOST_ROWS, _MOST_ROWS_OF_MANY = 8, 16  # for more, MKL's product of matrices is as fast


class Dense(Compiled):
    """Rows of numbers times a weight, a bias, a sum with another array, and an activation.

    Parameters
    ----------
    shape, out_shape : sequence of int
        The shapes of the data and of the result.
    activation : Activation or None
        What is applied at the end.
    """

    __name__ = "dense"
    kernel = "dense of few rows"
    takes_last = gives_last = False

    def __init__(self, shape: Sequence[int], out_shape: Sequence[int], activation: Activation | None) -> None:
        units = out_shape[-1]
        rows = prod(out_shape) // units
        features = prod(shape) // rows
        fields = fields_of((rows, features, 1, 1), (rows, units, 1, 1))
        super().__init__(_library(), shape, out_shape, fields, activation)
        self._products = rows * features * units

    def returning(self, shape: Sequence[int]) -> Dense:
        """Return the same kernel with a result of another shape."""
        result = copy(self)
        result.out_shape = tuple(shape)
        return result

    @staticmethod
    def suits(shape: Sequence[int], out_shape: Sequence[int]) -> bool:
        """Whether there is a kernel for these shapes that is faster than a product of matrices."""
        rows = prod(out_shape[:-1])
        weight = prod(shape) // rows * out_shape[-1] if rows else 0
        most = _MOST_ROWS if weight < _MANY else _MOST_ROWS_OF_MANY
        return rows <= most and weight >= _FEW and is_switched_on() and not obstacle() and _library().is_wide


def ways(call: FusedConvolution, shape: Sequence[int]) -> list[Way]:
    """Return the way to compute a fused convolution for data of this shape; none if it does not suit."""
    out_shape = (shape[0], call.filters[0])
    is_pixel = call.groups == 1 and max(call.pad) == 0 and (*shape[2:], *call.filters[2:]) == (1, 1, 1, 1)
    if not is_pixel or not Dense.suits(shape, out_shape):
        return []
    run = Dense(shape, out_shape, call.activation).returning((*out_shape, 1, 1))
    return [Way(run.kernel, 0, unchanged, lambda: torch.ones(call.filters), run)]


@functools.cache
def obstacle() -> str:
    """Return a sentence that says why there is no such kernel on this machine, or '' if there is one."""
    return obstacle_of([_is_right])


def _is_right() -> bool:
    """Compare with torch's own product where some rows, some units and some features are left over."""
    library = _library()
    data = torch.linspace(-1, 1, (library.rows + 1) * (3 * library.vector - 1)).reshape(library.rows + 1, -1)
    weight = torch.linspace(-1, 1, 9 * data.shape[1]).reshape(9, -1)
    result = Dense(data.shape, (len(data), 9), None)(data, weight, weight[:, 0])
    return torch.allclose(result, torch.nn.functional.linear(data, weight, weight[:, 0]), rtol=1e-3, atol=1e-3)


@functools.cache
def _library() -> Library:
    return Library("dense")
