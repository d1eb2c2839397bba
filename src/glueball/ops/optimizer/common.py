"""What the steps of optimizers have in common: the gradient that they use, and numbers as MXNet's kernels see them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from torch import Tensor

from ..samples import Input, Refused, Sample, refused, sample


def used_gradient(grad: Tensor, rescale_grad: float, clip_gradient: float) -> Tensor:
    """Return the gradient times a factor, clipped to plus and minus a number of at least 0."""
    return clipped(grad * rescale_grad, clip_gradient)


def clipped(values: Tensor, limit: float) -> Tensor:
    """Return values from minus to plus the limit; a negative limit is none."""
    return values.clamp(-limit, limit) if limit >= 0 else values


def decay_rates(rate: float) -> tuple[float, float]:
    """Return a rate and 1 minus it, rounded to float32 first as in MXNet's kernels."""
    rounded = float(np.float32(rate))
    return rounded, 1.0 - rounded


def samples_of(arrays: int, *attributes: dict[str, Any], nonnegative: Sequence[int] = ()) -> Callable[[], list[Sample]]:
    """Return a function that makes a sample for each set of attributes.

    `arrays` is the number of inputs; those in `nonnegative` are averages of squares.
    """

    def made(kind: str) -> list[Input]:
        return [
            Input((2, 3), kind, low=0.1 if number in nonnegative else -2.0) for number in range(arrays)
        ]  # fmt: skip

    return lambda: [
        *[sample(*made("float32"), gradient=False, rtol=3e-5, **each) for each in attributes],
        sample(*made("float64"), gradient=False, rtol=1e-6, **attributes[0]),
    ]


def refusals_of(arrays: int, **attributes: float) -> Callable[[], list[Refused]]:
    """Return a function that makes calls that must be refused: without a learning rate."""
    return lambda: [refused("lr must be given", *[Input((2, 3))] * arrays, **attributes)]
