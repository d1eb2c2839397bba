"""Convolutions whose filters read the image at positions that are computed, too: DeformableConvolution and its kin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import torch
from torch import Tensor

from ..attrs import NonNegative, Positive, Shape
from ..declare import cases, operator
from ..nn.bias import without_bias
from ..nn.conv import caption
from ..samples import Input, Refused, Sample, refused, sample
from ..shape_rule import UNKNOWN, PartialShape, batch_like_output, is_known
from .deformable_window import Window, checked_size, convolve, multiply_adds, positions, weight_shapes
from .sampling import exact_type

Layout = Literal["NCW", "NCHW", "NCDHW"] | None

_DEFORMABLE, _MODULATED = "_contrib_DeformableConvolution", "_contrib_ModulatedDeformableConvolution"


def _once_known(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    """Complete the shapes of weight and bias; as in MXNet, not before all of the data's is known."""
    return weight_shapes(_DEFORMABLE, 2)(shapes, attributes) if is_known(shapes[0]) else shapes


def _outputs(owner: str, shapes: Sequence[Any], attributes: Mapping[str, Any]) -> Sequence[PartialShape] | None:
    batch, _, *size = shapes[0]
    return (
        [(batch, attributes["num_filter"], *Window.of(owner, attributes).output(size))] if UNKNOWN not in size else None
    )


@operator(
    _DEFORMABLE,
    names_gradients=True,
    computed_anew=True,
    omits=without_bias,
    infer_inputs=_once_known,
    from_partial=lambda shapes, attributes: _outputs(_DEFORMABLE, shapes, attributes) if is_known(shapes[0]) else None,
    kind="convolution",
    multiply_adds=multiply_adds,
    caption=caption,
    precision="single",
)
def deformable_convolution(
    data: Tensor,
    offset: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    kernel: Shape,
    stride: Shape = (),
    dilate: Shape = (),
    pad: Shape = (),
    num_filter: Positive,
    num_group: Positive = 1,
    num_deformable_group: Positive = 1,
    workspace: NonNegative = 1024,
    no_bias: bool = False,
    layout: Layout = None,
) -> Tensor:
    """Convolve images, where each point of a filter reads at a position of its own, moved by an offset.

    Parameters
    ----------
    data : NDArray
        (N, C, H, W). What lies outside is 0; from the last pixel on, up to one pixel further, it is read itself.
    offset : NDArray
        (N, 2 * points of a filter * num_deformable_group, H', W'): how far to move along y and along x, for each point
        of the filter.
    weight : NDArray
        (num_filter, C / num_group, *kernel).
    bias : NDArray
        (num_filter,); left out with ``no_bias=True``.
    kernel : tuple of int
        The filter's lengths.
    stride, dilate : tuple of int, default (1, 1)
        The step between filter positions, and between the points of one filter.
    pad : tuple of int, default (0, 0)
        The number of zeros added on either side of each axis.
    num_filter : int
        The number of filters, which is the number of output channels.
    num_group : int, default 1
        The number of independent groups that channels are split into.
    num_deformable_group : int, default 1
        The number of groups of channels that have offsets of their own.
    no_bias : bool, default False
        Leave the bias out.
    layout : {None, 'NCHW'}
        The order of the axes.
    workspace
        A hint on how to compute, which never changes the result.

    Returns
    -------
    NDArray
        (N, num_filter, H', W').
    """
    attributes = {
        "kernel": kernel, "stride": stride, "dilate": dilate, "pad": pad, "num_filter": num_filter,
        "num_group": num_group, "num_deformable_group": num_deformable_group, "layout": layout,
    }  # fmt: skip
    window = Window.of(_DEFORMABLE, attributes)
    size = checked_size(window, data, offset, None, weight, bias, no_bias)
    if data.is_meta or not data.numel():
        return data.new_zeros((len(data), num_filter, *size))
    kind = exact_type(data)
    y, x = positions(window, offset.to(kind), size)
    height, width = data.shape[2:]
    inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
    # Up to a pixel beyond the last one, the last one is read, which has no slope.
    y, x = torch.where(y >= height - 1, height - 1.0, y), torch.where(x >= width - 1, width - 1.0, x)
    result = convolve(window, data.to(kind), y, x, inside.to(kind), weight.to(kind), _to(bias, kind))
    return result.to(data.dtype)


def _to(bias: Tensor | None, kind: torch.dtype) -> Tensor | None:
    return None if bias is None else bias.to(kind)


def _batch_of_output(
    inputs: Sequence[PartialShape], outputs: Sequence[PartialShape], attributes: Mapping[str, Any]
) -> Sequence[PartialShape]:
    return inputs if None in inputs[:3] else batch_like_output(inputs, outputs, attributes)


@operator(
    _MODULATED,
    names_gradients=True,
    computed_anew=True,
    omits=without_bias,
    infer_inputs=weight_shapes(_MODULATED, 3),
    from_outputs=_batch_of_output,
    from_partial=lambda shapes, attributes: None if None in shapes[:3] else _outputs(_MODULATED, shapes, attributes),
    kind="convolution",
    multiply_adds=multiply_adds,
    caption=caption,
    precision="unlisted",
)
def modulated_deformable_convolution(
    data: Tensor,
    offset: Tensor,
    mask: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    kernel: Shape,
    stride: Shape = (),
    dilate: Shape = (),
    pad: Shape = (),
    num_filter: Positive,
    num_group: Positive = 1,
    num_deformable_group: Positive = 1,
    workspace: NonNegative = 1024,
    no_bias: bool = False,
    im2col_step: NonNegative = 64,
    layout: Layout = None,
) -> Tensor:
    """Convolve images as DeformableConvolution does, where what each point reads is also multiplied by a number.

    Parameters
    ----------
    data : NDArray
        (N, C, H, W). What lies outside is 0, and is interpolated with the pixels at the border.
    offset : NDArray
        (N, 2 * points of a filter * num_deformable_group, H', W'): how far to move along y and along x, for each point
        of the filter.
    mask : NDArray
        (N, points of a filter * num_deformable_group, H', W'): what to multiply by.
    weight : NDArray
        (num_filter, C / num_group, *kernel).
    bias : NDArray
        (num_filter,); left out with ``no_bias=True``.
    kernel : tuple of int
        The filter's lengths.
    stride, dilate : tuple of int, default (1, 1)
        The step between filter positions, and between the points of one filter.
    pad : tuple of int, default (0, 0)
        The number of zeros added on either side of each axis.
    num_filter : int
        The number of filters, which is the number of output channels.
    num_group : int, default 1
        The number of independent groups that channels are split into.
    num_deformable_group : int, default 1
        The number of groups of channels that have offsets of their own.
    no_bias : bool, default False
        Leave the bias out.
    layout : {None, 'NCHW'}
        The order of the axes.
    workspace, im2col_step
        Hints on how to compute, which never change the result.

    Returns
    -------
    NDArray
        (N, num_filter, H', W').
    """
    attributes = {
        "kernel": kernel, "stride": stride, "dilate": dilate, "pad": pad, "num_filter": num_filter,
        "num_group": num_group, "num_deformable_group": num_deformable_group, "layout": layout,
    }  # fmt: skip
    window = Window.of(_MODULATED, attributes)
    size = checked_size(window, data, offset, mask, weight, bias, no_bias)
    if data.is_meta or not data.numel():
        return data.new_zeros((len(data), num_filter, *size))
    kind = exact_type(data)
    y, x = positions(window, offset.to(kind), size)
    scale = mask.to(kind).reshape(len(data), window.deformable_groups, window.points, *size).permute(0, 3, 4, 2, 1)
    result = convolve(window, data.to(kind), y, x, scale, weight.to(kind), _to(bias, kind))
    return result.to(data.dtype)


def _layer(dtype: str, modulated: bool, groups: int = 1, deformable: int = 1, bias: bool = True) -> list[Any]:
    """Return the inputs of a 3x3 filter with stride 2 and a pad of 1, for images of 6 x 5."""
    mask = [Input((2, 9 * deformable, 3, 3), dtype)] if modulated else []
    offset = Input((2, 18 * deformable, 3, 3), dtype)
    return [Input((2, 4, 6, 5), dtype), offset, *mask, Input((6, 4 // groups, 3, 3), dtype),
            Input((6,), dtype) if bias else None]  # fmt: skip


def _samples(modulated: bool) -> list[Sample]:
    window: dict[str, Any] = {"kernel": (3, 3), "stride": (2, 2), "pad": (1, 1), "num_filter": 6}
    mask = [Input((1, 4, 4, 5))] if modulated else []
    wide = [Input((1, 2, 6, 7)), Input((1, 8, 4, 5)), *mask, Input((3, 2, 2, 2)), None]
    # MXNet's CPU build has no gradient of the modulated one.
    options: dict[str, Any] = {"judge": "numpy"} if modulated else {}
    both = [{}, options] if modulated else [{}]
    return [
        sample(*_layer(dtype, modulated, groups, deformable), gradient="judge" in option or not modulated,
               num_group=groups, num_deformable_group=deformable, **window, **option)
        for option in both
        for dtype, groups, deformable in (("float32", 1, 1), ("float64", 2, 1), ("float64", 1, 2), ("float64", 2, 2))
    ] + [sample(*wide, kernel=(2, 2), dilate=(2, 2), num_filter=3, no_bias=True, gradient=not modulated)]  # fmt: skip


def _refusals(modulated: bool) -> list[Refused]:
    window: dict[str, Any] = {"kernel": (3, 3), "stride": (2, 2), "pad": (1, 1), "num_filter": 6}
    data, offset, *mask, weight, bias = _layer("float32", modulated)
    masked = [refused(r"mask must have shape \(2, 9, 3, 3\)", data, offset, (2, 18, 3, 3), weight, bias, **window)]
    return [
        refused("kernel must be 2 ints", data, offset, *mask, weight, bias, kernel=(3,), num_filter=6),
        refused("layout None or 'NCHW'", data, offset, *mask, weight, bias, layout="NCW", **window),
        refused("stride must be 2 ints", data, offset, *mask, weight, bias, kernel=(3, 3), stride=(0, 1), num_filter=6),
        refused("data must have 4 dimensions", (4, 6, 5), offset, *mask, weight, bias, **window),
        refused(r"offset must have shape \(2, 18, 3, 3\)", data, (2, 18, 3, 4), *mask, weight, bias, **window),
        refused("num_group must divide", data, offset, *mask, weight, bias, num_group=4, **window),
        refused("num_deformable_group must divide", data, offset, *mask, weight, bias, num_deformable_group=3,
                **window),
        refused("weight must have shape", data, offset, *mask, (6, 4, 3, 2), bias, **window),
        refused("bias must have shape", data, offset, *mask, weight, (5,), **window),
        refused("bias must be given", data, offset, *mask, weight, None, **window),
        refused("must not be larger than the padded data", (2, 4, 2, 2), offset, *mask, weight, bias, kernel=(3, 3),
                num_filter=6),
        refused("one floating-point type", data, offset, *mask, weight, Input((6,), "float64"), **window),
        *(masked if modulated else []),
    ]  # fmt: skip


cases(_DEFORMABLE, samples=lambda: _samples(False), refusals=lambda: _refusals(False))
cases(_MODULATED, samples=lambda: _samples(True), refusals=lambda: _refusals(True))
