"""What convolution and pooling share: the order of axes, and the checks of a window that slides over them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Shape


def channels_last(layout: str | None) -> bool:
    """Whether a layout such as 'NHWC' puts the channels last."""
    return layout is not None and layout[-1] == "C"


def to_channels_first(tensor: Tensor) -> Tensor:
    """View (N, ..., C) as (N, C, ...); the strides stay, so that torch computes in the channels-last format."""
    return tensor.movedim(-1, 1)


def to_channels_last(tensor: Tensor) -> Tensor:
    """Return (N, C, ...) as (N, ..., C), without a copy where torch computed in the channels-last format."""
    return tensor.movedim(1, -1).contiguous()


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


def check_bias(owner: str, bias: Tensor | None, no_bias: bool, units: int) -> None:
    """Check that the bias is there exactly when it is wanted, with one number per output channel."""
    if no_bias and bias is not None:
        raise MXNetError(f"{owner}: bias must be left out with no_bias=True; received shape {tuple(bias.shape)}")
    if no_bias:
        return
    if bias is None:
        raise MXNetError(f"{owner}: bias must be given unless no_bias=True; received nothing")
    if bias.shape != (units,):
        raise MXNetError(f"{owner}: bias must have shape {(units,)}; received {tuple(bias.shape)}")


def without_bias(attributes: Mapping[str, Any]) -> tuple[str, ...]:
    """The inputs that a layer with these attributes does not take: its bias, with ``no_bias=True``."""
    return ("bias",) if attributes["no_bias"] else ()


def not_float(owner: str, data: Tensor) -> MXNetError:
    """The error for data of an integer type."""
    return MXNetError(
        f"{owner}: data must have a floating-point type; received {type_name(data)}; convert with astype('float32')"
    )


def check_image(owner: str, data: Tensor, name: str = "data") -> None:
    """Check that an array holds images: (N, C, H, W) of a floating-point type."""
    if data.dim() != 4:
        raise MXNetError(f"{owner}: {name} must have 4 dimensions (N, C, H, W); received shape {tuple(data.shape)}")
    if not data.is_floating_point():
        raise not_float(owner, data)


def type_name(array: Tensor) -> str:
    """The type in MXNet's words, such as 'float32'."""
    return str(array.dtype).removeprefix("torch.")


def one_type(owner: str, **arrays: Tensor | None) -> MXNetError:
    """The error for arrays of several types, or of a type that cannot be computed with."""
    names = ", ".join(arrays)
    types = ", ".join(type_name(array) for array in arrays.values() if array is not None)
    return MXNetError(
        f"{owner}: {names} must have one floating-point type; received {types}; "
        "convert with astype(...) or net.cast(...)"
    )


def same_float(*arrays: Tensor | None) -> bool:
    """Whether the arrays have one floating-point type."""
    types = {array.dtype for array in arrays if array is not None}
    return len(types) == 1 and next(iter(types)).is_floating_point
