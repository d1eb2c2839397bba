"""Images as matrices whose columns are windows, and back: im2col, col2im."""

from __future__ import annotations

from math import prod
from typing import Any

import torch.nn.functional as F
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Shape
from ..checks import check_float
from ..declare import cases, operator
from ..flops import per_input
from ..samples import Input, refused, sample
from .window import check_window


def _counts(owner: str, image: Shape, kernel: Shape, stride: Shape, dilate: Shape, pad: Shape) -> tuple[int, int]:
    """Return how many windows there are along the height and the width; at least one must fit."""
    counts = [
        (length + 2 * (pad or (0, 0))[axis] - (dilate or (1, 1))[axis] * (kernel[axis] - 1) - 1)
        // (stride or (1, 1))[axis]
        + 1
        for axis, length in enumerate(image)
    ]
    if min(counts) < 1:
        raise MXNetError(
            f"{owner}: the dilated kernel {kernel} must not be larger than the padded image; received {image}; pad more"
        )
    return counts[0], counts[1]


def _check(owner: str, image: Shape, kernel: Shape, stride: Shape, dilate: Shape, pad: Shape) -> int:
    """Check the windows in images of this height and width, and return how many there are."""
    if len(kernel) != 2:
        raise MXNetError(f"{owner}: kernel must have 2 numbers, for images (N, C, H, W); received {kernel}")
    check_window(owner, (1, 1, *image), kernel, None, stride=stride, dilate=dilate, pad=pad)
    return prod(_counts(owner, image, kernel, stride, dilate, pad))


@operator("im2col", from_partial="nothing", names_inputs=True, kind="shape", flops=0, precision="unlisted")
def im2col(data: Tensor, *, kernel: Shape, stride: Shape = (), dilate: Shape = (), pad: Shape = ()) -> Tensor:
    """Make the windows of images the columns of matrices.

    Parameters
    ----------
    data : NDArray
        (N, C, H, W): images.
    kernel : tuple of int
        The height and width of a window.
    stride, dilate : tuple of int, default all 1
        The step between windows, and between the points of one window.
    pad : tuple of int, default all 0
        The number of zeros added on either side of each axis.

    Returns
    -------
    NDArray
        (N, C * kernel height * kernel width, windows).

    Examples
    --------
    >>> from glueball import nd
    >>> nd.im2col(nd.arange(6).reshape((1, 1, 2, 3)), kernel=(2, 2)).asnumpy().tolist()
    [[[0.0, 1.0], [1.0, 2.0], [3.0, 4.0], [4.0, 5.0]]]
    """
    check_float("im2col", data)
    if data.dim() != 4:
        raise MXNetError(f"im2col: data must have 4 dimensions (N, C, H, W); received shape {tuple(data.shape)}")
    _check("im2col", tuple(data.shape[2:]), kernel, stride, dilate, pad)
    return F.unfold(data, kernel, dilate or (1, 1), pad or (0, 0), stride or (1, 1))


_WINDOW: dict[str, Any] = {"kernel": (3, 2), "stride": (2, 1), "pad": (1, 1), "dilate": (1, 2)}

cases(
    "im2col",
    samples=lambda: [
        sample((2, 3, 5, 6), kernel=(3, 2)),
        sample((1, 2, 6, 5), **_WINDOW),
        sample(Input((1, 2, 4, 4), "float64"), kernel=(2, 2), stride=(2, 2)),
    ],
    refusals=lambda: [
        refused("kernel must have 2 numbers", (1, 2, 4, 4), kernel=(2,)),
        refused("data must have 4 dimensions", (1, 2, 4), kernel=(2, 2)),
        refused("kernel must be 2 ints", (1, 2, 4, 4), kernel=(0, 2)),
        refused("stride must be 2 ints", (1, 2, 4, 4), kernel=(2, 2), stride=(0, 1)),
        refused("must not be larger than the padded image", (1, 2, 4, 4), kernel=(5, 2)),
        refused("floating-point", Input((1, 2, 4, 4), "int32"), kernel=(2, 2)),
    ],
)


@operator("col2im", from_partial="nothing", names_inputs=True, kind="shape", flops=per_input(), precision="unlisted")
def col2im(
    data: Tensor, *, output_size: Shape, kernel: Shape, stride: Shape = (), dilate: Shape = (), pad: Shape = ()
) -> Tensor:
    """Add up the columns of matrices as the windows of images: what `im2col` does to a gradient.

    Parameters
    ----------
    data : NDArray
        (N, C * kernel height * kernel width, windows).
    output_size : tuple of int
        The height and width of the images.
    kernel, stride, dilate, pad
        As in `im2col`.

    Returns
    -------
    NDArray
        (N, C, *output_size). A point that lies in several windows has the sum of their numbers.
    """
    check_float("col2im", data)
    if len(output_size) != 2:
        raise MXNetError(f"col2im: output_size must have 2 numbers, like kernel; received {output_size}")
    windows = _check("col2im", output_size, kernel, stride, dilate, pad)
    if data.dim() != 3 or data.shape[1] % prod(kernel) or data.shape[2] != windows:
        raise MXNetError(
            f"col2im: data must have shape (N, C * {prod(kernel)}, {windows}) for these windows; "
            f"received {tuple(data.shape)}"
        )
    return F.fold(data, output_size, kernel, dilate or (1, 1), pad or (0, 0), stride or (1, 1))


cases(
    "col2im",
    samples=lambda: [
        sample((2, 12, 9), output_size=(4, 4), kernel=(2, 2)),
        sample((1, 12, 15), output_size=(6, 5), **_WINDOW),
        sample(Input((1, 8, 4), "float64"), output_size=(4, 4), kernel=(2, 2), stride=(2, 2)),
    ],
    refusals=lambda: [
        refused("data must have shape", (1, 4, 8), output_size=(4, 4), kernel=(2, 2)),
        refused("data must have shape", (1, 3, 9), output_size=(4, 4), kernel=(2, 2)),
        refused("data must have shape", (4, 9), output_size=(4, 4), kernel=(2, 2)),
        refused("output_size must have 2 numbers", (1, 4, 3), output_size=(4,), kernel=(2, 2)),
        refused("floating-point", Input((1, 4, 9), "int32"), output_size=(4, 4), kernel=(2, 2)),
    ],
)
