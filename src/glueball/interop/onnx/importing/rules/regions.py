"""Boxes and regions of images: suppression, alignment, sampling between pixels, patches, deformed windows."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..... import symbol as sym
from .....symbol import Symbol
from ..call import Call
from ..registry import rule
from ..values import MOST
from .arithmetic import round_to_even
from .layers import padding, window


@rule("NonMaxSuppression")
def _suppression(call: Call) -> Any:
    """Rows of image, class and box: MXNet's box_nms of each class of each image, and what is left of it."""
    most = int(call.number(2, "max_output_boxes_per_class", 0))
    images, classes, boxes = call.fixed_shape(1)
    call.require(images * classes * boxes <= MOST, "there must be fewer boxes")
    call.require(most > 0, "max_output_boxes_per_class must be positive")
    corners = call.symbol(0)
    if call.attribute("center_point_box", 0) == 0:  # any two opposite corners
        one, other = [sym.slice_axis(corners, axis=2, begin=start, end=start + 2) for start in (0, 2)]
        corners = sym.concat(sym.broadcast_minimum(one, other), sym.broadcast_maximum(one, other), dim=2)
    layout: Any = "center" if call.attribute("center_point_box", 0) else "corner"
    each = sym.repeat(sym.expand_dims(corners, axis=1), repeats=classes, axis=1)
    numbers = call.parameter("boxes", np.broadcast_to(
        np.arange(boxes, dtype=np.float32).reshape(1, 1, -1, 1), (images, classes, boxes, 1)).copy())  # fmt: skip
    table = sym.concat(sym.expand_dims(call.symbol(1), axis=3), each, numbers, dim=3)
    threshold = call.number(4, "score_threshold")
    kept: Any = sym.contrib.box_nms(
        table, overlap_thresh=float(call.number(3, "iou_threshold", 0.0)), score_index=0, coord_start=1, id_index=-1,
        valid_thresh=-float(np.finfo(np.float32).max) if threshold is None else float(threshold),
        in_format=layout, out_format=layout,
    )  # fmt: skip
    count = min(most, boxes)
    kept = sym.slice_axis(sym.slice_axis(kept, axis=2, begin=0, end=count), axis=3, begin=5, end=6)
    places = call.places((images, classes, count))[:2].transpose(1, 2, 3, 0).astype(np.float32)
    rows = sym.reshape(sym.concat(call.parameter("places", places), kept, dim=3), shape=(-1, 3))
    found = sym.contrib.boolean_mask(rows, sym.reshape(kept, shape=(-1,)) >= 0)
    return sym.cast(found, dtype="int64", name=call.name)


@rule("RoiAlign")
def _roi_align(call: Call) -> Any:
    call.require(call.attribute("mode", "avg") == "avg", "mode must be 'avg'")
    default = "half_pixel" if call.opset >= 16 else "output_half_pixel"
    image = sym.reshape(sym.cast(call.symbol(2), dtype=call.type(1) or "float32"), shape=(-1, 1))
    return sym.contrib.ROIAlign(
        call.symbol(0), sym.concat(image, call.symbol(1), dim=1),
        pooled_size=(call.attribute("output_height", 1), call.attribute("output_width", 1)),
        spatial_scale=call.attribute("spatial_scale", 1.0), sample_ratio=call.attribute("sampling_ratio", 0) or -1,
        aligned=call.attribute("coordinate_transformation_mode", default) == "half_pixel", name=call.name,
    )  # fmt: skip


@rule("GridSample")
def _grid_sample(call: Call) -> Any:
    call.require(call.rank(0) == 4, "the data must be images")
    mode, border = call.attribute("mode", "linear"), call.attribute("padding_mode", "zeros")
    call.require(mode in ("linear", "bilinear", "nearest"), "mode must be 'linear' or 'nearest'")
    is_aligned, sizes = bool(call.attribute("align_corners", 0)), call.shape(0)[:1:-1]  # width, height
    call.require(min(sizes) > 1, "height and width must be known, and more than 1")

    def of_axes(end: str, numbers: Any) -> Symbol:
        return call.parameter(end, np.asarray(numbers, np.float32).reshape(1, 2, 1, 1))

    grid = sym.transpose(call.symbol(1), axes=(0, 3, 1, 2))
    last = [size - 1 for size in sizes]
    half = of_axes("half", np.array(last if is_aligned else sizes) / 2)
    pixels = sym.broadcast_mul(grid + 1, half) - (0 if is_aligned else 0.5)
    if border == "reflection":
        low = 0 if is_aligned else -0.5
        span = of_axes("span", last if is_aligned else sizes)
        turned = sym.broadcast_mod(pixels - low, 2 * span)
        pixels = sym.broadcast_sub(span, sym.abs(sym.broadcast_sub(turned, span))) + low
    if border != "zeros":
        pixels = sym.broadcast_minimum(sym.relu(pixels), of_axes("last", last))
    if mode == "nearest":
        pixels = round_to_even(pixels)
    between = sym.broadcast_div(pixels, of_axes("scale", np.array(last) / 2)) - 1
    return sym.BilinearSampler(call.symbol(0), between, name=call.name)


@rule("DeformConv")
def _deformed(call: Call) -> Any:
    shape = call.shape(1)
    kernel = tuple(call.attribute("kernel_shape") or shape[2:])
    pads = padding(call, kernel)
    call.require(all(before == behind for before, behind in pads), "the padding must be the same on both sides")
    inputs = [call.symbol(0), call.symbol(2), *([call.symbol(4)] if call.has(4) else []), call.symbol(1)]
    layer: Any = sym.contrib.ModulatedDeformableConvolution if call.has(4) else sym.contrib.DeformableConvolution
    return layer(
        *inputs, *([call.symbol(3)] if call.has(3) else []), kernel=kernel, **window(call, kernel),
        pad=tuple([before for before, _ in pads]), num_filter=shape[0], num_group=call.attribute("group", 1),
        num_deformable_group=call.attribute("offset_group", 1), no_bias=not call.has(3), name=call.name,
    )  # fmt: skip


@rule("Col2Im")
def _images_of_patches(call: Call) -> Any:
    size, kernel = call.integers(1, "image_shape"), call.integers(2, "block_shape")
    pads = padding(call, kernel)
    call.require(all(before == behind for before, behind in pads), "the padding must be the same on both sides")
    return sym.col2im(
        call.symbol(0), output_size=size, kernel=kernel, **window(call, kernel),
        pad=tuple([before for before, _ in pads]), name=call.name,
    )  # fmt: skip
