"""Changing the size of images: BilinearResize2D, AdaptiveAvgPooling2D, Crop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import torch.nn.functional as F
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Positive, Shape
from ..checks import check_image
from ..declare import cases, operator
from ..flops import per_input
from ..samples import Input, refused, sample
from ..shape_rule import PartialShape

ResizeMode = Literal["like", "odd_scale", "size", "to_even_down", "to_even_up", "to_odd_down", "to_odd_up"]


_SIZES: dict[str, Callable[[int], int]] = {
    "to_even_down": lambda length: length - length % 2,
    "to_even_up": lambda length: length + length % 2,
    "to_odd_down": lambda length: length - 1 + length % 2,
    "to_odd_up": lambda length: length + 1 - length % 2,
}


def _resized(length: int, given: int, scale: float | None, mode: str) -> int:
    """Return the new length of one axis."""
    if mode in _SIZES:
        return _SIZES[mode](length)
    if scale is None:
        return given
    return int((length - 1) * scale) + 1 if mode == "odd_scale" and length % 2 else int(length * scale)


@operator(
    "_contrib_BilinearResize2D",
    from_partial="nothing",
    omits=lambda attributes: () if attributes["mode"] == "like" else ("like",),
    kind="pooling",
    flops=7,  # four products, whose factors depend on the sizes only, and their sum
)
def bilinear_resize(
    data: Tensor,
    like: Tensor | None = None,
    *,
    height: int = 1,
    width: int = 1,
    scale_height: float | None = None,
    scale_width: float | None = None,
    mode: ResizeMode = "size",
    align_corners: bool = True,
) -> Tensor:
    """Resize images by bilinear interpolation.

    Parameters
    ----------
    data : NDArray
        (N, C, H, W).
    like : NDArray
        With ``mode='like'``: its height and width are those of the result.
    height, width : int, default 1
        The size of the result, for ``mode='size'`` without scales.
    scale_height, scale_width : float, optional
        The factors by which height and width grow, for 'size' and 'odd_scale'.
    mode : {'size', 'odd_scale', 'like', 'to_even_down', 'to_even_up', 'to_odd_down', 'to_odd_up'}, default 'size'
        'odd_scale': an odd length n becomes scale (n - 1) + 1, an even one scale n. 'to_even_down' and so on: the
        nearest even or odd length that is not larger, or not smaller.
    align_corners : bool, default True
        Whether to align the centers of the corner pixels, or else the corners of the image.
    """
    owner = "_contrib_BilinearResize2D"
    check_image(owner, data)
    if (mode == "like") is (like is None):
        rule = "given with mode='like'" if like is None else "left out unless mode='like'"
        raise MXNetError(f"{owner}: like must be {rule}; received {'nothing' if like is None else 'an array'}")
    if mode == "odd_scale" and (scale_height is None or scale_width is None):
        raise MXNetError(
            f"{owner}: scale_height and scale_width must be given with mode='odd_scale'; "
            f"received {scale_height} and {scale_width}"
        )
    if like is not None:
        check_image(owner, like, "like")
        size = (like.shape[2], like.shape[3])
    else:
        size = (
            _resized(data.shape[2], height, scale_height, mode),
            _resized(data.shape[3], width, scale_width, mode),
        )
    if min(size) < 1:
        raise MXNetError(f"{owner}: the height and width of the result must be at least 1; received {size}")
    return F.interpolate(data, size, mode="bilinear", align_corners=align_corners)


cases(
    "_contrib_BilinearResize2D",
    samples=lambda: [
        sample((2, 3, 3, 4), None, height=5, width=7),
        sample((2, 3, 5, 4), None, height=2, width=3),
        sample((2, 3, 3, 4), None, height=5, width=7, align_corners=False),
        sample((2, 3, 3, 4), None, scale_height=2, scale_width=1.5),
        sample((2, 3, 3, 4), None, scale_height=2.5, scale_width=2, mode="odd_scale"),
        *[sample((1, 2, 3, 4), None, mode=mode) for mode in _SIZES],
        sample((2, 3, 3, 4), (2, 1, 6, 5), mode="like"),
    ],
    refusals=lambda: [
        refused("data must have 4 dimensions", (2, 3, 4), None),
        refused("like must be given", (2, 3, 3, 4), None, mode="like"),
        refused("like must be left out", (2, 3, 3, 4), (2, 3, 3, 4)),
        refused("scale_height and scale_width must be given", (2, 3, 3, 4), None, mode="odd_scale"),
        refused("scale_height and scale_width must be given", (2, 3, 3, 4), None, mode="odd_scale", scale_width=2),
        refused("scale_height and scale_width must be given", (2, 3, 3, 4), None, mode="odd_scale", scale_height=2),
        refused("at least 1", (2, 3, 3, 4), None, height=0, width=3),
    ],
)


@operator("_contrib_AdaptiveAvgPooling2D", from_partial="nothing", kind="pooling", flops=per_input())
def adaptive_avg_pooling(data: Tensor, *, output_size: Shape = ()) -> Tensor:
    """Divide images into a given number of parts, and take the mean of each.

    Parameters
    ----------
    data : NDArray
        (N, C, H, W).
    output_size : int or tuple of int, default 1
        (height, width) of the result, or one number for both.
    """
    check_image("_contrib_AdaptiveAvgPooling2D", data)
    size = output_size or (1,)
    if len(size) > 2 or min(size) < 1:
        raise MXNetError(
            f"_contrib_AdaptiveAvgPooling2D: output_size must be 1 or 2 ints of at least 1; received {output_size}"
        )
    return F.adaptive_avg_pool2d(data, (size[0], size[-1]))


cases(
    "_contrib_AdaptiveAvgPooling2D",
    samples=lambda: [
        sample((2, 3, 5, 7)),
        sample((2, 3, 5, 7), output_size=2),
        sample((2, 3, 5, 7), output_size=(3, 4)),
        sample(Input((1, 2, 3, 3), "float64"), output_size=(5, 2)),
    ],
    refusals=lambda: [
        refused("data must have 4 dimensions", (2, 3, 4)),
        refused("output_size must be 1 or 2 ints", (2, 3, 4, 4), output_size=(1, 2, 3)),
        refused("output_size must be 1 or 2 ints", (2, 3, 4, 4), output_size=(0, 2)),
    ],
)


def _cropped_shape(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape] | None:
    """Return the images and channels of the data, of the size that is asked for."""
    if None in shapes or any(len(shape or ()) != 4 for shape in shapes):
        return None
    data, *like = shapes
    size = (like[0] or ())[2:] if like else attributes["h_w"]
    return [(*(data or ())[:2], *size)]


@operator(
    "Crop",
    names_gradients=True,
    computed_anew=True,
    variadic_by="num_args",
    from_outputs="nothing",
    from_partial=_cropped_shape,
    kind="shape",
    flops=0,
    output_names=("output",),
)
def crop(
    *data: Tensor,
    num_args: Positive,
    offset: Shape = (0, 0),
    h_w: Shape = (0, 0),
    center_crop: bool = False,
) -> Tensor:
    """Crop images to a rectangle.

    Parameters
    ----------
    *data : NDArray
        The images (N, C, H, W), and optionally an array (..., ..., height, width) as large as the result.
    num_args : {1, 2}
        The number of arrays; an nd function counts them itself.
    offset : tuple of int, default (0, 0)
        The upper left corner of the rectangle.
    h_w : tuple of int
        Its height and width, unless a second array gives them.
    center_crop : bool, default False
        Take the center; `offset` is then ignored.

    Returns
    -------
    NDArray
        (N, C, height, width).
    """
    if len(data) > 2:
        raise MXNetError(f"Crop: there must be 1 or 2 arrays; received {len(data)}")
    for array in data:
        check_image("Crop", array)
    image = data[0]
    size = tuple(data[1].shape[2:]) if len(data) == 2 else h_w
    if len(size) != 2 or min(size) < 1:
        raise MXNetError(f"Crop: h_w must be 2 ints of at least 1 unless a second array is given; received {h_w}")
    begin = tuple((image.shape[axis + 2] - size[axis]) // 2 for axis in (0, 1)) if center_crop else offset
    if len(begin) != 2 or any(not 0 <= begin[axis] <= image.shape[axis + 2] - size[axis] for axis in (0, 1)):
        raise MXNetError(
            f"Crop: the rectangle must lie within the data, {tuple(image.shape[2:])}; "
            f"received offset {begin} and height and width {size}"
        )
    return image[:, :, begin[0] : begin[0] + size[0], begin[1] : begin[1] + size[1]].clone()


cases(
    "Crop",
    samples=lambda: [
        sample((2, 3, 5, 6), h_w=(2, 3)),
        sample((2, 3, 5, 6), h_w=(2, 3), offset=(1, 2)),
        sample((2, 3, 5, 6), h_w=(2, 3), center_crop=True),
        sample((2, 3, 5, 6), (1, 2, 3, 2), offset=(1, 2)),
        sample((2, 3, 5, 6), (1, 2, 2, 3), center_crop=True),
    ],
    refusals=lambda: [
        refused("data must have 4 dimensions", (3, 4, 5), h_w=(1, 1)),
        refused("h_w must be", (2, 3, 5, 6)),
        refused("h_w must be", (2, 3, 5, 6), h_w=(2,)),
        refused("within the data", (2, 3, 5, 6), h_w=(4, 4), offset=(2, 0)),
        refused("within the data", (2, 3, 5, 6), h_w=(4, 4), offset=(1,)),
        refused("1 or 2 arrays", (1, 1, 2, 2), (1, 1, 2, 2), (1, 1, 2, 2)),
    ],
)
