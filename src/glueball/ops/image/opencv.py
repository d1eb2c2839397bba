"""_cvimresize and _cvcopyMakeBorder: what OpenCV does for mx.image, on arrays."""

from __future__ import annotations

import torch
from torch import Tensor

from ...core.errors import InvalidValueError, MXNetError
from ..attrs import NonNegative, Positive
from ..declare import cases, operator
from ..samples import Input, refused, sample
from .resize import to_size


def _reflected(places: Tensor, length: int) -> Tensor:
    inside = places % (2 * length)
    return torch.where(inside < length, inside, 2 * length - 1 - inside)


def _reflected_at_the_edge_pixel(places: Tensor, length: int) -> Tensor:
    inside = places % max(2 * length - 2, 1)
    return torch.where(inside < length, inside, 2 * length - 2 - inside)


# OpenCV's mark for an image that is no part of a larger one, which an array never is.
_ISOLATED = 16

# By OpenCV's number: which pixel of a row stands at a place in or outside of it. 0 is a constant.
_TAKEN = {
    1: lambda places, length: places.clamp(0, length - 1),
    2: _reflected,
    3: lambda places, length: places % length,
    4: _reflected_at_the_edge_pixel,
}


@operator("_cvcopyMakeBorder", kind="shape", flops=0, may_alias=True)
def copy_make_border(
    src: Tensor, *, top: NonNegative, bot: NonNegative, left: NonNegative, right: NonNegative, type: int = 0,
    value: float = 0.0, values: tuple[float, ...] = (),
) -> Tensor:  # fmt: skip
    """Put a border around an image.

    Parameters
    ----------
    src : NDArray
        The image (H, W, C).
    top, bot, left, right : int
        How wide the border is on each side.
    type : int, default 0
        What it shows: 0 a constant, 1 the edge pixel, 2 the image mirrored, 3 the image from its other side, 4 the
        image mirrored without its edge pixel.
    value : float, default 0
        The constant.
    values : tuple of float, optional
        The constant for each channel, in place of `value`.
    """
    owner = "_cvcopyMakeBorder"
    if src.dim() != 3:
        raise MXNetError(f"{owner}: src must have 3 dimensions (H, W, C); received shape {tuple(src.shape)}")
    if type not in (*range(5), *range(_ISOLATED, _ISOLATED + 5)):
        raise MXNetError(f"{owner}: type must be 0, 1, 2, 3 or 4; received {type}")
    type %= _ISOLATED
    rows, columns, channels = src.shape
    if type:
        down = _TAKEN[type](torch.arange(-top, rows + bot, device=src.device), rows)
        across = _TAKEN[type](torch.arange(-left, columns + right, device=src.device), columns)
        return src.index_select(0, down).index_select(1, across)
    if values and len(values) < channels:
        raise InvalidValueError(
            f"{owner}: values must have one element per channel, {channels}; received {len(values)}"
        )
    constant = torch.tensor(values[:channels] or (value,), dtype=torch.float64, device=src.device)
    if not src.is_floating_point():
        limits = torch.iinfo(src.dtype)
        constant = constant.round().clamp(limits.min, limits.max)
    framed = constant.to(src.dtype).expand(rows + top + bot, columns + left + right, channels)
    down, across = (torch.arange(length, device=src.device) for length in framed.shape[:2])
    inside = ((down >= top) & (down < top + rows))[:, None] & ((across >= left) & (across < left + columns))
    down, across = (down - top).clamp(0, rows - 1), (across - left).clamp(0, columns - 1)
    return torch.where(inside[..., None], src.index_select(0, down).index_select(1, across), framed)


_IMAGE = Input((3, 4, 3), "uint8", low=0, high=256)

cases(
    "_cvcopyMakeBorder",
    samples=lambda: [
        *[sample(_IMAGE, top=2, bot=9, left=1, right=12, type=kind, gradient=False) for kind in (*range(5), 16, 18)],
        sample(_IMAGE, top=1, bot=0, left=0, right=0, value=2.5, gradient=False),
        sample(_IMAGE, top=1, bot=0, left=1, right=0, value=300, values=(1, -2, 300), gradient=False),
        sample(Input((2, 1, 1), "float32"), top=1, bot=0, left=1, right=3, value=0.25, gradient=False),
        sample(Input((2, 1, 2), "float64"), top=3, bot=0, left=1, right=3, type=4, gradient=False),
    ],
    refusals=lambda: [
        refused("src must have 3 dimensions", (4, 4), top=1, bot=1, left=1, right=1),
        refused("type must be 0, 1, 2, 3 or 4; received 5", (4, 4, 3), top=1, bot=1, left=1, right=1, type=5),
        refused("top must be an int of at least 0; received -1", (4, 4, 3), top=-1, bot=1, left=1, right=1),
        refused("values must have one element per channel, 3; received 2", (4, 4, 3), top=1, bot=1, left=1, right=1,
                values=(1, 2)),
    ],
)  # fmt: skip


@operator("_cvimresize", reads_values=True, kind="shape", flops=0, aliases=["_npi_cvimresize", "_npi_cvimresize"])
def cv_resize(src: Tensor, *, w: Positive, h: Positive, interp: int = 1) -> Tensor:
    """Resize an image, with channels last, as `mx.image.imresize` does.

    Parameters
    ----------
    src : NDArray
        (H, W, C), of uint8, float32 or float64.
    w, h : int
        The new width and height.
    interp : int, default 1
        As in `image.resize`.
    """
    if src.dim() != 3:
        raise MXNetError(f"_cvimresize: src must have 3 dimensions (H, W, C); received shape {tuple(src.shape)}")
    return to_size("_cvimresize", src, w, h, interp)


cases(
    "_cvimresize",
    samples=lambda: [
        sample(_IMAGE, w=4, h=7, gradient=False),
        sample(Input((6, 5, 4), "float32", low=0, high=256), w=9, h=2, interp=2, gradient=False),
    ],
    refusals=lambda: [
        refused("src must have 3 dimensions", (2, 4, 4, 3), w=2, h=2),
        refused("w must be an int of at least 1; received 0", (4, 4, 3), w=0, h=2),
    ],
)
