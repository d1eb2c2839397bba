"""What the steps of optimizers have in common: the gradient that they use, and numbers as MXNet's kernels see them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import MXNetError
from ..samples import Input, Refused, Sample, refused, sample

Step = Callable[..., Any]


def alike(function: Step) -> Step:
    """Return a step that refuses arrays of another shape or type than the weight, which torch would broadcast.

    Of a step in mixed precision, ``mp_...``, the arrays behind the gradient are float32.
    """
    owner = function.__name__
    names = function.__code__.co_varnames

    @functools.wraps(function)
    def checking(weight: Tensor, *arrays: Tensor, **attributes: Any) -> Any:
        require_alike(owner, names[1:], weight, arrays, mixed=owner.startswith("mp_"))
        return function(weight, *arrays, **attributes)

    return checking


def require_alike(owner: str, names: Sequence[str], weight: Tensor, arrays: Sequence[Tensor], *, mixed: bool) -> None:
    """Refuse arrays of another shape or type than the weight; `mixed`: those behind the gradient are float32."""
    kind = weight.dtype
    for name, array in zip(names, arrays, strict=False):
        if array.shape != weight.shape or array.dtype is not kind:
            raise MXNetError(
                f"{owner}: {name} must have the shape of the weight, {tuple(weight.shape)}, and the type "
                f"{type_name(kind)}; received {tuple(array.shape)} {type_name(array.dtype)}"
            )
        if mixed:
            kind = torch.float32


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
    same, other = [Input((2, 3))] * arrays, Input((2, 3), "float64")
    given = {"lr": 0.1, **attributes}
    return lambda: [
        refused("lr must be given", *same, **attributes),
        refused(r"grad must have the shape of the weight, \(2, 3\)", same[0], Input((1, 3)), *same[2:], **given),
        refused("must have the shape of the weight", *same[:-1], Input((2, 1)), **given),
        refused("and the type float32; received .* float64", *same[:-1], other, **given),
    ]
