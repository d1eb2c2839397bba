"""Images read between their pixels and in windows."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import torch

from ..call import Call, Unsupported, rule
from ..document import NUMPY, Array
from ..lengths import varies


@rule("_contrib_BilinearResize2D")
def _bilinear_resize(call: Call) -> str:
    n, channels, *_ = call.data.shape
    how = "align_corners" if call["align_corners"] else "half_pixel"
    if varies(n) or varies(channels):  # lengths along other axes are written as numbers, and so are the factors
        size = call.integers(call.shape[2:])
        both = call.add("Concat", call.add("Slice", call.add("Shape", call.data), *[
            call.integers((number,)) for number in (0, 2)]), size, axis=0)  # fmt: skip
    else:
        both = call.integers((n, channels, *call.shape[2:]))
    return call.add(
        "Resize", call.data, None, None, both, mode="linear", coordinate_transformation_mode=how
    )  # fmt: skip


def _places(count: int, kind: torch.dtype) -> np.ndarray:
    """Return where points lie, from -1 to 1."""
    return (np.linspace(-1, 1, count) if count > 1 else np.array([-1.0])).astype(NUMPY[kind])


def _affine_grid(call: Call, theta: Array, target: tuple[int, int]) -> str:
    """Return (N, 2, H, W): where x and y of each output point lie, for N matrices of 2 x 3."""
    height, width = target
    x, y = np.meshgrid(_places(width, theta.type), _places(height, theta.type))
    points = call.document.constant(np.stack([x, y, np.ones_like(x)]).reshape(3, -1))
    product = call.add("MatMul", call.reshape(theta, (theta.shape[0], 2, 3)), points)
    return call.reshape(product, (theta.shape[0], 2, height, width))


def _sample(call: Call, data: Array, grid: Array | str) -> str:
    mode = "linear" if call.document.opset >= 20 else "bilinear"
    return call.add(
        "GridSample", data, call.transpose(grid, (0, 2, 3, 1)), align_corners=1, mode=mode, padding_mode="zeros"
    )


@rule("GridGenerator", runtimes=False)
def _grid_generator(call: Call) -> str:
    if call["transform_type"] == "affine":
        return _affine_grid(call, call.data, call["target_shape"])
    height, width = call.data.shape[2:]
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    kind = NUMPY[call.type]
    half = np.array([max(width - 1, 1) / 2, max(height - 1, 1) / 2]).reshape(2, 1, 1)
    moved = call.add("Add", call.data, call.document.constant(np.stack([x, y]).astype(kind)))
    scaled = call.add("Div", moved, call.document.constant(half.astype(kind)))
    return call.add("Sub", scaled, call.number(1))


@rule("BilinearSampler", since=16, runtimes=False)
def _bilinear_sampler(call: Call) -> str:
    return _sample(call, call.data, call.array(1))


@rule("SpatialTransformer", since=16, runtimes=False)
def _spatial_transformer(call: Call) -> str:
    return _sample(call, call.data, _affine_grid(call, call.array(1), call["target_shape"]))


def _rectangles(call: Call) -> tuple[str, str]:
    """Return the numbers of the images, and the corners."""
    number, corners = call.several("Split", 2, call.array(1), call.integers((1, 4)), axis=1)
    return call.add("Squeeze", call.cast(number, torch.int64), call.integers((1,))), corners


@rule("_contrib_ROIAlign", runtimes=False)
def _roi_align(call: Call) -> str:
    """Compute what MXNet's operator does.

    MXNet's own exporter leaves the kind of coordinates out, which means 'half_pixel' from version 16 on: its file
    computes the aligned form. And it writes a `sample_ratio` of -1 as it is, which ONNX Runtime refuses.
    """
    if call["position_sensitive"]:
        raise Unsupported("position_sensitive")
    if call["aligned"] and call.document.opset < 16:
        raise Unsupported("aligned before version 16 of ONNX's operators")
    number, corners = _rectangles(call)
    high, wide = call["pooled_size"]
    how = {"coordinate_transformation_mode": "half_pixel" if call["aligned"] else "output_half_pixel"}
    image = call.add("Max", number, call.scalar(0))
    pooled = call.add(
        "RoiAlign", call.data, corners, image, output_height=high, output_width=wide,
        sampling_ratio=max(call["sample_ratio"], 0), spatial_scale=float(call["spatial_scale"]),
        **(how if call.document.opset >= 16 else {}),
    )  # fmt: skip
    there = call.add("GreaterOrEqual", call.along(number, 4, 0), call.scalar(0))
    return call.add("Where", there, pooled, call.number(0))


@rule("ROIPooling", runtimes=False)
def _roi_pooling(call: Call) -> str:
    return call.add(
        "MaxRoiPool", call.data, call.array(1), pooled_shape=call["pooled_size"],
        spatial_scale=float(call["spatial_scale"]),
    )  # fmt: skip


def _one_each(call: Call, channels: int) -> str:
    """Return filters each of which takes one point of a window in one channel."""
    kernel = call["kernel"]
    count = prod(kernel)
    filters = np.tile(np.eye(count).reshape(count, 1, *kernel), (channels, 1, 1, 1))
    return call.document.constant(filters.astype(NUMPY[call.type]))


def _window(call: Call, channels: int) -> dict[str, Any]:
    pad = call["pad"] or (0, 0)
    return {
        "kernel_shape": call["kernel"], "strides": call["stride"] or (1, 1), "dilations": call["dilate"] or (1, 1),
        "pads": pad + pad, "group": channels,
    }  # fmt: skip


@rule("im2col", runtimes=False)
def _im2col(call: Call) -> str:
    n, channels = call.data.shape[:2]
    found = call.add("Conv", call.data, _one_each(call, channels), **_window(call, channels))
    return call.reshape(found, (n, channels * prod(call["kernel"]), -1))


@rule("col2im", runtimes=False)
def _col2im(call: Call) -> str:
    n, channels, *size = call.shape
    windows = _window(call, channels)
    pad, ones = call["pad"] or (0, 0), (1, 1)
    axes = zip(size, call["kernel"], call["stride"] or ones, call["dilate"] or ones, pad, strict=True)
    spans = [(length + 2 * p - d * (k - 1) - 1, s) for length, k, s, d, p in axes]
    counts, rest = [span // s + 1 for span, s in spans], [span % s for span, s in spans]
    rows = call.reshape(call.data, (n, channels * prod(call["kernel"]), *counts))
    return call.add("ConvTranspose", rows, _one_each(call, channels), output_padding=rest, **windows)


@rule("_contrib_ModulatedDeformableConvolution", since=19, runtimes=False)
def _modulated_convolution(call: Call) -> str:
    data, offset, mask, weight, bias = call.inputs
    window = _window(call, call["num_group"])
    groups = call["num_deformable_group"]
    return call.add("DeformConv", data, weight, offset, bias, mask, offset_group=groups, **window)


@rule("_contrib_DeformableConvolution", since=19, runtimes=False)
def _deformable_convolution(call: Call) -> str:
    """Read nothing outside of the image, and the last pixel up to a pixel beyond it, which ONNX does not do itself."""
    data, _, weight, bias = call.inputs
    groups, points = call["num_deformable_group"], prod(call["kernel"])
    plain = _plain_positions(call, groups)
    size = np.array(call.data.shape[2:]).reshape(1, 1, 2, 1, 1).astype(plain.dtype)
    shape = (call.data.shape[0], groups * points, 2, *call.shape[2:])
    places, sizes = call.document.constant(plain), call.document.constant(size)
    position = call.add("Add", call.reshape(call.array(1), shape), places)
    not_before = call.add("GreaterOrEqual", position, call.number(0))
    inside = call.as_result(call.add("And", not_before, call.add("Less", position, sizes)))
    mask = call.reduce("ReduceMin", inside, (2,), keepdims=False)
    last = call.document.constant(size - 1)
    moved = call.reshape(call.add("Sub", call.add("Min", position, last), places), call.array(1).shape)
    window = _window(call, call["num_group"])
    return call.add("DeformConv", data, weight, moved, bias, mask, offset_group=groups, **window)


def _plain_positions(call: Call, groups: int) -> np.ndarray:
    """Return where each point of a window lies before it is moved: (1, groups * points, 2, height, width)."""
    window = _window(call, 1)
    axes = []
    for axis, count in enumerate(call.shape[2:]):
        stride, dilate, pad = [window[name][axis] for name in ("strides", "dilations", "pads")]
        within = np.arange(call["kernel"][axis]) * dilate
        axes.append(within[:, None] + np.arange(count)[None] * stride - pad)
    (rows, height), (columns, width) = axes[0].shape, axes[1].shape
    y = np.broadcast_to(axes[0][:, None, :, None], (rows, columns, height, width))
    x = np.broadcast_to(axes[1][None, :, None, :], (rows, columns, height, width))
    both = np.stack([y, x], 2).reshape(1, rows * columns, 2, height, width)
    return np.tile(both, (1, groups, 1, 1, 1)).astype(NUMPY[call.type])
