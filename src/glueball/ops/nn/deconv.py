"""Transposed convolution in one, two and three dimensions: the gradient of a convolution, as a layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import torch.nn.functional as F
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import NonNegative, Positive, Shape
from ..checks import one_type, same_float
from ..declare import cases, operator
from ..flops import Call
from ..samples import Input, refused, sample
from ..shape_rule import PartialShape
from ..weighted import Weighted
from .bias import check_bias, without_bias
from .conv import ConvLayout, CudnnTune, caption
from .window import channels_last, check_window, converted, leaps, safe_type, to_channels_first, to_channels_last

_DECONVOLVE = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}


def deconvolution_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    """Complete the shapes of weight and bias: (channels, num_filter / num_group, *kernel), in the data's layout."""
    data, kernel, layout = shapes[0], attributes["kernel"], attributes["layout"]
    filters = attributes["num_filter"]
    if data is None:
        return shapes
    check_window("Deconvolution", data, kernel, layout)
    channels, per_group = data[-1 if channels_last(layout) else 1], filters // attributes["num_group"]
    weight = (channels, *kernel, per_group) if channels_last(layout) else (channels, per_group, *kernel)
    return [data, weight, (filters,)]


def _full_lengths(data: Tensor, kernel: Shape, stride: Shape, dilate: Shape) -> Shape:
    """Return the output lengths before `pad` crops them."""
    ones = (1,) * len(kernel)
    return tuple(
        (length - 1) * step + (points - 1) * spread + 1
        for length, points, step, spread in zip(data.shape[2:], kernel, stride or ones, dilate or ones, strict=True)
    )


def _fit_target(
    data: Tensor, kernel: Shape, stride: Shape, dilate: Shape, pad: Shape, target: Shape
) -> tuple[Shape, Shape]:
    """Choose pad and adj so that the output has the lengths `target`: the excess is cropped, half from either side."""
    owner = "Deconvolution"
    check_window(owner, tuple(data.shape), kernel, None, stride=stride, dilate=dilate, pad=pad, target_shape=target)
    full = _full_lengths(data, kernel, stride, dilate)
    excess = [have - wanted for have, wanted in zip(full, target, strict=True)]
    if min(excess) < 0:
        raise MXNetError(f"{owner}: target_shape must not be larger than {full}; received {target}")
    if any(extra % 2 and step == 1 for extra, step in zip(excess, stride or (1,) * len(kernel), strict=True)):
        raise MXNetError(
            f"{owner}: target_shape must differ from {full} by even numbers where stride is 1; received {target}"
        )
    return tuple((extra + 1) // 2 for extra in excess), tuple(extra % 2 for extra in excess)


def _adj_fits(adj: Shape, stride: Shape) -> bool:
    return len(adj) == len(stride) and all(extra < step for extra, step in zip(adj, stride, strict=True))


def _diagnose(
    data: Tensor, weight: Tensor, bias: Tensor | None, kernel: Shape, stride: Shape, dilate: Shape, pad: Shape,
    adj: Shape, num_filter: int, num_group: int, no_bias: bool, layout: str | None, error: Exception,
) -> MXNetError:  # fmt: skip
    """Find the rule that a refused deconvolution breaks; data and weight are channels first here."""
    owner = "Deconvolution"
    check_window(owner, tuple(data.shape), kernel, layout, stride=stride, dilate=dilate, pad=pad, adj=adj)
    ones = (1,) * len(kernel)
    channels = data.shape[1]
    if channels % num_group or num_filter % num_group:
        return MXNetError(
            f"{owner}: num_group must divide the {channels} channels and num_filter {num_filter}; received {num_group}"
        )
    expected = (channels, num_filter // num_group, *kernel)
    if tuple(weight.shape) != expected:
        seen = f"{tuple(weight.shape)} (channels first)" if channels_last(layout) else f"{tuple(weight.shape)}"
        return MXNetError(
            f"{owner}: weight must have shape {expected} = (channels, num_filter / num_group, *kernel); received {seen}"
        )
    check_bias(owner, bias, no_bias, num_filter)
    if any(extra >= step for extra, step in zip(adj, stride or ones, strict=False)):
        return MXNetError(f"{owner}: adj must be smaller than stride {stride or ones}; received {adj}")
    full = _full_lengths(data, kernel, stride, dilate)
    if any(2 * cut >= length for cut, length in zip(pad, full, strict=False)):
        return MXNetError(f"{owner}: pad must leave something of the lengths {full}; received {pad}")
    if not same_float(data, weight, bias):
        return one_type(owner, data=data, weight=weight, bias=bias)
    return MXNetError(f"{owner}: {str(error).splitlines()[0]}")


def _multiply_adds(call: Call) -> int:
    # Each input is multiplied into all outputs that it reaches; the first axis of the weight is the input's channels.
    return prod(call.inputs["data"]) * prod(call.inputs["weight"][1:])


def _meet(numbers: Tensor, weight: Tensor, attributes: Mapping[str, Any]) -> Tensor:
    """Return a number for each channel of the result in the shape in which it meets the weight.

    A row of the weight has the filters of one channel of the data, which are those of its group.
    """
    groups = attributes["num_group"]
    rows = numbers.reshape(groups, -1).repeat_interleave(weight.shape[0] // groups, dim=0)
    ones = (1,) * len(attributes["kernel"])
    last = channels_last(attributes["layout"])
    return rows.reshape(len(rows), *ones, -1) if last else rows.reshape(*rows.shape, *ones)


@operator(
    "Deconvolution",
    npx="deconvolution",
    omits=without_bias,
    infer_inputs=deconvolution_shapes,
    weighted=Weighted(is_last=lambda attributes: channels_last(attributes["layout"]), meet=_meet),
    from_outputs="nothing",
    kind="convolution",
    multiply_adds=_multiply_adds,
    caption=caption,
    precision=("low", "single"),
    output_names=("output",),
)
def deconvolution(
    data: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    kernel: Shape,
    stride: Shape = (),
    dilate: Shape = (),
    pad: Shape = (),
    adj: Shape = (),
    target_shape: Shape = (),
    num_filter: Positive,
    num_group: Positive = 1,
    workspace: NonNegative = 512,
    no_bias: bool = True,
    cudnn_tune: CudnnTune = None,
    cudnn_off: bool = False,
    layout: ConvLayout = None,
) -> Tensor:
    """Apply a transposed convolution: spread each point of an image over its neighborhood, weighted by filters.

    The output length along each spatial axis is (n - 1) stride + dilate (kernel - 1) + 1 - 2 pad + adj.

    Parameters
    ----------
    data : NDArray
        (N, C, W), (N, C, H, W) or (N, C, D, H, W); (N, H, W, C) or (N, D, H, W, C) with that `layout`.
    weight : NDArray
        (C, num_filter / num_group, *kernel); with a channels-last layout (C, *kernel, num_filter / num_group).
    bias : NDArray
        (num_filter,), with ``no_bias=False``.
    kernel : tuple of int
        The filter's lengths; their number decides between 1-D, 2-D and 3-D.
    stride, dilate : tuple of int, default all 1
        The step in the output between neighboring points of the input, and between the points of one filter.
    pad : tuple of int, default all 0
        How much is cropped from either end of each spatial axis.
    adj : tuple of int, default all 0
        How much is added at the far end of each spatial axis, less than `stride`.
    target_shape : tuple of int, optional
        The desired output lengths; `pad` and `adj` are then chosen to fit, and those given are ignored.
    num_filter : int
        The number of output channels.
    num_group : int, default 1
        The number of independent groups that channels are split into; it divides C and `num_filter`.
    no_bias : bool, default True
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

    Differs from MXNet
    ------------------
    `target_shape` works for every type, where MXNet's CPU build fails on float32 unless nothing has
    to be cropped; channels-last layouts and dilation in 3-D work on the CPU.
    """
    last = layout is not None and layout[-1] == "C"
    if last:
        data, weight = to_channels_first(data), to_channels_first(weight)
    try:
        if any(target_shape):
            pad, adj = _fit_target(data, kernel, stride, dilate, pad, target_shape)
        # What torch would silently accept: an image without a batch, one stride for all axes, an adj below dilate,
        # integers, and on the meta device two types.
        if (
            not len(stride or kernel) == len(dilate or kernel) == len(pad or kernel) == data.dim() - 2
            or weight.shape[2:] != kernel
            or weight.shape[1] * num_group != num_filter
            or (bias is None) is not no_bias
            or (layout is not None and len(layout) != data.dim())
            or data.dtype is not weight.dtype
            or not data.is_floating_point()
            or (adj and not _adj_fits(adj, stride or (1,) * len(kernel)))
        ):
            raise ValueError
        arrays = (data, weight, bias)
        if stride:
            arrays = converted(safe_type(data, leaps(kernel, stride, dilate)), *arrays)
        result = _DECONVOLVE[len(kernel)](*arrays, stride or 1, pad or 0, adj or 0, num_group, dilate or 1)
        result = result.to(data.dtype)
    except (RuntimeError, ValueError, KeyError, IndexError) as error:
        if isinstance(error, MXNetError):
            raise
        raise _diagnose(
            data, weight, bias, kernel, stride, dilate, pad, adj, num_filter, num_group, no_bias, layout, error
        ) from error
    return to_channels_last(result) if last else result


cases(
    "Deconvolution",
    samples=lambda: [
        sample((2, 4, 5), (4, 6, 3), None, kernel=(3,), num_filter=6, stride=(2,), pad=(1,), adj=(1,)),
        sample((2, 4, 3), (4, 2, 2), None, kernel=(2,), num_filter=2, stride=(100,)),
        sample((2, 4, 5, 6), (4, 3, 3, 2), (3,), kernel=(3, 2), num_filter=3, no_bias=False),
        sample((1, 4, 5, 4), (4, 3, 3, 3), None, kernel=(3, 3), num_filter=6, num_group=2, stride=(2, 3), dilate=(2, 1),
               pad=(1, 0), adj=(1, 2)),
        sample((1, 3, 3, 4, 3), (3, 2, 3, 2, 2), (2,), kernel=(3, 2, 2), num_filter=2, no_bias=False, stride=(2, 1, 2),
               pad=(1, 0, 1), adj=(1, 0, 1)),
        sample(Input((1, 2, 5, 6), "float64"), Input((2, 3, 3, 3), "float64"), None, kernel=(3, 3), num_filter=3,
               stride=(2, 2), pad=(1, 1)),
        sample(Input((1, 2, 5, 6), "float64"), Input((2, 3, 3, 3), "float64"), None, kernel=(3, 3), num_filter=3,
               stride=(2, 2), target_shape=(10, 11)),
        sample((1, 5, 4, 2), (2, 3, 2, 3), None, kernel=(3, 2), num_filter=3, layout="NHWC", judge="numpy"),
    ],
    refusals=lambda: [
        refused("data must have 4 dimensions", (2, 3), (3, 4, 3, 3), kernel=(3, 3), num_filter=4),
        refused("weight must have shape", (1, 3, 5, 5), (4, 3, 3, 3), kernel=(3, 3), num_filter=4),
        refused("weight must have shape", (1, 3, 5, 5), (3, 4, 2, 3), kernel=(3, 3), num_filter=4),
        refused("weight must have shape", (1, 3, 5, 5), (3, 4, 3, 3), kernel=(3, 3), num_filter=5),
        refused("layout must have 4 letters", (1, 3, 5, 5), (3, 4, 3, 3), kernel=(3, 3), num_filter=4, layout="NCW"),
        refused("stride must be 2 ints", (1, 3, 5, 5), (3, 4, 3, 3), kernel=(3, 3), num_filter=4, stride=(2,)),
        refused("num_group must divide", (1, 3, 5, 5), (3, 2, 3, 3), kernel=(3, 3), num_filter=4, num_group=2),
        refused("num_group must divide", (1, 4, 5, 5), (4, 1, 3, 3), kernel=(3, 3), num_filter=3, num_group=2),
        refused("adj must be smaller", (1, 3, 5, 5), (3, 4, 3, 3), kernel=(3, 3), num_filter=4, adj=(1, 1)),
        refused("adj must be 2 ints", (1, 3, 5, 5), (3, 4, 3, 3), kernel=(3, 3), num_filter=4, adj=(1,)),
        refused("pad must leave", (1, 3, 5, 5), (3, 4, 3, 3), kernel=(3, 3), num_filter=4, pad=(4, 4)),
        refused("stride must be 2 ints", (1, 3, 5, 5), (3, 4, 3, 3), kernel=(3, 3), num_filter=4, stride=(0, 1)),
        refused("target_shape must not be larger", (1, 3, 5, 5), (3, 4, 3, 3), kernel=(3, 3), num_filter=4,
                target_shape=(9, 9)),
        refused("bias must be left out", (1, 3, 5, 5), (3, 4, 3, 3), (4,), kernel=(3, 3), num_filter=4),
        refused("bias must be given", (1, 3, 5, 5), (3, 4, 3, 3), kernel=(3, 3), num_filter=4, no_bias=False),
        refused("one floating-point type", (1, 3, 5, 5), Input((3, 4, 3, 3), "float64"), kernel=(3, 3), num_filter=4),
        refused("one floating-point type", Input((1, 3, 5, 5), "int32"), Input((3, 4, 3, 3), "int32"), kernel=(3, 3),
                num_filter=4),
        refused("adj must be smaller", (1, 3, 5, 5), (3, 4, 3, 3), kernel=(3, 3), num_filter=4, dilate=(2, 2),
                adj=(1, 1)),
        refused("by even numbers", (1, 3, 5, 5), (3, 4, 3, 3), kernel=(3, 3), num_filter=4, target_shape=(6, 6)),
    ],
)  # fmt: skip
