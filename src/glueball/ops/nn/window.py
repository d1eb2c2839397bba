"""Windows that slide over an image, as in convolution and pooling: the order of axes, and the checks of a window."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Shape

_FAR = 64


def channels_last(layout: str | None) -> bool:
    """Whether a layout such as 'NHWC' puts the channels last."""
    return layout is not None and layout[-1] == "C"


def to_channels_first(tensor: Tensor) -> Tensor:
    """View (N, ..., C) as (N, C, ...); the strides are kept, so that torch computes in the channels-last format."""
    return tensor.movedim(-1, 1)


def to_channels_last(tensor: Tensor) -> Tensor:
    """Return (N, C, ...) as (N, ..., C), without a copy where torch computed in the channels-last format."""
    return tensor.movedim(1, -1).contiguous()


def channels_first(shape: Shape, last: bool) -> Shape:
    """Return the shape that `to_channels_first` gives to one with the channels last; any other as it is."""
    return (shape[0], shape[-1], *shape[1:-1]) if last else shape


def leaps(kernel: Shape, stride: Shape, dilate: Shape) -> bool:
    """Whether windows lie far apart, further than in any network that was ever trained."""
    return any(
        step > max(_FAR, (points - 1) * spread + 1)
        for points, step, spread in zip(kernel, stride, dilate or (1,) * len(kernel), strict=False)
    )


def may_miss(lengths: Sequence[int], pad: Shape, dilate: Shape) -> bool:
    """Whether windows with gaps begin so far outside an image that they may miss it.

    oneDNN then reads outside the array, which may end the process; it does not where the zeros are part of the image.
    """
    return any(spread > 1 and more >= length for length, more, spread in zip(lengths, pad, dilate, strict=False))


def surrounded(data: Tensor, pad: Shape) -> Tensor:
    """Return images, channels first, with zeros around them."""
    return torch.nn.functional.pad(data, [more for each in reversed(pad) for more in (each, each)])


def safe_type(data: Tensor, leaping: bool) -> torch.dtype:
    """Return the type in which a convolution with a stride must be computed, on the CPU not always the data's own.

    Where windows lie far apart, oneDNN reads so far beyond the end of an array that the process ends; it leaves float64
    to torch. Where the CPU has AMX, it computes some bfloat16 ones, for narrow images, from uninitialized memory.
    """
    if data.device.type != "cpu":
        return data.dtype
    if leaping:
        return torch.float64
    return torch.float32 if data.dtype is torch.bfloat16 else data.dtype


def converted(
    kind: torch.dtype, data: Tensor, weight: Tensor, bias: Tensor | None
) -> tuple[Tensor, Tensor, Tensor | None]:
    """Return the three in another type."""
    return data.to(kind), weight.to(kind), None if bias is None else bias.to(kind)


def check_window(owner: str, shape: Shape, kernel: Shape, layout: str | None, **lengths: Shape) -> None:
    """Check that kernel, stride, dilate, pad ... fit the number of spatial axes of data of this shape.

    Called when something is already known to be wrong, so that a good call pays nothing for a clear message.
    """
    rank = len(kernel)
    if rank not in (1, 2, 3):
        raise MXNetError(f"{owner}: kernel must have 1, 2 or 3 numbers; received {kernel}")
    if len(shape) != rank + 2:
        raise MXNetError(f"{owner}: data must have {rank + 2} dimensions for kernel {kernel}; received {len(shape)}")
    if layout is not None and len(layout) != rank + 2:
        raise MXNetError(f"{owner}: layout must have {rank + 2} letters for kernel {kernel}; received {layout!r}")
    for name, value in {"kernel": kernel, **lengths}.items():
        least = 0 if name in ("pad", "adj") else 1
        if value and (len(value) != rank or min(value) < least):
            raise MXNetError(f"{owner}: {name} must be {rank} ints of at least {least}; received {value}")
