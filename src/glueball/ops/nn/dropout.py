"""Dropout: random elements become 0 in training mode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import AtLeast, Shape
from ..checks import not_float
from ..declare import Rng, Training, cases, operator
from ..draw import draw
from ..samples import Input, refused, sample


def _mask(inputs: Sequence[Tensor], output: Tensor, attributes: Mapping[str, Any], training: bool) -> Sequence[Tensor]:
    """Return what the data was multiplied by; where the data is 0, the result does not tell, and it is 0."""
    data, axes = inputs[0], attributes["axes"]
    mask = torch.zeros_like(data) if output is data else torch.where(data == 0, 0, output / data)
    return [mask.amax(axes, keepdim=True) if axes else mask]


@operator(
    "Dropout",
    npx="dropout",
    elementwise=True,
    output_names=("output", "mask"),
    hidden_outputs=1,
    hidden_values=_mask,
    may_alias=True,
    hands_on=lambda attributes: attributes["p"] == 0 or (attributes["mode"] == "training" and attributes["p"] <= 1),
    from_outputs="nothing",
    kind="shape",
    flops=0,
    caption="p = {p:g}",
    minor=True,
)
def dropout(
    data: Tensor,
    *,
    p: Annotated[float, AtLeast(0)] = 0.5,
    mode: Literal["training", "always"] = "training",
    axes: Shape = (),
    cudnn_off: bool | None = False,
    training: Training,
    rng: Rng,
) -> Tensor:
    """Set random elements to 0 and multiply the others by 1 / (1 - p), so that the mean is unchanged.

    Parameters
    ----------
    data : NDArray
        Of any shape and floating-point type.
    p : float, default 0.5
        The probability that an element is dropped, from 0 to 1. At 1 everything is 0, where MXNet returns NaN.
    mode : {'training', 'always'}, default 'training'
        'training': in prediction mode the data is returned unchanged.
    axes : tuple of int, optional
        Along these axes all elements are dropped or kept together.
    cudnn_off
        A hint on how to compute, which never changes the result; torch decides itself.

    Returns
    -------
    NDArray
        The random numbers come from Glueball's generator of the device; `glueball.random.seed` seeds it.
    """
    if p > 1:
        raise MXNetError(f"Dropout: p must be at most 1; received {p}")
    if (not training and mode != "always") or p == 0:
        return data
    if not data.is_floating_point():
        raise not_float("Dropout", data)
    shape = list(data.shape)
    for axis in axes:
        if not 0 <= axis < len(shape):
            raise MXNetError(f"Dropout: axes must be from 0 to {len(shape) - 1}; received {axes}")
        shape[axis] = 1
    keep = draw(rng, "bernoulli", shape, data.dtype, data.device, 1 - p)
    return data * (keep if p == 1 else keep.div_(1 - p))


cases(
    "Dropout",
    samples=lambda: [
        sample((2, 3)),
        sample((2, 3), training=True, p=0),
        sample((2, 3), mode="always", judge="statistics"),
        sample((4, 3), training=True, p=0.25, judge="statistics"),
        sample((4, 3, 2), training=True, axes=(0, 2), judge="statistics"),
        sample(Input((2, 3), "float64"), training=True, judge="statistics"),
    ],
    refusals=lambda: [
        refused("p must be a number of at least 0", (2, 3), p=-0.5),
        refused("p must be at most 1", (2, 3), p=1.5),
        refused("axes must be", (2, 3), axes=(2,), mode="always"),
        refused("floating-point", Input((2, 3), "int32"), mode="always"),
    ],
)
