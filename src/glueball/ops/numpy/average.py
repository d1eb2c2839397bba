"""Averages with weights, as in ``mx.np``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ...core.integer_tape import converted
from ..attrs import Shape
from ..declare import cases, operator
from ..flops import per_input
from ..gradient import without_gradient
from ..samples import Input, refused, sample
from .reductions import axes_of, numbers_only

_OWNER = "_npi_average"


def _without_weights(attributes: Mapping[str, Any]) -> tuple[str, ...]:
    return () if attributes["weighted"] else ("weights",)


def _alike(a: Tensor, weights: Tensor, axes: Shape, axis: Shape | None) -> Tensor:
    """Return weights with the axes of `a`; a row of them belongs to the one axis."""
    if weights.shape == a.shape:
        return weights
    if axis is None or len(axes) != 1 or weights.dim() != 1 or weights.shape[0] != a.shape[axes[0]]:
        raise MXNetError(
            f"{_OWNER}: weights must have the shape of a, {tuple(a.shape)}, or one axis of the length of the only axis "
            f"that is averaged; received shape {tuple(weights.shape)} and axis={axis}"
        )
    return weights.reshape([-1 if number == axes[0] else 1 for number in range(a.dim())])


@operator(
    _OWNER, types="T, T -> T, T",
    outputs=lambda attributes: 2 if attributes["returned"] else 1,
    hidden_outputs=lambda attributes: 0 if attributes["returned"] else 1,
    omits=_without_weights, kind="other", flops=per_input(3), precision="single",
)  # fmt: skip
def average(
    a: Tensor,
    weights: Tensor | None = None,
    *,
    axis: Shape | None = None,
    returned: bool = False,
    weighted: bool = True,
) -> Tensor | tuple[Tensor, Tensor]:
    """Return the average of the elements over axes; that of integers loses its fraction.

    Differs from MXNet: the sum of the weights has a gradient, too.

    Parameters
    ----------
    a : NDArray
        Numbers.
    weights : NDArray, optional
        How much each counts, of the type of `a`: of its shape, or a row for the only axis.
    axis : int or tuple of int, optional
        The axes; by default all.
    returned : bool, default False
        Whether the sum of the weights is returned, too: in the shape of the result, for weights in the shape of `a`;
        otherwise without axes.
    weighted : bool, default True
        Whether there are weights.
    """
    axes = axes_of(_OWNER, numbers_only(_OWNER, a), axis)
    real = a if a.is_floating_point() else converted(a, torch.float64)
    if weights is None:
        scale = without_gradient(real.new_full((), math.prod([a.shape[each] for each in axes])), a)
        found = torch.mean(real, axes) if axes else real.clone()
    else:
        factors = converted(_alike(a, weights, axes, axis), real.dtype)
        # A row of weights is summed once; the sum must not have the other axes.
        scale = torch.sum(factors, axes) if factors.shape == a.shape and axes else torch.sum(factors)
        found = torch.sum(real * factors, axes) / scale if axes else real * factors / factors
        scale = scale if axes else factors.clone()
    average = converted(found, a.dtype)
    return (average, converted(scale, a.dtype)) if returned else average


cases(
    _OWNER,
    samples=lambda: [
        sample((2, 3), Input((2, 3), low=0.5)),
        sample((2, 3), Input((2, 3), low=0.5), axis=1),
        sample((2, 3), Input((2, 3), low=0.5), axis=1, returned=True, gradient=False),
        sample((2, 3), Input((3,), low=0.5), axis=-1),
        sample((2, 3), Input((3,), low=0.5), axis=-1, returned=True, judge="numpy"),
        sample((2, 3, 4), weighted=False, axis=(0, 2), returned=True, derivative=False),
        sample((2, 3), weighted=False),
        sample(Input((2, 3), "int32", -9, 9), Input((2, 3), "int32", 1, 9), gradient=False),
        sample(Input((2, 3), "float64"), weighted=False, axis=0),
    ],
    refusals=lambda: [
        refused("must have the shape of a", (2, 3), (3,)),
        refused("must have the shape of a", (2, 3), (2,), axis=1),
        refused("must have the shape of a", (2, 3), (3,), axis=(0, 1)),
        refused("must be numbers", Input((2,), "bool"), weighted=False),
        refused("from -2 to 1", (2, 3), axis=2, weighted=False),
    ],
)
