"""How the filters of a deformable convolution lie on an image, and the convolution at positions that were computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Shape
from ..checks import one_type, same_float
from ..flops import Call
from ..nn.bias import check_bias
from ..nn.window import check_window
from ..shape_rule import UNKNOWN, PartialShape
from .sampling import corners, pixel_rows, weighted_sums


class Window(NamedTuple):
    """The attributes that both operators have, with their defaults filled in."""

    owner: str
    kernel: tuple[int, int]
    stride: tuple[int, int]
    dilate: tuple[int, int]
    pad: tuple[int, int]
    filters: int
    groups: int
    deformable_groups: int

    @classmethod
    def of(cls, owner: str, attributes: Mapping[str, Any]) -> Window:
        """Read the attributes of an operator; raises MXNetError if they do not fit each other."""
        kernel, layout = attributes["kernel"], attributes["layout"]
        if len(kernel) != 2 or (layout or "NCHW") != "NCHW":
            raise MXNetError(
                f"{owner}: kernel must be 2 ints and layout None or 'NCHW'; received {kernel} and {layout!r}"
            )
        lengths = {name: attributes[name] for name in ("stride", "dilate", "pad")}
        check_window(owner, (0,) * 4, kernel, layout, **lengths)
        stride, dilate = lengths["stride"] or (1, 1), lengths["dilate"] or (1, 1)
        return cls(owner, kernel, stride, dilate, lengths["pad"] or (0, 0), attributes["num_filter"],
                   attributes["num_group"], attributes["num_deformable_group"])  # fmt: skip

    @property
    def points(self) -> int:
        """The number of points of a filter."""
        return self.kernel[0] * self.kernel[1]

    def weight(self, channels: int) -> Shape:
        """Return the shape of the weight for images of so many channels."""
        for name, count in (("num_group", self.groups), ("num_deformable_group", self.deformable_groups)):
            if channels % count or (name == "num_group" and self.filters % count):
                also = f" and num_filter {self.filters}" if name == "num_group" else ""
                raise MXNetError(f"{self.owner}: {name} must divide the {channels} channels{also}; received {count}")
        return (self.filters, channels // self.groups, *self.kernel)

    def output(self, size: Sequence[int]) -> tuple[int, int]:
        """Return the size of the result for images of this size."""
        lengths = [
            (length + 2 * pad - dilate * (points - 1) - 1) // stride + 1
            for length, points, stride, dilate, pad in zip(
                size, self.kernel, self.stride, self.dilate, self.pad, strict=True
            )
        ]
        if min(lengths) < 1:
            raise MXNetError(
                f"{self.owner}: the dilated kernel {self.kernel} must not be larger than the padded data; received "
                f"images of {tuple(size)}"
            )
        return lengths[0], lengths[1]


def weight_shapes(
    owner: str, inputs: int
) -> Callable[[Sequence[PartialShape], Mapping[str, Any]], Sequence[PartialShape]]:
    """Return the rule for the shapes of weight and bias."""

    def infer(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
        window, data = Window.of(owner, attributes), shapes[0]
        weight = None if data is None or len(data) != 4 or data[1] == UNKNOWN else window.weight(data[1])
        return [*shapes[:inputs], weight, (window.filters,)]

    return infer


def _check_shapes(window: Window, data: Shape, offset: Shape, mask: Sequence[Shape], weight: Shape) -> tuple[int, int]:
    """Check that the shapes fit, and return the size of the result."""
    owner = window.owner
    if len(data) != 4:
        raise MXNetError(f"{owner}: data must have 4 dimensions (N, C, H, W); received shape {data}")
    expected = window.weight(data[1])
    if weight != expected:
        raise MXNetError(
            f"{owner}: weight must have shape {expected} = (num_filter, channels / num_group, *kernel); "
            f"received {weight}"
        )
    size = window.output(data[2:])
    count = window.points * window.deformable_groups
    for name, shape, channels in [("offset", offset, 2 * count), *[("mask", shape, count) for shape in mask[:1]]]:
        if shape != (data[0], channels, *size):
            raise MXNetError(f"{owner}: {name} must have shape {(data[0], channels, *size)}; received {shape}")
    return size


def multiply_adds(call: Call) -> int:
    """Count the multiplications of a deformable convolution."""
    # Each output is a sum over one filter; each number that the filters meet is one of four pixels.
    filters: int = call.attributes["num_filter"]
    groups: int = call.attributes["num_group"]
    each = prod(call.inputs["weight"]) // filters
    places = prod(call.output) // filters
    return prod(call.output) * each + 4 * places * each * groups


def positions(window: Window, offset: Tensor, size: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Return y and x that the filters read, (N, H, W, points, deformable groups)."""
    images = len(offset)
    moved = offset.reshape(images, window.deformable_groups, window.points, 2, *size).permute(3, 0, 4, 5, 2, 1)
    lines = []
    for axis, length in enumerate(size):
        start = torch.arange(length, device=offset.device) * window.stride[axis] - window.pad[axis]
        lines.append((start, torch.arange(window.kernel[axis], device=offset.device) * window.dilate[axis]))
    (row, down), (column, right) = lines
    point = torch.arange(window.points, device=offset.device)
    y = row.reshape(1, -1, 1, 1, 1) + down[point // window.kernel[1]].reshape(1, 1, 1, -1, 1)
    x = column.reshape(1, 1, -1, 1, 1) + right[point % window.kernel[1]].reshape(1, 1, 1, -1, 1)
    return moved[0] + y, moved[1] + x


def convolve(
    window: Window, data: Tensor, y: Tensor, x: Tensor, scale: Tensor, weight: Tensor, bias: Tensor | None
) -> Tensor:
    """Return the convolution that reads at the given positions; what is read is multiplied by `scale`."""
    images, channels, height, width = data.shape
    size, groups = y.shape[1:3], window.groups
    pixels, weights = corners(y, x, height, width)
    image = torch.arange(images, device=data.device).reshape(-1, 1, 1, 1, 1, 1) * height * width
    part = torch.arange(window.deformable_groups, device=data.device).reshape(1, 1, 1, 1, -1, 1)
    index = ((image + pixels) * window.deformable_groups + part).reshape(-1, 4)
    read = weighted_sums(pixel_rows(data, window.deformable_groups), index, (weights * scale[..., None]).reshape(-1, 4))
    columns = read.reshape(-1, window.points, groups, channels // groups).permute(2, 0, 1, 3).flatten(2)
    filters = weight.reshape(groups, window.filters // groups, channels // groups, window.points)
    result = torch.bmm(columns, filters.transpose(2, 3).flatten(2).transpose(1, 2))
    result = result.reshape(groups, images, *size, -1).permute(1, 0, 4, 2, 3).reshape(images, window.filters, *size)
    return result if bias is None else result + bias.reshape(-1, 1, 1)


def checked_size(
    window: Window, data: Tensor, offset: Tensor, mask: Tensor | None, weight: Tensor, bias: Tensor | None,
    no_bias: bool,
) -> tuple[int, int]:  # fmt: skip
    """Check the arrays of a call, and return the size of the result."""
    masks = [] if mask is None else [tuple(mask.shape)]
    size = _check_shapes(window, tuple(data.shape), tuple(offset.shape), masks, tuple(weight.shape))
    check_bias(window.owner, bias, no_bias, window.filters)
    if not same_float(data, offset, mask, weight, bias):
        given = {"data": data, "offset": offset, "mask": mask, "weight": weight, "bias": bias}
        raise one_type(window.owner, **{name: array for name, array in given.items() if array is not None})
    return size
