"""Images of another size, and parts of them: nd.image.crop, nd.image.resize."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Shape
from ..declare import cases, operator
from ..gradient import as_of_a_copy, without_derivative
from ..samples import Input, refused, sample
from .resampling import resized


def _check(owner: str, data: Tensor) -> None:
    if data.dim() not in (3, 4):
        raise MXNetError(
            f"{owner}: data must have 3 or 4 dimensions (height, width, channels, or a batch of that); "
            f"received shape {tuple(data.shape)}"
        )


def to_size(owner: str, data: Tensor, width: int, height: int, interp: int) -> Tensor:
    """Resize an image, or each image of a batch."""
    *batch, old_height, old_width, channels = data.shape
    shape = (*batch, height, width, channels)
    if data.is_meta:
        return data.new_empty(shape)
    if 0 in data.shape:
        raise MXNetError(f"{owner}: the image must have pixels; received shape {tuple(data.shape)}")
    pixels = data.detach().cpu().contiguous().numpy().reshape(-1, old_height, old_width, channels)
    made = np.stack([resized(each, width, height, interp, owner) for each in pixels])
    result = torch.from_numpy(made).reshape(shape).to(data.device)
    if (height, width) == (old_height, old_width):
        return as_of_a_copy(result, data)
    return without_derivative(result, data, f"{owner}: a resized image has no gradient; resize before record()")


@operator(
    "_image_crop",
    npx="_image_crop",
    from_outputs="nothing",
    kind="shape",
    flops=0,
    may_alias=True,
    aliases=["_npx__image_crop"],
)
def crop(data: Tensor, *, x: int, y: int, width: int, height: int) -> Tensor:
    """Cut a rectangle out of an image.

    Parameters
    ----------
    data : NDArray
        (H, W, C), or a batch (N, H, W, C).
    x, y : int
        The left and the upper edge.
    width, height : int
        The size.
    """
    owner = "_image_crop"
    _check(owner, data)
    if width < 1 or height < 1:
        raise MXNetError(f"{owner}: width and height must be positive; received {width} and {height}")
    rows, columns = data.shape[-3:-1]
    if not (0 <= x <= columns - width and 0 <= y <= rows - height):
        raise MXNetError(
            f"{owner}: the rectangle must lie within the image, {columns} wide and {rows} high; "
            f"received x={x}, y={y}, width={width}, height={height}"
        )
    return data[..., y : y + height, x : x + width, :]


_IMAGE = Input((6, 5, 3), "uint8", low=0, high=256)

cases(
    "_image_crop",
    samples=lambda: [
        sample(_IMAGE, x=1, y=2, width=3, height=4, gradient=False),
        sample((5, 4, 1), x=0, y=0, width=4, height=5),
        sample((2, 5, 4, 3), x=1, y=1, width=2, height=3),
    ],
    refusals=lambda: [
        refused("data must have 3 or 4 dimensions", (4, 4), x=0, y=0, width=1, height=1),
        refused("width and height must be positive", (4, 4, 3), x=0, y=0, width=0, height=1),
        refused("must lie within the image, 4 wide and 5 high", (5, 4, 3), x=1, y=0, width=4, height=1),
        refused("must lie within the image", (5, 4, 3), x=-1, y=0, width=2, height=1),
    ],
)


@operator(
    "_image_resize",
    npx="_image_resize",
    reads_values=True,
    from_outputs="nothing",
    kind="shape",
    flops=0,
    aliases=["_npx__image_resize"],
)
def resize(data: Tensor, *, size: Shape = (), keep_ratio: bool = False, interp: int = 1) -> Tensor:
    """Resize an image, with channels last.

    It has no gradient, as in MXNet. Every image but of uint8 with ``interp=2`` needs OpenCV, `glueball[image]`.

    Parameters
    ----------
    data : NDArray
        (H, W, C), or a batch (N, H, W, C), of uint8, float32 or float64.
    size : int or tuple of int
        The new (width, height); or one number, for both.
    keep_ratio : bool, default False
        Whether one number is the length of the shorter side alone, and the other follows.
    interp : int, default 1
        0 takes the nearest pixel, 1 is linear, 2 cubic, 3 takes the mean of an area, 4 is Lanczos.
    """
    owner = "_image_resize"
    _check(owner, data)
    if len(size) not in (1, 2) or min(size) < 1:
        raise MXNetError(f"{owner}: size must be one or two positive ints; received {size}; write size=(width, height)")
    width, height = size[0], size[-1]
    if keep_ratio and len(size) == 1:
        rows, columns = data.shape[-3:-1]
        if rows > columns:
            height = rows * width // columns
        else:
            width = columns * height // rows
    return to_size(owner, data, width, height, interp)


cases(
    "_image_resize",
    samples=lambda: [
        *[sample(_IMAGE, size=(4, 7), interp=interp, gradient=False) for interp in range(5)],
        sample(Input((2, 7, 5, 3), "uint8", low=0, high=256), size=3, keep_ratio=True, gradient=False),
        sample(Input((5, 7, 3), "float32", low=0, high=256), size=4, keep_ratio=True, gradient=False),
        sample(Input((5, 7, 1), "float64", low=0, high=256), size=(4,), gradient=False),
        sample((3, 3, 3), size=3, interp=2),
    ],
    refusals=lambda: [
        refused("data must have 3 or 4 dimensions", (4, 4), size=2),
        refused("size must be one or two positive ints", (4, 4, 3)),
        refused("size must be one or two positive ints", (4, 4, 3), size=(2, 0)),
        refused("the image must have pixels; received shape .0, 4, 3.", (0, 4, 3), size=2),
        refused("OpenCV must be able to resize an image of shape .4, 4, 600.", (4, 4, 600), size=2, interp=3),
        refused("interp must be 0 .nearest.*; received 9", (4, 4, 3), size=2, interp=9),
        refused("must be of uint8, float32, float64; received int32", Input((4, 4, 3), "int32"), size=2),
    ],
)
