"""Windows that slide over an image, as in convolution and pooling: the order of axes, and the checks of a window."""

from __future__ import annotations

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Shape


def channels_last(layout: str | None) -> bool:
    """Whether a layout such as 'NHWC' puts the channels last."""
    return layout is not None and layout[-1] == "C"


def to_channels_first(tensor: Tensor) -> Tensor:
    """View (N, ..., C) as (N, C, ...); the strides are kept, so that torch computes in the channels-last format."""
    return tensor.movedim(-1, 1)


def to_channels_last(tensor: Tensor) -> Tensor:
    """Return (N, C, ...) as (N, ..., C), without a copy where torch computed in the channels-last format."""
    return tensor.movedim(1, -1).contiguous()


def needs_float32(data: Tensor) -> bool:
    """Whether a convolution that skips columns must be computed in float32: for bfloat16 on the CPU.

    Where the CPU has AMX, oneDNN computes some of these, for narrow images, from uninitialized memory.
    """
    return data.dtype is torch.bfloat16 and data.device.type == "cpu"


def in_float32(data: Tensor, weight: Tensor, bias: Tensor | None) -> tuple[Tensor, Tensor, Tensor | None]:
    """Return the three in float32."""
    return data.float(), weight.float(), None if bias is None else bias.float()


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
