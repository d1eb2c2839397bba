"""How alike two images are at shifted positions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import NonNegative
from ..checks import check_image, one_type, same_float
from ..declare import cases, operator
from ..flops import Call
from ..samples import Input, refused, sample
from ..shape_rule import UNKNOWN, PartialShape, with_axes
from .sampling import exact_type


def _flops(call: Call) -> int:
    # A product (or a difference and its absolute value) and a sum for each channel and point of the window.
    window: int = call.attributes["kernel_size"] ** 2 * call.inputs["data1"][1]
    return prod(call.output) * (2 if call.attributes["is_multiply"] else 3) * window


def _border(attributes: Mapping[str, Any]) -> int:
    return int(attributes["max_displacement"] + attributes["kernel_size"] // 2)


def _lengths(size: Sequence[int], attributes: Mapping[str, Any]) -> list[int]:
    return [
        -((2 * _border(attributes) - length - 2 * attributes["pad_size"]) // attributes["stride1"]) for length in size
    ]


def _shifts(attributes: Mapping[str, Any]) -> range:
    largest, step = attributes["max_displacement"], attributes["stride2"]
    return range(-(largest // step) * step, largest + 1, step)


def _known_output(shapes: list[Any], attributes: Mapping[str, Any]) -> list[PartialShape]:
    batch, _, *size = shapes[0]
    lengths = [
        UNKNOWN if length == UNKNOWN else found for length, found in zip(size, _lengths(size, attributes), strict=True)
    ]
    return [(batch, len(_shifts(attributes)) ** 2, *lengths)]


@operator(
    "Correlation", names_gradients=True,
    hidden_outputs=2, output_names=("output",), kind="other", flops=_flops, precision="widest",
    from_partial=with_axes(_known_output), computed_anew=True,
)  # fmt: skip
def correlation(
    data1: Tensor,
    data2: Tensor,
    *,
    kernel_size: NonNegative = 1,
    max_displacement: NonNegative = 1,
    stride1: NonNegative = 1,
    stride2: NonNegative = 1,
    pad_size: NonNegative = 0,
    is_multiply: bool = True,
) -> Tensor:
    """Compare windows of one image with windows of another, shifted by every displacement up to a largest.

    Parameters
    ----------
    data1, data2 : NDArray
        (N, C, H, W).
    kernel_size : int, default 1
        Height and width of the windows; odd.
    max_displacement : int, default 1
        The largest shift along each axis.
    stride1, stride2 : int, default 1
        The step between windows of `data1`, and between shifts.
    pad_size : int, default 0
        The number of zeros added on every side.
    is_multiply : bool, default True
        Take the mean of products; otherwise of absolute differences.

    Returns
    -------
    NDArray
        (N, shifts, H', W'), with the shifts along y first.
    """
    owner = "Correlation"
    check_image(owner, data1, "data1")
    if data1.shape != data2.shape:
        raise MXNetError(f"{owner}: data2 must have shape {tuple(data1.shape)}; received {tuple(data2.shape)}")
    if not same_float(data1, data2):
        raise one_type(owner, data1=data1, data2=data2)
    if kernel_size % 2 == 0:
        raise MXNetError(f"{owner}: kernel_size must be odd; received {kernel_size}")
    for name, stride in (("stride1", stride1), ("stride2", stride2)):
        if stride < 1:
            raise MXNetError(f"{owner}: {name} must be at least 1; received {stride}")
    attributes = {
        "kernel_size": kernel_size, "max_displacement": max_displacement, "stride1": stride1, "stride2": stride2,
        "pad_size": pad_size,
    }  # fmt: skip
    lengths = _lengths(data1.shape[2:], attributes)
    if min(lengths) < 1:
        raise MXNetError(
            f"{owner}: windows with their shifts, {2 * _border(attributes) + 1} wide, must fit into the padded images; "
            f"received {tuple(data1.shape)} with pad_size={pad_size}"
        )
    steps = _shifts(attributes)
    if data1.is_meta:
        return data1.new_empty((len(data1), len(steps) ** 2, *lengths))
    kind = exact_type(data1)
    one, other = (F.pad(data.to(kind), [pad_size] * 4) for data in (data1, data2))
    high, wide = ((length - 1) * stride1 + kernel_size for length in lengths)
    near = one[:, :, max_displacement : max_displacement + high, max_displacement : max_displacement + wide]
    found = []
    for down in steps:
        for across in steps:
            top, left = max_displacement + down, max_displacement + across
            far = other[:, :, top : top + high, left : left + wide]
            found.append(((near * far) if is_multiply else (near - far).abs()).sum(1))
    alike = F.avg_pool2d(torch.stack(found, 1), kernel_size, stride1)
    return (alike / data1.shape[1]).to(data1.dtype)


cases(
    "Correlation",
    samples=lambda: [
        sample((2, 3, 5, 6), (2, 3, 5, 6)),
        sample((1, 2, 5, 6), (1, 2, 5, 6), kernel_size=3, max_displacement=2, pad_size=3),
        sample((1, 2, 7, 6), (1, 2, 7, 6), max_displacement=3, stride1=2, stride2=2, pad_size=3),
        sample((1, 2, 5, 6), (1, 2, 5, 6), kernel_size=3, stride1=2, pad_size=2, is_multiply=False),
        sample(Input((1, 2, 4, 4), "float64"), Input((1, 2, 4, 4), "float64"), max_displacement=0),
    ],
    refusals=lambda: [
        refused("data1 must have 4 dimensions", (2, 5, 5), (2, 5, 5)),
        refused("data2 must have shape", (1, 2, 5, 5), (1, 2, 5, 4)),
        refused("kernel_size must be odd", (1, 2, 5, 5), (1, 2, 5, 5), kernel_size=2),
        refused("stride1 must be at least 1", (1, 2, 5, 5), (1, 2, 5, 5), stride1=0),
        refused("must fit into the padded images", (1, 2, 5, 5), (1, 2, 5, 5), max_displacement=3),
        refused("one floating-point type", (1, 2, 5, 5), Input((1, 2, 5, 5), "float64")),
    ],
)
