"""Convolution in one, two and three dimensions, channels first or channels last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, Literal

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import NonNegative, Positive, Shape
from ..captions import compact, sizes
from ..checks import one_type, same_float
from ..declare import cases, operator
from ..flops import Call
from ..samples import Input, refused, sample
from ..shape_rule import UNKNOWN, PartialShape, merge_or_first
from ..weighted import Weighted
from .bias import check_bias, without_bias
from .window import (
    channels_last,
    check_window,
    converted,
    leaps,
    may_miss,
    safe_type,
    surrounded,
    to_channels_first,
    to_channels_last,
)

ConvLayout = Literal["NCW", "NCHW", "NCDHW", "NHWC", "NDHWC"] | None
CudnnTune = Literal["fastest", "limited_workspace", "off"] | None


def convolution_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    """Complete the shapes of weight and bias: (num_filter, channels / num_group, *kernel), in the data's layout."""
    data, kernel, layout = shapes[0], attributes["kernel"], attributes["layout"]
    filters, groups = attributes["num_filter"], attributes["num_group"]
    if data is None:
        return shapes
    check_window("Convolution", data, kernel, layout)
    first = (data[0], data[-1], *data[1:-1]) if channels_last(layout) else data
    # Checked here too: a first batch that cannot be convolved must not determine the shape of the weight.
    _check_data(first, kernel, attributes["dilate"], attributes["pad"], filters, groups)
    channels = UNKNOWN if first[1] == UNKNOWN else first[1] // groups
    weight = (filters, *kernel, channels) if channels_last(layout) else (filters, channels, *kernel)
    return [data, weight, (filters,)]


def _check_data(
    shape: Sequence[int], kernel: Shape, dilate: Shape, pad: Shape, num_filter: int, num_group: int
) -> None:
    """Check that data of this shape, channels first, can be convolved, as far as it is known."""
    channels = shape[1]
    if (channels != UNKNOWN and channels % num_group) or num_filter % num_group:
        raise MXNetError(
            f"Convolution: num_group must divide the {channels} channels and num_filter {num_filter}; "
            f"received {num_group}"
        )
    ones = (1,) * len(kernel)
    reach = [step * (length - 1) + 1 for step, length in zip(dilate or ones, kernel, strict=True)]
    padded = [n + 2 * p for n, p in zip(shape[2:], pad or (0,) * len(kernel), strict=True)]
    if any(n != UNKNOWN and length > have for n, length, have in zip(shape[2:], reach, padded, strict=True)):
        raise MXNetError(
            f"Convolution: the dilated kernel {tuple(reach)} must not be larger than the padded data; "
            f"received {tuple(padded)}; pad more or use a smaller kernel"
        )


def _steps(attributes: Mapping[str, Any]) -> Sequence[tuple[int, int]] | None:
    """Return for each axis the stride, and what the kernel reaches over one point, less the padding."""
    kernel = attributes["kernel"]
    ones, zeros = (1,) * len(kernel), (0,) * len(kernel)
    stride, dilate, pad = attributes["stride"] or ones, attributes["dilate"] or ones, attributes["pad"] or zeros
    if not len(stride) == len(dilate) == len(pad) == len(kernel) or min(stride) < 1:
        return None
    return [
        (step, (points - 1) * spread - 2 * more)
        for points, step, spread, more in zip(kernel, stride, dilate, pad, strict=True)
    ]


def convolution_output(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape] | None:
    """Return the shape of the result, with an unknown length for each unknown one of the image."""
    data, steps, last = shapes[0], _steps(attributes), channels_last(attributes["layout"])
    if data is None or steps is None or len(data) != len(steps) + 2:
        return None
    lengths = [
        UNKNOWN if length == UNKNOWN else (length - reach - 1) // step + 1
        for length, (step, reach) in zip(data[1:-1] if last else data[2:], steps, strict=True)
    ]
    if any(length < 1 and length != UNKNOWN for length in lengths):
        return None
    filters = attributes["num_filter"]
    return [(data[0], *lengths, filters) if last else (data[0], filters, *lengths)]


def _data_of_output(
    inputs: Sequence[PartialShape], outputs: Sequence[PartialShape], attributes: Mapping[str, Any]
) -> Sequence[PartialShape]:
    """Complete the data: the batch, and lengths along which the kernel takes single steps."""
    data, result, steps = inputs[0], outputs[0], _steps(attributes)
    if data is None or result is None or steps is None or not len(data) == len(result) == len(steps) + 2:
        return inputs
    first = 1 if channels_last(attributes["layout"]) else 2
    lengths = [result[0], *[UNKNOWN] * (len(data) - 1)]
    for axis, (step, reach) in enumerate(steps, first):
        if step == 1 and result[axis] != UNKNOWN:
            lengths[axis] = result[axis] + reach
    return [merge_or_first(data, tuple(lengths)), *inputs[1:]]


def _diagnose(
    data: Tensor, weight: Tensor, bias: Tensor | None, kernel: Shape, stride: Shape, dilate: Shape, pad: Shape,
    num_filter: int, num_group: int, no_bias: bool, layout: str | None, error: Exception,
) -> MXNetError:  # fmt: skip
    """Find the rule that a refused convolution breaks; data and weight are channels first here."""
    owner = "Convolution"
    check_window(owner, tuple(data.shape), kernel, layout, stride=stride, dilate=dilate, pad=pad)
    try:
        _check_data(data.shape, kernel, dilate, pad, num_filter, num_group)
    except MXNetError as broken:
        return broken
    expected = (num_filter, data.shape[1] // num_group, *kernel)
    if tuple(weight.shape) != expected:
        seen = f"{tuple(weight.shape)} (channels first)" if channels_last(layout) else f"{tuple(weight.shape)}"
        return MXNetError(
            f"{owner}: weight must have shape {expected} = (num_filter, channels / num_group, *kernel); received {seen}"
        )
    check_bias(owner, bias, no_bias, num_filter)
    if not same_float(data, weight, bias):
        return one_type(owner, data=data, weight=weight, bias=bias)
    return MXNetError(f"{owner}: {str(error).splitlines()[0]}")


def _prepare(attributes: Mapping[str, Any]) -> Callable[..., Tensor]:
    """Compute once from the attributes what is the same in every call."""
    kernel, layout, no_bias = attributes["kernel"], attributes["layout"], attributes["no_bias"]
    filters, groups = attributes["num_filter"], attributes["num_group"]
    ones, zeros = (1,) * len(kernel), (0,) * len(kernel)
    stride, dilate, pad = attributes["stride"] or ones, attributes["dilate"] or ones, attributes["pad"] or zeros
    rank = len(kernel)
    consistent = len(stride) == len(dilate) == len(pad) == rank and (layout is None or len(layout) == rank + 2)
    last, leaping = channels_last(layout), leaps(kernel, stride, dilate)
    steps, has_gaps = leaping or stride[-1:] > (1,), any(spread > 1 for spread in dilate)
    torch_convolution = torch.convolution
    # Of the last weight that was checked; the next call most likely has the same.
    fitting_shape: torch.Size | None = None
    fitting_type: torch.dtype | None = None

    def look_at(weight: Tensor) -> None:
        """Raise ValueError for what torch would silently accept: one stride for all axes, another kernel, integers."""
        nonlocal fitting_shape, fitting_type
        shape = weight.shape
        if not consistent or shape[0] != filters or shape[2:] != kernel or not weight.is_floating_point():
            raise ValueError
        if type(shape[0]) is int:  # not while torch.jit traces, which has tensors here
            fitting_shape, fitting_type = shape, weight.dtype

    def convolve(data: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
        if last:
            data, weight = to_channels_first(data), to_channels_first(weight)
        try:
            if weight.shape != fitting_shape or weight.dtype is not fitting_type:
                look_at(weight)
            # torch's meta device accepts two types
            if data.dtype is not weight.dtype or (bias is None) is not no_bias:
                raise ValueError
            kind = safe_type(data, leaping) if steps else data.dtype
            image, zero = data, pad
            if has_gaps and may_miss(data.shape[2:], pad, dilate):
                image, zero = surrounded(data, pad), zeros
            if kind is not data.dtype:
                arrays = converted(kind, image, weight, bias)
                result = torch_convolution(*arrays, stride, zero, dilate, False, zeros, groups).to(data.dtype)
            else:
                result = torch_convolution(image, weight, bias, stride, zero, dilate, False, zeros, groups)
        except (RuntimeError, ValueError, IndexError) as error:
            raise _diagnose(
                data, weight, bias, kernel, stride, dilate, pad, filters, groups, no_bias, layout, error
            ) from error
        return to_channels_last(result) if last else result

    return convolve


def caption(attributes: Mapping[str, Any]) -> str:
    """Caption a convolution, such as ``3x3, 64, /2`` for 64 filters and a stride of 2."""
    groups, filters = attributes["num_group"], attributes["num_filter"]
    parts = [sizes(attributes["kernel"]), str(filters)]
    parts += [f"/{compact(attributes['stride'])}"] if set(attributes["stride"]) - {1} else []
    parts += [f"dilate {compact(attributes['dilate'])}"] if set(attributes["dilate"]) - {1} else []
    if groups > 1:
        parts.append("depthwise" if groups == filters else f"{groups} groups")
    return ", ".join(parts)


def multiply_adds(call: Call) -> int:
    """Count the products of a convolution."""
    # Each output is a sum over one filter.
    filters: int = call.attributes["num_filter"]
    return prod(call.output) * (prod(call.inputs["weight"]) // filters)


@operator(
    "Convolution",
    npx="convolution",
    omits=without_bias,
    infer_inputs=convolution_shapes,
    infer_outputs=convolution_output,
    from_partial=convolution_output,
    from_outputs=_data_of_output,
    prepare=_prepare,
    weighted=Weighted(is_last=lambda attributes: channels_last(attributes["layout"])),
    kind="convolution",
    multiply_adds=multiply_adds,
    caption=caption,
    precision="low",
    output_names=("output",),
)
def convolution(
    data: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    kernel: Shape,
    stride: Shape = (),
    dilate: Shape = (),
    pad: Shape = (),
    num_filter: Positive,
    num_group: Positive = 1,
    workspace: NonNegative = 1024,
    no_bias: bool = False,
    cudnn_tune: CudnnTune = None,
    cudnn_off: bool = False,
    layout: ConvLayout = None,
) -> Tensor:
    """Slide filters over an image and sum the products (cross-correlation).

    The output length along each spatial axis is floor((n + 2 pad - dilate (kernel - 1) - 1) / stride) + 1.

    Parameters
    ----------
    data : NDArray
        (N, C, W), (N, C, H, W) or (N, C, D, H, W); (N, H, W, C) or (N, D, H, W, C) with that `layout`.
    weight : NDArray
        (num_filter, C / num_group, *kernel); with a channels-last layout (num_filter, *kernel, C / num_group).
    bias : NDArray
        (num_filter,); left out with ``no_bias=True``.
    kernel : tuple of int
        The filter's lengths; their number decides between 1-D, 2-D and 3-D.
    stride, dilate : tuple of int, default all 1
        The step between filter positions, and between the points of one filter.
    pad : tuple of int, default all 0
        The number of zeros added on either side of each spatial axis.
    num_filter : int
        The number of filters, which is the number of output channels.
    num_group : int, default 1
        The number of independent groups that channels are split into; it divides C and `num_filter`.
    no_bias : bool, default False
        Leave the bias out.
    layout : {None, 'NCW', 'NCHW', 'NCDHW', 'NHWC', 'NDHWC'}
        The order of the axes; None means channels first.
    workspace, cudnn_tune, cudnn_off
        Hints on how to compute, which never change the result; torch decides itself.

    Returns
    -------
    NDArray
        (N, num_filter, ...) in the layout of the data.

    Raises
    ------
    MXNetError
        Shapes, lengths or groups do not fit; the message names the rule.
    """
    attributes = {
        "kernel": kernel, "stride": stride, "dilate": dilate, "pad": pad, "num_filter": num_filter,
        "num_group": num_group, "no_bias": no_bias, "layout": layout,
    }  # fmt: skip
    return _prepare(attributes)(data, weight, bias)


cases(
    "Convolution",
    samples=lambda: [
        sample((2, 2, 205), (3, 2, 2), (3,), kernel=(2,), num_filter=3, stride=(100,)),
        sample((2, 4, 9), (6, 4, 3), (6,), kernel=(3,), num_filter=6, stride=(2,), pad=(1,)),
        sample((2, 4, 7, 8), (6, 4, 3, 2), (6,), kernel=(3, 2), num_filter=6),
        sample((1, 4, 9, 7), (8, 2, 3, 3), None, kernel=(3, 3), num_filter=8, num_group=2, no_bias=True,
               dilate=(2, 1), pad=(2, 0)),
        sample((1, 3, 5, 6, 4), (2, 3, 2, 2, 2), (2,), kernel=(2, 2, 2), num_filter=2, pad=(1, 0, 1)),
        sample(Input((2, 4, 7, 8), "float64"), Input((6, 4, 3, 3), "float64"), Input((6,), "float64"), kernel=(3, 3),
               num_filter=6, stride=(2, 3), pad=(1, 2)),
        sample((2, 7, 8, 4), (6, 3, 2, 4), (6,), kernel=(3, 2), num_filter=6, layout="NHWC", judge="numpy"),
    ],
    refusals=lambda: [
        refused("data must have 4 dimensions", (2, 3), (4, 3, 3, 3), kernel=(3, 3), num_filter=4, no_bias=True),
        refused("num_filter must be given", (1, 3, 5, 5), (4, 3, 3, 3), kernel=(3, 3)),
        refused("stride must be 2 ints", (1, 3, 5, 5), (4, 3, 3, 3), (4,), kernel=(3, 3), num_filter=4, stride=(1, 0)),
        refused("num_group must divide", (1, 3, 5, 5), (4, 1, 3, 3), (4,), kernel=(3, 3), num_filter=4, num_group=2),
        refused("num_group must divide", (1, 4, 5, 5), (3, 2, 3, 3), (3,), kernel=(3, 3), num_filter=3, num_group=2),
        refused("weight must have shape", (1, 3, 5, 5), (4, 2, 3, 3), (4,), kernel=(3, 3), num_filter=4),
        refused("weight must have shape", (1, 3, 5, 5), (4, 3, 3, 3), None, kernel=(3, 3), num_filter=5, no_bias=True),
        refused("weight must have shape", (1, 3, 5, 5), (4, 3, 2, 3), (4,), kernel=(3, 3), num_filter=4),
        refused("bias must be given", (1, 3, 5, 5), (4, 3, 3, 3), None, kernel=(3, 3), num_filter=4),
        refused("bias must be left out", (1, 3, 5, 5), (4, 3, 3, 3), (4,), kernel=(3, 3), num_filter=4, no_bias=True),
        refused("layout must have 4 letters", (1, 3, 5, 5), (4, 3, 3, 3), (4,), kernel=(3, 3), num_filter=4,
                layout="NCW"),
        refused("one floating-point type", (1, 3, 5, 5), Input((4, 3, 3, 3), "float64"), (4,), kernel=(3, 3),
                num_filter=4),
        refused("one floating-point type", Input((1, 3, 5, 5), "int32"), Input((4, 3, 3, 3), "int32"),
                Input((4,), "int32"), kernel=(3, 3), num_filter=4),
        refused("larger than", (1, 3, 2, 2), (4, 3, 3, 3), (4,), kernel=(3, 3), num_filter=4),
    ],
)  # fmt: skip
