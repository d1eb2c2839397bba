"""ROIPooling: the maxima of parts of rectangles."""

from __future__ import annotations

from math import prod

from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Shape
from ..checks import one_type, same_float
from ..declare import cases, operator
from ..flops import Call
from ..gradient import with_zeros_for
from ..samples import Input, exactly, refused, sample
from .sampling import exact_type, image_numbers, pixel_rows, pooled_windows, round_away, windows


def _roi_flops(call: Call) -> int:
    # The sizes of the rectangles are values: at worst each is a whole image, all of whose numbers are compared.
    return call.inputs["rois"][0] * prod(call.inputs["data"][1:])


@operator(
    "ROIPooling",
    npx="roi_pooling",
    names_gradients=True,
    computed_anew=True,
    output_names=("output",),
    hidden_outputs=1,
    reads_values=True,
    from_outputs="nothing",
    kind="pooling",
    flops=_roi_flops,
)
def roi_pooling(data: Tensor, rois: Tensor, *, pooled_size: Shape, spatial_scale: float) -> Tensor:
    """Divide rectangles of images into a given number of parts, and take the maximum of each.

    Parameters
    ----------
    data : NDArray
        (N, C, H, W).
    rois : NDArray
        (rectangles, 5): the index of the image, then x and y of the upper left and of the lower right corner, both
        inclusive.
    pooled_size : tuple of int
        The number of parts along height and width.
    spatial_scale : float
        Multiplies the corners, which are then rounded.

    Returns
    -------
    NDArray
        (rectangles, C, *pooled_size); 0 where a part lies outside the image.
    """
    if data.dim() != 4:
        raise MXNetError(f"ROIPooling: data must have 4 dimensions; received shape {tuple(data.shape)}")
    if rois.dim() != 2 or rois.shape[1] != 5:
        raise MXNetError(f"ROIPooling: rois must have shape (rectangles, 5); received {tuple(rois.shape)}")
    if len(pooled_size) != 2 or min(pooled_size) < 1:
        raise MXNetError(f"ROIPooling: pooled_size must be 2 ints of at least 1; received {pooled_size}")
    if not 0 <= spatial_scale <= 1:
        raise MXNetError(f"ROIPooling: spatial_scale must be a number from 0 to 1; received {spatial_scale}")
    if not same_float(data, rois):
        raise one_type("ROIPooling", data=data, rois=rois)
    if data.is_meta:  # what lies where is in the values
        return data.new_empty((rois.shape[0], data.shape[1], *pooled_size))
    number = image_numbers("ROIPooling", rois, data.shape[0])
    kind = exact_type(data)
    height, width = data.shape[2:]
    left, top, right, bottom = round_away(rois.detach()[:, 1:].to(kind) * spatial_scale).unbind(1)
    row, high = windows(top, (bottom - top + 1).clamp_min(1), pooled_size[0], height)
    column, wide = windows(left, (right - left + 1).clamp_min(1), pooled_size[1], width)
    first = (number[:, None, None] * height + row[:, :, None]) * width + column[:, None, :]
    result = pooled_windows(pixel_rows(data.to(kind)), first, high, wide, width, mode="max")
    return with_zeros_for(result.permute(0, 3, 1, 2).contiguous().to(data.dtype), rois)


cases(
    "ROIPooling",
    samples=lambda: [
        sample(
            Input((2, 3, 6, 8), distinct=True), exactly(0, 0, 0, 4, 4, 1, 2, 1, 7, 5, 0, 3, 3, 3, 3, shape=(3, 5)),
            pooled_size=(2, 3), spatial_scale=1, derivative=False,
        ),
        sample(
            Input((2, 2, 2, 3), distinct=True), exactly(1, 0, 0, 2, 1, 0, 1, -3, 9, 9, shape=(2, 5)),
            pooled_size=(5, 13), spatial_scale=1, derivative=False,
        ),
        sample(
            Input((1, 2, 6, 8), distinct=True), exactly(0, 1, 3, 13, 9, 0, 20, 20, 30, 30, shape=(2, 5)),
            pooled_size=(3, 3), spatial_scale=0.5, derivative=False,
        ),
    ],
    refusals=lambda: [
        refused("data must have 4 dimensions", (2, 3, 6), (1, 5), pooled_size=(2, 2), spatial_scale=1),
        refused(r"rois must have shape \(rectangles, 5\)", (2, 3, 6, 6), (1, 4), pooled_size=(2, 2), spatial_scale=1),
        refused("rois must have shape", (2, 3, 6, 6), (1, 5, 1), pooled_size=(2, 2), spatial_scale=1),
        refused("pooled_size must be 2 ints", (2, 3, 6, 6), (1, 5), pooled_size=(2,), spatial_scale=1),
        refused("pooled_size must be 2 ints", (2, 3, 6, 6), (1, 5), pooled_size=(2, 0), spatial_scale=1),
        refused("spatial_scale must be a number from 0 to 1", (2, 3, 6, 6), (1, 5), pooled_size=(2, 2),
                spatial_scale=2),
        refused("must name images from 0 to 1; received -1", (2, 3, 6, 6), exactly(-1, 0, 0, 1, 1, shape=(1, 5)),
                pooled_size=(2, 2), spatial_scale=1),
        refused("must name images from 0 to 1; received 2", (2, 3, 6, 6), exactly(2, 0, 0, 1, 1, shape=(1, 5)),
                pooled_size=(2, 2), spatial_scale=1),
        refused("one floating-point type", (2, 3, 6, 6), Input((1, 5), "float64"), pooled_size=(2, 2), spatial_scale=1),
    ],
)  # fmt: skip
